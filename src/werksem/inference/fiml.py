"""Inference for FIML: covariances of the estimates and every fit measure, under lavaan's names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, nan, pi

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.estimators.constraints import equalities, null_space
from werksem.estimators.fiml import (
    FimlPoint,
    FimlProblem,
    fiml_objective,
    fiml_problem,
    moment_jacobian,
)
from werksem.estimators.fit import Fit
from werksem.estimators.objective import evaluate
from werksem.inference.exogenous import exogenous_columns
from werksem.inference.fiml_baseline import FimlBaseline, baseline_trace, fiml_baseline
from werksem.inference.fiml_scores import mean_outer_product
from werksem.inference.fiml_traces import (
    SaturatedTraces,
    complete_data_trace,
    mlr_trace,
    saturated_traces,
)
from werksem.inference.fit_measures import (
    cfi,
    chisq_pvalue,
    information_criteria,
    rmsea,
    rmsea_interval,
    rmsea_pvalue,
    tli,
)
from werksem.inference.model_fit import srmr
from werksem.inference.scaled_measures import scaled_measures
from werksem.inference.vcov import vcov_of_information
from werksem.model import Model
from werksem.moments import Moments
from werksem.patterns import Patterns

__all__ = ["FimlInference", "fiml_inference"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FimlInference:
    """Covariances (q, q) of theta, fit measures by name, and the saturated moments of each group.

    ``information`` (q, q) is that of one respondent in the data's units.
    """

    vcov: Array
    measures: dict[str, float]
    moments: tuple[Moments, ...]
    information: Array


def fiml_inference(
    model: Model, data: Sequence[Patterns], fit: Fit, *, information: str = "observed",
    robust: bool = False, clusters: Sequence[Index] | None = None, problem: FimlProblem | None = None,
) -> FimlInference:  # fmt: skip
    """Return standard errors' covariances and fit measures of a FIML estimate.

    ``information`` is ``observed`` (the Hessian, lavaan's default with missing data) or ``expected``.
    ``robust`` gives the sandwich and Yuan-Bentler's scaled statistics (lavaan's MLR); ``clusters``,
    which implies it, one code per row of the data that ``patterns`` was given, per group; a code is the
    same cluster in every group.
    ``problem`` saves building ``fiml_problem(model, data)`` again. Raises ``EstimationError`` naming
    the parameters that cannot be told apart.
    """
    problem = fiml_problem(model, data) if problem is None else problem
    objective = fiml_objective(problem)
    point = objective.evaluate(fit.theta * problem.base.scale)
    if point is None:
        raise EstimationError("the implied covariance matrix is not positive definite")
    observed = information == "observed"
    A = objective.hessian(point) / 2 if observed else objective.information(point)
    scale = np.outer(problem.base.scale, problem.base.scale)
    vcov = vcov_of_information(A * scale, model, fit)
    robust = robust or clusters is not None
    jacobians = _jacobians(problem, point)
    h0 = nan
    if robust:
        bread = vcov * scale * fit.n
        covs = [x.Sigma for x in point.expansions]
        B = mean_outer_product(problem, point.means, covs, jacobians, clusters)
        vcov, h0 = bread @ B @ bread / fit.n / scale, float(np.einsum("ij,ji->", bread, B))
    base = fiml_baseline(problem, _exogenous(model), bool(model.fixed_x))
    measures = _measures(model, problem, fit, base)
    measures |= _corrected(
        model, problem, point, measures, base, jacobians, _Options(information, robust, clusters, h0)
    )
    return FimlInference(vcov, measures, problem.moments, A * scale)


# what lavaan prints for a model without degrees of freedom
_PERFECT = (
    ("cfi_robust", 1.0), ("tli_robust", 1.0), ("rmsea_robust", 0.0), ("rmsea_ci_lower_robust", 0.0),
    ("rmsea_ci_upper_robust", 0.0), ("rmsea_pvalue_robust", nan),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Options:
    information: str
    robust: bool
    clusters: Sequence[Index] | None
    trace: float


def _jacobians(problem: FimlProblem, point: FimlPoint) -> tuple[Array, ...]:
    """Return the derivatives (p + p*, q) of each group's moments in phi."""
    found = []
    for term, x in zip(problem.terms, point.expansions, strict=True):
        cells = moment_jacobian(term, x)
        jacobian = np.zeros((len(cells), len(problem.base.scale)))
        np.add.at(jacobian.T, term.free, cells.T)
        found.append(jacobian)
    return tuple(found)


