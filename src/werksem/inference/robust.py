"""Robust standard errors and scaled tests from casewise scores, for any model by moments.

With A the information of one respondent and B the mean outer product of scores, the sandwich is
A^-1 B A^-1 / n (Huber, 1967; White, 1982). Where respondents come in clusters their scores are
summed first (Liang & Zeger, 1986).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.fit import Fit
from werksem.estimators.objective import evaluate, hessian, information, problem_terms
from werksem.estimators.problem import build_problem
from werksem.inference.influence import casewise_scores
from werksem.inference.scaled_test import saturated_trace
from werksem.model import Model
from werksem.moments import Moments

__all__ = ["Robust", "robust_inference"]

Array = NDArray[np.float64]
BLOCK = 8192


@dataclass(frozen=True, slots=True)
class Robust:
    """What robust inference needs of a fit: sandwich covariances (q, q), and the scaling factor."""

    vcov: Array
    factor: float


def robust_inference(
    model: Model, moments: Sequence[Moments], fit: Fit, rows: Sequence[Array], *, kind: str,
    clusters: Sequence[NDArray[np.int64]] | None = None,
) -> Robust:  # fmt: skip
    """Return the sandwich and the scaling factor of one group's complete rows (n_g, p) each.

    ``kind`` is ``MLR`` (observed information, Yuan-Bentler) or ``MLM`` (expected, Satorra-Bentler).
    ``clusters`` gives each row's cluster code.
    """
    problem = build_problem(model, moments)
    terms = problem_terms(problem)
    point = evaluate(problem, fit.theta * problem.scale)
    if point is None:
        raise ValueError("the implied covariance matrix is not positive definite")
    observed = kind == "MLR"
    A = hessian(problem, terms, point) / 2 if observed else information(problem, terms, point)
    B, saturated = np.zeros_like(A), 0.0
    for g, (group, term, x) in enumerate(zip(problem.groups, terms, point.expansions, strict=True)):
        centre = group.mean - x.residual
        meat = np.zeros_like(A)
        for begin in range(0, len(rows[g]), BLOCK):
            block = rows[g][begin : begin + BLOCK] / group.units - centre
            scores = np.zeros((len(block), len(A)))
            np.add.at(scores.T, term.free, casewise_scores(term, x, block).T)
            meat += scores.T @ scores
        B += meat / problem.n
        saturated += group.weight * saturated_trace(
            group, x, rows[g], problem.mean_structure, at_model=not observed
        )
    bread = np.linalg.inv(A)
    factor = (saturated - float(np.einsum("ij,ji->", B, bread))) / max(model.df, 1)
    vcov = bread @ B @ bread / problem.n / np.outer(problem.scale, problem.scale)
    return Robust(vcov, factor)
