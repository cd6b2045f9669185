"""Whether a number of ours gives the published one: half-up within its rounding, or within its words."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

__all__ = ["agrees", "bounds", "rounded"]


def rounded(value: float, rounding: float) -> float:
    """Return a number in steps of ``rounding``, halves away from zero; NaN stays.

    The last binary digits do not count: 6.85 is a half, also as 6.8499999999999996.

    >>> rounded(46.5, 1), rounded(5.45, 0.1), rounded(-0.0125, 0.001), rounded(109_400, 1000)
    (47.0, 5.5, -0.013, 109000.0)
    """
    if not math.isfinite(value):
        return value
    step = Decimal(repr(float(rounding)))
    steps = (Decimal(repr(round(float(value), 10))) / step).quantize(Decimal(1), ROUND_HALF_UP)
    return float(steps * step)


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
