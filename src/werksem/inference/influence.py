"""Casewise influence: how much each respondent moves each estimate, in closed form.

With z = Sigma^-1 (x - mu), the score of one respondent in one cell is c [(z'u)(z'v) - u'Sigma^-1 v]
+ d z'u; his influence on theta is H^-1 score, H half the Hessian of the discrepancy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.derivatives import Expansion, Terms, mean_factor
from werksem.estimators.fit import Fit
from werksem.estimators.objective import evaluate, hessian, problem_terms
from werksem.estimators.problem import build_problem
from werksem.model import Model
from werksem.moments import Moments

__all__ = ["acceleration", "casewise_scores", "influence_blocks"]

Array = NDArray[np.float64]
BLOCK = 8192


def casewise_scores(terms: Terms, x: Expansion, centred: Array) -> Array:
    """Return the scores (rows, K) of respondents' rescaled deviations from the mean mu (rows, p)."""
    projected = centred @ (x.inverse @ x.basis)
    scores = projected[:, terms.u] * projected[:, terms.v]
    scores -= x.W[terms.u, terms.v]
    scores *= terms.c
    return scores + projected[:, terms.u] * mean_factor(terms, x)


def influence_blocks(
    model: Model, moments: Sequence[Moments], fit: Fit, rows: Sequence[Array]
) -> Iterator[tuple[int, Array]]:
    """Yield (group, influence on theta (block, q)) over each group's complete rows (n_g, p), in order.

    Influence is n times the change that one respondent makes, so its mean square over n is the
    sandwich variance.
    """
    problem = build_problem(model, moments)
    terms = problem_terms(problem)
    point = evaluate(problem, fit.theta * problem.scale)
    if point is None:
        raise ValueError("the implied covariance matrix is not positive definite")
    bread = np.linalg.inv(hessian(problem, terms, point) / 2)
    for number, (group, term, x) in enumerate(zip(problem.groups, terms, point.expansions, strict=True)):
        centre = group.mean - x.residual if problem.mean_structure else group.mean
        spread = np.zeros((len(term.free), len(problem.scale)))
        spread[np.arange(len(term.free)), term.free] = 1.0
        to_theta = spread @ bread / problem.scale
        for begin in range(0, len(rows[number]), BLOCK):
            centred = rows[number][begin : begin + BLOCK] / group.units - centre
            yield number, casewise_scores(term, x, centred) @ to_theta


def acceleration(
    model: Model, moments: Sequence[Moments], fit: Fit, rows: Sequence[Array], jacobian: Array,
    *, weights: Sequence[Array] | None = None, units: Sequence[NDArray[np.int64]] | None = None,
) -> Array:  # fmt: skip
    """Return BCa's acceleration (k,) of quantities with this jacobian (k, q).

    a = sum I³ / (6 (sum I²)^1.5) over the units that are resampled (Efron, 1987), I their influence
    on the quantity. ``units`` gives each respondent's cluster, whose influences add up, ``weights``
    what each respondent counts for.
    """
    squares = np.zeros(len(jacobian))
    cubes = np.zeros(len(jacobian))
    sums = [np.zeros((int(codes.max()) + 1, len(jacobian))) for codes in units or ()]
    done = [0] * len(rows)
    for group, influence in influence_blocks(model, moments, fit, rows):
        part = slice(done[group], done[group] + len(influence))
        done[group] = part.stop
        on_quantity = influence @ jacobian.T
        if weights is not None:
            on_quantity *= weights[group][part, None]
        if units is not None:
            np.add.at(sums[group], units[group][part], on_quantity)
            continue
        squares += np.einsum("ik,ik->k", on_quantity, on_quantity)
        cubes += np.einsum("ik,ik,ik->k", on_quantity, on_quantity, on_quantity)
    for whole in sums:
        squares += np.einsum("ik,ik->k", whole, whole)
        cubes += np.einsum("ik,ik,ik->k", whole, whole, whole)
    # a fixed quantity has no influence, and no acceleration
    moving = squares > 1e-200
    return np.where(moving, cubes / (6 * np.where(moving, squares, 1.0) ** 1.5), 0.0)
