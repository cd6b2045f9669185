"""ML under equality constraints: sequential quadratic programming with the exact Hessian.

Each step has a part that restores h = 0 and a Newton part along the directions that keep it; a
merit function F + rho |h| decides how long it may be (Nocedal & Wright, 2006, chapter 18).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.constraints import Equalities, null_space
from werksem.estimators.derivatives import Terms
from werksem.estimators.objective import Point, evaluate, gradient, hessian
from werksem.estimators.problem import Problem

__all__ = ["constrained_newton"]

Array = NDArray[np.float64]
FEASIBLE = 1e-10
MAX_ITERATIONS = 500


def constrained_newton(
    problem: Problem, terms: tuple[Terms, ...], point: Point, equal: Equalities, tolerance: float
) -> tuple[Point, int, float]:
    """Return (optimum, iterations, largest gradient along the constraints)."""
    scale = problem.scale
    for iteration in range(MAX_ITERATIONS):
        g = gradient(problem, terms, point)
        theta = point.phi / scale
        h, J = equal.values(theta), equal.jacobian(theta) / scale
        multipliers = -np.linalg.lstsq(J.T, g, rcond=None)[0]
        size = float(np.abs(g + J.T @ multipliers).max(initial=0.0))
        if size < tolerance and np.abs(h).max() < FEASIBLE:
            return point, iteration, size
        curvature = equal.curvature(theta, multipliers) / np.outer(scale, scale)
        step = _step(hessian(problem, terms, point) + curvature, g, h, J)
        moved = _search(problem, point, step, equal, 2 * float(np.abs(multipliers).max()) + 1)
        if moved is None:
            return point, iteration, size
        point = moved
    return point, MAX_ITERATIONS, size


def _step(H: Array, g: Array, h: Array, J: Array) -> Array:
    restoring = -np.linalg.pinv(J) @ h
    Z = null_space(J)
    values, vectors = np.linalg.eigh(Z.T @ H @ Z)
    size = np.maximum(np.abs(values), 1e-8 * np.abs(values).max(initial=1e-300))
    along = Z @ (-vectors @ ((vectors.T @ (Z.T @ (g + H @ restoring))) / size))
    step = restoring + along
    return step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-300))


def _search(problem: Problem, point: Point, step: Array, equal: Equalities, rho: float) -> Point | None:
    """Return the first point along the step where the merit function falls."""

    def merit(at: Point) -> float:
        return at.discrepancy + rho * float(np.abs(equal.values(at.phi / problem.scale)).sum())

    now = merit(point)
    length = 1.0
    for _ in range(40):
        moved = evaluate(problem, point.phi + length * step)
        if moved is not None and merit(moved) <= now + 1e-12 * (1 + abs(now)):
            return moved
        length /= 2
    return None
