"""From scale means to marks of 1 to 10."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["linear", "linear_slope", "mark", "slope"]

Number = TypeVar("Number", float, NDArray[np.float64])
LOWEST, HIGHEST = 1.0, 10.0


def linear_slope(low: float = 1.0, high: float = 5.0) -> float:
    """Return how much the linear mark rises per point of a mean on answers ``low`` ... ``high``.

    >>> linear_slope(), linear_slope(0, 10)
    (2.25, 0.9)
    """
    return (HIGHEST - LOWEST) / (high - low)


def linear(mean: Number, low: float = 1.0, high: float = 5.0) -> Number:
    """Return means of answers ``low`` ... ``high`` as marks: the lowest answer is 1, the highest 10.

    Of answers 1 ... 5 it is 2.25 x - 1.25.

    >>> linear(3.0), linear(0.0, 0, 10)
    (5.5, 1.0)
    """
    rise = linear_slope(low, high)
    return rise * mean + (LOWEST - rise * low)


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
    return linear(mean)


def slope(mean: float, rule: str) -> float:
    """Return how much the mark rises per point of the mean, which carries standard errors over.

    >>> slope(2, "knik36"), slope(3, "knik36"), slope(3, "lineair")
    (2.5, 2.0, 2.25)
    """
    if rule == "knik36":
        return 2.5 if mean < 3 else 2.0
    return {"direct": 1.0, "dubbel": 2.0}.get(rule, linear_slope())
