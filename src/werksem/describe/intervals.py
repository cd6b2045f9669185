"""Intervals of weighted means and shares, with the degrees of freedom of their part of the design."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from werksem.describe.ratios import Design

__all__ = ["degrees", "limits"]


def degrees(base: NDArray[np.bool_], units: int, design: Design) -> int:
    """Return the degrees of freedom of the respondents in ``base`` (n,): their units minus their strata.

    As R's ``survey::degf(subset(design, base))``; ``units`` are the clusters (else respondents) among them.

    >>> degrees(np.array([True, True, True]), 3, Design())
    2
    """
    if design.stratum is None:
        return units - 1
    inside = base if design.weights is None else base & (design.weights > 0)
    return units - len(np.unique(design.stratum[inside]))


def limits(value: float, se: float, df: float, level: float, *, share: bool) -> tuple[float, float]:
    """Return the limits of an interval by Student's t, on the logit where it is a share.

    As R's ``confint(svymean(..), df=)`` and ``svyciprop(method="logit")``. NaN without degrees of freedom,
    and for shares of 0 and 1.

    >>> [round(limit, 3) for limit in limits(0.5, 0.1, 1000, 0.95, share=True)]
    [0.313, 0.687]
    """
    from scipy.stats import t

    if df < 1 or not math.isfinite(se) or (share and not 0 < value < 1):
        return math.nan, math.nan
    half = float(t.ppf((1 + level) / 2, df)) * se
    if not share:
        return value - half, value + half
    logit, half = math.log(value / (1 - value)), half / (value * (1 - value))
    return 1 / (1 + math.exp(half - logit)), 1 / (1 + math.exp(-half - logit))
