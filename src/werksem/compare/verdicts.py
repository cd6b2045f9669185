"""When a claim is confirmed, refuted or undecided: the rules, and every threshold they use.

An interval that decides against a claim about several paths is wider, 1 - 5 % / (number of paths)
(Bonferroni): one path in many falls outside by chance. For a claim to be confirmed every path must
pass at the plain level, which needs no correction (intersection-union test; Berger, 1982).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from werksem.describe.contrasts import BOUNDS

__all__ = [
    "CONFIRMED", "REFUTED", "THRESHOLDS", "UNDECIDED", "Limits", "Thresholds", "all_of", "bounded",
    "no_effect", "order", "sign", "small", "smallest", "strong", "stricter", "stronger", "wider",
]  # fmt: skip

CONFIRMED, REFUTED, UNDECIDED = "bevestigd", "weerlegd", "onbeslist"
Limits = Callable[[float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """``level`` of intervals that decide, ``inside`` of those that must lie within bounds (TOST at 5 %).

    ``rope``, ``small`` and ``strong`` are bounds of standardised paths; ``readings`` the bounds at which
    a strong one is read beside; ``order`` the probability that confirms an order of groups. Groups do not
    differ within ``difference`` standard deviations, or shares within ``points``.
    """

    level: float = 0.95
    inside: float = 0.90
    rope: float = 0.05
    small: float = 0.10
    strong: float = 0.20
    readings: tuple[float, ...] = (0.10, 0.15, 0.20)
    order: float = 0.95
    difference: float = BOUNDS["mean"]
    points: float = BOUNDS["share"]


THRESHOLDS = Thresholds()


def stricter(alpha: float, at: Thresholds = THRESHOLDS) -> Thresholds:
    """Return the thresholds of tests at another level than 5 %.

    >>> stricter(0.01).level, stricter(0.01).inside
    (0.99, 0.98)
    """
    return replace(at, level=1 - alpha, inside=1 - 2 * alpha, order=1 - alpha)


def wider(count: int, at: Thresholds = THRESHOLDS) -> float:
    """Return the level of the intervals that may refute one of ``count`` parts of a claim.

    >>> round(wider(1), 4), round(wider(2), 4)
    (0.95, 0.975)
    """
    return 1 - (1 - at.level) / count


def _decide(confirmed: bool, refuted: bool) -> str:
    return CONFIRMED if confirmed else REFUTED if refuted else UNDECIDED


def sign(limits: Limits, direction: int, count: int = 1, at: Thresholds = THRESHOLDS) -> str:
    """Return the verdict on a sign (1 or -1): the 95 % interval lies on that side of 0, or on the other.

    >>> sign(lambda level: (0.1, 0.3), 1), sign(lambda level: (0.1, 0.3), -1)
    ('bevestigd', 'weerlegd')
    """
    return _decide(_low(limits(at.level), direction) > 0, _high(limits(wider(count, at)), direction) < 0)


def no_effect(limits: Limits, rope: float, count: int = 1, at: Thresholds = THRESHOLDS) -> str:
    """Return the verdict on no effect: the 90 % interval inside ±rope, or the 95 % one wholly outside.

    >>> no_effect(lambda level: (-0.01, 0.04), 0.05), no_effect(lambda level: (-0.01, 0.06), 0.05)
    ('bevestigd', 'onbeslist')
    """
    low, high = limits(wider(count, at))
    return _decide(_inside(limits, rope, at), low > rope or high < -rope)


def small(
    limits: Limits, below: float, direction: int = 0, count: int = 1, at: Thresholds = THRESHOLDS
) -> str:
    """Return the verdict on a small path: the 90 % interval inside the bounds, and the sign if claimed.

    >>> small(lambda level: (0.01, 0.04), 0.1, 1), small(lambda level: (0.12, 0.2), 0.1, 1)
    ('bevestigd', 'weerlegd')
    """
    size = no_effect(limits, below, count, at)
    return all_of([size, sign(limits, direction, count, at)] if direction else [size])


def strong(
    limits: Limits, least: float, direction: int = 0, count: int = 1, at: Thresholds = THRESHOLDS
) -> str:
    """Return the verdict on a strong path: the lower 95 % limit at least the bound, or the upper one below.

    ``direction`` 1 or -1 says which way it points; 0 asks for either: the interval beyond the bound on
    one side, or between the bounds.

    >>> strong(lambda level: (-0.3, -0.21), 0.2), strong(lambda level: (0.1, 0.19), 0.2, 1)
    ('bevestigd', 'weerlegd')
    >>> strong(lambda level: (-0.3, 0.19), 0.2, 1), strong(lambda level: (-0.3, 0.19), 0.2)
    ('weerlegd', 'onbeslist')
    """
    ways = (direction,) if direction else (1, -1)
    confirmed = any(_low(limits(at.level), way) >= least for way in ways)
    return _decide(confirmed, all(_high(limits(wider(count, at)), way) < least for way in ways))


def stronger(limits: Limits, count: int = 1, at: Thresholds = THRESHOLDS) -> str:
    """Return the verdict on a contrast, the stronger minus the weaker: its interval lies on one side of 0."""
    return sign(limits, 1, count, at)


def bounded(limits: Limits, low: float, high: float, count: int = 1, at: Thresholds = THRESHOLDS) -> str:
    """Return the verdict on a number between bounds, of which one may be infinite.

    One bound: the 95 % interval on its right side; two: the 90 % interval between them. Refuted where the
    95 % interval lies beyond a bound.

    >>> bounded(lambda level: (0.2, 0.3), 0.1, float("inf")), bounded(lambda level: (0.2, 0.3), 0.0, 0.1)
    ('bevestigd', 'weerlegd')
    """
    both = low > -float("inf") and high < float("inf")
    inner, outer = limits(at.inside if both else at.level), limits(wider(count, at))
    return _decide(inner[0] >= low and inner[1] <= high, outer[1] < low or outer[0] > high)


def order(joint: float, reversed_pairs: Iterable[float], count: int, at: Thresholds = THRESHOLDS) -> str:
    """Return the verdict on an order: its probability, or that a claimed pair stands the other way round.

    ``reversed_pairs`` are the probabilities of each pair's reverse, ``count`` how many there are.

    >>> order(0.97, [0.01, 0.02], 2), order(0.0, [0.2, 0.995], 2), order(0.4, [0.3, 0.3], 2)
    ('bevestigd', 'weerlegd', 'onbeslist')
    """
    beyond = 1 - (1 - wider(count, at)) / 2
    return _decide(joint >= at.order, any(p >= beyond for p in reversed_pairs))


def all_of(verdicts: Iterable[str]) -> str:
    """Return the verdict on a conjunction: refuted where one part is, confirmed where all are.

    >>> all_of(["bevestigd", "onbeslist"]), all_of(["weerlegd", "onbeslist"])
    ('onbeslist', 'weerlegd')
    """
    found = list(verdicts)
    return _decide(all(v == CONFIRMED for v in found), REFUTED in found)


def smallest(decided: Callable[[float], bool], start: float = 0.05) -> float:
    """Return the smallest level of a test that still decides, to 3 digits: its p-value, at least 1e-9.

    ``decided`` holds at ``start`` and, from some level on, at every smaller one no longer.

    >>> round(smallest(lambda alpha: alpha >= 0.02), 4)
    0.02
    """
    low, high = -9.0, math.log10(start)
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (low, middle) if decided(10**middle) else (middle, high)
    return float(10**high)


def _inside(limits: Limits, bound: float, at: Thresholds) -> bool:
    low, high = limits(at.inside)
    return -bound < low and high < bound


def _low(limits: tuple[float, float], direction: int) -> float:
    return limits[0] if direction > 0 else -limits[1]


def _high(limits: tuple[float, float], direction: int) -> float:
    return limits[1] if direction > 0 else -limits[0]
