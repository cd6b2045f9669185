"""Covariances of estimates: the inverse of the expected or observed information."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.estimators.constraints import equalities, null_space
from werksem.estimators.fit import Fit
from werksem.estimators.objective import evaluate, hessian, information, problem_terms
from werksem.estimators.problem import build_problem
from werksem.model import Model
from werksem.moments import Moments

__all__ = [
    "information_matrix", "inverse_information", "standard_errors", "vcov_ml", "vcov_of_information",
    "without_given",
]  # fmt: skip

Array = NDArray[np.float64]
RANK_TOLERANCE = 1e-9


def information_matrix(model: Model, moments: Sequence[Moments], fit: Fit, kind: str = "expected") -> Array:
    """Return the information (q, q) of one respondent on the data's own units.

    ``expected``: E[-d2 log f]; ``observed``: half the Hessian of the discrepancy.
    """
    problem = build_problem(model, moments)
    terms = problem_terms(problem)
    point = evaluate(problem, fit.theta * problem.scale)
    if point is None:
        raise EstimationError("the implied covariance matrix is not positive definite")
    on_phi = information(problem, terms, point) if kind == "expected" else hessian(problem, terms, point) / 2
    return on_phi * np.outer(problem.scale, problem.scale)


def vcov_ml(model: Model, moments: Sequence[Moments], fit: Fit, kind: str = "expected") -> Array:
    """Return the covariances (q, q) of the ML estimates: (n I)^-1.

    Raises ``EstimationError`` naming the parameters that the data cannot tell apart where the
    information is singular.
    """
    return vcov_of_information(information_matrix(model, moments, fit, kind), model, fit)


def vcov_of_information(info: Array, model: Model, fit: Fit) -> Array:
    """Return the covariances (q, q) where one respondent's information is ``info`` (q, q).

    Constraints hold, moments of fixed x do not vary. Raises ``EstimationError`` as ``vcov_ml`` does.
    """
    equal = equalities(model)
    Z = np.eye(len(info)) if equal is None else null_space(equal.jacobian(fit.theta))
    inverse = inverse_information(Z.T @ info @ Z, model, fit, Z, np.sqrt(np.maximum(np.diag(info), 0)))
    return without_given(model, Z @ inverse @ Z.T / fit.n)


def inverse_information(info: Array, model: Model, fit: Fit, directions: Array, units: Array) -> Array:
    """Return the inverse information along the columns of ``directions`` (q, k).

    ``units`` (q,) make parameters comparable where some cannot be told apart and are named.
    """
    size = np.sqrt(np.maximum(np.diag(info), 1e-300))
    scaled = info / np.outer(size, size)
    values, vectors = np.linalg.eigh(scaled)
    if values[0] < RANK_TOLERANCE * values[-1]:
        raise EstimationError(_unidentified(model, (directions @ (vectors[:, 0] / size)) * units, fit))
    return (vectors / values) @ vectors.T / np.outer(size, size)


def without_given(model: Model, vcov: Array) -> Array:
    """Return the covariances with nothing varying in moments of fixed x, which are given."""
    given = np.array(model.exogenous)
    return np.where(given[:, None] | given, 0.0, vcov)


def _unidentified(model: Model, direction: Array, fit: Fit) -> str:
    weight = np.abs(direction)
    chosen = [model.parameters[k] for k in np.argsort(-weight) if weight[k] > 0.2 * weight.max()]
    moved = ", ".join(chosen[:6])
    return (
        f"model {model.name!r} is not identified: {moved} can move together without changing the "
        f"implied moments (df {model.df}, n {fit.n:g}); fix one of them or add indicators"
    )


def standard_errors(vcov: Array, jacobian: Array | None = None) -> Array:
    """Return standard errors of theta, or of functions with this jacobian (k, q), by the delta method."""
    if jacobian is None:
        return np.sqrt(np.maximum(np.diag(vcov), 0.0))
    return np.sqrt(np.maximum(np.einsum("kq,qr,kr->k", jacobian, vcov, jacobian), 0.0))
