"""Ordinary least squares on scale means, as SPSS prints it, from moments alone.

With R the correlations of (x, y): beta = R_xx^-1 r_xy, R² = beta'r_xy, the standard error of a
beta sqrt((1 - R²)/(n - k - 1) · [R_xx^-1]_jj), and b = beta · s_y / s_x. Robust standard errors
need the respondents and live in ``ols_robust``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.moments import Moments, select

__all__ = ["OlsFit", "classical_vcov", "fit_ols"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OlsFit:
    """One regression with an intercept.

    ``b, beta, se, beta_se, t, pvalue`` per predictor (k,), b and se on the variables' own units;
    ``intercept`` with its ``intercept_se``; ``f`` tests all predictors together, on ``f_df2`` degrees of
    freedom. ``df`` is n - k - 1, ``t_df`` (k,) and ``intercept_df`` those of t and of intervals: the same,
    clusters - 1 where standard errors go by cluster, Satterthwaite's under CR2. ``clusters`` counts them,
    0 where there are none; ``effective_df`` (k,) are Satterthwaite's then, and ``largest_cluster`` (k,) the
    largest share of one cluster in the variance of a path where errors are alike within clusters, 0 without;
    ``single_cluster`` (k,) tells predictors of two values of which one is in one cluster only.
    """

    outcome: str
    predictors: tuple[str, ...]
    n: float
    b: Array
    se: Array
    beta: Array
    beta_se: Array
    t: Array
    pvalue: Array
    intercept: float
    intercept_se: float
    residual_variance: float
    r2: float
    r2_adj: float
    f: float
    f_pvalue: float
    df: float
    t_df: Array
    vif: Array
    intercept_df: float
    f_df2: float
    clusters: int
    effective_df: Array
    largest_cluster: Array
    single_cluster: NDArray[np.bool_]


def fit_ols(moments: Moments, outcome: str, predictors: tuple[str, ...]) -> OlsFit:
    """Return the regression of ``outcome`` on ``predictors`` with classical standard errors.

    ``moments`` have divisor n. Raises ``EstimationError`` where predictors are exactly collinear
    or n <= k + 1.

    >>> m = Moments(("x", "y"), 11.0, np.zeros(2), np.array([[1.0, 0.5], [0.5, 1.0]]))
    >>> fit = fit_ols(m, "y", ("x",))
    >>> float(fit.beta[0]), round(float(fit.t[0]), 4)
    (0.5, 1.7321)
    """
    from scipy.special import fdtrc, stdtr

    k, n = len(predictors), moments.n
    df = n - k - 1
    if df <= 0:
        raise EstimationError(f"{outcome}: {n:g} complete rows are too few for {k} predictors")
    data = select(moments, (*predictors, outcome))
    sd = np.sqrt(np.diag(data.cov))
    with np.errstate(divide="ignore", invalid="ignore"):  # no variance: refused by name
        correlation = data.cov / np.outer(sd, sd)
    inverse, r = _inverse(correlation, outcome, predictors)
    beta = inverse @ r
    r2 = min(float(beta @ r), 1.0)
    beta_se = np.sqrt((1 - r2) / df * np.diag(inverse))
    unit = sd[-1] / sd[:-1]
    t = beta / beta_se
    variance = (1 - r2) * data.cov[-1, -1] * n / df
    centre = data.mean[:-1] / sd[:-1]
    f = r2 / k / ((1 - r2) / df)
    return OlsFit(
        outcome, predictors, n, beta * unit, beta_se * unit, beta, beta_se, t, 2 * stdtr(df, -np.abs(t)),
        float(data.mean[-1] - (beta * unit) @ data.mean[:-1]),
        float(np.sqrt(variance / n * (1 + centre @ inverse @ centre))),
        float(variance), r2, 1 - (1 - r2) * (n - 1) / df, float(f), float(fdtrc(k, df, f)), df,
        np.full(k, df), np.diag(inverse).copy(), df, df, 0, np.full(k, df), np.zeros(k),
        np.zeros(k, dtype=bool),
    )  # fmt: skip


def _inverse(R: Array, outcome: str, predictors: tuple[str, ...]) -> tuple[Array, Array]:
    """Return (R_xx^-1, r_xy), refusing predictors that are sums of one another."""
    Rxx = R[:-1, :-1]
    if not np.isfinite(R).all():
        names = (*predictors, outcome)
        constant = [name for name, value in zip(names, np.diag(R), strict=True) if np.isnan(value)]
        raise EstimationError(f"{outcome}: no variance in {', '.join(constant)}")
    values, vectors = np.linalg.eigh(Rxx)
    if values[0] < 1e-10:
        involved = [p for p, v in zip(predictors, vectors[:, 0], strict=True) if abs(v) > 0.05]
        raise EstimationError(f"{outcome}: the predictors {', '.join(involved)} are exactly collinear")
    return (vectors / values) @ vectors.T, R[:-1, -1]


def classical_vcov(fit: OlsFit, cov: Array) -> Array:
    """Return s² (X'X)^-1, the covariances (k, k) of the paths b; ``cov`` (k + 1, k + 1) has the outcome last.

    >>> m = Moments(("x", "y"), 11.0, np.zeros(2), np.array([[1.0, 0.5], [0.5, 1.0]]))
    >>> fit = fit_ols(m, "y", ("x",))
    >>> bool(np.isclose(classical_vcov(fit, m.cov)[0, 0], fit.se[0] ** 2))
    True
    """
    return np.asarray(fit.residual_variance / fit.n * np.linalg.inv(cov[:-1, :-1]))
