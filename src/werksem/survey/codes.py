"""Codes for "no answer" that were left among the numbers of a column without a declared scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["leftover_codes"]

# what surveys write for "don't know", "refused" and "does not apply"
HIGH = np.array([8, 9, *(digit * ones for ones in (11, 111, 1111, 11111) for digit in (7, 8, 9)), 97, 98,
                 997, 998, 9997, 9998])  # fmt: skip
LOW = -np.array([7, 8, 9, 77, 88, 99, 97, 98, 777, 888, 999, 997, 998, 9999])
# a code lies this share of the others' range away from them
AWAY = 0.5


def leftover_codes(values: NDArray[np.float64]) -> dict[float, int]:
    """Return usual codes that lie far from all other values (n,), and how often they occur.

    Above the others by half their range or more, or below them where no other is below zero. They are told,
    never left out: 99 may be an age.

    >>> leftover_codes(np.array([20.0, 31, 44, 64, 99, 99, np.nan]))
    {99.0: 2}
    >>> leftover_codes(np.array([20.0, 64, 80, 95, 99])), leftover_codes(np.array([0.0, 1, -9, 1]))
    ({}, {-9.0: 1})
    """
    found, times = np.unique(values[~np.isnan(values)], return_counts=True)
    plain = found[~np.isin(found, HIGH) & ~np.isin(found, LOW)]
    if len(plain) < 2:
        return {}
    lowest, highest = plain[0], plain[-1]
    # codes among the others are values; so is what lies near them
    away = AWAY * (highest - lowest)
    high = np.isin(found, HIGH) & (found >= highest + away)
    low = np.isin(found, LOW) & (found < lowest) & (lowest >= 0)
    return {float(found[i]): int(times[i]) for i in np.flatnonzero(high | low)}
