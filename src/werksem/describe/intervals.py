"""Intervals of weighted means and shares, with the degrees of freedom of their part of the design."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from werksem.describe.ratios import Design, clusters

__all__ = ["degrees", "estimated", "limits"]


def degrees(base: NDArray[np.bool_], design: Design) -> int:
    """Return the degrees of freedom of the respondents in ``base`` (n,): clusters (else they) minus strata.

    As R's ``survey::degf(subset(design, base))``; 0 where the base is empty.

    >>> degrees(np.ones(4, dtype=bool), Design(stratum=np.array([0, 0, 1, 1])))
    2
    """
    inside = base if design.weights is None else base & (design.weights > 0)
    units = int(inside.sum()) if design.cluster is None else len(np.unique(clusters(design)[inside]))
    strata = 1 if design.stratum is None else len(np.unique(design.stratum[inside]))
    return max(units - strata, 0)


def limits(value: float, se: float, df: float, level: float, *, share: bool) -> tuple[float, float]:
    """Return the limits of an interval by Student's t, on the logit where it is a share.

    As R's ``confint(svymean(..), df=)`` and ``svyciprop(method="logit")``; infinite ``df`` is the normal. NaN
    without degrees of freedom, and for shares of 0 and 1.

    >>> [round(limit, 3) for limit in limits(0.5, 0.1, 1000, 0.95, share=True)]
    [0.313, 0.687]
    """
    from scipy.special import stdtrit

    if df < 1 or not math.isfinite(se) or (share and not 0 < value < 1):
        return math.nan, math.nan
    half = float(stdtrit(df, (1 + level) / 2)) * se
    if not share:
        return value - half, value + half
    logit, half = math.log(value / (1 - value)), half / (value * (1 - value))
    return 1 / (1 + math.exp(half - logit)), 1 / (1 + math.exp(-half - logit))


def estimated(value: float, se: float, df: int, level: float, *, share: bool) -> dict[str, float]:
    """Return the cells of a table that an estimate has: ``value``, ``se`` and its ``limits``."""
    lower, upper = limits(value, se, df, level, share=share)
    return {"value": value, "se": se, "ci_lower": lower, "ci_upper": upper}
