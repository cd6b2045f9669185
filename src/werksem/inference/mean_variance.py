"""Both traces of U Gamma, for tests adjusted in mean and variance (MLMV).

In coordinates where the weight V (at the model's moments) is the identity, U is what is left after
projecting out the model's directions Delta, so tr(U Gamma) and tr((U Gamma)²) are those of the
projected covariances of each respondent's squares and products (Satorra & Bentler, 1994;
Asparouhov & Muthen, 2010).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.derivatives import Expansion, Terms, mean_factor
from werksem.estimators.fit import Fit
from werksem.estimators.objective import evaluate, problem_terms
from werksem.estimators.problem import GroupProblem, build_problem
from werksem.inference.scaled_test import explained_by, projected_squares
from werksem.model import Model
from werksem.moments import Moments
from werksem.respondents import Respondents

__all__ = ["Shift", "scaled_shift"]

Array = NDArray[np.float64]
BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Shift:
    """The scaled-shifted statistic is chi-square / ``factor`` + ``shift``."""

    factor: float
    shift: float


def scaled_shift(
    model: Model, moments: Sequence[Moments], fit: Fit, respondents: Sequence[Respondents]
) -> Shift:
    """Return factor and shift of the test whose mean and variance are those of its chi-square."""
    problem = build_problem(model, moments)
    point = evaluate(problem, fit.theta * problem.scale)
    if point is None:
        raise ValueError("the implied covariance matrix is not positive definite")
    given = [model.observed.index(name) for name in model.fixed_x]
    directions, spreads = [], []
    parts = zip(problem.groups, problem_terms(problem), point.expansions, respondents, strict=True)
    for group, term, x, data in parts:
        root = np.asarray(np.linalg.cholesky(x.inverse).T, dtype=float)
        delta = _directions(term, x, root, len(problem.scale), problem.mean_structure)
        directions.append(np.sqrt(group.weight) * delta)
        spreads.append(_spread(group, data, root, given, problem.mean_structure))
    stacked = np.vstack(directions)[:, ~np.array(model.exogenous)]
    Q = np.linalg.qr(stacked)[0]
    return _shift(Q, spreads, model.df)


def _shift(Q: Array, spreads: Sequence[Array], df: int) -> Shift:
    size = sum(len(spread) for spread in spreads)
    G = np.zeros((size, size))
    begin = 0
    for spread in spreads:
        end = begin + len(spread)
        G[begin:end, begin:end] = spread
        begin = end
    left = G - Q @ (Q.T @ G)
    trace, square = float(np.trace(left)), float(np.einsum("ij,ji->", left, left))
    factor = float(np.sqrt(square / max(df, 1)))
    return Shift(factor, df - trace / factor)


def _directions(term: Terms, x: Expansion, root: Array, q: int, means: bool) -> Array:
    """Return Delta (p* [+ p], q): the derivatives of the moments, in V's coordinates."""
    a, b = root @ x.basis[:, term.u], root @ x.basis[:, term.v]
    i, j = np.tril_indices(len(root))
    scale = np.where(i == j, np.sqrt(0.5), 1.0)[:, None]
    by_cell = term.c * (a[i] * b[j] + a[j] * b[i]) * scale
    if means:
        by_cell = np.vstack([by_cell, a * mean_factor(term, x)])
    out = np.zeros((len(by_cell), q))
    np.add.at(out.T, term.free, by_cell.T)
    return out


def _spread(group: GroupProblem, data: Respondents, root: Array, given: list[int], means: bool) -> Array:
    """Return Gamma (p* [+ p], same): covariances of the squares and products, less what fixed x explains."""
    centred = data.rows / group.units - group.mean
    on_x = explained_by(group, data.rows, given) if given else None
    size = len(np.tril_indices(len(root))[0]) + (len(root) if means else 0)
    total, outer = np.zeros(size), np.zeros((size, size))
    for begin in range(0, len(centred), BLOCK):
        part = slice(begin, begin + BLOCK)
        w = projected_squares(centred[part], root, means)
        if on_x is not None:
            w -= projected_squares(on_x[part], root, means)
        total += w.sum(axis=0)
        outer += w.T @ w
    mean = total / len(centred)
    return np.asarray(outer / len(centred) - np.outer(mean, mean), dtype=float)
