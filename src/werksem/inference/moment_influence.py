"""Casewise influence on ML estimates by moments, also under == constraints and the Wishart likelihood.

With A half the Hessian along the constraints, a respondent's influence is A^-1 times his score. The
Wishart likelihood takes covariances times f = n_g / (n_g - 1), and counts a group n_g - 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.estimators.derivatives import Expansion, Terms
from werksem.estimators.fit import Fit
from werksem.estimators.objective import evaluate, gradient, hessian, problem_terms
from werksem.estimators.problem import GroupProblem, build_problem
from werksem.inference.scores import casewise_scores
from werksem.inference.tangent import tangent_inverse
from werksem.model import Model
from werksem.moments import Moments
from werksem.respondents import Respondents

__all__ = ["moment_influence_blocks"]

Array = NDArray[np.float64]
BLOCK = 8192


def moment_influence_blocks(
    model: Model, moments: Sequence[Moments], fit: Fit, respondents: Sequence[Respondents], *,
    wishart: bool = False,
) -> Iterator[tuple[int, Array]]:  # fmt: skip
    """Yield (group, influence on theta (block, q)) over each group's rows, in their order.

    Influence is n times the change that counting one respondent once more makes, his weight in it.
    ``moments`` are those that were fitted: ``wishart_moments`` where ``wishart``.
    """
    problem = build_problem(model, moments)
    terms = problem_terms(problem)
    point = evaluate(problem, fit.theta * problem.scale)
    if point is None:
        raise EstimationError("the implied covariance matrix is not positive definite")
    bread = tangent_inverse(
        model, point.phi, problem.scale, hessian(problem, terms, point) / 2, gradient(problem, terms, point)
    )
    sizes = [group.n + 1 if wishart else group.n for group in moments]
    for number, (group, term, x) in enumerate(zip(problem.groups, terms, point.expansions, strict=True)):
        factor = sizes[number] / (sizes[number] - 1) if wishart else 1.0
        counted = sum(sizes) * group.weight / sizes[number]
        to_theta = counted * bread[term.free] / problem.scale
        data = respondents[number]
        for begin in range(0, len(data.rows), BLOCK):
            part = slice(begin, begin + BLOCK)
            scores = _scores(group, term, x, data.rows[part], factor, means=problem.mean_structure)
            if data.weights is not None:
                scores *= data.weights[part, None]
            yield number, scores @ to_theta


def _scores(
    group: GroupProblem, term: Terms, x: Expansion, rows: Array, factor: float, *, means: bool
) -> Array:
    """Return the scores (rows, K) of the free cells, covariances counted ``factor`` times."""
    centred = rows / group.units - group.mean
    scores = casewise_scores(term, x, centred + x.residual if means else centred)
    if factor != 1.0:
        projected = centred @ (x.inverse @ x.basis)
        scores += (factor - 1) * term.c * projected[:, term.u] * projected[:, term.v]
    return scores
