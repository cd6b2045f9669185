"""Numbers to their places by constant matrices: writing into a tensor by lists cannot be trusted."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["placed", "selection"]


def selection(at: Any, size: int) -> NDArray[np.float64]:
    """Return (n, size) with a 1 in row i at column at[i]: the product with it places n numbers.

    >>> (np.array([5.0, 7.0]) @ selection([2, 0], 3)).tolist()
    [7.0, 0.0, 5.0]
    """
    out = np.zeros((len(at), size))
    out[np.arange(len(at)), at] = 1.0
    return out


def placed(values: Any, row: Any, col: Any, shape: tuple[int, int]) -> Any:
    """Return a matrix with ``values`` (n,) at rows and columns, zero elsewhere; for arrays and for tensors.

    >>> placed(np.array([5.0, 7.0]), np.array([0, 1]), np.array([1, 0]), (2, 2)).tolist()
    [[0.0, 5.0], [7.0, 0.0]]
    """
    return (values @ selection(row * shape[1] + col, shape[0] * shape[1])).reshape(shape)
