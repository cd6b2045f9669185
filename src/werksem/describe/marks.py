"""From means of 1 to 5 to marks of 1 to 10, and rounding as people do it."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

__all__ = ["half_up", "mark", "slope"]


def mark(mean: float, rule: str) -> float:
    """Return the mark (1-10) of a scale mean (1-5), not rounded; a ``direct`` answer is its own mark.

    ``lineair`` is 2.25 x - 1.25, which takes 1 to 1 and 5 to 10; ``knik36`` takes 3 to 6 with a kink
    there, 1 to 1 and 5 to 10; ``dubbel`` is 2 x. Figures say "1 tot 10" and that 3 is a 6 (De organisatie aan
    zet, 2026, note 28), which lineair meets rounded: 5.5, half-up.

    >>> [mark(x, "lineair") for x in (1, 3, 3.6, 5)], mark(2, "knik36"), mark(3.6, "knik36")
    ([1.0, 5.5, 6.85, 10.0], 3.5, 7.2)
    """
    if rule == "direct":
        return mean
    if rule == "dubbel":
        return 2 * mean
    if rule == "knik36":
        return 1 + 2.5 * (mean - 1) if mean < 3 else 6 + 2 * (mean - 3)
    return 2.25 * mean - 1.25


def slope(mean: float, rule: str) -> float:
    """Return how much the mark rises per point of the mean, which carries standard errors over.

    >>> slope(2, "knik36"), slope(3, "knik36"), slope(3, "lineair")
    (2.5, 2.0, 2.25)
    """
    if rule == "knik36":
        return 2.5 if mean < 3 else 2.0
    return {"direct": 1.0, "dubbel": 2.0}.get(rule, 2.25)


def half_up(value: float, decimals: int = 0) -> float:
    """Return a number rounded with halves away from zero; NaN stays.

    Errors of the last binary digits do not count: 6.85 as 6.8499999999999996 is a half.

    >>> half_up(5.45, 1), half_up(0.125, 2), half_up(2.5), half_up(-0.5)
    (5.5, 0.13, 3.0, -1.0)
    """
    if not math.isfinite(value):
        return value
    exact = Decimal(repr(round(value, 10)))
    return float(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
