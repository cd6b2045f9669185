"""All standardised betas of a model and the correlations behind them, with one covariance matrix.

The equations are of the same respondents, so their betas covary (seemingly unrelated regressions;
Zellner, 1962). Each value is a function of moments, and its influence function says what a respondent
adds to it. With z the standardised variables, e the residual of z_y and R the correlations,

    beta_j:  [R_xx^-1 z_x]_j e + beta_j (z_j² - z_y²) / 2        r_ab:  z_a z_b - r_ab (z_a² + z_b²) / 2

The terms in squares are the sampling of the standard deviations, which classical standard errors of
betas leave out (Yuan & Chan, 2011). The covariance is the sum of influences' cross-products, by cluster
where there are any: a sandwich, whatever the residuals. From moments alone respondents are taken as
normal: each influence is a quadratic form z'Az, and two of them have covariance 2 tr(A R B R).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.estimators.joint import Joint
from werksem.moments import Moments, select
from werksem.spec.types import Equation

__all__ = ["correlations_from_scores", "joint_from_moments", "joint_from_scores"]

Array = NDArray[np.float64]
Part = tuple[list[str], Array, Array, float]  # names, values (k,), scaled influences (n, k), degrees


def joint_from_scores(
    equations: Sequence[Equation], scores: pd.DataFrame, weights: pd.Series | None = None,
    cluster: pd.Series | None = None,
) -> Joint:  # fmt: skip
    """Return betas ``y ~ x`` and correlations ``a ~~ b`` from respondents, each on its own complete rows.

    The factor is m / (m - 1) of the m clusters (else respondents), and (n - 1) / (n - k - 1) per equation.
    """
    w = _weights(scores, weights)
    parts = [*_equations(equations, scores, w), *_pairs(_names(equations), scores, w)]
    n = max(float(np.isfinite(scores[[*e.predictors, e.outcome]]).all(axis=1).sum()) for e in equations)
    return _joint(parts, n, cluster)


def correlations_from_scores(
    names: Sequence[str], scores: pd.DataFrame, weights: pd.Series | None = None,
    cluster: pd.Series | None = None,
) -> Joint:  # fmt: skip
    """Return the correlations ``a ~~ b`` of columns, each of the rows that have both."""
    n = float(np.isfinite(scores[list(names)]).any(axis=1).sum())
    return _joint(list(_pairs(names, scores, _weights(scores, weights))), n, cluster)


def _weights(scores: pd.DataFrame, weights: pd.Series | None) -> Array:
    return np.ones(len(scores)) if weights is None else weights.to_numpy(dtype=float)


def _joint(parts: Sequence[Part], n: float, cluster: pd.Series | None) -> Joint:
    influence = np.column_stack([part for _, _, part, _ in parts])
    m, degrees = len(influence), min(degree for *_, degree in parts)
    if cluster is not None:
        codes = pd.factorize(cluster)[0]
        m = int(codes.max()) + 1
        sums = np.zeros((m, influence.shape[1]))
        np.add.at(sums, codes, influence)
        influence, degrees = sums, m - 1.0
    names = [name for part, _, _, _ in parts for name in part]
    est = np.concatenate([value for _, value, _, _ in parts])
    cov = influence.T @ influence * m / (m - 1)
    return Joint(tuple(names), ("all",) * len(names), est, cov, n, degrees)


def _equations(equations: Sequence[Equation], scores: pd.DataFrame, weights: Array) -> Iterator[Part]:
    """Yield names, betas (k,), scaled influences (n, k) and degrees of freedom of each regression."""
    for equation in equations:
        z, share, keep = _standardised(scores[[*equation.predictors, equation.outcome]], weights)
        R = z.T @ (share[:, None] * z)
        inverse = np.linalg.inv(R[:-1, :-1])
        beta = inverse @ R[:-1, -1]
        x, y = z[:, :-1], z[:, -1]
        found = (x @ inverse) * (y - x @ beta)[:, None] + beta / 2 * (x**2 - y[:, None] ** 2)
        degrees = len(z) - len(beta) - 1.0
        factor = share * np.sqrt((len(z) - 1) / degrees)
        names = [f"{equation.outcome} ~ {name}" for name in equation.predictors]
        yield names, beta, _placed(found * factor[:, None], keep), degrees


def _pairs(names: Sequence[str], scores: pd.DataFrame, weights: Array) -> Iterator[Part]:
    """Yield the same of every correlation of two variables."""
    for a, b in combinations(names, 2):
        z, share, keep = _standardised(scores[[a, b]], weights)
        r = float(share @ (z[:, 0] * z[:, 1]))
        found = z[:, 0] * z[:, 1] - r / 2 * (z[:, 0] ** 2 + z[:, 1] ** 2)
        yield [_pair(a, b)], np.array([r]), _placed((found * share)[:, None], keep), len(z) - 2.0


def _standardised(columns: pd.DataFrame, weights: Array) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Return z-scores of the complete rows, their shares of the weight (sum 1), and which rows they are."""
    values = columns.to_numpy(dtype=float)
    keep = np.isfinite(values).all(axis=1)
    rows, share = values[keep], weights[keep] / weights[keep].sum()
    centred = rows - share @ rows
    return centred / np.sqrt(share @ centred**2), share, keep


