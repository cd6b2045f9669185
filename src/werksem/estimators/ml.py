"""Maximum likelihood for a model by moments: Newton with the exact observed Hessian.

Where the Hessian is not positive definite, far from the optimum, its eigenvalues are turned
positive; steps are halved until the discrepancy falls. Ends at max |dF/dphi| < 1e-8.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.estimators.constrained import constrained_newton
from werksem.estimators.constraints import equalities
from werksem.estimators.derivatives import Terms
from werksem.estimators.fit import Fit
from werksem.estimators.objective import Point, evaluate, gradient, hessian, information, problem_terms
from werksem.estimators.problem import Problem, build_problem
from werksem.estimators.start import start_values
from werksem.implied import matrices
from werksem.model import Model
from werksem.moments import Moments

__all__ = ["TOLERANCE", "admissibility", "fit_ml", "newton"]

Array = NDArray[np.float64]
TOLERANCE = 1e-8
MAX_ITERATIONS = 500


def fit_ml(model: Model, moments: Sequence[Moments], start: Array | None = None) -> Fit:
    """Return the ML estimate of a model from one group's moments each.

    ``start`` (q,) in the data's units replaces our own start values. Raises ``EstimationError``
    for singular sample covariances; a fit that does not converge comes back with that status.
    """
    problem = build_problem(model, moments)
    terms = problem_terms(problem)
    phi = start_values(model, problem) if start is None else start * problem.scale
    point = _first_point(problem, model, phi)
    equal = equalities(model)
    if equal is None:
        point, iterations, size = newton(problem, terms, point)
    else:
        point, iterations, size = constrained_newton(problem, terms, point, equal, TOLERANCE)
    theta = point.phi / problem.scale
    status = admissibility(model, theta) if size < TOLERANCE else "not_converged"
    return Fit("ML", theta, point.discrepancy, problem.n, iterations, size, status)


def _first_point(problem: Problem, model: Model, phi: Array) -> Point:
    """Return an admissible start: paths and covariances shrink until Sigma is positive definite."""
    moving = np.zeros(len(phi), dtype=bool)
    for number, row in enumerate(model.rows):
        at = model.free_of_row[number]
        if at >= 0 and (row.op == "~" or (row.op == "~~" and row.lhs != row.rhs)):
            moving[at] = True
    for shrink in (1.0, 0.7, 0.4, 0.2, 0.0):
        point = evaluate(problem, np.where(moving, shrink * phi, phi))
        if point is not None:
            return _fitted_means(problem, point)
    raise EstimationError("no start values give a positive definite covariance matrix: check fixed values")


def _fitted_means(problem: Problem, point: Point) -> Point:
    """Return the point with its means at their optimum: F is quadratic in them."""
    if not problem.mean_structure:
        return point
    terms = problem_terms(problem)
    free = np.zeros(len(point.phi), dtype=bool)
    for term in terms:
        free[term.free[term.is_mean]] = True
    if not free.any():
        return point
    step = np.linalg.lstsq(
        2 * information(problem, terms, point)[np.ix_(free, free)],
        gradient(problem, terms, point)[free], rcond=None,
    )[0]  # fmt: skip
    phi = point.phi.copy()
    phi[free] -= step
    return evaluate(problem, phi) or point


def newton(problem: Problem, terms: tuple[Terms, ...], point: Point) -> tuple[Point, int, float]:
    """Return (optimum, iterations, max |gradient|)."""
    g = gradient(problem, terms, point)
    for iteration in range(MAX_ITERATIONS):
        size = float(np.abs(g).max(initial=0.0))
        if size < TOLERANCE:
            return point, iteration, size
        H = hessian(problem, terms, point)
        step = _descent(H, g)
        moved = _line_search(problem, point, step, float(g @ step))
        if moved is None:
            H = 2 * information(problem, terms, point)
            step = _descent(H, g)
            moved = _line_search(problem, point, step, float(g @ step))
        if moved is None:
            return point, iteration, size
        point = moved
        g = gradient(problem, terms, point)
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


def _line_search(problem: Problem, point: Point, step: Array, slope: float) -> Point | None:
    """Return the first point along the step that lowers F enough, None where there is none.

    Near the optimum F is flat to rounding, so a rise within 1e-13 of its size passes.
    """
    slack = 1e-13 * (1.0 + abs(point.discrepancy))
    length = 1.0
    for _ in range(40):
        moved = evaluate(problem, point.phi + length * step)
        if moved is not None and moved.discrepancy <= point.discrepancy + 1e-4 * length * slope + slack:
            return moved
        length /= 2
    return None


def admissibility(model: Model, theta: Array) -> str:
    """Return ``ok``, ``heywood`` (a negative variance) or ``not_positive_definite`` (Psi or Theta).

    >>> from werksem.spec.types import ModelSpec, Statement
    >>> from werksem.model import build_model
    >>> spec = ModelSpec("m", (), tuple(Statement("f", "=~", x) for x in ("x1", "x2", "x3")))
    >>> admissibility(build_model(spec), np.array([1.0, 1.0, -0.1, 0.5, 0.5, 1.0]))
    'heywood'
    """
    for group in range(len(model.groups)):
        m = matrices(model, theta, group)
        for matrix in (m.Theta, m.Psi):
            if (np.diag(matrix) < 0).any():
                return "heywood"
            used = np.diag(matrix) > 0
            if used.any() and np.linalg.eigvalsh(matrix[np.ix_(used, used)])[0] < -1e-10:
                return "not_positive_definite"
    return "ok"
