"""PSIS-LOO of regressions on scale means: a respondent's outcomes given the predictors and the group."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.checks.loo import COLUMNS, MOST, Pointwise, loo_rows, psis_loo
from werksem.bayes.checks.replicates import thinned
from werksem.bayes.design import Design
from werksem.bayes.draws import ScoreDraws

__all__ = ["loo_scores"]

Array = NDArray[np.float64]


def loo_scores(
    design: Design, draws: ScoreDraws, scores: pd.DataFrame, code: NDArray[np.int64]
) -> pd.DataFrame:
    """Return rows of ``loo.csv`` per outcome: normal(a_g + x'b_g, sigma) for each complete row, unweighted.

    Regressions have no residual correlation and, without shared labels, posteriors of their own, so each
    outcome is left out by itself.
    """
    keep = thinned(len(draws.sigma), MOST)
    parts = []
    for e, found in enumerate(design.statistics):
        columns = [*found.equation.predictors, found.equation.outcome]
        values = scores[columns].to_numpy(dtype=float)
        b = np.moveaxis(draws.group[keep, e, :, : len(columns)], 0, 1)
        pointwise = _pointwise(values, code, b, draws.sigma[keep, e])
        parts.append(loo_rows(pointwise, found.equation.outcome, design.groups, code))
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def _pointwise(values: Array, code: NDArray[np.int64], b: Array, sigma: Array) -> Pointwise:
    """Return PSIS-LOO of rows (x, y), coefficients b (G, S, K) and sigma (S,)."""
    X = np.column_stack([np.ones(len(values)), values[:, :-1]])
    known = np.isfinite(values).all(axis=1) & (code >= 0)

    def density(places: NDArray[np.int64]) -> Array:
        out = np.full((len(places), len(sigma)), np.nan)
        for g in np.unique(code[places][known[places]]):
            these = known[places] & (code[places] == g)
            off = values[places[these], -1:] - X[places[these]] @ b[g].T
            out[these] = -0.5 * (off / sigma) ** 2 - np.log(sigma) - np.log(2 * np.pi) / 2
        return out

    return psis_loo(density, len(values))