def _placed(rows: Array, keep: NDArray[np.bool_]) -> Array:
    out = np.zeros((len(keep), rows.shape[1]))
    out[keep] = rows
    return out


def _names(equations: Sequence[Equation]) -> list[str]:
    return list(dict.fromkeys(name for e in equations for name in (*e.predictors, e.outcome)))


def _pair(a: str, b: str) -> str:
    return " ~~ ".join(sorted((a, b)))


def joint_from_moments(
    equations: Sequence[Equation], source: Moments, n: Mapping[str, int] | None = None
) -> Joint:
    """Return the same from moments, respondents taken as normal; ``n`` may differ per outcome.

    Where it does the smaller sample is taken as a part of the larger one.

    >>> m = Moments(("x", "y"), 102.0, np.zeros(2), np.array([[1.0, 0.6], [0.6, 1.0]]))
    >>> found = joint_from_moments([Equation("y", ("x",), ("y~x",))], m)
    >>> found.names, found.est.tolist(), round(float(np.sqrt(found.cov[1, 1])), 4)
    (('y ~ x', 'x ~~ y'), [0.6, 0.6], 0.0637)
    """
    names = _names(equations)
    data = select(source, names)
    sd = np.sqrt(np.diag(data.cov))
    R = data.cov / np.outer(sd, sd)
    at = {name: i for i, name in enumerate(names)}
    labels, est, forms, sizes, factors = [], [], [], [], []
    for equation in equations:
        size = float(n.get(equation.outcome, source.n)) if n else source.n
        beta, found = _beta_forms(R, [at[name] for name in equation.predictors], at[equation.outcome])
        labels += [f"{equation.outcome} ~ {name}" for name in equation.predictors]
        est += beta.tolist()
        forms += list(found)
        sizes += [size] * len(beta)
        factors += [(size - 1) / (size - len(beta) - 1)] * len(beta)
    for a, b in combinations(names, 2):
        labels.append(_pair(a, b))
        est.append(float(R[at[a], at[b]]))
        forms.append(_pair_form(R, at[a], at[b]))
        sizes.append(source.n)
        factors.append(1.0)
    stacked = np.array(forms) @ R
    root = np.sqrt(factors)
    cov = 2 * np.einsum("aij,bji->ab", stacked, stacked, optimize=True) * np.outer(root, root)
    cov /= np.maximum.outer(np.array(sizes), np.array(sizes)) - 1
    degrees = min(sizes) - max(len(e.predictors) for e in equations) - 1
    return Joint(tuple(labels), ("all",) * len(labels), np.array(est), cov, max(sizes), degrees)


def _beta_forms(R: Array, x: list[int], y: int) -> tuple[Array, Array]:
    """Return the betas (k,) and the matrices (k, p, p) of their influence as a quadratic form in z."""
    inverse = np.linalg.inv(R[np.ix_(x, x)])
    beta = inverse @ R[x, y]
    residual = np.zeros(len(R))
    residual[y] = 1.0
    residual[x] = -beta
    forms = np.zeros((len(x), len(R), len(R)))
    for j in range(len(x)):
        row = np.zeros(len(R))
        row[x] = inverse[j]
        forms[j] = (np.outer(row, residual) + np.outer(residual, row)) / 2
        forms[j, x[j], x[j]] += beta[j] / 2
        forms[j, y, y] -= beta[j] / 2
    return beta, forms


def _pair_form(R: Array, a: int, b: int) -> Array:
    form = np.zeros_like(R)
    form[a, b] = form[b, a] = 0.5
    form[a, a] = form[b, b] = -R[a, b] / 2
    return form
