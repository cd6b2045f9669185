"""A difference of estimates: its interval, its test, and whether it is too small to matter."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.describe.intervals import limits

__all__ = ["BOUNDS", "Judged", "holm", "judged", "verdict"]

Array = NDArray[np.float64]
BOUNDS = {"mean": 0.2, "mark": 0.2, "share": 0.05}  # d for means and marks, proportions for shares


@dataclass(frozen=True, slots=True)
class Judged:
    """A difference with the limits of its interval, the p-value of no difference, and that of equivalence."""

    value: float
    se: float
    lower: float
    upper: float
    p: float
    equivalence: float


def judged(value: float, se: float, df: int, level: float, bound: float) -> Judged:
    """Return a difference's interval, two-sided p-value, and p-value of lying within ±``bound``.

    Equivalence is by two one-sided tests (Schuirmann 1987): the larger of the p-values of value <= -bound
    and of value >= bound. Without a standard error above 0 nothing can be tested: NaN.

    >>> found = judged(0.0, 0.025, 10_000_000, 0.95, 0.05)
    >>> round(found.p, 4), round(found.equivalence, 5)
    (1.0, 0.02275)
    """

    lower, upper = limits(value, se, df, level, share=False)
    if not (df > 0 and se > 0 and math.isfinite(value)):
        return Judged(value, se, lower, upper, math.nan, math.nan)
    from scipy.special import stdtr

    p = 2 * float(stdtr(df, -abs(value) / se))
    outside = (stdtr(df, -(value + bound) / se), stdtr(df, -(bound - value) / se))
    return Judged(value, se, lower, upper, p, float(max(outside)))


def holm(p: Array) -> Array:
    """Return p-values (k,) corrected for being a family of k (Holm 1979); NaN are no members.

    >>> holm(np.array([0.01, 0.04, 0.03])).tolist()
    [0.03, 0.06, 0.06]
    """
    found = np.full(len(p), math.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = p[order] * np.arange(len(order), 0, -1)
    found[order] = np.minimum(np.maximum.accumulate(steps), 1) if len(order) else []
    return found


def verdict(p: float, equivalence: float, level: float) -> str:
    """Return ``gelijkwaardig``, ``verschil`` or ``onbeslist``, each at 1 - ``level``.

    A difference shown to lie within the bounds is ``gelijkwaardig`` also where it is not zero, as nearly
    everything is among tens of thousands of respondents; its own p-value stands beside it.

    >>> verdict(0.001, 0.2, 0.95), verdict(0.001, 0.001, 0.95), verdict(0.3, 0.3, 0.95)
    ('verschil', 'gelijkwaardig', 'onbeslist')
    """
    if equivalence <= 1 - level:
        return "gelijkwaardig"
    return "verschil" if p <= 1 - level else "onbeslist"
