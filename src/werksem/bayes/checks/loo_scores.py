"""PSIS-LOO of regressions on scale means: a respondent's outcomes given the predictors and the group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.checks.loo import COLUMNS, MOST, loo_rows, psis_loo
from werksem.bayes.checks.replicates import thinned
from werksem.bayes.design import Design
from werksem.bayes.draws import ScoreDraws, residual_roots
from werksem.spec.types import Equation

__all__ = ["loo_scores"]

Array = NDArray[np.float64]


class _Rows(NamedTuple):
    """One regression: outcomes (n,), predictors with ones (n, K), coefficients (S, G, K)."""

    y: Array
    X: Array
    b: Array


def _rows(equation: Equation, scores: pd.DataFrame, group: Array) -> _Rows:
    X = np.column_stack([np.ones(len(scores)), scores[list(equation.predictors)].to_numpy(dtype=float)])
    return _Rows(scores[equation.outcome].to_numpy(dtype=float), X, group[..., : X.shape[1]])


def loo_scores(
    design: Design, draws: ScoreDraws, scores: pd.DataFrame, codes: NDArray[np.int64]
) -> pd.DataFrame:
    """Return rows of ``loo.csv`` per block of regressions: a row's outcomes given predictors and group.

    ``codes`` (E, n) is each row's group, -1 where a regression does not use it. Rows are unweighted. Outcomes
    whose residuals covary are left out together, under their names with commas between; others have,
    without shared labels, posteriors of their own, so each is left out by itself.
    """
    keep = thinned(len(draws.sigma), MOST)
    correlation = draws.residual_correlation[keep] if draws.residual_correlation.size else None
    parts = []
    for block, root in zip(design.blocks, residual_roots(design, correlation), strict=True):
        members, code = list(block.members), codes[block.members[0]]
        own = np.eye(len(members)) if root is None else root
        L = draws.sigma[keep][:, members, None] * own
        rows = [_rows(design.statistics[e].equation, scores, draws.group[keep, e]) for e in members]
        half = np.asarray(np.linalg.inv(L), dtype=float)
        found = psis_loo(_density(rows, code, half, len(keep)), len(scores))
        names = ", ".join(design.outcomes[e] for e in members)
        parts.append(loo_rows(found, names, design.groups, code))
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def _density(
    rows: Sequence[_Rows], code: NDArray[np.int64], half: Array, S: int
) -> Callable[[NDArray[np.int64]], Array]:
    """Return the log densities (B, S) of rows under residuals e with ``half`` e standard normal."""
    E = len(rows)
    constant = np.log(np.diagonal(half, axis1=1, axis2=2)).sum(axis=1) - E / 2 * np.log(2 * np.pi)

    def density(places: NDArray[np.int64]) -> Array:
        out = np.full((len(places), S), np.nan)
        for g in np.unique(code[places][code[places] >= 0]):
            these = code[places] == g
            here = places[these]
            off = np.stack([row.y[here, None] - row.X[here] @ row.b[:, g].T for row in rows])
            white = np.einsum("sef,fis->eis", half, off)
            out[these] = constant - 0.5 * (white**2).sum(axis=0)
        return out

    return density
