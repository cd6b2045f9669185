"""The SEM engine: one fit with everything a lavaan user looks at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.effects import defined_effects, effect_rows, quantities, quantity_values, units
from werksem.engines.estimate import estimate
from werksem.engines.result import EngineResult, diagnostic_rows, fit_rows
from werksem.estimates import estimates_table
from werksem.estimators.fit import Fit
from werksem.implied import implied_moments
from werksem.inference.delta import complex_jacobian
from werksem.inference.identified import require_enough_moments
from werksem.inference.least_squares import LSResult
from werksem.inference.summary import Summary
from werksem.inference.vcov import standard_errors
from werksem.model import Model, build_model
from werksem.moments import Moments
from werksem.reliabilities import stated_reliabilities, with_reliabilities
from werksem.rows import Options, Row
from werksem.sem_data import SemData
from werksem.spec.study import Sem
from werksem.spec.types import Effect, ModelSpec

__all__ = ["SemResult", "fit_sem", "parameter_rows", "r2_rows"]

Array = NDArray[np.float64]
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class SemResult:
    """The engine's tables, and what the bootstrap starts from.

    ``least_squares`` is there where that is the estimator.
    """

    tables: EngineResult
    model: Model
    effects: tuple[Effect, ...]
    moments: tuple[Moments, ...]
    fit: Fit
    vcov: Array
    least_squares: LSResult | None = None


def fit_sem(spec: ModelSpec, data: SemData, settings: Sem, options: Options) -> SemResult:
    """Return the fit of a model to each group's moments, with its tables.

    Raises ``EstimationError`` where the model has more parameters than moments, or parameters
    that the moments cannot tell apart.
    """
    began = perf_counter()
    model = build_model(spec, data.groups, options)
    if data.moments:
        model = with_reliabilities(model, spec, data.moments, stated_reliabilities(spec))
    if not data.ordered:
        require_enough_moments(spec.name, model)
    effects = defined_effects(spec)
    done = estimate(model, data, settings)
    model, fit = done.model, done.fit
    rows = [*_estimate_rows(model, effects, fit, done.summary), *r2_rows("sem", model, fit.theta, fit.status)]
    fits = fit_rows("sem", done.summary.measures)
    diagnostics = diagnostic_rows("sem", [*done.checks, ("n", done.summary.measures["ntotal"], True)])
    timings = {"sem": perf_counter() - began}
    tables = EngineResult(
        "sem",
        estimates_table(rows),
        fits,
        diagnostics,
        {"all": round(done.summary.measures["ntotal"])},
        done.warnings,
        timings,
    )
    return SemResult(tables, model, effects, done.moments, fit, done.summary.vcov, done.least_squares)


def parameter_rows(engine: str, model: Model, effects: Sequence[Effect]) -> Iterator[dict[str, Any]]:
    """Yield what names each row of the parameter table and each effect, in that order."""
    for row in model.rows:
        yield {
            "engine": engine, "group": model.groups[row.group], "lhs": row.lhs, "op": row.op,
            "rhs": row.rhs, "label": row.label,
        }  # fmt: skip
    for found in effect_rows(model, effects):
        group = model.groups[found.groups[0]] if len(found.groups) == 1 else "all"
        yield {"engine": engine, "group": group, "lhs": found.name, "op": ":="}


def _estimate_rows(
    model: Model, effects: Sequence[Effect], fit: Fit, summary: Summary
) -> Iterator[dict[str, Any]]:
    from scipy.special import ndtr, ndtri

    raw, std = quantity_values(model, effects, fit.theta)
    errors = standard_errors(
        summary.vcov, complex_jacobian(lambda t: quantities(model, effects, t), fit.theta)
    )
    unit = units(model, effects, np.concatenate([raw, std]))
    z95 = float(ndtri((1 + LEVEL) / 2))
    given = [row.exo or (at >= 0 and model.exogenous[at]) for row, at in _places(model)]
    exogenous = given + [False] * (len(raw) - len(model.rows))
    for k, names in enumerate(parameter_rows("sem", model, effects)):
        found: dict[str, Any] = {"est": raw[k], "std": std[k], "method": summary.method, "status": fit.status}
        for value, at, prefix in ((raw[k], k, ""), (std[k], len(raw) + k, "std_")):
            se = errors[at]
            # a value that the model fixes, standardised ones included, varies by rounding only
            if se > 1e-9 * max(unit[at], abs(value)) and not exogenous[k]:
                found |= {
                    f"{prefix}se": se,
                    f"{prefix}ci_lower": value - z95 * se,
                    f"{prefix}ci_upper": value + z95 * se,
                }
        if "se" in found:
            found["z"] = raw[k] / found["se"]
            found["pvalue"] = 2 * float(ndtr(-abs(found["z"])))
            found["level"] = LEVEL
        yield names | found


def _places(model: Model) -> Iterator[tuple[Row, int]]:
    """Yield each row of the parameter table with its place in theta, -1 where fixed."""
    return zip(model.rows, model.free_of_row, strict=True)


def r2_rows(engine: str, model: Model, theta: Array, status: str) -> Iterator[dict[str, Any]]:
    """Yield 1 - residual variance / implied variance of everything the model explains."""
    arrows = [row for row in model.rows if row.op in ("=~", "~")]
    explained = dict.fromkeys(row.rhs if row.op == "=~" else row.lhs for row in arrows)
    for group, label in enumerate(model.groups):
        residual = {
            row.lhs: (theta[at] if at >= 0 else row.value)
            for row, at in zip(model.rows, model.free_of_row, strict=True)
            if row.op == "~~" and row.lhs == row.rhs and row.group == group
        }
        variance = _variances(model, theta, group)
        for name in explained:
            if name in residual and variance[name] > 0:
                yield {
                    "engine": engine, "group": label, "lhs": name, "op": "r2", "rhs": name,
                    "est": 1 - residual[name] / variance[name], "status": status,
                }  # fmt: skip


def _variances(model: Model, theta: Array, group: int) -> dict[str, float]:
    from werksem.implied import latent_cov, matrices

    m = matrices(model, theta, group)
    found = dict(zip(model.observed, np.diag(implied_moments(model, theta, group)[1]), strict=True))
    return found | dict(zip(model.eta, np.diag(latent_cov(m)), strict=True))
