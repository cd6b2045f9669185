"""Both traces of U Gamma, for tests adjusted in mean and variance (MLMV).

In coordinates where the weight V (at the model's moments) is the identity, U is what is left after
projecting out the model's directions Delta, so tr(U Gamma) and tr((U Gamma)²) are those of the
projected covariances of each respondent's squares and products, or of their sums within clusters
(Satorra & Bentler, 1994; Asparouhov & Muthen, 2010).
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
from werksem.inference.cluster_sums import labels_of, over_groups
from werksem.inference.scaled_test import explained_by, squares_in_blocks
from werksem.inference.unit_sums import cluster_totals, products
from werksem.model import Model
from werksem.moments import Moments
from werksem.respondents import Respondents

__all__ = ["Shift", "scaled_shift"]

Array = NDArray[np.float64]


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
    directions, found = [], []
    parts = zip(problem.groups, problem_terms(problem), point.expansions, respondents, strict=True)
    for group, term, x, data in parts:
        root = np.asarray(np.linalg.cholesky(x.inverse).T, dtype=float)
        delta = _directions(term, x, root, len(problem.scale), problem.mean_structure)
        directions.append(np.sqrt(group.weight) * delta)
        found.append(_of_units(group, data, root, given, problem.mean_structure))
    stacked = np.vstack(directions)[:, ~np.array(model.exogenous)]
    Q = np.linalg.qr(stacked)[0]
    return _shift(Q, _gamma(found, respondents), model.df)


def _shift(Q: Array, G: Array, df: int) -> Shift:
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


def _of_units(group: GroupProblem, data: Respondents, root: Array, given: list[int], means: bool) -> Array:
    """Return what Gamma is of: the sums (C_g, p* [+ p]) of each cluster, or Gamma itself (p* [+ p], same).

    Both of the squares and products, less what fixed x explains, over the (root of the) group's size.
    """
    centred = data.rows / group.units - group.mean
    on_x = explained_by(group, data.rows, given) if given else None
    blocks = squares_in_blocks(centred, root, means, on_x)
    n = float(len(centred) if data.weights is None else data.weights.sum())
    if data.cluster is None:
        return products(blocks, data, centred=True) / n
    return cluster_totals(blocks, data, centred=True) / np.sqrt(n)


def _gamma(found: Sequence[Array], respondents: Sequence[Respondents]) -> Array:
    """Return Gamma over all groups, whose blocks clusters in several groups tie together."""
    ends = np.cumsum([part.shape[1] for part in found])
    if respondents[0].cluster is None:
        G = np.zeros((ends[-1], ends[-1]))
        for part, end in zip(found, ends, strict=True):
            G[end - len(part) : end, end - len(part) : end] = part
        return G
    padded = [
        np.pad(part, ((0, 0), (end - part.shape[1], ends[-1] - end)))
        for part, end in zip(found, ends, strict=True)
    ]
    whole = over_groups(padded, labels_of(respondents))
    return np.asarray(whole.T @ whole)
