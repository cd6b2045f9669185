"""The basic interval: percentiles mirrored at the estimate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.intervals.percentile import percentile

__all__ = ["basic"]

Array = NDArray[np.float64]


def basic(replicates: Array, estimate: Array, level: float, acceleration: Array) -> tuple[Array, Array]:
    """Return 2 estimate - (upper, lower) percentile (Davison & Hinkley, 1997, eq. 5.6).

    >>> lower, upper = basic(np.arange(1.0, 100.0)[:, None], np.array([40.0]), 0.9, np.zeros(1))
    >>> round(float(lower[0]), 9), round(float(upper[0]), 9)
    (-15.0, 75.0)
    """
    lower, upper = percentile(replicates, estimate, level, acceleration)
    return 2 * estimate - upper, 2 * estimate - lower
