"""``fragility.csv``: the residual correlation of mediator and outcome that undoes each indirect effect."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import inf, isnan, nan
from typing import Any

import pandas as pd

from werksem.effects import effect_rows
from werksem.engines.main_routes import main_routes
from werksem.engines.sem import LEVEL, SemResult
from werksem.inference.fragility import (
    LIMIT,
    Curve,
    Held,
    Place,
    covariance_curve,
    interval_rho,
    product,
    zero_rho,
)
from werksem.inference.routes import Route, path_rows
from werksem.inference.sampling import quantity_errors
from werksem.inference.units import Sampling

__all__ = ["fragility_table"]

COLUMNS = [
    "effect", "group", "mediator", "outcome", "est", "se", "ci_lower", "ci_upper", "level", "method",
    "rho_zero", "rho_interval", "chisq_change", "note",
]  # fmt: skip
SHARED = "its paths are shared by the groups"
ALREADY = "the interval includes 0 already"
NONE = f"no rho within {LIMIT:g}"


def fragility_table(sem: SemResult, sampling: Sampling) -> pd.DataFrame | None:
    """Return a row per specific indirect effect (of ``main_routes``) and group, None where there are none.

    ``rho_zero`` is the residual correlation of mediator and outcome at which the effect is 0,
    ``rho_interval`` the one nearest 0 at which its delta-method interval includes 0, both of the
    step of the route (``mediator``, ``outcome``) that gives way first. ``chisq_change`` is what
    holding rho_zero does to chi-square: 0 where the models are equivalent. ``note`` says why a
    number is absent.
    """
    routes = {route.effect: route for route in main_routes(sem)}

    @cache
    def curve_of(mediator: str, outcome: str, group: int) -> tuple[Curve, float, Held | None] | str:
        found = covariance_curve(sem.model, sem.moments, sem.fit, mediator, outcome, group)
        return found if isinstance(found, str) else (found, *zero_rho(found))

    rows = []
    for found in effect_rows(sem.model, sem.effects):
        route = routes.get(found.effect.name)
        if route is None or len(found.groups) > 1:
            continue
        many = len(sem.model.groups) > 1
        group = found.groups[0] if found.groups else 0
        label = sem.model.groups[group] if found.groups or not many else "all"
        known: dict[str, Any] = {"effect": route.effect, "group": label, "level": LEVEL}
        if many and not found.groups:
            rows.append(known | {"method": sampling.method, "note": SHARED})
            continue
        estimate = _estimate(sem, sampling, route, group)
        steps = [
            _step(sem, sampling, route, group, curve_of(*step, group)) | _named(step)
            for step in route.steps[1:]
        ]
        rows.append(known | estimate | min(steps, key=_fragility))
    return pd.DataFrame(rows, columns=COLUMNS) if rows else None


def _named(step: tuple[str, str]) -> dict[str, str]:
    return {"mediator": step[0], "outcome": step[1]}


def _places(sem: SemResult, route: Route, group: int) -> list[Place]:
    rows = path_rows(sem.model, group)
    return [
        Place(sem.model.free_of_row[rows[step]], sem.model.rows[rows[step]].value) for step in route.steps
    ]


def _estimate(sem: SemResult, sampling: Sampling, route: Route, group: int) -> dict[str, Any]:
    """Return the effect at rho = 0 with its standard error and interval."""
    value, gradient = product(_places(sem, route, group), sem.fit.theta)
    se = float(quantity_errors(sem.model, sem.moments, sem.fit.theta, gradient[None], sampling)[0])
    z = _critical()
    return {
        "est": value, "se": se, "ci_lower": value - z * se, "ci_upper": value + z * se,
        "method": sampling.method,
    }  # fmt: skip


def _critical() -> float:
    from scipy.special import ndtri

    return float(ndtri((1 + LEVEL) / 2))


def _step(
    sem: SemResult, sampling: Sampling, route: Route, group: int,
    found: tuple[Curve, float, Held | None] | str,
) -> dict[str, Any]:  # fmt: skip
    """Return what correlated disturbances of one step do to the effect."""
    if isinstance(found, str):
        return {"rho_zero": nan, "rho_interval": nan, "chisq_change": nan, "note": found}
    curve, until, zero = found
    rho = interval_rho(curve, _places(sem, route, group), sampling, _critical(), until)
    note = ALREADY if rho == 0 else NONE if zero is None or rho is None else ""
    change = nan if zero is None else sem.fit.n * (zero.discrepancy - sem.fit.discrepancy)
    return {
        "rho_zero": nan if zero is None else zero.rho, "rho_interval": nan if rho is None else rho,
        "chisq_change": _rounded(change, sem.fit.n * sem.fit.discrepancy), "note": note,
    }  # fmt: skip


def _rounded(change: float, chisq: float) -> float:
    """Return a change of chi-square, 0 where it is rounding (the fits end at a gradient of 1e-8)."""
    return 0.0 if abs(change) < 1e-6 * max(1.0, abs(chisq)) else float(change)


def _fragility(step: Mapping[str, Any]) -> tuple[float, float]:
    """Return the sizes of both correlations, absent ones last."""
    near, zero = (abs(float(step[name])) for name in ("rho_interval", "rho_zero"))
    return inf if isnan(near) else near, inf if isnan(zero) else zero
