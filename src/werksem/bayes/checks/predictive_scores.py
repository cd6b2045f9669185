"""Posterior predictive checks of regressions: the outcome given the predictors, from sufficient statistics.

Predictors are as they were observed. With X_c the centred predictors of a group, X_c'X_c = R'R and
y = a + X b + eps, everything replicated follows from u ~ N(0, sigma² I) in the predictors' space and an
independent chi-square c with n - 1 - rank degrees of freedom outside it, exactly:

    X_c'y = R'(R b + u),   |y_c|² = |R b + u|² + sigma² c,   mean of y ~ N(a + mean(x)'b, sigma² / n)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.checks.cuts import Cut
from werksem.bayes.checks.predictive import COLUMNS, MOST, Row, rows_of
from werksem.bayes.checks.replicates import replicated_mean, replicated_share, thinned
from werksem.bayes.design import Design
from werksem.bayes.draws import ScoreDraws
from werksem.bayes.statistics import Statistics, group_cov, group_mean

__all__ = ["predictive_scores"]

Array = NDArray[np.float64]


def predictive_scores(
    design: Design, draws: ScoreDraws, shares: Array, cuts: Mapping[str, Cut], rng: np.random.Generator
) -> pd.DataFrame:
    """Return rows of ``predictive.csv`` per group and outcome: mean, sd, top2box, covariance with each x.

    ``shares`` (E, G) are the observed shares at or above each outcome's cut; outcomes without one have no
    ``top2box``, which takes predictors as normal. A covariance's variable is ``outcome~~predictor``.
    At most ``MOST`` draws are used; groups of one row have neither sd nor covariances.
    """
    keep = thinned(len(draws.sigma), MOST)
    rows: list[Row] = []
    for g, group in enumerate(design.groups):
        for e, found in enumerate(design.statistics):
            if found.rows[g]:
                b = draws.group[keep, e, g, : len(found.equation.predictors) + 1]
                cut = cuts.get(found.equation.outcome)
                share = (shares[e, g], np.nan if cut is None else cut.below)
                rows += _of_group(group, found, g, b, draws.sigma[keep, e], share, rng)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of_group(
    group: str, found: Statistics, g: int, b: Array, sigma: Array, share: tuple[float, float],
    rng: np.random.Generator,
) -> Iterator[Row]:  # fmt: skip
    n, outcome = float(found.n[g]), found.equation.outcome
    mean = group_mean(found)[g]
    mu = b[:, :1] + (b[:, 1:] @ mean[:-1])[:, None]
    variance = sigma[:, None] ** 2
    S = np.nan_to_num(group_cov(found)[g])
    yield from rows_of(group, "mean", [outcome], mean[-1:], replicated_mean(mu, variance, n, rng))
    if found.rows[g] > 1:
        y, xy = _replicated(S[:-1, :-1] * (n - 1), b[:, 1:], sigma, n, rng)
        # equal answers of a whole group may leave a variance a rounding below 0
        sd = np.sqrt(np.maximum(S[-1:, -1], 0.0))
        yield from rows_of(group, "sd", [outcome], sd, np.sqrt(y / (n - 1)))
        names = [f"{outcome}~~{x}" for x in found.equation.predictors]
        yield from rows_of(group, "covariance", names, S[-1, :-1], xy / (n - 1))
    spread = np.einsum("si,ij,sj->s", b[:, 1:], S[:-1, :-1], b[:, 1:])[:, None] * (n - 1) / n
    _, drawn = replicated_share(mu, variance + spread, np.array([share[1]]), n, rng)
    yield from rows_of(group, "top2box", [outcome], np.array([share[0]]), drawn)


def _replicated(A: Array, b: Array, sigma: Array, n: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return replicated |y_c|² (S, 1) and X_c'y (S, P), for A = X_c'X_c, which may be singular."""
    d, V = np.linalg.eigh(A)
    used = d > 1e-10 * max(float(d[-1]), 1e-300)
    R = np.sqrt(d[used])[:, None] * V[:, used].T
    v = b @ R.T + sigma[:, None] * rng.standard_normal((len(sigma), len(R)))
    df = n - 1 - len(R)
    rest = sigma**2 * rng.chisquare(df, len(sigma)) if df > 0 else np.zeros(len(sigma))
    return ((v**2).sum(axis=1) + rest)[:, None], v @ R
