"""How fragile a mediator is: the residual correlation that would undo an indirect effect.

A recursive model says that the disturbances of mediator and outcome are uncorrelated. With their
correlation rho held at another value the model has the same degrees of freedom and, where the
outcome has every cause of the mediator, the same fit, but another path from mediator to outcome
(Imai, Keele & Yamamoto, 2010). The refits go along the covariance c; rho = c / sqrt(psi_M psi_Y) at
each of them is exact, and standard errors are those with rho held.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from math import copysign, sqrt

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.estimators.constraints import equalities
from werksem.estimators.fit import Fit
from werksem.estimators.ml import fit_ml
from werksem.estimators.objective import evaluate, hessian, problem_terms
from werksem.estimators.problem import build_problem
from werksem.inference.sampling import quantity_errors, restricted_solve
from werksem.inference.units import Sampling
from werksem.model import Model, model_of_rows
from werksem.moments import Moments
from werksem.rows import Row

__all__ = ["LIMIT", "Curve", "Held", "Place", "covariance_curve", "interval_rho", "product", "zero_rho"]

Array = NDArray[np.float64]
# a residual correlation beyond this is not looked for
LIMIT = 0.99
# beyond this share of the way the cubic that predicts refits is held still
STRETCH = 1.5


@dataclass(frozen=True, slots=True)
class Place:
    """Where a coefficient stands in theta; ``index`` -1 where it is fixed at ``value``."""

    index: int
    value: float


@dataclass(frozen=True, slots=True)
class Held:
    """A refit with the residual covariance held: theta (q + 1,), whose last entry it is.

    ``rho`` with its gradient (q + 1,) is the correlation; ``discrepancy`` the minimised F.
    """

    theta: Array
    rho: float
    gradient: Array
    discrepancy: float


@dataclass(frozen=True, slots=True)
class Curve:
    """The refits of one mediator and outcome as a function of c; None where there is no refit.

    ``model`` has the covariance free, as its last parameter. ``ahead`` is the c at which the path from
    mediator to outcome would be 0 if it fell in a straight line.
    """

    model: Model
    moments: tuple[Moments, ...]
    path: Place
    at: Callable[[float], Held | None]
    ahead: float


def covariance_curve(
    model: Model, moments: Sequence[Moments], fit: Fit, mediator: str, outcome: str, group: int = 0
) -> Curve | str:
    """Return the refits of a fitted model with cov(zeta_M, zeta_Y) held, or why there are none."""
    theta = fit.theta
    rows = {(row.lhs, row.op, row.rhs): n for n, row in enumerate(model.rows) if row.group == group}
    tied = [n for key, n in rows.items() if key in _both(mediator, outcome)]
    if any(model.rows[n].free for n in tied):
        return "the model estimates this covariance"
    if any(model.rows[n].value != 0 for n in tied):
        return "the model fixes this covariance"
    spread = [rows.get((name, "~~", name)) for name in (mediator, outcome)]
    places = [_place(model, number) for number in spread if number is not None]
    if len(places) < 2 or any(_at(place, theta) <= 0 for place in places):
        return "no positive residual variance"
    path = _place(model, rows[outcome, "~", mediator])
    if path.index < 0:
        return "the path is fixed"
    rest = tuple(row for n, row in enumerate(model.rows) if n not in tied)
    cell = Row(outcome, "~~", mediator, group)
    free = model_of_rows(model.name, (*rest, cell), model.groups, model.constraints)
    refit = partial(_refit, model, rest, cell, tuple(moments), places, fit.status)
    first = _held(fit, places, 0.0)
    slope = _tangent(free, moments, first.theta)
    if slope[path.index] == 0 or theta[path.index] == 0:
        return "the path does not move"
    ahead = float(-theta[path.index] / slope[path.index])
    second = refit(ahead, (first.theta + ahead * slope)[:-1])
    bend = None if second is None else _tangent(free, moments, second.theta)

    @cache
    def at(c: float) -> Held | None:
        if c == 0:
            return first
        if second is None or bend is None:
            return refit(c, (first.theta + c * slope)[:-1])
        t = min(c / ahead, STRETCH)
        return refit(c, _hermite(t, first.theta, slope * ahead, second.theta, bend * ahead)[:-1])

    return Curve(free, tuple(moments), path, at, ahead)


def _both(left: str, right: str) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
    return (left, "~~", right), (right, "~~", left)


def _place(model: Model, number: int) -> Place:
    return Place(model.free_of_row[number], model.rows[number].value)


def _at(place: Place, theta: Array) -> float:
    return float(theta[place.index]) if place.index >= 0 else place.value


def _refit(
    model: Model, rest: tuple[Row, ...], cell: Row, moments: Sequence[Moments], places: Sequence[Place],
    admitted: str, c: float, start: Array,
) -> Held | None:  # fmt: skip
    """Return the fit with the covariance at c, None where it is inadmissible or a disturbance vanishes."""
    fixed = Row(cell.lhs, cell.op, cell.rhs, cell.group, free=False, value=c)
    held = model_of_rows(model.name, (*rest, fixed), model.groups, model.constraints)
    try:
        fit = fit_ml(held, moments, start=start)
    except EstimationError:
        return None
    inadmissible = fit.status not in ("ok", admitted)
    if inadmissible or any(_at(place, fit.theta) <= 0 for place in places):
        return None
    return _held(fit, places, c)


def _held(fit: Fit, places: Sequence[Place], c: float) -> Held:
    """Return a fit with its residual covariance, and their correlation with its gradient."""
    variances = [_at(place, fit.theta) for place in places]
    size = sqrt(variances[0] * variances[1])
    rho, gradient = c / size, np.zeros(len(fit.theta) + 1)
    gradient[-1] = 1 / size
    for place, variance in zip(places, variances, strict=True):
        if place.index >= 0:
            gradient[place.index] -= rho / (2 * variance)
    return Held(np.append(fit.theta, c), rho, gradient, fit.discrepancy)


def _tangent(model: Model, moments: Sequence[Moments], theta: Array) -> Array:
    """Return dtheta/dc (q + 1,) along the refits, from the Hessian with c among the parameters."""
    problem = build_problem(model, moments)
    point = evaluate(problem, theta * problem.scale)
    if point is None:
        raise EstimationError("the implied covariance matrix is not positive definite")
    H = hessian(problem, problem_terms(problem), point)
    equal = equalities(model)
    held = np.zeros((0, len(H))) if equal is None else equal.jacobian(theta) / problem.scale
    moved = restricted_solve(H[:-1, :-1], held[:, :-1], -H[:-1, -1:])[:, 0]
    return np.asarray(np.append(moved, 1.0) * problem.scale[-1] / problem.scale, dtype=float)


def _hermite(t: float, start: Array, slope: Array, end: Array, bend: Array) -> Array:
    """Return the cubic through two points with their slopes, at t of the way."""
    return (
        (1 + 2 * t) * (1 - t) ** 2 * start + t * (1 - t) ** 2 * slope
        + t**2 * (3 - 2 * t) * end + t**2 * (t - 1) * bend
    )  # fmt: skip


def zero_rho(curve: Curve) -> tuple[float, Held | None]:
    """Return (c, refit) at which the path is 0; the furthest c and None where no rho within .99 does it."""
    value = partial(_path, curve)
    first = value(0.0) or 0.0
    reached = 0.0
    for factor in (1.001, 1.05, 1.3, 2.0, 4.0, 8.0):
        c = curve.ahead * factor
        found = value(c)
        if found is None:
            c = _furthest(curve, reached, c)
            found = value(c) or 0.0
            return (c, None) if found * first > 0 else _root(curve, c)
        if found * first <= 0:
            return _root(curve, c)
        reached = c
    return reached, None


def _path(curve: Curve, c: float) -> float | None:
    held = curve.at(c)
    return None if held is None or abs(held.rho) > LIMIT else float(held.theta[curve.path.index])


def _furthest(curve: Curve, inside: float, outside: float) -> float:
    """Return the last c with a refit and a correlation within the limit, by bisection."""
    for _ in range(20):
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if _path(curve, middle) is None else (middle, outside)
    return inside


def _root(curve: Curve, beyond: float) -> tuple[float, Held | None]:
    c = _bisected(lambda c: _path(curve, c) or 0.0, beyond)
    return c, curve.at(c)


def _bisected(function: Callable[[float], float], beyond: float) -> float:
    """Return where a function changes sign between 0 and ``beyond`` (Brent, 1973)."""
    from scipy.optimize import brentq

    return float(brentq(function, 0.0, beyond, xtol=1e-10 * abs(beyond), rtol=1e-10))


def product(places: Sequence[Place], theta: Array) -> tuple[float, Array]:
    """Return a product of coefficients and its gradient, padded to the length of theta.

    >>> value, gradient = product([Place(0, 0.0), Place(-1, 2.0)], np.array([3.0, 1.0]))
    >>> value, gradient.tolist()
    (6.0, [2.0, 0.0])
    """
    values = [_at(place, theta) for place in places]
    gradient = np.zeros(len(theta))
    for k, place in enumerate(places):
        if place.index >= 0:
            gradient[place.index] += float(np.prod([v for j, v in enumerate(values) if j != k]))
    return float(np.prod(values)), gradient


def interval_rho(
    curve: Curve, places: Sequence[Place], sampling: Sampling, z: float, until: float
) -> float | None:
    """Return the rho nearest 0 at which estimate ± z se includes 0; 0.0 where it does so already.

    ``until`` is the c up to which is looked, on the side where the path falls to 0; None is returned
    where it is not enough.
    """

    def clear(c: float) -> float:
        held = curve.at(c)
        if held is None:
            return -1.0
        value, gradient = product(places, held.theta)
        error = quantity_errors(
            curve.model, curve.moments, held.theta, gradient[None], sampling, held.gradient[None]
        )[0]
        return abs(value) / float(error) - z if error > 0 else copysign(1.0, abs(value) - 1e-12)

    if clear(0.0) <= 0:
        return 0.0
    if clear(until) > 0:
        return None
    found = curve.at(_bisected(clear, until))
    return None if found is None else found.rho
