"""The bias-corrected and accelerated interval."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.intervals.percentile import quantiles
from werksem.intervals.places import median_bias, share

__all__ = ["bca"]

Array = NDArray[np.float64]


def bca(replicates: Array, estimate: Array, level: float, acceleration: Array) -> tuple[Array, Array]:
    """Return Efron's (1987) BCa interval per column of the replicates (R, k).

    z0 is the normal quantile of the share of replicates below the estimate, ties counted half; the
    limits are the quantiles at Phi(z0 + (z0 + z)/(1 - a (z0 + z))). A quantity that lies outside
    all its replicates has no interval: NaN.

    >>> lower, upper = bca(np.arange(1.0, 100.0)[:, None], np.array([50.0]), 0.9, np.zeros(1))
    >>> round(float(lower[0]), 6), round(float(upper[0]), 6)
    (5.0, 95.0)
    """
    from scipy.special import ndtri

    z0 = median_bias(replicates, estimate)
    shares = [share(z0, acceleration, ndtri(tail)) for tail in ((1 - level) / 2, (1 + level) / 2)]
    lower, upper = quantiles(replicates, np.stack(shares))
    return lower, upper
