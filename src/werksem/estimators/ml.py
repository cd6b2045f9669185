"""Maximum likelihood for a model by moments: Newton with the exact observed Hessian.

Ends at max |dF/dphi| < 1e-8.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.estimators.constraints import equalities
from werksem.estimators.derivatives import Terms
from werksem.estimators.fit import Fit
from werksem.estimators.minimise import Objective, minimise
from werksem.estimators.objective import Point, evaluate, gradient, hessian, information, problem_terms
from werksem.estimators.problem import Problem, build_problem
from werksem.estimators.start import start_values
from werksem.implied import matrices
from werksem.model import Model
from werksem.moments import Moments

__all__ = ["TOLERANCE", "admissibility", "fit_ml", "ml_objective"]

Array = NDArray[np.float64]
TOLERANCE = 1e-8


def fit_ml(model: Model, moments: Sequence[Moments], start: Array | None = None) -> Fit:
    """Return the ML estimate of a model from one group's moments each.

    ``start`` (q,) in the data's units replaces our own start values. Raises ``EstimationError``
    for singular sample covariances; a fit that does not converge comes back with that status.
    """
    problem = build_problem(model, moments)
    terms = problem_terms(problem)
    phi = start_values(model, problem) if start is None else start * problem.scale
    point = _first_point(problem, model, phi)
    point, iterations, size = minimise(ml_objective(problem, terms), point, equalities(model), TOLERANCE)
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


def ml_objective(problem: Problem, terms: tuple[Terms, ...]) -> Objective[Point]:
    """Return the ML discrepancy of a problem as functions of phi."""
    return Objective(
        problem.scale,
        lambda phi: evaluate(problem, phi),
        lambda point: gradient(problem, terms, point),
        lambda point: hessian(problem, terms, point),
        lambda point: information(problem, terms, point),
    )


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
