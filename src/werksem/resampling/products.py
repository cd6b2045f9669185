"""Moments of resamples: counts × sums of the answers, respondent by respondent or cluster by cluster.

A resample is a row of counts, so a block of replicates times Z = [x, x x'] (one row per unit) gives
every replicate's sums at once. Units are respondents, or whole clusters whose sums are made once.
Whole-number answers without weights go by ``kernels.bit_sums``, exactly; others by a matrix product.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.moments import sums_to_moments
from werksem.resampling.table_sums import fits_tables, table_sums

__all__ = ["Products", "block_moments", "cluster_products", "flat_moments", "products", "squares"]

Array = NDArray[np.float64]
Small = NDArray[np.int16]
Bytes = NDArray[np.uint8]
Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]
CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Products:
    """One group's units ready to be resampled.

    ``rows`` (units, p) rescaled answers, in 16 bits where tables serve them, or None where ``sums``
    (units, p + p(p+1)/2) hold them summed per cluster. ``size`` (units,) is what a unit counts for: 1,
    its weight, or its cluster's; None where all are 1. x = rows · unit + centre; ``lower`` are the
    index pairs of the products.
    """

    rows: NDArray[np.int16] | Array | None
    sums: Array | None
    size: Array | None
    unit: Array
    centre: Array
    lower: Pairs

    @property
    def exact(self) -> bool:
        """Whether sums are whole numbers, the same in whatever order they are made."""
        return self.rows is not None and self.rows.dtype == np.int16


def _rescaled(rows: Array) -> tuple[Array, Array, Array, bool]:
    """Return (rescaled rows, unit, centre, whether all are whole numbers)."""
    low, high = rows.min(axis=0), rows.max(axis=0)
    whole = bool((rows == np.rint(rows)).all())
    centre = np.rint((low + high) / 2) if whole else rows.mean(axis=0)
    unit = np.ones(rows.shape[1]) if whole else rows.std(axis=0)
    unit = np.where(unit > 0, unit, 1.0)
    return np.ascontiguousarray((rows - centre) / unit), unit, centre, whole


def products(rows: Array, weights: Array | None = None) -> Products:
    """Return complete rows (n, p) as units, in 16 bits where their sums can be made by tables."""
    ready, unit, centre, whole = _rescaled(rows)
    lower = np.tril_indices(rows.shape[1])
    small = whole and weights is None and fits_tables(ready)
    return Products(ready.astype(np.int16) if small else ready, None, weights, unit, centre, lower)


def cluster_products(rows: Array, cluster: NDArray[np.int64], weights: Array | None = None) -> Products:
    """Return whole clusters as units: ``cluster`` (n,) codes 0 … C - 1, their sums made once."""
    ready, unit, centre, _ = _rescaled(rows)
    lower = np.tril_indices(rows.shape[1])
    weight = np.ones(len(rows)) if weights is None else weights
    count = int(cluster.max()) + 1
    sums = np.zeros((count, rows.shape[1] + len(lower[0])))
    for begin in range(0, len(rows), CHUNK):
        part = slice(begin, begin + CHUNK)
        np.add.at(sums, cluster[part], _stacked(ready[part], lower) * weight[part, None])
    size = np.bincount(cluster, weights=weight, minlength=count).astype(float)
    return Products(None, sums, size, unit, centre, lower)


def _stacked(rows: Array, lower: Pairs) -> Array:
    i, j = lower
    return np.concatenate([rows, rows[:, i] * rows[:, j]], axis=1)


def flat_moments(source: Products, multipliers: NDArray[np.uint8] | Array) -> tuple[Array, Array]:
    """Return means (R, p) and lower triangles (R, p(p+1)/2) of the covariances, divisor the size.

    ``multipliers`` (R, units or more, those beyond being 0) say how often each unit counts: counts in
    bytes, or real numbers. Triangles go row by row, as ``numpy.tril_indices`` does.
    """
    p, R = len(source.unit), len(multipliers)
    sums = _summed(source, multipliers)
    units = source.sums if source.rows is None else source.rows
    count = 0 if units is None else len(units)
    if source.size is None:
        size = multipliers.sum(axis=1, dtype=float)
    else:
        size = multipliers[:, :count].astype(float) @ source.size
    means, flat = np.empty((R, p)), np.empty((R, p * (p + 1) // 2))
    sums_to_moments(sums, size, source.unit, source.centre, means, flat)
    return means, flat


def block_moments(source: Products, multipliers: NDArray[np.uint8] | Array) -> tuple[Array, Array]:
    """Return means (R, p) and covariances (R, p, p) of resamples, as ``flat_moments`` does.

    >>> once_and_thrice = np.array([[1, 3]], dtype=np.uint8)
    >>> [part.tolist() for part in block_moments(products(np.array([[1.0], [3.0]])), once_and_thrice)]
    [[[2.5]], [[[0.75]]]]
    """
    means, flat = flat_moments(source, multipliers)
    return means, squares(flat, source.lower)


def squares(flat: Array, lower: Pairs) -> Array:
    """Return symmetric matrices (…, p, p) of lower triangles (…, p(p+1)/2).

    >>> squares(np.array([1.0, 2.0, 3.0]), np.tril_indices(2)).tolist()
    [[1.0, 2.0], [2.0, 3.0]]
    """
    i, j = lower
    p = int(i[-1]) + 1
    out = np.empty((*flat.shape[:-1], p, p))
    out[..., i, j] = flat
    out[..., j, i] = flat
    return out


def _summed(source: Products, multipliers: NDArray[np.uint8] | Array) -> Array:
    """Return the sums (R, p + p(p+1)/2)."""
    if source.sums is not None:
        return multipliers[:, : len(source.sums)].astype(float) @ source.sums
    if source.rows is None:
        raise ValueError("units have either rows or sums")
    if source.exact and multipliers.dtype == np.uint8:
        return table_sums(cast(Small, source.rows), cast(Bytes, multipliers))
    total = np.zeros((len(multipliers), len(source.unit) + len(source.lower[0])))
    for begin in range(0, len(source.rows), CHUNK):
        part = slice(begin, min(begin + CHUNK, len(source.rows)))
        Z = _stacked(source.rows[part].astype(float, copy=False), source.lower)
        if source.size is not None:
            Z *= source.size[part, None]
        total += multipliers[:, part].astype(float) @ Z
    return total
