"""Fit measures of least squares under lavaan's names: plain, scaled and robust."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.fit import Fit
from werksem.estimators.ls_model import LSModel
from werksem.estimators.ls_problem import LSPoint, LSProblem
from werksem.estimators.ls_statistics import FAMILY
from werksem.inference.fit_measures import cfi, chisq_pvalue, rmsea, rmsea_interval, rmsea_pvalue, tli
from werksem.inference.ls_robust_fit import CorrelationFit
from werksem.inference.ls_tests import ScaledResult
from werksem.inference.model_fit import srmr

__all__ = ["Comparison", "ls_measures", "ordinal_srmr"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Free parameters and degrees of freedom with the tests of a model and of its baseline."""

    npar: float
    df: int
    model: ScaledResult
    df_null: int
    null: ScaledResult


def ls_measures(
    ls: LSModel,
    problem: LSProblem,
    point: LSPoint,
    tested: Comparison,
    fit: Fit,
    correlations: CorrelationFit | None,
) -> dict[str, float]:
    """Return every measure that lavaan prints of such a fit; RMSEA's n is N minus the groups."""
    n, groups = problem.problem.n - len(problem.groups), len(problem.groups)
    distributed = FAMILY[fit.estimator] != "ULS"
    found = {"npar": tested.npar, **_plain(tested, n, groups, distributed)}
    if tested.model.kind != "standard":
        found |= _scaled(tested, n, groups)
        if tested.model.kind != "mean_var_adjusted":
            robust = correlations if ls.ordered else _continuous(tested)
            found |= _robust(robust, tested, n, groups)
    ordinal = bool(ls.ordered)
    starts = [group.statistics.start for group in problem.groups]
    found["srmr"] = ordinal_srmr(problem, point) if ordinal else srmr(ls.model, starts, fit.theta)
    return found | {"ntotal": problem.problem.n}


def _plain(tested: Comparison, n: float, groups: int, distributed: bool) -> dict[str, float]:
    chisq, df, null, df_null = tested.model.chisq, tested.df, tested.null.chisq, tested.df_null
    lower, upper = rmsea_interval(chisq, df, n, groups)
    return {
        "chisq": chisq,
        "df": float(df),
        "pvalue": chisq_pvalue(chisq, df) if distributed else nan,
        "baseline_chisq": null,
        "baseline_df": float(df_null),
        "baseline_pvalue": chisq_pvalue(null, df_null) if distributed else nan,
        "cfi": cfi(chisq, df, null, df_null),
        "tli": tli(chisq, df, null, df_null),
        "rmsea": rmsea(chisq, df, n, groups),
        "rmsea_ci_lower": lower,
        "rmsea_ci_upper": upper,
        "rmsea_pvalue": rmsea_pvalue(chisq, df, n, groups),
    }


def _scaled(tested: Comparison, n: float, groups: int) -> dict[str, float]:
    """Return the measures of the scaled tests; RMSEA has tr(U gamma) for df where not shifted."""
    t, null = tested.model, tested.null
    shifted = t.kind == "scaled_shifted"
    stat, df = (t.scaled, float(t.df)) if shifted or t.df <= 0 else (t.chisq, t.trace)
    # lavaan gives no interval where tr(U gamma) is below 1
    lower, upper = rmsea_interval(stat, df, n, groups) if df >= 1 else (0.0, 0.0)
    return {
        "chisq_scaled": t.scaled,
        "df_scaled": t.df_scaled,
        "pvalue_scaled": t.pvalue_scaled,
        "chisq_scaling_factor": t.factor,
        **({"chisq_shift_parameter": t.shift} if shifted else {}),
        "baseline_chisq_scaled": null.scaled,
        "baseline_df_scaled": null.df_scaled,
        "baseline_pvalue_scaled": null.pvalue_scaled,
        "baseline_chisq_scaling_factor": null.factor,
        "cfi_scaled": cfi(t.scaled, t.df_scaled, null.scaled, null.df_scaled),
        "tli_scaled": tli(t.scaled, t.df_scaled, null.scaled, null.df_scaled),
        "rmsea_scaled": rmsea(stat, df, n, groups),
        "rmsea_ci_lower_scaled": lower,
        "rmsea_ci_upper_scaled": upper,
        "rmsea_pvalue_scaled": rmsea_pvalue(stat, df, n, groups),
    }


