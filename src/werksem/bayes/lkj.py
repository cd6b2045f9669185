"""Correlation matrices of density ∝ |R|^(eta - 1) by partial correlations (Lewandowski et al., 2009)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["beta_shapes", "pairs_of"]


def pairs_of(size: int) -> NDArray[np.int64]:
    """Return (size (size - 1) / 2, 2) the pairs below the diagonal, later member first, row by row.

    >>> pairs_of(3).tolist()
    [[1, 0], [2, 0], [2, 1]]
    """
    return np.stack(np.tril_indices(size, -1), axis=1)


def beta_shapes(size: int, eta: float) -> NDArray[np.float64]:
    """Return the shape b of each pair: its partial correlation given the variables before is 2 u - 1 with
    u ~ Beta(b, b), b = eta + (size - 2 - j) / 2 for variables j < i, counted from 0.

    >>> beta_shapes(3, 1.0).tolist()
    [1.5, 1.5, 1.0]
    """
    return np.asarray(eta + (size - 2 - pairs_of(size)[:, 1]) / 2)