def _measures(model: Model, problem: FimlProblem, fit: Fit, base: FimlBaseline) -> dict[str, float]:
    """Return lavaan's fit measures of a FIML estimate, those without correction."""
    n, groups = fit.n, len(model.groups)
    chisq = n * fit.discrepancy
    logl, saturated = _log_likelihood(model, problem, fit)
    lower, upper = rmsea_interval(chisq, model.df, n, groups)
    return {
        "npar": float(model.npar),
        "chisq": chisq,
        "df": float(model.df),
        "pvalue": chisq_pvalue(chisq, model.df),
        "baseline_chisq": base.chisq,
        "baseline_df": float(base.df),
        "baseline_pvalue": chisq_pvalue(base.chisq, base.df),
        "cfi": cfi(chisq, model.df, base.chisq, base.df),
        "tli": tli(chisq, model.df, base.chisq, base.df),
        "logl": logl,
        "unrestricted_logl": saturated,
        **information_criteria(logl, model.npar, n),
        "rmsea": rmsea(chisq, model.df, n, groups),
        "rmsea_ci_lower": lower,
        "rmsea_ci_upper": upper,
        "rmsea_pvalue": rmsea_pvalue(chisq, model.df, n, groups),
        "srmr": srmr(model, problem.moments, fit.theta),
        "ntotal": n,
    }


def _given(model: Model) -> list[int]:
    return [model.observed.index(name) for name in model.fixed_x]


def _exogenous(model: Model) -> list[int]:
    return [model.observed.index(name) for name in exogenous_columns(model)]


def _log_likelihood(model: Model, problem: FimlProblem, fit: Fit) -> tuple[float, float]:
    """Return the log-likelihood of the model and of the saturated one, given fixed x."""
    x = _given(model)
    saturated = 0.0
    for data, group, sums, moments in zip(
        problem.data, problem.base.groups, problem.sums, problem.moments, strict=True
    ):
        answers = data.observed.astype(float)
        units = float(data.size @ answers @ np.log(group.units))
        count = float(data.size @ answers.sum(axis=1))
        saturated -= (count * log(2 * pi) + data.n * sums.value) / 2 + units
        if x:
            cov = moments.cov[np.ix_(x, x)]
            saturated += data.n / 2 * (len(x) * (log(2 * pi) + 1) + float(np.linalg.slogdet(cov)[1]))
    return saturated - fit.n * fit.discrepancy / 2, saturated


def _corrected(
    model: Model, problem: FimlProblem, point: FimlPoint, plain: dict[str, float],
    base: FimlBaseline, jacobians: Sequence[Array], options: _Options,
) -> dict[str, float]:  # fmt: skip
    """Return robust CFI, TLI and RMSEA, and under MLR the scaled measures; nothing where undefined."""
    try:
        saturated = saturated_traces(
            problem, _given(model), _exogenous(model), options.robust, options.clusters
        )
    except np.linalg.LinAlgError:
        return {}
    found = {}
    if options.robust:
        found = _scaled(model, problem, plain, saturated, base, options)
    complete = evaluate(problem.base, point.phi)
    free = ~np.array(model.exogenous)
    if model.df <= 0 or complete is None:
        return found | (dict(_PERFECT) if model.df == 0 else {})
    n = plain["ntotal"]
    trace = complete_data_trace(
        saturated, [D[:, free] for D in jacobians], options.information, _directions(model, problem, point)
    )
    k = base.jacobians[0].shape[1]
    trace_base = complete_data_trace(saturated, base.jacobians, options.information, np.eye(k))
    chisq, factor = n * complete.discrepancy, trace / model.df
    corrected = scaled_measures(
        chisq, model.df, factor, base.complete, base.df, trace_base / base.df, n, len(model.groups)
    )
    found |= {name: value for name, value in corrected.items() if name.endswith("_robust")}
    found["rmsea_pvalue_robust"] = rmsea_pvalue(chisq / factor, model.df, n / factor, len(model.groups))
    return found


def _directions(model: Model, problem: FimlProblem, point: FimlPoint) -> Array:
    """Return the directions (free, f) in phi, moments of fixed x left out, that constraints leave."""
    free = ~np.array(model.exogenous)
    equal = equalities(model)
    if equal is None:
        return np.eye(int(free.sum()))
    jacobian = equal.jacobian(point.phi / problem.base.scale) / problem.base.scale
    return null_space(jacobian[:, free])


def _scaled(
    model: Model, problem: FimlProblem, plain: dict[str, float], saturated: SaturatedTraces,
    base: FimlBaseline, options: _Options,
) -> dict[str, float]:  # fmt: skip
    h1, moments = mlr_trace(saturated, options.information)
    own = baseline_trace(problem, base, options.information, options.clusters)
    n, groups = plain["ntotal"], len(model.groups)
    factor, factor_base = (h1 - options.trace) / max(model.df, 1), (h1 - own) / max(base.df, 1)
    found = scaled_measures(plain["chisq"], model.df, factor, base.chisq, base.df, factor_base, n, groups)
    found = {name: value for name, value in found.items() if not name.endswith("_robust")}
    found["baseline_pvalue_scaled"] = chisq_pvalue(found["baseline_chisq_scaled"], base.df)
    found["rmsea_pvalue_scaled"] = rmsea_pvalue(plain["chisq"], factor * model.df, n, groups)
    found["scaling_factor_h1"] = h1 / moments
    # as in lavaan, parameters are counted before constraints and equal labels
    free = sum(row.free and not row.exo for row in model.rows)
    found["scaling_factor_h0"] = options.trace / max(free, 1)
    return found
