"""The bias-corrected and accelerated interval."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.intervals.percentile import quantiles

__all__ = ["bca"]

Array = NDArray[np.float64]


def bca(replicates: Array, estimate: Array, level: float, acceleration: Array) -> tuple[Array, Array]:
    """Return Efron's (1987) BCa interval per column of the replicates (R, k).

    z0 is the normal quantile of the share of replicates below the estimate, ties counted half; the
    limits are the quantiles at Phi(z0 + (z0 + z)/(1 - a (z0 + z))). A quantity that does not
    vary, or lies outside all its replicates, has no interval: NaN.

    >>> lower, upper = bca(np.arange(1.0, 100.0)[:, None], np.array([50.0]), 0.9, np.zeros(1))
    >>> round(float(lower[0]), 6), round(float(upper[0]), 6)
    (5.0, 95.0)
    """
    from scipy.special import ndtr, ndtri

    finite = np.isfinite(replicates)
    count = np.maximum(finite.sum(axis=0), 1)
    below = ((replicates < estimate) + 0.5 * (replicates == estimate)).sum(axis=0) / count
    z0 = np.where((below > 0) & (below < 1), ndtri(np.clip(below, 1e-300, 1 - 1e-16)), np.nan)
    limits = []
    for z in (ndtri((1 - level) / 2), ndtri((1 + level) / 2)):
        denominator = 1 - acceleration * (z0 + z)
        # beyond this point the map is no longer increasing and no quantile is meant
        share = np.where(denominator > 0, ndtr(z0 + (z0 + z) / denominator), np.nan)
        limits.append(quantiles(replicates, share))
    return limits[0], limits[1]
