"""Sums over respondents and clusters of casewise influence: the sandwich, from its own pieces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["clustered", "outer"]

Array = NDArray[np.float64]
Blocks = Sequence[tuple[int, Array]]


def outer(influence: Blocks) -> Array:
    """Return the sum of products (q, q) over all rows of blocks (group, (rows, q)).

    >>> outer([(0, np.array([[1.0], [2.0]])), (1, np.array([[3.0]]))]).tolist()
    [[14.0]]
    """
    return np.asarray(sum(block.T @ block for _, block in influence))


def clustered(influence: Blocks, clusters: Sequence[NDArray[np.int64] | None]) -> Array:
    """Return the sum of products (q, q) of clusters' sums, times J / (J - 1) in each group.

    ``clusters`` has each group's codes, one per row of its blocks in order.

    >>> clustered([(0, np.array([[1.0], [2.0], [4.0]]))], [np.array([0, 0, 1])]).tolist()
    [[50.0]]
    """
    total: Array | float = 0.0
    for number, code in enumerate(clusters):
        rows = np.concatenate([block for g, block in influence if g == number])
        if code is None:
            raise ValueError("clusters are asked for, and a group has none")
        sums = np.zeros((int(code.max()) + 1, rows.shape[1]))
        np.add.at(sums, code, rows)
        J = len(sums)
        total = total + sums.T @ sums * (J / (J - 1))
    return np.asarray(total)
