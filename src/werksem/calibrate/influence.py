"""Sums over respondents and clusters of casewise influence: the sandwich, from its own pieces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.inference.cluster_sums import over_groups

__all__ = ["clustered", "outer"]

Array = NDArray[np.float64]
Blocks = Sequence[tuple[int, Array]]


def outer(influence: Blocks) -> Array:
    """Return the sum of products (q, q) over all rows of blocks (group, (rows, q)).

    >>> outer([(0, np.array([[1.0], [2.0]])), (1, np.array([[3.0]]))]).tolist()
    [[14.0]]
    """
    return np.asarray(sum(block.T @ block for _, block in influence))


def clustered(influence: Blocks, clusters: Sequence[NDArray[np.int64]]) -> Array:
    """Return the sum of products (q, q) of clusters' sums, over all groups that a cluster is in.

    ``clusters`` has each group's codes, the same in every group, one per row of its blocks in order. A
    group's sums count (J / (J - 1))^½, J its clusters; NaN where a group has one.

    >>> clustered([(0, np.array([[1.0], [2.0], [4.0]]))], [np.array([0, 0, 1])]).round(9).tolist()
    [[50.0]]
    >>> halves = [(0, np.array([[1.0], [-1.0]])), (1, np.array([[2.0], [-2.0]]))]
    >>> clustered(halves, [np.array([0, 1]), np.array([0, 1])]).round(9).tolist()
    [[36.0]]
    >>> clustered(halves, [np.array([0, 1]), np.array([2, 3])]).round(9).tolist()
    [[20.0]]
    >>> clustered(halves[:1], [np.array([0, 0])]).tolist()
    [[nan]]
    """
    q, labels, sums = influence[0][1].shape[1], [], []
    for number, codes in enumerate(clusters):
        label, own = np.unique(codes, return_inverse=True)
        if len(label) == 1:
            return np.full((q, q), np.nan)
        sums.append(np.zeros((len(label), q)))
        labels.append(label)
        np.add.at(sums[-1], own, np.concatenate([block for g, block in influence if g == number]))
    total = over_groups(sums, labels)
    return total.T @ total
