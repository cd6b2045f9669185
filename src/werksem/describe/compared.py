"""Means and shares side by side, contrasts of them, and those contrasts in pooled standard deviations."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.describe.contrasts import BOUNDS, Judged, judged, verdict
from werksem.describe.marks import linear
from werksem.describe.ratios import Design, ratios
from werksem.describe.sample import Sample
from werksem.describe.table import row
from werksem.describe.variables import values
from werksem.errors import DataError
from werksem.spec.describe_more import Difference, Trend

__all__ = ["Compared", "Sides", "compare", "comparison_rows", "contrast", "measured", "sides", "standardised"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sides:
    """S estimates side by side: ``value`` (S,), ``n`` (S,) in their bases.

    ``square`` (S,) are means of squares; ``cov`` (2S, 2S) is of the estimates and then the squares.
    ``value`` and ``square`` are about ``centre``, so that the squares stay small.
    """

    value: Array
    square: Array
    cov: Array
    n: NDArray[np.int64]
    centre: float


@dataclass(frozen=True, slots=True)
class Compared:
    """A contrast as it is, and in pooled standard deviations (None for shares)."""

    raw: Judged
    standardised: Judged | None
    n: int

    @property
    def equivalence(self) -> float:
        """P-value of lying within the bound: of d for means and marks, of the difference for shares."""
        return (self.standardised or self.raw).equivalence


def measured(spec: Trend | Difference, sample: Sample, name: str) -> Array:
    """Return what is averaged (n,): the values, marks of 1-10, or 1 for one of ``values`` and 0 for others.

    A mark is the ``linear`` one of a value of 1-5.
    """
    x = values(sample, name)
    if spec.measure == "mean":
        return x
    if spec.measure == "share":
        return np.where(np.isfinite(x), np.isin(x, spec.values or (1.0,)), np.nan)
    if np.nanmin(x, initial=5) < 1 or np.nanmax(x, initial=1) > 5:
        raise DataError(f"marks are made of values of 1-5; {name} has others")
    return linear(x)


def sides(y: Array, masks: Mask, design: Design) -> Sides:
    """Return the estimates of the S sets of respondents ``masks`` (n, S), with their joint covariance."""
    known = y[np.isfinite(y) & masks.any(axis=1)]
    centre = float(known.mean()) if len(known) else 0.0
    each = np.repeat((y - centre)[:, None], masks.shape[1], axis=1)
    found = ratios(np.concatenate([each, each**2], axis=1), np.concatenate([masks, masks], axis=1), design)
    size = masks.shape[1]
    return Sides(found.value[:size], found.value[size:], found.cov, found.n[:size], centre)


def contrast(of: Sides, weights: Array) -> tuple[float, float]:
    """Return the sum of weights (S,) times estimates, and its standard error."""
    at = np.flatnonzero(weights)
    c = weights[at]
    shift = of.centre * float(c.sum())
    return float(c @ of.value[at]) + shift, math.sqrt(max(float(c @ of.cov[np.ix_(at, at)] @ c), 0.0))


def standardised(of: Sides, weights: Array) -> tuple[float, float]:
    """Return a contrast in pooled standard deviations and its standard error by the delta method.

    s² = sum n_g (E[y²] - m²)_g / sum (n_g - 1) over the sets with a weight, as in d of Cohen (1988); the
    error counts that s is an estimate too. NaN where s is 0.
    """
    at = np.flatnonzero(weights)
    c, m, q, n = weights[at], of.value[at], of.square[at], of.n[at]
    total = float(n.sum() - len(n))
    variance = float(n @ (q - m**2)) / total if total > 0 else 0.0
    if not variance > 0:
        return math.nan, math.nan
    s, difference = math.sqrt(variance), float(c @ m)
    by_m = c / s + difference / s**3 * n * m / total
    by_q = -difference / (2 * s**3) * n / total
    gradient = np.concatenate([by_m, by_q])
    both = np.concatenate([at, len(of.value) + at])
    return difference / s, math.sqrt(max(float(gradient @ of.cov[np.ix_(both, both)] @ gradient), 0.0))


def compare(spec: Trend | Difference, of: Sides, weights: Array, df: int, level: float) -> Compared:
    """Return a contrast (weights add to 0) with its tests; ``n`` is the smallest of the sets it is of."""
    bound = spec.bound or BOUNDS[spec.measure]
    n = int(of.n[np.flatnonzero(weights)].min())
    raw = judged(*contrast(of, weights), df, level, bound)
    if spec.measure == "share":
        return Compared(raw, None, n)
    return Compared(
        replace(raw, equivalence=math.nan), judged(*standardised(of, weights), df, level, bound), n
    )


def comparison_rows(
    common: dict[str, Any], found: Compared, level: float, p_holm: float | None = None
) -> list[dict[str, Any]]:
    """Return the rows of a comparison, one number each.

    ``difference`` and, of means, ``d`` have intervals; ``p`` and ``p_holm`` are of no difference,
    ``equivalence`` is the p-value of lying within the bound. The last row's measure is the verdict,
    its value the p-value that the word rests on (of ``onbeslist``, the smaller of the two).
    """
    difference = [("difference", found.raw)]
    difference += [("d", found.standardised)] if found.standardised is not None else []
    listed = [row(**common, measure=name, n=found.n, **_numbers(t)) for name, t in difference]
    p = found.raw.p if p_holm is None else p_holm
    word = verdict(p, found.equivalence, level)
    smaller = float(np.fmin(p, found.equivalence))
    rests_on = {"verschil": p, "gelijkwaardig": found.equivalence}.get(word, smaller)
    tests = [("p", found.raw.p), *([] if p_holm is None else [("p_holm", p_holm)])]
    tests += [("equivalence", found.equivalence), (word, rests_on)]
    return listed + [row(**common, measure=name, value=value, n=found.n) for name, value in tests]


def _numbers(of: Judged) -> dict[str, float]:
    return {"value": of.value, "se": of.se, "ci_lower": of.lower, "ci_upper": of.upper}
