"""The stopping rule of ``replicates: auto``: how many replicates the printed digits need."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["SHARP", "replicates_needed"]

Array = NDArray[np.float64]
DECIMALS = 2  # as limits are printed
SHARP = 0.5 * 10.0**-DECIMALS  # the error that is small enough
MULTIPLE = 128
MINIMUM = 1000
GROWTH = 4


def replicates_needed(errors: Array, done: int, decimals: int = DECIMALS) -> int:
    """Return how many replicates in total bring every limit's error to half a printed unit or below.

    ``errors`` are standard errors of limits after ``done`` replicates (``limit_errors``), in the units
    that are printed with ``decimals`` decimals. They shrink as 1/sqrt(R), so
    done (largest error / (0.5 10^-decimals))^2 are needed (compare Andrews & Buchinsky, 2000), rounded up to
    a multiple of 128; at least 1,000 (so 1,024), and no more than four times ``done`` at once,
    since errors after few replicates are rough themselves. ``done`` comes back where it is enough.
    NaN errors do not count: more replicates give no limit where there is none.

    >>> replicates_needed(np.array([0.004, 0.005]), 1000)
    1000
    >>> replicates_needed(np.array([0.004, 0.007, np.nan]), 1000)
    2048
    >>> replicates_needed(np.array([0.05]), 1024)
    4096
    >>> replicates_needed(np.array([0.001]), 128)
    1024
    >>> replicates_needed(np.array([0.0007]), 4096, decimals=3)
    8064
    """
    ratio = float(np.nanmax(np.append(errors, 0.0))) / (0.5 * 10.0**-decimals)
    # an error of exactly half a unit is enough, whatever rounding made of the quotient
    if done >= MINIMUM and ratio <= 1 + 1e-9:
        return done
    limit = GROWTH * done // MULTIPLE * MULTIPLE
    # min before the power: an infinite error asks for all that may be had
    wanted = math.ceil(done * min(ratio, GROWTH) ** 2 / MULTIPLE) * MULTIPLE
    return max(min(wanted, limit), math.ceil(MINIMUM / MULTIPLE) * MULTIPLE)
