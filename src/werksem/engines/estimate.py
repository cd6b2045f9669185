"""From data and settings to an estimate with its inference: one function per family of estimators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from werksem.errors import EstimationError
from werksem.estimators.fit import Fit
from werksem.estimators.ml import TOLERANCE, fit_ml
from werksem.estimators.semopy_adapter import reason_against, semopy_estimates
from werksem.inference.least_squares import LSResult, fit_continuous, fit_ordinal
from werksem.inference.summary import Summary, summarise
from werksem.inference.wishart import wishart_moments
from werksem.model import Model
from werksem.moments import Moments
from werksem.sem_data import SemData
from werksem.spec.errors_asked import clusters_enter
from werksem.spec.study import Sem
from werksem.spec.support import LEAST_SQUARES

__all__ = ["ESTIMATORS", "Estimated", "estimate"]

ROBUST = ("WLSMV", "ULSMV")
Checks = tuple[tuple[str, float, bool], ...]


@dataclass(frozen=True, slots=True)
class Estimated:
    """A fit with its inference, the moments it speaks of, checks on it, and what a reader must know.

    ``model`` names theta: the one asked for, with thresholds where variables are ordered.
    ``least_squares`` has what was computed on the way where that is the estimator.
    """

    model: Model
    fit: Fit
    summary: Summary
    moments: tuple[Moments, ...]
    checks: Checks
    warnings: tuple[str, ...]
    least_squares: LSResult | None = None


def estimate(model: Model, data: SemData, settings: Sem) -> Estimated:
    """Return the estimate that the data and the settings ask for.

    Which estimator does it stands in ``ESTIMATORS``.
    """
    return ESTIMATORS[settings.estimator](model, data, settings)


def _ml(model: Model, data: SemData, settings: Sem) -> Estimated:
    """By moments, or by patterns where rows have blanks (FIML).

    Where semopy is the engine it starts, we polish; our own start guards against a poorer optimum.
    """
    if data.patterns is not None:
        return _fiml(model, data, settings)
    moments = wishart_moments(data.moments) if settings.likelihood == "wishart" else data.moments
    fit = fit_ml(model, moments)
    checks: list[tuple[str, float, bool]] = []
    warnings: list[str] = []
    if settings.engine == "semopy":
        reason = reason_against(model)
        theirs = None if reason else semopy_estimates(model, moments)
        checks.append(("semopy_used", float(theirs is not None), True))
        if theirs is None:
            why = reason or "it stopped with an error"
            warnings.append(f"semopy cannot fit this model ({why}): fitted by werksem")
        else:
            polished = fit_ml(model, moments, start=theirs)
            if polished.converged and polished.discrepancy < fit.discrepancy + 1e-9:
                fit = polished
            distance = float(np.abs(theirs - fit.theta).max())
            checks.append(("semopy_distance", distance, distance < 0.05))
    if not fit.converged:
        summary = _unsolved(model, fit)
    else:
        summary = summarise(model, moments, fit, settings, data.respondents)
    return Estimated(model, fit, summary, moments, (*checks, *_fit_checks(fit)), tuple(warnings))


def _fiml(model: Model, data: SemData, settings: Sem) -> Estimated:
    from werksem.estimators.fiml import fiml_problem, fit_fiml_problem
    from werksem.inference.fiml import fiml_inference

    if data.patterns is None:
        raise EstimationError("full-information ML needs respondents")
    problem = fiml_problem(model, data.patterns)
    fit = fit_fiml_problem(model, problem)
    if not fit.converged:
        return Estimated(model, fit, _unsolved(model, fit), problem.moments, _fit_checks(fit), ())
    clusters = data.clusters if clusters_enter(settings) else None
    robust = settings.estimator == "MLR" or settings.se != "standard"
    found = fiml_inference(
        model, data.patterns, fit, information=settings.information, robust=robust,
        clusters=clusters, problem=problem,
    )  # fmt: skip
    method = "cluster" if clusters is not None else "robust" if robust else "wald"
    warnings = ("semopy cannot fit this model (blanks, FIML): fitted by werksem",)
    summary = Summary(found.vcov, found.measures, method)
    checks = (("semopy_used", 0.0, True),) if settings.engine == "semopy" else ()
    return Estimated(
        model, fit, summary, found.moments, (*checks, *_fit_checks(fit)),
        warnings if settings.engine == "semopy" else (),
    )  # fmt: skip


def _least_squares(model: Model, data: SemData, settings: Sem) -> Estimated:
    """Least squares on numbers, or on thresholds and polychoric correlations where items are ordered."""
    rows = None if data.respondents is None else [group.rows for group in data.respondents]
    se = None if settings.estimator in ROBUST else settings.se
    if data.ordered and rows is not None and data.respondents is not None:
        weights = [group.weights for group in data.respondents if group.weights is not None]
        done = fit_ordinal(
            model, rows, data.ordered, settings.estimator, weights=weights or None, se=se,
            equal_thresholds=bool({"thresholds", "intercepts"} & set(settings.group_equal)),
        )  # fmt: skip
    else:
        done = fit_continuous(model, data.moments, settings.estimator, rows, se=se)
    robust = settings.estimator in ROBUST or settings.se != "standard"
    summary = Summary(done.inference.vcov, done.inference.measures, "robust" if robust else "wald")
    checks = (("semopy_used", 0.0, True),) if settings.engine == "semopy" else ()
    warnings = [*done.notes, *done.warnings]
    if settings.engine == "semopy":
        warnings.append(f"semopy cannot fit this model ({settings.estimator}): fitted by werksem")
    return Estimated(
        done.ls.model, done.fit, summary, data.moments, (*checks, *_fit_checks(done.fit)), tuple(warnings),
        done,
    )  # fmt: skip


def _unsolved(model: Model, fit: Fit) -> Summary:
    """Return what may be said where the optimum was not reached: no errors, no test, no p-values."""
    q = len(model.parameters)
    known = {"npar": float(model.npar), "df": float(model.df), "ntotal": fit.n}
    return Summary(np.zeros((q, q)), known, "none")


def _fit_checks(fit: Fit) -> Checks:
    return (
        ("gradient_max", fit.gradient_max, fit.gradient_max < TOLERANCE),
        ("iterations", float(fit.iterations), True),
        ("admissible", float(fit.status == "ok"), fit.status == "ok"),
    )


# the name in the study file, and what estimates; the design and the blanks are the function's business
ESTIMATORS: dict[str, Callable[[Model, SemData, Sem], Estimated]] = {
    "ML": _ml,
    "MLR": _ml,
    "MLM": _ml,
    "MLMV": _ml,
    **dict.fromkeys(LEAST_SQUARES, _least_squares),
}
