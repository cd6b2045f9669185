"""What a printed number stands for: every value that rounds to it, and what a printed R² allows."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal

__all__ = ["EVERYTHING", "UNSIGNED", "Interval", "absolute", "decimals_of", "meet", "r2_interval", "rounded"]

Interval = tuple[float, float]
EVERYTHING: Interval = (-math.inf, math.inf)
UNSIGNED: Interval = (0.0, math.inf)


def decimals_of(values: Iterable[float]) -> int:
    """Return the decimals of the most precise of some numbers: what a column was printed with.

    A number that ends in 0 has lost that 0 (-.050 is read as -.05), so the column says it, not the cell.

    >>> decimals_of([-0.05, 0.083, 1.0]), decimals_of([])
    (3, 0)
    """
    exponents = (Decimal(repr(float(value))).normalize().as_tuple().exponent for value in values)
    return max((-e for e in exponents if isinstance(e, int) and e < 0), default=0)


def rounded(value: float, decimals: int) -> Interval:
    """Return the closed interval of numbers that are printed as ``value`` with this many decimals.

    >>> rounded(-0.024, 3)
    (-0.0245, -0.0235)
    """
    half = Decimal(5).scaleb(-decimals - 1)
    exact = Decimal(repr(float(value)))
    return float(exact - half), float(exact + half)


def absolute(interval: Interval) -> Interval:
    """Return the absolute values of an interval.

    >>> absolute((-0.3, -0.1)), absolute((-0.3, 0.1))
    ((0.1, 0.3), (0.0, 0.3))
    """
    low, high = interval
    if low <= 0 <= high:
        return 0.0, max(-low, high)
    return min(abs(low), abs(high)), max(abs(low), abs(high))


def meet(*intervals: Interval) -> Interval:
    """Return what intervals have in common; the lower end is above the upper where that is nothing.

    >>> meet((0.0, 2.0), (1.0, 3.0)), meet((0.0, 1.0), (2.0, 3.0))
    ((1.0, 2.0), (2.0, 1.0))
    """
    return max(low for low, _ in intervals), min(high for _, high in intervals)


def r2_interval(printed: float, decimals: int, *, adjusted: bool, n: int | None, k: int) -> Interval:
    """Return the R² that a printed R² allows, within 0 and 1.

    Of an adjusted one, R² = 1 - (1 - adjusted)(n - k - 1)/(n - 1); without n it is a lower bound.

    >>> [round(end, 5) for end in r2_interval(0.046, 3, adjusted=True, n=4349, k=14)]
    [0.04857, 0.04957]
    """
    low, high = rounded(printed, decimals)
    if adjusted:
        share = (n - k - 1) / (n - 1) if n is not None else 1.0
        low, high = 1 - (1 - low) * share, (1 - (1 - high) * share if n is not None else 1.0)
    return min(max(low, 0.0), 1.0), min(max(high, 0.0), 1.0)
