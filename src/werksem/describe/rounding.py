"""Rounding as people do it: halves away from zero."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

__all__ = ["half_up", "rounded"]


def rounded(value: float, step: float) -> float:
    """Return a number in steps of ``step``, halves away from zero; NaN stays.

    The last binary digits do not count: 6.85 is a half, also as 6.8499999999999996.

    >>> rounded(46.5, 1), rounded(5.45, 0.1), rounded(-0.0125, 0.001), rounded(109_400, 1000)
    (47.0, 5.5, -0.013, 109000.0)
    """
    if not math.isfinite(value):
        return value
    size = Decimal(repr(float(step)))
    steps = (Decimal(repr(round(float(value), 10))) / size).quantize(Decimal(1), ROUND_HALF_UP)
    return float(steps * size)


def half_up(value: float, decimals: int = 0) -> float:
    """Return a number rounded to decimals, halves away from zero; NaN stays.

    >>> half_up(5.45, 1), half_up(0.125, 2), half_up(2.5), half_up(-0.5)
    (5.5, 0.13, 3.0, -1.0)
    """
    return rounded(value, 10.0**-decimals)
