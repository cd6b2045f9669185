"""What each group says by itself, and all of them with one slope: the two ends that pooling lies between."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.design import Design
from werksem.bayes.statistics import Statistics, within_cross

__all__ = ["NO_SLOPES", "fixed_effects", "least_squares", "own_estimates", "own_regressions"]

Array = NDArray[np.float64]
NO_SLOPES = pd.DataFrame(columns=["lhs", "rhs", "est", "se"])


def least_squares(gram: Array, moment: Array, total: float, df: float) -> tuple[Array, Array] | None:
    """Return coefficients and classical standard errors from X'X, X'y, y'y; None where there are none.

    There are none with ``df`` <= 0 residual degrees of freedom or X'X of less than full rank.

    >>> b, se = least_squares(np.eye(1) * 4.0, np.array([2.0]), 3.0, 2.0)
    >>> float(b[0]), float(se[0])
    (0.5, 0.5)
    """
    if df <= 0 or np.linalg.matrix_rank(gram, hermitian=True) < len(gram):
        return None
    inverse = np.linalg.inv(gram)
    rss = max(float(total - moment @ inverse @ moment), 0.0)
    return inverse @ moment, np.sqrt(rss / df * np.diag(inverse))


def own_regressions(found: Statistics) -> tuple[Array, Array]:
    """Return (G, P) paths and standard errors of each group's own OLS; NaN and inf where it has none.

    A group has none with n <= P + 1 rows, or with a predictor that does not vary by itself.
    """
    P = len(found.equation.predictors)
    est, se = np.full((len(found.groups), P), np.nan), np.full((len(found.groups), P), np.inf)
    for g, cross in enumerate(found.cross):
        done = least_squares(
            cross[: P + 1, : P + 1], cross[: P + 1, -1], float(cross[-1, -1]), float(found.n[g]) - P - 1
        )
        if done is not None:
            est[g], se[g] = done[0][1:], done[1][1:]
    return est, se


def own_estimates(design: Design) -> pd.DataFrame:
    """Return each group's own OLS on the common metric: lhs, rhs, group, n, est, se, df.

    Estimates and errors are standardised by the pooled within-group SDs, NaN where a group has no
    regression of its own; n is the complete rows, df those left for the residual (with weights, of
    the effective size). A group without rows has no row.
    """
    rows = []
    for e, found in enumerate(design.statistics):
        predictors, outcome = found.equation.predictors, found.equation.outcome
        unit = design.scale_x[e, : len(predictors)] / design.scale_y[e]
        est, se = own_regressions(found)
        df = found.n - len(predictors) - 1
        rows += [
            (outcome, rhs, found.groups[g], int(found.rows[g]), est[g, k] * unit[k],
             se[g, k] * unit[k] if np.isfinite(se[g, k]) else np.nan, df[g])
            for k, rhs in enumerate(predictors)
            for g in np.flatnonzero(found.rows).tolist()
        ]  # fmt: skip
    return pd.DataFrame(rows, columns=["lhs", "rhs", "group", "n", "est", "se", "df"])


def fixed_effects(design: Design) -> pd.DataFrame:
    """Return OLS with an intercept per group and common slopes, on the common metric: lhs, rhs, est, se.

    From the cross-products within groups, summed: the slopes of the regression on predictors and
    outcome about each group's own means, with N - G - P degrees of freedom. NaN where there are none.
    """
    rows = []
    for e, found in enumerate(design.statistics):
        P = len(found.equation.predictors)
        cross = within_cross(found).sum(axis=0)
        df = float(found.n.sum()) - int((found.rows > 0).sum()) - P
        done = least_squares(cross[:P, :P], cross[:P, P], float(cross[P, P]), df)
        unit = design.scale_x[e, :P] / design.scale_y[e]
        est, se = (np.full(P, np.nan),) * 2 if done is None else (done[0] * unit, done[1] * unit)
        rows += [
            (found.equation.outcome, rhs, est[k], se[k]) for k, rhs in enumerate(found.equation.predictors)
        ]
    return pd.DataFrame(rows, columns=NO_SLOPES.columns)
