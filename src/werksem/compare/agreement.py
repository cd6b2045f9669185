"""Whether a number of ours gives the published one: half-up within its rounding, or within its words."""

from __future__ import annotations

import math

from werksem.describe.rounding import rounded

__all__ = ["agrees", "bounds"]


def bounds(
    value: float, rounding: float, low: float = math.nan, high: float = math.nan
) -> tuple[float, float]:
    """Return between which numbers a published one lies: its words' bounds, else half a rounding around.

    >>> bounds(46.0, 1.0), bounds(math.nan, 1.0, 72.0, 75.0)
    ((45.5, 46.5), (72.0, 75.0))
    """
    if not math.isnan(low) and not math.isnan(high):
        return low, high
    return value - rounding / 2, value + rounding / 2


def agrees(ours: float, value: float, rounding: float, low: float = math.nan, high: float = math.nan) -> bool:
    """Tell whether ours is the published number once rounded as it is, or lies within its words' bounds.

    >>> agrees(45.5, 46, 1), agrees(46.5, 46, 1), agrees(74.1, math.nan, 1, 70, 75)
    (True, False, True)
    """
    if not math.isfinite(ours):
        return False
    if not math.isnan(low) and not math.isnan(high):
        return low <= ours <= high
    return math.isclose(rounded(ours, rounding), rounded(value, rounding), abs_tol=rounding / 1000)
