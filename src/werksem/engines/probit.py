"""The probit twin: the same model with one binary outcome as a category, by WLSMV.

A binary outcome enters the SEM as a number, a linear probability model. Here it is y = 1 where a
normal y* passes the threshold tau. Its betas are on the scale of y*, so they are not comparable in
size with linear-probability betas; average marginal effects in percentage points are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import pi
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.implied import implied_moments, standardised
from werksem.inference.delta import complex_jacobian
from werksem.inference.least_squares import LSResult, fit_ordinal
from werksem.inference.vcov import standard_errors
from werksem.inputs import Inputs
from werksem.model import build_model
from werksem.reliabilities import stated_reliabilities, with_reliabilities
from werksem.sem_data import sem_data, sem_options
from werksem.spec.equations import equations
from werksem.spec.study import Sem, Study
from werksem.spec.types import ModelSpec

__all__ = ["COLUMNS", "Probit", "binary_outcomes", "probit_rows", "probit_spec", "probit_twins"]

Array = NDArray[np.float64]
COLUMNS = (
    "group", "lhs", "rhs", "est", "se", "std_ystar", "std_ystar_se", "std_ystar_ci_lower",
    "std_ystar_ci_upper", "ame_points", "ame_se", "method",
)  # fmt: skip
Z95 = 1.959963984540054
POINTS = 100.0


@dataclass(frozen=True, slots=True)
class Probit:
    """The rows of ``probit.csv``, and what a reader must know about outcomes that have none."""

    table: pd.DataFrame
    warnings: tuple[str, ...]


def probit_twins(study: Study, spec: ModelSpec, inputs: Inputs) -> Probit | None:
    """Return the probit twins of all binary outcomes, one fit each; None where there are none.

    A twin that cannot be estimated leaves a warning, the study's own results stand without it.
    """
    rows: list[dict[str, Any]] = []
    warnings: list[str] = []
    binary = binary_outcomes(study, spec, inputs)
    for outcome, item in binary.items():
        try:
            done = _fit(study, probit_spec(spec, outcome, item), inputs, item)
        except EstimationError as error:
            warnings.append(f"probit of {outcome}: {error.message}")
            continue
        warnings += [f"probit of {outcome}: {said}" for said in (*done.notes, *done.warnings)]
        if done.fit.status != "ok":
            warnings.append(f"probit of {outcome}: {done.fit.status}")
        if done.fit.converged:
            rows += probit_rows(done, outcome, item)
    return Probit(pd.DataFrame(rows, columns=list(COLUMNS)), tuple(warnings)) if binary else None


def binary_outcomes(study: Study, spec: ModelSpec, inputs: Inputs) -> dict[str, str]:
    """Return outcome -> column of every outcome of two values that is one column and not ordered yet."""
    if inputs.items is None or study.data.ordered == "all":
        return {}
    loads = [s for s in spec.statements if s.op == "=~"]
    found = {}
    for equation in equations(spec):
        own = [s.rhs for s in loads if s.lhs == equation.outcome] or [equation.outcome]
        shared = sum(s.rhs == own[0] for s in loads) > 1
        if len(own) > 1 or shared or own[0] in study.data.ordered or own[0] not in inputs.items:
            continue
        values = inputs.items[own[0]].to_numpy(dtype=float)
        if len(np.unique(values[np.isfinite(values)])) == 2:
            found[equation.outcome] = own[0]
    return found


def probit_spec(spec: ModelSpec, outcome: str, item: str) -> ModelSpec:
    """Return the model with the outcome's single item in its place: one y*, no error beside it."""
    if outcome == item:
        return spec
    kept = [s for s in spec.statements if not (s.op == "=~" and s.lhs == outcome)]
    statements = [
        replace(s, lhs=item if s.lhs == outcome else s.lhs, rhs=item if s.rhs == outcome else s.rhs)
        for s in kept
    ]
    scales = tuple(scale for scale in spec.scales if scale.name != outcome)
    return replace(spec, scales=scales, statements=tuple(statements))


def _fit(study: Study, spec: ModelSpec, inputs: Inputs, item: str) -> LSResult:
    """Return the WLSMV fit on complete rows, with one variable ordered."""
    settings = (study.sem or Sem()).model_copy(
        update={"meanstructure": None, "estimator": "WLSMV", "se": "robust"}
    )
    data = study.data.model_copy(update={"ordered": (item,), "missing": "listwise"})
    study = study.model_copy(update={"data": data, "sem": settings})
    given = sem_data(study, spec, inputs, by_group=settings.multigroup)
    model = build_model(spec, given.groups, sem_options(study))
    model = with_reliabilities(model, spec, given.moments, stated_reliabilities(spec))
    respondents = given.respondents or ()
    weights = [group.weights for group in respondents if group.weights is not None]
    return fit_ordinal(
        model, [group.rows for group in respondents], (item,), weights=weights or None,
        equal_thresholds="thresholds" in settings.group_equal,
    )  # fmt: skip


def probit_rows(done: LSResult, outcome: str, item: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of ``probit.csv`` for the paths to one binary outcome.

    With y* normal, of mean m and variance V, the derivative of P(y = 1) with respect to a predictor
    is phi((m - tau + r) / s) b / s, r the rest of the linear predictor and s the residual deviation.
    Averaged over normal predictors that is phi((m - tau) / sqrt V) b / sqrt V, so for one standard
    deviation of the predictor AME = std_ystar phi((tau - m) / sqrt V); errors by the delta method.
    """
    model, theta = done.ls.model, done.fit.theta
    paths = [number for number, row in enumerate(model.rows) if row.op == "~" and row.lhs == item]
    raw = np.array([_value(model.free_of_row[k], model.rows[k].value, theta) for k in paths])
    values = _effects(done, item, paths, theta)
    own = np.zeros((len(paths), len(theta)))
    for at, k in enumerate(paths):
        if model.free_of_row[k] >= 0:
            own[at, model.free_of_row[k]] = 1.0
    slopes = complex_jacobian(lambda t: _effects(done, item, paths, t), theta)
    errors = standard_errors(done.inference.vcov, np.vstack([own, slopes]))
    size = len(paths)
    for at, k in enumerate(paths):
        row, std, error = model.rows[k], values[at], errors[size + at]
        yield {
            "group": model.groups[row.group], "lhs": outcome, "rhs": row.rhs, "est": raw[at],
            "se": errors[at], "std_ystar": std, "std_ystar_se": error,
            "std_ystar_ci_lower": std - Z95 * error, "std_ystar_ci_upper": std + Z95 * error,
            "ame_points": values[size + at], "ame_se": errors[2 * size + at], "method": "wlsmv",
        }  # fmt: skip


def _value(at: int, fixed: float, theta: Array) -> float:
    return float(theta[at]) if at >= 0 else fixed


def _effects(done: LSResult, item: str, paths: list[int], theta: Any) -> Any:
    """Return (…, 2 K): y*-standardised betas of the K paths, then their marginal effects in points."""
    model = done.ls.model
    std = standardised(model, theta)[..., paths]
    at = model.observed.index(item)
    density = []
    for group in range(len(model.groups)):
        mean, cov = implied_moments(model, theta, group)
        tau = theta[..., done.ls.thresholds[group][item, 0]]
        density.append(np.exp(-((tau - mean[..., at]) ** 2) / cov[..., at, at] / 2) / np.sqrt(2 * pi))
    phi = np.stack([density[model.rows[k].group] for k in paths], axis=-1)
    return np.concatenate([std, POINTS * std * phi], axis=-1)
