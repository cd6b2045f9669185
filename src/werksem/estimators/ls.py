"""Least squares by Gauss-Newton with damping, then Newton; equality constraints along their null space.

Gauss-Newton leaves out the curvature of the moments, which makes it safe far from the optimum and
slow near it where the model fits badly; after some steps the exact Hessian takes over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.estimators.constraints import Equalities, equalities, null_space
from werksem.estimators.fit import Fit
from werksem.estimators.ls_curvature import gauss_newton, hessian
from werksem.estimators.ls_model import LSModel
from werksem.estimators.ls_problem import (
    LSPoint,
    LSProblem,
    Slopes,
    evaluate,
    gradient,
    jacobians,
    ls_problem,
)
from werksem.estimators.ls_statistics import Statistics
from werksem.estimators.ml import admissibility
from werksem.estimators.start import start_values

__all__ = ["TOLERANCE", "fit_ls"]

Array = NDArray[np.float64]
TOLERANCE = 1e-8
FEASIBLE = 1e-9
GAUSS_NEWTON = 3
MAX_ITERATIONS = 300


@dataclass(frozen=True, slots=True)
class _State:
    """A point with its gradient, the constraints there and the size of what is left to do."""

    point: LSPoint
    slopes: list[Slopes]
    gradient: Array
    h: Array
    J: Array
    size: float


def fit_ls(
    ls: LSModel, statistics: Sequence[Statistics], estimator: str = "DWLS", start: Array | None = None
) -> Fit:
    """Return the least squares estimate of a model.

    ``theta`` has residual variances of y* and moments of x filled in; ``gradient_max`` is relative
    to the largest weight. ``start`` (q,) in the data's units replaces our own start values, but for
    moments of given x.
    """
    problem = ls_problem(ls, statistics)
    equal = equalities(ls.model)
    scale = problem.problem.scale
    phi = _start(ls, problem, statistics) if start is None else _with_given(ls, statistics, start) * scale
    if problem.conditional:
        phi = np.where(_of_x(ls), 0.0, phi)
    point = evaluate(problem, phi)
    if point is None:
        raise EstimationError("no start values give finite moments: check fixed values")
    point, iterations, size = _minimise(problem, point, equal)
    theta = _with_given(ls, statistics, point.phi / problem.problem.scale)
    status = admissibility(ls.model, theta) if size < TOLERANCE else "not_converged"
    return Fit(estimator, theta, point.discrepancy, problem.problem.n, iterations, size, status)


def _of_x(ls: LSModel) -> NDArray[np.bool_]:
    """Return which of theta (q,) are moments of given x."""
    derived = {int(at) for group in ls.derived for at in group}
    return np.array([exo and at not in derived for at, exo in enumerate(ls.model.exogenous)])


def _start(ls: LSModel, problem: LSProblem, statistics: Sequence[Statistics]) -> Array:
    phi = start_values(ls.model, problem.problem)
    for group in statistics:
        known = group.threshold >= 0
        phi[group.threshold[known]] = group.values[: len(known)][known]
    for scales in ls.scales:
        phi[scales[scales >= 0]] = 1.0
    return phi


def _with_given(ls: LSModel, statistics: Sequence[Statistics], theta: Array) -> Array:
    """Return theta with the moments of x at their sample values."""
    theta = theta.copy()
    given = _of_x(ls)
    for row, at in zip(ls.model.rows, ls.model.free_of_row, strict=True):
        if at >= 0 and given[at]:
            data = statistics[row.group].start
            i = data.names.index(row.lhs)
            theta[at] = data.mean[i] if row.op == "~1" else data.cov[i, data.names.index(row.rhs)]
    return theta


def _minimise(ls: LSProblem, point: LSPoint, equal: Equalities | None) -> tuple[LSPoint, int, float]:
    """Return (optimum, iterations, largest gradient along the constraints)."""
    unit = max(float(np.abs(g.weight).max()) for g in ls.groups)
    state = _state(ls, point, equal, unit)
    damping = 0.0
    for iteration in range(MAX_ITERATIONS):
        if _ended(state):
            state = _polished(ls, state, equal, unit)
            return state.point, iteration, state.size
        H = _curvature(ls, state, equal, unit, exact=iteration >= GAUSS_NEWTON)
        moved = None
        for _ in range(25):
            moved = _moved(ls, state, equal, H, damping, unit)
            if moved is not None:
                break
            damping = max(10 * damping, 1e-4)
        if moved is None:
            return state.point, iteration, state.size
        damping = damping / 10 if damping > 1e-6 else 0.0
        state = _state(ls, moved, equal, unit)
    return state.point, MAX_ITERATIONS, state.size


def _ended(state: _State) -> bool:
    return state.size < TOLERANCE and float(np.abs(state.h).max(initial=0.0)) < FEASIBLE


def _polished(ls: LSProblem, state: _State, equal: Equalities | None, unit: float) -> _State:
    """Return the state a Newton step on, as long as that lowers the gradient: two at most.

    The gradient is relative to the largest weight; what has small weights (answers beside an age, in ULS)
    could end too early.
    """
    for _ in range(2):
        moved = _moved(ls, state, equal, _curvature(ls, state, equal, unit, exact=True), 0.0, unit)
        further = None if moved is None else _state(ls, moved, equal, unit)
        if further is None or not (_ended(further) and further.size < state.size):
            break
        state = further
    return state


def _state(ls: LSProblem, point: LSPoint, equal: Equalities | None, unit: float) -> _State:
    slopes = jacobians(ls, point)
    g = gradient(ls, point, slopes) / unit
    if equal is None:
        h, J = np.zeros(0), np.zeros((0, len(g)))
    else:
        theta = point.phi / ls.problem.scale
        h, J = equal.values(theta), (equal.jacobian(theta) / ls.problem.scale)[:, ls.free]
    along = g if equal is None else g + J.T @ _multipliers(J, g)
    return _State(point, slopes, g, h, J, float(np.abs(along).max(initial=0.0)))


def _multipliers(J: Array, g: Array) -> Array:
    return np.asarray(-np.linalg.lstsq(J.T, g, rcond=None)[0])


def _curvature(ls: LSProblem, state: _State, equal: Equalities | None, unit: float, *, exact: bool) -> Array:
    """Return the Gauss-Newton matrix, or the Hessian of the Lagrangian."""
    if not exact:
        return gauss_newton(ls, state.slopes) / unit
    H = hessian(ls, state.point, state.slopes) / unit
    if equal is not None:
        scale = ls.problem.scale
        bent = equal.curvature(state.point.phi / scale, _multipliers(state.J, state.gradient))
        H += (bent / np.outer(scale, scale))[np.ix_(ls.free, ls.free)]
    return H


def _moved(
    ls: LSProblem, state: _State, equal: Equalities | None, H: Array, damping: float, unit: float
) -> LSPoint | None:
    """Return the point a damped step away, None where it is no better."""
    restoring = -np.linalg.pinv(state.J) @ state.h if equal is not None else np.zeros(len(H))
    Z = np.eye(len(H)) if equal is None else null_space(state.J)
    reduced = Z.T @ H @ Z
    values, vectors = np.linalg.eigh(reduced + damping * np.diag(np.abs(np.diag(reduced))))
    size = np.maximum(np.abs(values), 1e-10 * np.abs(values).max(initial=1e-300))
    target = Z.T @ (state.gradient + H @ restoring)
    step = restoring - Z @ (vectors @ ((vectors.T @ target) / size))
    step *= min(1.0, 2.0 / max(float(np.abs(step).max(initial=0.0)), 1e-300))
    phi = state.point.phi.copy()
    phi[ls.free] += step
    moved = evaluate(ls, phi)
    if moved is None:
        return None
    rho = 0.0
    if equal is not None:
        rho = 2 * unit * float(np.abs(_multipliers(state.J, state.gradient)).max(initial=0.0)) + unit

    def merit(point: LSPoint) -> float:
        off = 0.0 if equal is None else float(np.abs(equal.values(point.phi / ls.problem.scale)).sum())
        return point.discrepancy + rho * off

    now = merit(state.point)
    # near the optimum F is flat to rounding, so a rise within 1e-12 of its size passes
    return moved if merit(moved) <= now + 1e-12 * (unit + abs(now)) else None