@dataclass(frozen=True, slots=True)
class _Robust:
    """What robust measures are made of; ``interval_factor`` multiplies the noncentralities."""

    chisq: float
    factor: float
    chisq_null: float
    factor_null: float
    scaled: float
    interval_factor: float


def _expected(test: ScaledResult) -> float:
    """Return the unscaled statistic over its degrees of freedom as expected where the model holds."""
    return test.factor * (test.df - test.shift) / test.df if test.kind == "scaled_shifted" else test.factor


def _continuous(tested: Comparison) -> _Robust | None:
    t, null = tested.model, tested.null
    if isnan(t.factor):
        return None
    return _Robust(t.chisq, _expected(t), null.chisq, _expected(null), t.scaled, t.factor)


def _robust(
    found: CorrelationFit | _Robust | None, tested: Comparison, n: float, groups: int
) -> dict[str, float]:
    """Return robust CFI, TLI and RMSEA (Brosseau-Liard & Savalei, 2014; ordinal: Savalei, 2021)."""
    names = ("cfi", "tli", "rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "rmsea_pvalue")
    if found is None:
        return {f"{name}_robust": nan for name in names}
    if isinstance(found, CorrelationFit):
        scaled = found.chisq / found.factor
        r = _Robust(found.chisq, found.factor, found.chisq_null, found.factor_null, scaled, found.factor)
        df, df_rmsea = tested.df, found.df
    else:
        r, df, df_rmsea = found, tested.df, tested.df
    df_null = tested.df_null
    # lavaan leaves CFI and TLI as they are where a factor is exactly 1, as the baseline's is under WLSM
    plain = tested.model.kind == "satorra_bentler" and 1.0 in (r.factor, r.factor_null)
    factor, factor_null = (1.0, 1.0) if plain else (r.factor, r.factor_null)
    misfit, misfit_null = r.chisq - factor * df, r.chisq_null - factor_null * df_null
    worst = max(misfit, misfit_null, 0.0)
    lower, upper = rmsea_interval(max(r.scaled, 0.0), df_rmsea, n, groups)
    size = sqrt(r.interval_factor)
    values = (
        1.0 if worst == 0 else 1 - max(misfit, 0.0) / worst,
        1.0 if misfit_null == 0 else 1 - misfit * df_null / (misfit_null * df),
        sqrt(max(r.chisq / (n * df_rmsea) - r.factor / n, 0.0) * groups),
        lower * size,
        upper * size,
        rmsea_pvalue(max(r.scaled, 0.0), df_rmsea, n / r.interval_factor, groups),
    )
    return {f"{name}_robust": value for name, value in zip(names, values, strict=True)}


def ordinal_srmr(problem: LSProblem, point: LSPoint) -> float:
    """Return SRMR of (residual) correlations, variances counted with residual 0, as lavaan does."""
    total = 0.0
    for group, residual in zip(problem.groups, point.residuals, strict=True):
        s = group.statistics
        below = s.row != s.col
        skip = len(s.values) - len(s.row)
        variance = np.ones(problem.problem.n_observed)
        variance[s.row[~below]] = group.values[skip:][~below]
        size = np.sqrt(variance[s.row] * variance[s.col])[below]
        # every variable's variance counts in the divisor, those of covariates too
        count = int(below.sum()) + problem.problem.n_observed
        squares = float(((residual[skip:][below] / size) ** 2).sum()) / count
        total += s.n / problem.problem.n * sqrt(squares)
    return total
