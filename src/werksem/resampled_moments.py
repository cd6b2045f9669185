"""Moments of resamples, by one matrix product: counts × products of the answers.

A resample is a row of counts, so a block of replicates times Z = [x, x x'] (one row per
respondent) gives every replicate's sums at once. Integer answers are centred on the middle of
their range and multiplied in single precision, which is exact while every sum stays below 2^24.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Products", "block_moments", "products"]

Array = NDArray[np.float64]
EXACT_SINGLE = 2.0**24
CHUNK = 8192


@dataclass(frozen=True, slots=True)
class Products:
    """Respondents ready to be resampled.

    ``centred`` (n, p) in the precision of the product; ``unit`` and ``centre`` (p,) with
    x = centred · unit + centre; ``lower`` the index pairs of the p(p+1)/2 products.
    """

    centred: NDArray[np.float32] | Array
    unit: Array
    centre: Array
    lower: tuple[NDArray[np.int64], NDArray[np.int64]]


def products(rows: Array) -> Products:
    """Return complete rows (n, p) ready to be resampled, in single precision where that is exact."""
    low, high = rows.min(axis=0), rows.max(axis=0)
    whole = bool((rows == np.rint(rows)).all())
    centre = np.rint((low + high) / 2) if whole else rows.mean(axis=0)
    unit = np.ones(rows.shape[1]) if whole else rows.std(axis=0)
    unit = np.where(unit > 0, unit, 1.0)
    centred = (rows - centre) / unit
    exact = whole and float(np.abs(centred).max()) ** 2 * len(rows) < EXACT_SINGLE
    lower = np.tril_indices(rows.shape[1])
    ready: Array = np.ascontiguousarray(centred, dtype=float)
    return Products(ready.astype(np.float32) if exact else ready, unit, centre, lower)


def block_moments(source: Products, counts: NDArray[np.float32]) -> tuple[Array, Array]:
    """Return means (R, p) and covariances (R, p, p), divisor n, of resamples given as counts (R, n)."""
    n, p = source.centred.shape
    i, j = source.lower
    sums = np.zeros((len(counts), p + len(i)))
    for begin in range(0, n, CHUNK):
        part = source.centred[begin : begin + CHUNK]
        Z = np.concatenate([part, part[:, i] * part[:, j]], axis=1)
        sums += counts[:, begin : begin + CHUNK].astype(Z.dtype, copy=False) @ Z
    size = counts.sum(axis=1, dtype=float)[:, None]
    mean = sums[:, :p] / size
    flat = sums[:, p:] / size - mean[:, i] * mean[:, j]
    cov = np.empty((len(counts), p, p))
    cov[:, i, j] = flat * source.unit[i] * source.unit[j]
    cov[:, j, i] = cov[:, i, j]
    return mean * source.unit + source.centre, cov
