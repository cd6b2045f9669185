"""Moments of respondents whose groups are given other shares, in the sample and in its resamples.

Of every group the sums of weights, answers and their products are kept; a mixture of groups with shares
p has mean sum p_g m_g and second moments sum p_g M_g. Nothing of a group changes when its share does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["GroupSums", "GroupTotals", "group_sums", "mixed", "own_shares", "shares_for", "totals"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
CHUNK = 4096


@dataclass(frozen=True, slots=True)
class GroupSums:
    """Sums (cells, 1 + p + p(p+1)/2) of weight, z and z z' of each unit within each group.

    ``unit`` and ``group`` (cells,) say whose they are; x = z · ``scale`` + ``centre`` (p,).
    """

    sums: Array
    unit: Index
    group: Index
    labels: tuple[str, ...]
    centre: Array
    scale: Array


@dataclass(frozen=True, slots=True)
class GroupTotals:
    """Weight (R, G) and mean z, z z' (R, G, p + p(p+1)/2) of every group in R resamples; 0 where absent."""

    weight: Array
    averages: Array


def group_sums(
    rows: Array, labels: NDArray[np.object_], unit: Index, weights: Array | None = None
) -> GroupSums:
    """Return the sums of complete rows (n, p) by unit drawn (n,) and group (n,)."""
    names, code = np.unique(labels.astype(str), return_inverse=True)
    centre, scale = rows.mean(axis=0), rows.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    pairs, cell = np.unique(unit * len(names) + code, return_inverse=True)
    i, j = np.tril_indices(rows.shape[1])
    weight = np.ones(len(rows)) if weights is None else weights
    sums = np.zeros((len(pairs), 1 + rows.shape[1] + len(i)))
    for begin in range(0, len(rows), CHUNK):
        part = slice(begin, begin + CHUNK)
        z = (rows[part] - centre) / scale
        stacked = np.concatenate([np.ones((len(z), 1)), z, z[:, i] * z[:, j]], axis=1)
        np.add.at(sums, cell[part], stacked * weight[part, None])
    return GroupSums(sums, pairs // len(names), pairs % len(names), tuple(names), centre, scale)


def totals(source: GroupSums, multipliers: Array) -> GroupTotals:
    """Return every group's totals where each unit counts as often as ``multipliers`` (R, units) say."""
    found = np.empty((len(multipliers), len(source.labels), source.sums.shape[1]))
    for g in range(len(source.labels)):
        here = np.flatnonzero(source.group == g)
        found[:, g] = multipliers[:, source.unit[here]] @ source.sums[here]
    weight = found[..., 0]
    # a group that a resample does not have is nowhere asked for: its share is 0
    return GroupTotals(weight, found[..., 1:] / np.where(weight > 0, weight, 1.0)[..., None])


def own_shares(found: GroupTotals) -> Array:
    """Return the share (R, G) that each group has in its own sample."""
    return np.asarray(found.weight / found.weight.sum(axis=1, keepdims=True), dtype=float)


def shares_for(labels: tuple[str, ...], others: tuple[str, ...], shares: Array) -> Array:
    """Return shares (R, others) as shares of ``labels`` (R, labels), those of absent groups divided out.

    NaN where no group is shared.

    >>> shares_for(("a", "b"), ("b", "c", "a"), np.array([[0.3, 0.5, 0.2]])).tolist()
    [[0.4, 0.6]]
    """
    at = [others.index(name) if name in others else -1 for name in labels]
    found = np.where(np.array(at) >= 0, shares[:, at], 0.0)
    whole = found.sum(axis=1, keepdims=True)
    return np.asarray(found / np.where(whole > 0, whole, np.nan), dtype=float)


def mixed(source: GroupSums, found: GroupTotals, shares: Array) -> tuple[Array, Array]:
    """Return means (R, p) and lower triangles (R, p(p+1)/2) of covariances at these shares (R, G)."""
    p = len(source.centre)
    average = np.einsum("rg,rgk->rk", shares, found.averages)
    i, j = np.tril_indices(p)
    mean, second = average[:, :p], average[:, p:]
    flat = (second - mean[:, i] * mean[:, j]) * (source.scale[i] * source.scale[j])
    return mean * source.scale + source.centre, flat
