"""The fit of a model to moments: every measure of ``fit.csv`` for an ML estimate."""

from __future__ import annotations

from collections.abc import Sequence
from math import log, pi

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.fit import Fit
from werksem.implied import implied_moments
from werksem.inference.exogenous import exogenous_columns
from werksem.inference.fit_measures import (
    cfi,
    chisq_pvalue,
    information_criteria,
    rmsea,
    rmsea_interval,
    rmsea_pvalue,
    tli,
)
from werksem.model import Model
from werksem.moments import Moments, select

__all__ = ["baseline", "log_likelihood", "measures", "residual_correlations", "srmr"]

Array = NDArray[np.float64]


def measures(model: Model, moments: Sequence[Moments], fit: Fit) -> dict[str, float]:
    """Return lavaan's fit measures of an ML estimate, by name."""
    n, groups = fit.n, len(model.groups)
    chisq = max(n * fit.discrepancy, 0.0)
    chisq_base, df_base = baseline(model, moments)
    logl, saturated = log_likelihood(model, moments, fit)
    lower, upper = rmsea_interval(chisq, model.df, n, groups)
    return {
        "npar": float(model.npar),
        "chisq": chisq,
        "df": float(model.df),
        "pvalue": chisq_pvalue(chisq, model.df),
        "baseline_chisq": chisq_base,
        "baseline_df": float(df_base),
        "baseline_pvalue": chisq_pvalue(chisq_base, df_base),
        "cfi": cfi(chisq, model.df, chisq_base, df_base),
        "tli": tli(chisq, model.df, chisq_base, df_base),
        "logl": logl,
        "unrestricted_logl": saturated,
        **information_criteria(logl, model.npar, n),
        "rmsea": rmsea(chisq, model.df, n, groups),
        "rmsea_ci_lower": lower,
        "rmsea_ci_upper": upper,
        "rmsea_pvalue": rmsea_pvalue(chisq, model.df, n, groups),
        "srmr": srmr(model, moments, fit.theta),
        "ntotal": n,
    }


def _log_det(matrix: Array) -> float:
    return float(np.linalg.slogdet(matrix)[1]) if len(matrix) else 0.0


def baseline(model: Model, moments: Sequence[Moments]) -> tuple[float, int]:
    """Return (chi-square, df) of the independence model; exogenous columns stay correlated."""
    x = [model.observed.index(name) for name in exogenous_columns(model)]
    chisq = 0.0
    for group in moments:
        data = select(group, model.observed)
        variances = np.delete(np.diag(data.cov), x)
        independent = float(np.log(variances).sum()) + _log_det(data.cov[np.ix_(x, x)])
        chisq += data.n * (independent - _log_det(data.cov))
    p = len(model.observed)
    df = p * (p + 1) // 2 - len(x) * (len(x) + 1) // 2 - (p - len(x))
    return chisq, len(model.groups) * df


def log_likelihood(model: Model, moments: Sequence[Moments], fit: Fit) -> tuple[float, float]:
    """Return the log-likelihood of the model and of the saturated one, given fixed x.

    Per group -n/2 [p log 2 pi + log|Sigma| + tr(Sigma^-1 T)], minus the same of the fixed x.
    """
    saturated = 0.0
    x = [model.observed.index(name) for name in model.fixed_x]
    for group in moments:
        data = select(group, model.observed)
        for cov, sign in ((data.cov, 1), (data.cov[np.ix_(x, x)], -1)):
            saturated -= sign * data.n / 2 * (len(cov) * (log(2 * pi) + 1) + _log_det(cov))
    return saturated - fit.n * fit.discrepancy / 2, saturated


def residual_correlations(model: Model, moments: Sequence[Moments], theta: Array, group: int = 0) -> Array:
    """Return (S - Sigma) / sqrt(s_ii s_jj) (p, p) of one group."""
    data = select(moments[group], model.observed)
    sd = np.sqrt(np.diag(data.cov))
    return (data.cov - implied_moments(model, theta, group)[1]) / np.outer(sd, sd)


def srmr(model: Model, moments: Sequence[Moments], theta: Array) -> float:
    """Return the standardised root mean square residual, means included where they are modelled."""
    total = 0.0
    n = sum(group.n for group in moments)
    for at, group in enumerate(moments):
        data = select(group, model.observed)
        residual = residual_correlations(model, moments, theta, at)
        squares = residual[np.tril_indices(len(residual))] ** 2
        if model.mean_structure:
            mean = implied_moments(model, theta, at)[0]
            squares = np.append(squares, (data.mean - mean) ** 2 / np.diag(data.cov))
        total += group.n / n * float(np.sqrt(squares.mean()))
    return total
