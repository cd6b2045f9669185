"""Scratch space that begins on a cache line, so that no vector straddles two."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

__all__ = ["aligned_zeros"]

LINE = 64  # bytes; vectors of 64 bytes that straddle two lines are read at half the speed


def aligned_zeros(shape: tuple[int, ...], dtype: DTypeLike = float) -> NDArray[Any]:
    """Return zeros whose first element begins on a cache line.

    >>> aligned_zeros((3, 8)).ctypes.data % 64
    0
    """
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    raw = np.zeros(size + LINE, dtype=np.uint8)
    begin = -raw.ctypes.data % LINE
    return raw[begin : begin + size].view(dtype).reshape(shape)
