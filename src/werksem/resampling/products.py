"""Moments of resamples, by one matrix product: counts × sums of the answers.

A resample is a row of counts, so a block of replicates times Z = [x, x x'] (one row per unit) gives
every replicate's sums at once. Units are respondents, or whole clusters whose sums are made once.
Integer answers are centred on the middle of their range and multiplied in single precision, which
is exact while every sum stays below 2^24.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Products", "block_moments", "cluster_products", "products"]

Array = NDArray[np.float64]
EXACT_SINGLE = 2.0**24
CHUNK = 8192


@dataclass(frozen=True, slots=True)
class Products:
    """One group's units ready to be resampled.

    ``rows`` (units, p) rescaled answers whose products are made chunk by chunk, or None where
    ``sums`` (units, p + p(p+1)/2) hold them summed per cluster. ``size`` (units,) is what a unit
    counts for: 1, its weight, or its cluster's; None where all are 1. x = rows · unit + centre;
    ``lower`` are the index pairs of the products.
    """

    rows: NDArray[np.float32] | Array | None
    sums: Array | None
    size: Array | None
    unit: Array
    centre: Array
    lower: tuple[NDArray[np.int64], NDArray[np.int64]]


def _rescaled(rows: Array) -> tuple[Array, Array, Array, bool]:
    """Return (rescaled rows, unit, centre, whether all are whole numbers)."""
    low, high = rows.min(axis=0), rows.max(axis=0)
    whole = bool((rows == np.rint(rows)).all())
    centre = np.rint((low + high) / 2) if whole else rows.mean(axis=0)
    unit = np.ones(rows.shape[1]) if whole else rows.std(axis=0)
    unit = np.where(unit > 0, unit, 1.0)
    return np.ascontiguousarray((rows - centre) / unit), unit, centre, whole


def products(rows: Array, weights: Array | None = None) -> Products:
    """Return complete rows (n, p) as units, in single precision where that is exact."""
    ready, unit, centre, whole = _rescaled(rows)
    lower = np.tril_indices(rows.shape[1])
    exact = whole and weights is None and float(np.abs(ready).max()) ** 2 * len(rows) < EXACT_SINGLE
    return Products(ready.astype(np.float32) if exact else ready, None, weights, unit, centre, lower)


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


def _stacked(rows: NDArray[np.float32] | Array, lower: tuple[NDArray[np.int64], NDArray[np.int64]]) -> Array:
    i, j = lower
    return np.concatenate([rows, rows[:, i] * rows[:, j]], axis=1)


def block_moments(source: Products, counts: NDArray[np.float32] | Array) -> tuple[Array, Array]:
    """Return means (R, p) and covariances (R, p, p), divisor the size, of resamples (R, units).

    ``counts`` are whole numbers in single precision, or any multipliers in double.
    """
    p = len(source.unit)
    i, j = source.lower
    sums = _summed(source, counts) if source.sums is None else counts.astype(float) @ source.sums
    one = np.ones(counts.shape[1]) if source.size is None else source.size
    size = (counts.astype(float) @ one)[:, None]
    mean = sums[:, :p] / size
    flat = sums[:, p:] / size - mean[:, i] * mean[:, j]
    cov = np.empty((len(counts), p, p))
    cov[:, i, j] = flat * source.unit[i] * source.unit[j]
    cov[:, j, i] = cov[:, i, j]
    return mean * source.unit + source.centre, cov


def _summed(source: Products, counts: NDArray[np.float32] | Array) -> Array:
    """Return the sums (R, p + p(p+1)/2), products made chunk by chunk, as precise as both need."""
    rows = source.rows
    if rows is None:
        raise ValueError("the units are clusters: their sums are made already")
    total = np.zeros((len(counts), len(source.unit) + len(source.lower[0])))
    for begin in range(0, len(rows), CHUNK):
        part = slice(begin, begin + CHUNK)
        Z = _stacked(rows[part], source.lower)
        if source.size is not None:
            Z = Z * source.size[part, None]
        kind = np.result_type(Z.dtype, counts.dtype)
        total += counts[:, part].astype(kind, copy=False) @ Z.astype(kind, copy=False)
    return total
