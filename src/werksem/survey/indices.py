"""Given resamples (``bootstrap.indices``): which rows each replicate drew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from werksem.errors import DataError

__all__ = ["read_resamples"]


def read_resamples(path: Path, n: int) -> NDArray[np.int64]:
    """Return given resamples (R, n): the rows drawn, counted from 0 among the n rows used.

    The file has a header line, then one line per replicate with n numbers between commas.
    Raises ``DataError`` naming the line where there are more or fewer, or others than 0 … n - 1, and where
    the header is a resample itself.
    """
    if not path.is_file():
        raise DataError("the file with resamples does not exist", where=str(path))
    header, *lines = path.read_bytes().splitlines() or [b""]
    names = [name.strip() for name in header.split(b",")]
    if len(set(names)) < len(names) == n and all(name.isdigit() for name in names):
        raise DataError("the first line is a resample; right is a header line before it", where=f"{path}:1")
    if not any(line.strip() for line in lines):
        raise DataError("no resamples: right is a header line, then one line per replicate", where=str(path))
    return np.stack([_drawn(line, n, f"{path}:{i}") for i, line in enumerate(lines, 2) if line.strip()])


def _drawn(line: bytes, n: int, where: str) -> NDArray[np.int64]:
    try:
        drawn = np.array([entry.strip() for entry in line.split(b",")]).astype(np.int64)
    except ValueError:
        raise DataError("a row is a whole number, counted from 0", where=where) from None
    if len(drawn) != n:
        raise DataError(f"found {len(drawn)} rows, right are {n}, as many as are used", where=where)
    if drawn.min() < 0 or drawn.max() >= n:
        wrong = drawn[(drawn < 0) | (drawn >= n)][0]
        raise DataError(f"there is no row {wrong}; rows are 0 to {n - 1}", where=where)
    return drawn
