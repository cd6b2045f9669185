"""Standard errors of a few quantities at any point of a model, without its whole sandwich.

With j the gradient of a quantity, A the information of one respondent and w = A^-1 j (along the
directions that held functions leave free), a respondent moves the quantity by w'score, which is a
quadratic form y'K y + l'y in his deviations. So sums of y and yy' per cluster, made once, serve
every refit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.constraints import equalities
from werksem.estimators.derivatives import Expansion, Terms, mean_factor
from werksem.estimators.objective import Point, evaluate, hessian, information, problem_terms
from werksem.estimators.problem import Problem, build_problem
from werksem.inference.cluster_sums import over_groups
from werksem.inference.units import Sampling, Units
from werksem.model import Model
from werksem.moments import Moments

__all__ = ["quantity_errors", "restricted_solve"]

Array = NDArray[np.float64]


def restricted_solve(A: Array, held: Array, right: Array) -> Array:
    """Return x (q, k) that solves A x = right along the directions with held x = 0, held (r, q).

    >>> restricted_solve(np.diag([1.0, 2.0]), np.array([[0.0, 1.0]]), np.array([[3.0], [5.0]])).tolist()
    [[3.0], [0.0]]
    """
    r = len(held)
    system = np.block([[A, held.T], [held, np.zeros((r, r))]])
    return np.asarray(np.linalg.solve(system, np.vstack([right, np.zeros((r, right.shape[1]))]))[: len(A)])


def quantity_errors(
    model: Model, moments: Sequence[Moments], theta: Array, jacobian: Array, sampling: Sampling,
    held: Array | None = None, added: Sequence[Array] | None = None,
) -> Array:  # fmt: skip
    """Return the standard errors (k,) of quantities with this jacobian (k, q) at theta (q,).

    ``held`` (r, q) are gradients of functions that sampling does not change. ``added`` has one (p, p)
    per group: what was taken from the sample's covariances before fitting, and varies with them.
    Raises ``numpy.linalg.LinAlgError`` where the information is singular.
    """
    problem = build_problem(model, moments)
    terms = problem_terms(problem)
    point = evaluate(problem, theta * problem.scale)
    if point is None:
        return np.full(len(jacobian), np.nan)
    expected = sampling.information == "expected"
    A = information(problem, terms, point) if expected else hessian(problem, terms, point) / 2
    equal = equalities(model)
    rows = [part for part in (held, None if equal is None else equal.jacobian(theta)) if part is not None]
    fixed = np.vstack([*rows, np.zeros((0, len(theta)))]) / problem.scale
    right = np.where(np.array(model.exogenous), 0.0, jacobian / problem.scale)
    w = restricted_solve(A, fixed, right.T)
    if sampling.units is not None:
        squares = _of_units(problem, terms, point, w, sampling, sampling.units)
    elif added is not None:
        squares = _of_normal(problem, terms, point, w, added)
    else:
        squares = np.einsum("kq,qk->k", right, w) / problem.n
    return np.sqrt(np.maximum(squares, 0.0))


def _of_normal(
    problem: Problem, terms: Sequence[Terms], point: Point, w: Array, added: Sequence[Array]
) -> Array:
    """Return the variances (k,) from how normal respondents move each quantity."""
    out = np.zeros(w.shape[1])
    for number, (group, term, x) in enumerate(zip(problem.groups, terms, point.expansions, strict=True)):
        T = x.Sigma + added[number] / np.outer(group.units, group.units)
        for k in range(w.shape[1]):
            K, line = _form(term, x, w[:, k])
            KT = K @ T
            out[k] += group.weight * problem.n * (2 * float((KT * KT.T).sum()) + line @ T @ line)
    return out / problem.n**2


def _of_units(
    problem: Problem, terms: Sequence[Terms], point: Point, w: Array, sampling: Sampling,
    units: Sequence[Units],
) -> Array:  # fmt: skip
    """Return the variances (k,) from how units move each quantity: clusters in all their groups together."""
    moved = []
    for group, term, x, own in zip(problem.groups, terms, point.expansions, units, strict=True):
        found = np.empty((len(own.size), w.shape[1]))
        for k in range(w.shape[1]):
            K, line = _form(term, x, w[:, k])
            line = line + 2 * K @ x.residual if sampling.at_model else line
            found[:, k] = _influence(own, K / np.outer(group.units, group.units), line / group.units)
        moved.append(found)
    if units[0].products is None:
        squares = sum((part**2).sum(axis=0) for part in moved)
    else:
        labels = [own.label for own in units if own.label is not None]
        squares = (over_groups(moved, labels or None) ** 2).sum(axis=0)
    return np.asarray(squares / problem.n**2)


def _form(term: Terms, x: Expansion, w: Array) -> tuple[Array, Array]:
    """Return K (p, p) and l (p,) of w'score = y'K y + l'y, on the problem's rescaled metric."""
    size = x.basis.shape[1]
    G, g = np.zeros((size, size)), np.zeros(size)
    np.add.at(G, (term.u, term.v), w[term.free] * term.c)
    np.add.at(g, term.u, w[term.free] * mean_factor(term, x))
    P = x.inverse @ x.basis
    K = P @ G @ P.T
    return (K + K.T) / 2, P @ g


def _influence(units: Units, K: Array, line: Array) -> Array:
    """Return how far each unit moves the quantity, times n, around its mean."""
    moved = units.linear @ line
    if units.products is not None:
        i, j = np.tril_indices(len(K))
        moved += units.products @ (K[i, j] * np.where(i == j, 1.0, 2.0))
    else:
        moved += np.einsum("np,np->n", units.linear @ K, units.linear)
        if units.explained is not None:
            moved -= units.explained @ line + np.einsum("np,np->n", units.explained @ K, units.explained)
        moved *= units.size
    return np.asarray(moved - units.size * moved.sum() / units.size.sum(), dtype=float)
