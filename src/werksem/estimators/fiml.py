"""Full-information maximum likelihood for rows with blanks, by missing-data patterns.

F(phi) = sum over groups of n_g/n [sum over patterns w_k (log|Sigma_k| + tr(Sigma_k^-1 T_k))] minus
the same of the saturated model, so that chi-square is n F as with complete data. The start is the
ML estimate for the saturated model's moments, which is FIML itself but for the weights of moments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.estimators.constraints import equalities
from werksem.estimators.derivatives import Expansion, Terms, cell_gradient, expand, mean_factor, second_order
from werksem.estimators.fit import Fit
from werksem.estimators.minimise import Objective, minimise
from werksem.estimators.ml import TOLERANCE, admissibility, fit_ml
from werksem.estimators.objective import problem_terms
from werksem.estimators.pattern_curvature import moment_curvature, vech_pairs
from werksem.estimators.pattern_sums import Batch, Sums, batches, pattern_sums
from werksem.estimators.problem import Problem, build_problem
from werksem.estimators.saturated_em import Saturated, saturated_moments
from werksem.model import Model
from werksem.moments import Moments
from werksem.patterns import Patterns, select_patterns

__all__ = [
    "FimlPoint",
    "FimlProblem",
    "fiml_objective",
    "fiml_problem",
    "fit_fiml",
    "fit_fiml_problem",
    "moment_jacobian",
]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FimlProblem:
    """A rescaled problem with each group's patterns, saturated moments and saturated sums."""

    base: Problem
    terms: tuple[Terms, ...]
    data: tuple[Patterns, ...]
    parts: tuple[tuple[Batch, ...], ...]
    saturated: tuple[Saturated, ...]
    sums: tuple[Sums, ...]

    @property
    def moments(self) -> tuple[Moments, ...]:
        """The saturated model's moments, in the data's units."""
        return tuple(group.moments for group in self.saturated)


@dataclass(frozen=True, slots=True)
class FimlPoint:
    """A value of phi: every group's expansion, its sums over patterns and its mean mu.

    ``discrepancy`` is F without its constant, the saturated model's: its size says how far rounding
    goes, which the line search needs to know.
    """

    phi: Array
    discrepancy: float
    expansions: tuple[Expansion, ...]
    sums: tuple[Sums, ...]
    means: tuple[Array, ...]


def fiml_problem(model: Model, data: Sequence[Patterns]) -> FimlProblem:
    """Return the problem of a model with mean structure and one group's patterns each.

    Raises ``EstimationError`` without a mean structure, or where the saturated model is singular.
    """
    if not model.mean_structure:
        raise EstimationError(f"model {model.name!r} needs a mean structure: blanks leave no free means")
    ordered = tuple(select_patterns(group, model.observed) for group in data)
    saturated = tuple(saturated_moments(group) for group in ordered)
    base = build_problem(model, [group.moments for group in saturated])
    parts = tuple(batches(group, part.units) for group, part in zip(ordered, base.groups, strict=True))
    sums = tuple(
        pattern_sums(part, group.mean, group.cov) for part, group in zip(parts, base.groups, strict=True)
    )
    return FimlProblem(base, problem_terms(base), ordered, parts, saturated, sums)


def fit_fiml(model: Model, data: Sequence[Patterns], start: Array | None = None) -> Fit:
    """Return the casewise ML estimate of a model from one group's patterns each.

    ``start`` (q,) in the data's units replaces our own start. ``discrepancy`` times n is the
    likelihood-ratio chi-square. Raises ``EstimationError`` as ``fiml_problem`` does; a fit that does
    not converge comes back with that status.
    """
    return fit_fiml_problem(model, fiml_problem(model, data), start)


def fit_fiml_problem(model: Model, problem: FimlProblem, start: Array | None = None) -> Fit:
    """Return the estimate for a problem already built."""
    theta = fit_ml(model, problem.moments).theta if start is None else start
    objective = fiml_objective(problem)
    point = objective.evaluate(theta * problem.base.scale)
    if point is None:
        raise EstimationError("the start values give no positive definite covariance matrix")
    point, iterations, size = minimise(objective, point, equalities(model), TOLERANCE)
    theta = point.phi / problem.base.scale
    status = admissibility(model, theta) if size < TOLERANCE else "not_converged"
    constant = sum(g.weight * sums.value for g, sums in zip(problem.base.groups, problem.sums, strict=True))
    discrepancy = max(point.discrepancy - constant, 0.0)
    return Fit("ML", theta, discrepancy, problem.base.n, iterations, size, status)


def fiml_objective(problem: FimlProblem) -> Objective[FimlPoint]:
    """Return the FIML discrepancy of a problem as functions of phi."""
    return Objective(
        problem.base.scale,
        lambda phi: _evaluate(problem, phi),
        lambda point: _gradient(problem, point),
        lambda point: 2 * _information(problem, point, observed=True),
        lambda point: _information(problem, point, observed=False),
    )


def _evaluate(problem: FimlProblem, phi: Array) -> FimlPoint | None:
    """Return the point at phi, None where a group's Sigma is not positive definite."""
    value, expansions, sums, means = 0.0, [], [], []
    for group, parts in zip(problem.base.groups, problem.parts, strict=True):
        x = expand(problem.base, group, phi)
        if x is None:
            return None
        mu = group.mean - x.residual
        try:
            found = pattern_sums(parts, mu, x.Sigma)
        except np.linalg.LinAlgError:
            return None
        value += group.weight * found.value
        tables = (x.basis.T @ found.K @ x.basis, x.basis.T @ found.V @ x.basis, x.basis.T @ found.b)
        expansions.append(replace(x, W=tables[0], V=tables[1], b=tables[2]))
        sums.append(found)
        means.append(mu)
    if not np.isfinite(value):
        return None
    return FimlPoint(phi, value, tuple(expansions), tuple(sums), tuple(means))


def _gradient(problem: FimlProblem, point: FimlPoint) -> Array:
    out = np.zeros(len(problem.base.scale))
    for group, term, x in zip(problem.base.groups, problem.terms, point.expansions, strict=True):
        np.add.at(out, term.free, group.weight * cell_gradient(term, x))
    return out


def _information(problem: FimlProblem, point: FimlPoint, *, observed: bool) -> Array:
    """Return half the Hessian of F in phi (q, q), or its expectation."""
    q = len(problem.base.scale)
    out = np.zeros((q, q))
    for g, (group, term, x) in enumerate(
        zip(problem.base.groups, problem.terms, point.expansions, strict=True)
    ):
        curvature = moment_curvature(problem.parts[g], point.means[g], x.Sigma, observed=observed)
        J = moment_jacobian(term, x)
        part = J.T @ curvature.observed @ J
        if observed:
            part += second_order(term, x) / 2
        np.add.at(out, np.ix_(term.free, term.free), group.weight * part)
    return (out + out.T) / 2


def moment_jacobian(terms: Terms, x: Expansion) -> Array:
    """Return the derivatives (p + p*, K) of mu and vech(Sigma) in the free cells."""
    row, col, _ = vech_pairs(len(x.Sigma))
    U, V = x.basis[:, terms.u], x.basis[:, terms.v]
    cov = terms.c * (U[row] * V[col] + V[row] * U[col])
    return np.vstack([mean_factor(terms, x) * U, cov])
