"""Means, spread and correlations of the scale means: ``scales.csv`` and ``correlations.csv``."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.describe.design import design_of
from werksem.describe.intervals import degrees
from werksem.describe.ratios import Design, ratios
from werksem.inputs import Inputs
from werksem.moments import Moments
from werksem.spec.disclosure import Disclosure
from werksem.spec.types import ModelSpec
from werksem.survey.moments_input import scale_moments

__all__ = ["correlations_of", "scales_of", "scales_tables"]

Array = NDArray[np.float64]
SCALES = ["scale", "n", "mean", "sd", "min", "max"]
CORRELATIONS = ["lhs", "rhs", "n", "r", "se", "df", "pvalue", "method"]


def scales_tables(inputs: Inputs, model: ModelSpec, rule: Disclosure) -> dict[str, pd.DataFrame]:
    """Return ``scales`` and ``correlations`` of the scale means and plain columns of a model."""
    if inputs.scores is None:
        return {} if inputs.given is None else _of_moments(scale_moments(inputs.given, model))
    design = design_of(inputs)
    return {
        "scales": scales_of(inputs.scores, rule, design.weights),
        "correlations": correlations_of(inputs.scores, design),
    }


def scales_of(scores: pd.DataFrame, rule: Disclosure, weights: Array | None = None) -> pd.DataFrame:
    """Return n, weighted mean and sd (times n/(n - 1) under the root), lowest and highest of each column.

    Each column is of everyone who has a score on it. A lowest or highest value that fewer than
    ``smallest`` respondents have is left out: it would tell what one of them answered.

    >>> frame = pd.DataFrame({"f": [1.0, 2.0, 2.0, 5.0, np.nan] * 10, "g": [*range(49), 48]})
    >>> scales_of(frame, Disclosure()).round(3).values.tolist()
    [['f', 40, 2.5, 1.519, 1.0, 5.0], ['g', 50, 24.48, 14.544, nan, nan]]
    """
    rows = []
    for name in scores:
        values = scores[name].to_numpy(dtype=float)
        known = np.isfinite(values)
        y, share = values[known], np.ones(known.sum()) if weights is None else weights[known]
        if len(y) < 2:
            rows.append((name, len(y), *[float("nan")] * 4))
            continue
        share = share / share.sum()
        mean = float(share @ y)
        sd = float(np.sqrt(share @ (y - mean) ** 2 * len(y) / (len(y) - 1)))
        rows.append((name, len(y), mean, sd, *_ends(y, rule.smallest)))
    return pd.DataFrame(rows, columns=SCALES)


def _ends(y: Array, smallest: int) -> tuple[float, float]:
    """Return the lowest and the highest value, NaN where too few have it."""
    low, high = (float(v) if int((y == v).sum()) >= smallest else float("nan") for v in (y.min(), y.max()))
    return low, high


def correlations_of(scores: pd.DataFrame, design: Design) -> pd.DataFrame:
    """Return every pair's correlation over all who have both scores, its standard error and p-value.

    Without weights, clusters and strata t = r sqrt((n - 2)/(1 - r²)) on n - 2 degrees of freedom
    (``classical``). Else (``design``) the error is that of the mean of the influences
    z_x z_y - r (z_x² + z_y²)/2 under the design (Taylor linearisation, as R's ``survey::svyvar`` with the
    delta method), on clusters minus strata degrees of freedom.

    >>> frame = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0], "b": [1.0, 3.0, 2.0, 4.0]})
    >>> correlations_of(frame, Design())[["lhs", "rhs", "n", "r", "df"]].round(3).values.tolist()
    [['b', 'a', 4, 0.8, 2]]
    """
    simple = design.weights is None and design.cluster is None and design.stratum is None
    weights = np.ones(len(scores)) if design.weights is None else design.weights
    values = scores.to_numpy(dtype=float)
    rows = []
    for i, lhs in enumerate(scores):
        for j, rhs in enumerate(scores.columns[:i]):
            both = np.isfinite(values[:, i]) & np.isfinite(values[:, j])
            x, y = (_standardised(values[both, at], weights[both]) for at in (i, j))
            r = float(weights[both] @ (x * y) / weights[both].sum()) if both.sum() > 2 else float("nan")
            influence = np.zeros(len(scores))
            influence[both] = x * y - r * (x * x + y * y) / 2
            se, df = _classical(r, int(both.sum())) if simple else _by_design(influence, both, design)
            method = "classical" if simple else "design"
            rows.append((lhs, rhs, int(both.sum()), r, se, df, _pvalue(r, se, df), method))
    return pd.DataFrame(rows, columns=CORRELATIONS)


def _of_moments(given: Moments) -> dict[str, pd.DataFrame]:
    """Return both tables from moments of scale means; lowest and highest are not known then."""
    n, sd = int(given.n), np.sqrt(np.diag(given.cov))
    scales = pd.DataFrame({"scale": given.names, "n": n, "mean": given.mean})
    scales = scales.assign(sd=sd * np.sqrt(n / (n - 1)), min=np.nan, max=np.nan)
    rows = []
    for i, lhs in enumerate(given.names):
        for j, rhs in enumerate(given.names[:i]):
            r = float(given.cov[i, j] / (sd[i] * sd[j]))
            se, df = _classical(r, n)
            rows.append((lhs, rhs, n, r, se, df, _pvalue(r, se, df), "classical"))
    return {"scales": scales, "correlations": pd.DataFrame(rows, columns=CORRELATIONS)}


def _standardised(values: Array, weights: Array) -> Array:
    """Return z-scores with weighted mean 0 and weighted variance 1; NaN where nothing varies."""
    if not len(values):
        return values
    centred = values - weights @ values / weights.sum()
    sd = np.sqrt(weights @ centred**2 / weights.sum())
    return centred / sd if sd > 0 else np.full(len(values), np.nan)


def _classical(r: float, n: int) -> tuple[float, int]:
    return (float(np.sqrt(max(1 - r * r, 0) / (n - 2))) if n > 2 else float("nan")), n - 2


def _by_design(influence: Array, both: NDArray[np.bool_], design: Design) -> tuple[float, int]:
    found = ratios(influence[:, None], both[:, None], design)
    return float(found.se[0]), degrees(both, design)


def _pvalue(r: float, se: float, df: int) -> float:
    """Return the two-sided p-value by Student's t; NaN where undefined, 0 for a correlation of 1."""
    from scipy.special import stdtr

    if df < 1 or not np.isfinite(r) or not np.isfinite(se):
        return float("nan")
    return float(2 * stdtr(df, -abs(r) / se)) if se > 0 else 0.0
