"""Newton's method on any discrepancy, with or without equality constraints.

Where the Hessian is not positive definite, far from the optimum, its eigenvalues are turned
positive; steps are halved until the discrepancy falls. Under constraints each step has a part that
restores h = 0 and a Newton part along the directions that keep it, and a merit function F + rho |h|
decides how long it may be (Nocedal & Wright, 2006, chapter 18).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.constraints import Equalities, null_space

__all__ = ["Objective", "constrained_newton", "minimise", "newton"]

Array = NDArray[np.float64]
FEASIBLE = 1e-10
MAX_ITERATIONS = 500


class Evaluated(Protocol):
    """A value of phi and the discrepancy there."""

    @property
    def phi(self) -> Array: ...
    @property
    def discrepancy(self) -> float: ...


P = TypeVar("P", bound=Evaluated)


@dataclass(frozen=True, slots=True)
class Objective(Generic[P]):
    """A discrepancy as functions of phi = theta * scale (q,).

    ``evaluate`` gives the point at phi, None where it is not defined; ``gradient`` (q,), ``hessian``
    and ``information`` (q, q), half the expected Hessian, are taken at a point.
    """

    scale: Array
    evaluate: Callable[[Array], P | None]
    gradient: Callable[[P], Array]
    hessian: Callable[[P], Array]
    information: Callable[[P], Array]


def minimise(
    objective: Objective[P], point: P, equal: Equalities | None, tolerance: float
) -> tuple[P, int, float]:
    """Return (optimum, iterations, largest gradient along the constraints, if there are any)."""
    if equal is None:
        return newton(objective, point, tolerance)
    return constrained_newton(objective, point, equal, tolerance)


def newton(objective: Objective[P], point: P, tolerance: float) -> tuple[P, int, float]:
    """Return (optimum, iterations, max |gradient|)."""
    g = objective.gradient(point)
    for iteration in range(MAX_ITERATIONS):
        size = float(np.abs(g).max(initial=0.0))
        if size < tolerance:
            return point, iteration, size
        step = _descent(objective.hessian(point), g)
        moved = _line_search(objective, point, step, float(g @ step))
        if moved is None:
            step = _descent(2 * objective.information(point), g)
            moved = _line_search(objective, point, step, float(g @ step))
        if moved is None:
            return point, iteration, size
        point = moved
        g = objective.gradient(point)
    return point, MAX_ITERATIONS, float(np.abs(g).max())


def _descent(H: Array, g: Array) -> Array:
    """Return the step -H^-1 g, with H's eigenvalues turned positive where they are not."""
    try:
        root = np.linalg.cholesky(H)
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(H)
        size = np.maximum(np.abs(values), 1e-6 * np.abs(values).max())
        step = -vectors @ ((vectors.T @ g) / size)
    else:
        step = -np.linalg.solve(root.T, np.linalg.solve(root, g))
    # a step of more than two standard deviations is no longer the quadratic's business
    return step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-300))


def _line_search(objective: Objective[P], point: P, step: Array, slope: float) -> P | None:
    """Return the first point along the step that lowers F enough, None where there is none.

    Near the optimum F is flat to rounding, so a rise within 1e-13 of its size passes.
    """
    slack = 1e-13 * (1.0 + abs(point.discrepancy))
    length = 1.0
    for _ in range(40):
        moved = objective.evaluate(point.phi + length * step)
        if moved is not None and moved.discrepancy <= point.discrepancy + 1e-4 * length * slope + slack:
            return moved
        length /= 2
    return None


def constrained_newton(
    objective: Objective[P], point: P, equal: Equalities, tolerance: float
) -> tuple[P, int, float]:
    """Return (optimum, iterations, largest gradient along the constraints)."""
    scale = objective.scale
    for iteration in range(MAX_ITERATIONS):
        g = objective.gradient(point)
        theta = point.phi / scale
        h, J = equal.values(theta), np.asarray(equal.jacobian(theta) / scale, dtype=float)
        multipliers = -np.linalg.lstsq(J.T, g, rcond=None)[0]
        size = float(np.abs(g + J.T @ multipliers).max(initial=0.0))
        if size < tolerance and np.abs(h).max() < FEASIBLE:
            return point, iteration, size
        curvature = equal.curvature(theta, multipliers) / np.outer(scale, scale)
        step = _constrained_step(objective.hessian(point) + curvature, g, h, J)
        moved = _merit_search(objective, point, step, equal, 2 * float(np.abs(multipliers).max()) + 1)
        if moved is None:
            return point, iteration, size
        point = moved
    return point, MAX_ITERATIONS, size


def _constrained_step(H: Array, g: Array, h: Array, J: Array) -> Array:
    restoring = -np.linalg.pinv(J) @ h
    Z = null_space(J)
    values, vectors = np.linalg.eigh(Z.T @ H @ Z)
    size = np.maximum(np.abs(values), 1e-8 * np.abs(values).max(initial=1e-300))
    along = Z @ (-vectors @ ((vectors.T @ (Z.T @ (g + H @ restoring))) / size))
    step = restoring + along
    return step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-300))


def _merit_search(objective: Objective[P], point: P, step: Array, equal: Equalities, rho: float) -> P | None:
    """Return the first point along the step where the merit function falls."""

    def merit(at: P) -> float:
        return at.discrepancy + rho * float(np.abs(equal.values(at.phi / objective.scale)).sum())

    now = merit(point)
    length = 1.0
    for _ in range(40):
        moved = objective.evaluate(point.phi + length * step)
        if moved is not None and merit(moved) <= now + 1e-12 * (1 + abs(now)):
            return moved
        length /= 2
    return None
