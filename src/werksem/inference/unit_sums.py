"""Sums over respondents or clusters of weighted values around their mean: what every sandwich is made of.

A weighted mean of values v moves with a respondent by w (v - m), m the weighted mean itself, so these are
what is summed within clusters, multiplied and squared. Values come in blocks of rows.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from werksem.respondents import Respondents

__all__ = ["cluster_totals", "products", "squares"]

Array = NDArray[np.float64]
Blocks = Iterable[tuple[slice, Array]]


def cluster_totals(blocks: Blocks, data: Respondents, *, centred: bool) -> Array:
    """Return the sums (C_g, k) of w (v - m) within each of the group's clusters; m is 0 unless ``centred``.

    >>> people = Respondents(np.zeros((3, 1)), None, np.array([0, 0, 1]))
    >>> cluster_totals([(slice(0, 3), np.array([[1.0], [2.0], [6.0]]))], people, centred=True).tolist()
    [[-3.0], [3.0]]
    """
    if data.cluster is None:
        raise ValueError("the respondents have no clusters")
    count = int(data.cluster.max()) + 1
    found = np.zeros((count, 0))
    for part, values in blocks:
        found = found if found.shape[1] else np.zeros((count, values.shape[1]))
        np.add.at(found, data.cluster[part], _weighted(values, data, part))
    if not centred:
        return found
    size = np.bincount(data.cluster, weights=data.weights, minlength=count)
    return found - np.outer(size, found.sum(axis=0) / size.sum())


def products(blocks: Blocks, data: Respondents, *, centred: bool) -> Array:
    """Return the sum (k, k) over respondents of w² (v - m)(v - m)'; m is 0 unless ``centred``.

    >>> values, people = np.array([[1.0], [2.0], [6.0]]), Respondents(np.zeros((3, 1)))
    >>> products([(slice(0, 3), values)], people, centred=True).tolist()
    [[14.0]]
    """
    outer, total, twice = np.zeros(()), np.zeros(()), np.zeros(())
    for part, values in blocks:
        v = _weighted(values, data, part)
        outer = outer + v.T @ v
        total, twice = total + v.sum(axis=0), twice + _weighted(v, data, part).sum(axis=0)
    if not centred:
        return outer
    size, square = _sizes(data)
    mean = total / size
    cross = np.outer(twice, mean)
    return outer - cross - cross.T + square * np.outer(mean, mean)


def squares(blocks: Blocks, data: Respondents) -> float:
    """Return the sum over respondents of w² (v - m)'(v - m), the trace of ``products``.

    >>> values, people = np.array([[1.0], [2.0], [6.0]]), Respondents(np.zeros((3, 1)))
    >>> squares([(slice(0, 3), values)], people)
    14.0
    """
    found, total, twice = 0.0, np.zeros(()), np.zeros(())
    for part, values in blocks:
        v = _weighted(values, data, part)
        found += float((v**2).sum())
        total, twice = total + v.sum(axis=0), twice + _weighted(v, data, part).sum(axis=0)
    size, square = _sizes(data)
    mean = total / size
    return found - 2 * float(twice @ mean) + square * float(mean @ mean)


def _weighted(values: Array, data: Respondents, part: slice) -> Array:
    return values if data.weights is None else values * data.weights[part, None]


def _sizes(data: Respondents) -> tuple[float, float]:
    """Return the sums of the weights and of their squares."""
    if data.weights is None:
        return float(len(data.rows)), float(len(data.rows))
    return float(data.weights.sum()), float((data.weights**2).sum())
