"""Robust standard errors and scaled tests from casewise scores, for any model by moments.

With A the information of one respondent and B the mean outer product of scores, the sandwich is
A^-1 B A^-1 / n (Huber, 1967; White, 1982). Where respondents come in clusters their scores are
summed first (Liang & Zeger, 1986), over all groups a cluster lies in (``inference.cluster_sums``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.derivatives import Expansion, Terms
from werksem.estimators.fit import Fit
from werksem.estimators.objective import (
    evaluate,
    half_first_order,
    hessian,
    information,
    problem_terms,
)
from werksem.estimators.problem import GroupProblem, build_problem
from werksem.inference.cluster_sums import labels_of, over_groups
from werksem.inference.scaled_test import explained_by, saturated_squares, spread_trace
from werksem.inference.scores import casewise_scores
from werksem.inference.unit_sums import cluster_totals, products
from werksem.inference.vcov import without_given
from werksem.model import Model
from werksem.moments import Moments
from werksem.respondents import Respondents

__all__ = ["Robust", "robust_inference"]

Array = NDArray[np.float64]
BLOCK = 8192


@dataclass(frozen=True, slots=True)
class Robust:
    """What robust inference needs of a fit: sandwich covariances (q, q), and the scaling factor."""

    vcov: Array
    factor: float


def robust_inference(
    model: Model, moments: Sequence[Moments], fit: Fit, respondents: Sequence[Respondents], *, kind: str,
    curvature: str = "hessian",
) -> Robust:  # fmt: skip
    """Return the sandwich and the scaling factor, from each group's respondents.

    ``kind`` is ``MLR`` (observed information, Yuan-Bentler) or ``MLM`` (expected, Satorra-Bentler).
    ``curvature`` ``h1`` leaves the second derivatives of Sigma out of the test's information, as
    lavaan does where clusters ask for the robust test and not the estimator. ``moments`` must be
    the weighted ones where respondents have weights.
    """
    problem = build_problem(model, moments)
    terms = problem_terms(problem)
    point = evaluate(problem, fit.theta * problem.scale)
    if point is None:
        raise ValueError("the implied covariance matrix is not positive definite")
    observed = kind == "MLR"
    A = hessian(problem, terms, point) / 2 if observed else information(problem, terms, point)
    B, saturated, sums = np.zeros_like(A), 0.0, []
    given = [model.observed.index(name) for name in model.fixed_x]
    for group, term, x, data in zip(problem.groups, terms, point.expansions, respondents, strict=True):
        on_x = explained_by(group, data.rows, given) if given and kind == "MLM" else None
        centre = group.mean - x.residual if observed else group.mean
        # scores at the sample's moments (MLM) have a mean in each group: it is taken out
        scores = _scores(group, term, x, data, len(A), centre, on_x)
        if data.cluster is None:
            B += products(scores, data, centred=not observed) / problem.n
        else:
            sums.append(cluster_totals(scores, data, centred=not observed))
        if on_x is None:
            saturated += _saturated(group, x, data, problem.mean_structure, given, at_model=not observed)
        else:
            centred = data.rows / group.units - group.mean
            saturated += spread_trace(x.inverse, centred, data, problem.mean_structure, on_x)
    if sums:
        whole = over_groups(sums, labels_of(respondents))
        B = whole.T @ whole / problem.n
    bread = np.linalg.inv(A)
    A_test = half_first_order(problem, terms, point) if curvature == "h1" else A
    # the moments of fixed x belong to neither the model nor the saturated one
    free = ~np.array(model.exogenous)
    used = np.ix_(free, free)
    factor = (saturated - float(np.trace(np.linalg.solve(A_test[used], B[used])))) / max(model.df, 1)
    vcov = bread @ B @ bread / problem.n / np.outer(problem.scale, problem.scale)
    return Robust(without_given(model, vcov), factor)


def _scores(
    group: GroupProblem, term: Terms, x: Expansion, data: Respondents, q: int, centre: Array,
    on_x: Array | None,
) -> Iterator[tuple[slice, Array]]:  # fmt: skip
    """Yield (rows, their scores (rows, q)), block after block.

    ``centre`` (p,) is the model's mean (MLR), or the sample's, whose moments Gamma is of (MLM).
    ``on_x`` (n_g, p), what fixed x explains, is taken out.
    """
    for begin in range(0, len(data.rows), BLOCK):
        part = slice(begin, begin + BLOCK)
        scores = np.zeros((len(data.rows[part]), q))
        deviation = data.rows[part] / group.units - centre
        by_cell = casewise_scores(term, x, deviation)
        if on_x is not None:
            by_cell -= casewise_scores(term, x, on_x[part])
        np.add.at(scores.T, term.free, by_cell.T)
        yield part, scores


def _saturated(
    group: GroupProblem, x: Expansion, data: Respondents, means: bool, given: list[int], *, at_model: bool
) -> float:
    """Return tr(V Gamma) of one group; its share n_g / n stands in both and cancels."""
    centred = data.rows / group.units - group.mean
    weight = x.inverse if at_model else np.asarray(np.linalg.inv(group.cov), dtype=float)
    whole = _trace(group.cov, weight, centred, data, means)
    if not given:
        return whole
    block = np.ix_(given, given)
    inner = np.asarray(np.linalg.inv(group.cov[block]), dtype=float)
    return whole - _trace(group.cov[block], inner, centred[:, given], data, means)


def _trace(S: Array, weight: Array, centred: Array, data: Respondents, means: bool) -> float:
    if data.cluster is not None:
        return spread_trace(weight, centred, data, means)
    sampling = np.ones(len(centred)) if data.weights is None else data.weights
    return float((sampling**2 * saturated_squares(S, weight, centred, means)).sum() / sampling.sum())
