"""The bias-corrected percentile interval."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.intervals.bca import bca

__all__ = ["bc"]

Array = NDArray[np.float64]


def bc(replicates: Array, estimate: Array, level: float, acceleration: Array) -> tuple[Array, Array]:
    """Return the percentile interval shifted by twice the median bias (Efron, 1981): BCa with a = 0.

    >>> lower, upper = bc(np.arange(1.0, 100.0)[:, None], np.array([50.0]), 0.9, np.ones(1))
    >>> round(float(lower[0]), 6), round(float(upper[0]), 6)
    (5.0, 95.0)
    """
    return bca(replicates, estimate, level, np.zeros_like(acceleration))
