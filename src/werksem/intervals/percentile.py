"""The percentile interval: the quantiles of the replicates themselves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["finite", "percentile", "quantiles"]

Array = NDArray[np.float64]


def finite(replicates: Array) -> Array:
    """Return the replicates with NaN wherever one is not finite; the same array if all are.

    >>> finite(np.array([[1.0], [-np.inf]]))
    array([[ 1.],
           [nan]])
    """
    kept = np.isfinite(replicates)
    return replicates if kept.all() else np.where(kept, replicates, np.nan)


def quantiles(replicates: Array, shares: Array) -> Array:
    """Return, per column of ``replicates`` (R, k), the quantiles at its own shares (..., k).

    The (R + 1) share-th order statistic, interpolated (Davison & Hinkley, 1997, eq. 5.6); shares
    beyond the smallest or largest replicate give that replicate. NaN replicates are left out, and
    infinite ones too. The replicates are sorted once, however many shares are asked.

    >>> quantiles(np.arange(1.0, 100.0)[:, None], np.array([0.025]))
    array([2.5])
    """
    if not len(replicates):
        return np.full(np.shape(shares), np.nan)
    ordered = np.sort(finite(replicates), axis=0)
    count = np.isfinite(ordered).sum(axis=0)
    place = np.clip((count + 1) * np.nan_to_num(shares), 1, np.maximum(count, 1)) - 1
    below = np.floor(place).astype(int)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    column = np.arange(ordered.shape[1])
    low, high = ordered[below, column], ordered[above, column]
    found = low + (place - below) * (high - low)
    return np.where((count > 0) & np.isfinite(shares), found, np.nan)


def percentile(replicates: Array, estimate: Array, level: float, acceleration: Array) -> tuple[Array, Array]:
    """Return the (1 ± level)/2 quantiles of the replicates (R, k), per column.

    >>> lower, upper = percentile(np.arange(1.0, 100.0)[:, None], np.zeros(1), 0.9, np.zeros(1))
    >>> round(float(lower[0]), 9), round(float(upper[0]), 9)
    (5.0, 95.0)
    """
    del estimate, acceleration
    tail = np.full(replicates.shape[1], (1 - level) / 2)
    lower, upper = quantiles(replicates, np.stack([tail, 1 - tail]))
    return lower, upper
