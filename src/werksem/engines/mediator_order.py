"""``mediator_order.csv``: what the indirect effects are if two mediators stand the other way round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import nan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.effects import quantity_values
from werksem.engines.main_routes import main_routes
from werksem.engines.sem import LEVEL, SemResult
from werksem.errors import EstimationError
from werksem.estimators.fit import Fit
from werksem.estimators.ml import fit_ml
from werksem.inference.delta import complex_jacobian
from werksem.inference.routes import Route, path_rows
from werksem.inference.sampling import quantity_errors
from werksem.inference.units import Sampling
from werksem.model import Model, model_of_rows
from werksem.spec.formula import product_of
from werksem.spec.types import Effect

__all__ = ["mediator_order"]

Array = NDArray[np.float64]
COLUMNS = [
    "first", "second", "group", "effect", "est", "ci_lower", "ci_upper", "std",
    "reversed_effect", "reversed_est", "reversed_ci_lower", "reversed_ci_upper", "reversed_std",
    "chisq", "df", "reversed_chisq", "reversed_df", "equivalent", "level", "method", "note",
]  # fmt: skip


def mediator_order(sem: SemResult, sampling: Sampling) -> pd.DataFrame | None:
    """Return a row per effect (of ``main_routes``), group and pair of mediators; None without a pair.

    The model with ``second -> first`` in place of ``first -> second`` is fitted to the same moments.
    ``equivalent`` is ``yes`` where both have the same chi-square and degrees of freedom, so that the
    data cannot tell the orders apart; ``note`` says why a reversed effect is absent.
    """
    routes = main_routes(sem)
    pairs = dict.fromkeys(pair for route in routes for pair in pairwise(route.names[1:-1]))
    rows: list[dict[str, Any]] = []
    for pair in pairs:
        turned, fit, note = _reversed(sem, pair)
        common = _compared(sem, turned, fit) | {"first": pair[0], "second": pair[1], "level": LEVEL}
        for route in routes:
            if pair in tuple(pairwise(route.names[1:-1])):
                rows += [
                    common | {"method": sampling.method, "group": label, "note": note}
                    | _both_ways(sem, turned, fit, route, pair, group, sampling)
                    for group, label in enumerate(sem.model.groups)
                ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS) if rows else None


def _reversed(sem: SemResult, pair: tuple[str, str]) -> tuple[Model, Fit | None, str]:
    """Return the model with a path turned round, its fit or None, and why there is none."""
    first, second = pair
    rows = [
        replace(row, lhs=first, rhs=second) if (row.op, row.rhs, row.lhs) == ("~", first, second) else row
        for row in sem.model.rows
    ]
    turned = model_of_rows(sem.model.name, rows, sem.model.groups, sem.model.constraints)
    if _reaches(turned, first, second):
        return turned, None, "the paths would form a circle"
    try:
        fit = fit_ml(turned, sem.moments)
    except EstimationError:
        return turned, None, "not converged"
    return turned, fit if fit.converged else None, "" if fit.converged else "not converged"


def _reaches(model: Model, source: str, target: str) -> bool:
    """Return whether directed paths lead from one variable to another."""
    paths = path_rows(model, 0)
    seen, pending = set(), [source]
    while pending:
        name = pending.pop()
        seen.add(name)
        pending += [effect for cause, effect in paths if cause == name and effect not in seen]
    return target in seen


def _compared(sem: SemResult, turned: Model, fit: Fit | None) -> dict[str, Any]:
    chisq = sem.fit.n * sem.fit.discrepancy
    found: dict[str, Any] = {"chisq": chisq, "df": sem.model.df, "reversed_df": turned.df}
    if fit is None:
        return found | {"reversed_chisq": nan, "equivalent": ""}
    other = fit.n * fit.discrepancy
    same = turned.df == sem.model.df and abs(other - chisq) < 1e-6 * max(1.0, chisq)
    return found | {"reversed_chisq": other, "equivalent": "yes" if same else "no"}


def _both_ways(
    sem: SemResult, turned: Model, fit: Fit | None, route: Route, pair: tuple[str, str], group: int,
    sampling: Sampling,
) -> dict[str, Any]:  # fmt: skip
    """Return a route's effect in the model, and that of the route with the pair exchanged in the other."""
    at = route.names.index(pair[0])
    names = (*route.names[:at], pair[1], pair[0], *route.names[at + 2 :])
    own = _effect(sem.model, sem, sem.fit.theta, route.names, group, sampling)
    found: dict[str, Any] = {"effect": route.effect, "reversed_effect": " -> ".join(names), **own}
    known = path_rows(turned, group)
    absent = [f"{outcome} ~ {cause}" for cause, outcome in pairwise(names) if (cause, outcome) not in known]
    if fit is not None and absent:
        return found | {"note": f"the model has no {', '.join(absent)}"}
    if fit is None:
        return found
    other = _effect(turned, sem, fit.theta, names, group, sampling)
    return found | {f"reversed_{key}": value for key, value in other.items()}


def _effect(
    model: Model, sem: SemResult, theta: Array, names: Sequence[str], group: int, sampling: Sampling
) -> Mapping[str, float]:
    """Return the product of the paths along some variables, with its delta-method interval."""
    from scipy.special import ndtri

    formula = product_of([f"{outcome}~{cause}" for cause, outcome in pairwise(names)])
    effect = (Effect(" -> ".join(names), formula),)
    # of several groups each has its own row of the effect, in order
    at = len(model.rows) + group
    raw, std = quantity_values(model, effect, theta)
    jacobian = complex_jacobian(lambda t: quantity_values(model, effect, t)[0][..., at : at + 1], theta)
    se = float(quantity_errors(model, sem.moments, theta, jacobian, sampling)[0])
    wide = float(ndtri((1 + LEVEL) / 2)) * se
    return {
        "est": float(raw[at]), "ci_lower": float(raw[at]) - wide, "ci_upper": float(raw[at]) + wide,
        "std": float(std[at]),
    }  # fmt: skip
