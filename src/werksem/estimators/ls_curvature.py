"""The Hessian of the least squares discrepancy: Gauss-Newton's part, and the curvature of the moments.

F'' = 2 Delta'W Delta - 2 sum_k (W r)_k sigma_k''. Derived residual variances are constraints
Sigma_ii = 1 of the ordered variables, so their multipliers stand on the diagonal of G (Lagrange).
The curvature of reduced-form slopes is left out: it only slows convergence given covariates.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.derivatives import Expansion, second_order
from werksem.estimators.ls_problem import LSGroup, LSPoint, LSProblem, Slopes, spread_of, weighted

__all__ = ["gauss_newton", "hessian"]

Array = NDArray[np.float64]


def gauss_newton(ls: LSProblem, slopes: Sequence[Slopes]) -> Array:
    """Return 2 Delta'W Delta (f, f)."""
    H = np.zeros((len(ls.free), len(ls.free)))
    for group, part in zip(ls.groups, slopes, strict=True):
        H += 2 * group.share * (part.free.T @ weighted(group, part.free))
    return H


def hessian(ls: LSProblem, point: LSPoint, slopes: Sequence[Slopes]) -> Array:
    """Return the Hessian of F (f, f) in the free parameters; Gauss-Newton's part where scales are free."""
    H = gauss_newton(ls, slopes)
    if any((group.scales >= 0).any() for group in ls.groups):
        return H
    for number, (group, part) in enumerate(zip(ls.groups, slopes, strict=True)):
        force = -2 * group.share * weighted(group, point.residuals[number])
        S = _curved(ls, group, point, number, part, force)
        onto = np.zeros((len(ls.problem.scale), len(ls.free)))
        onto[ls.free, np.arange(len(ls.free))] = 1.0
        onto[group.derived] = part.derived
        onto = spread_of(ls, group) @ onto
        H += onto.T @ ((S + S.T) / 2) @ onto
    return H


def _curved(ls: LSProblem, group: LSGroup, point: LSPoint, number: int, part: Slopes, force: Array) -> Array:
    """Return sum_k force_k sigma_k'' (K, K) in the cells."""
    s, at = group.statistics, point.systems[number]
    p, skip = len(at.Sigma), len(s.values) - len(s.row)
    G = np.zeros((p, p))
    pull = force[skip:]
    np.add.at(G, (s.row, s.col), pull / 2)
    np.add.at(G, (s.col, s.row), pull / 2)
    G[group.ordered, group.ordered] -= np.linalg.solve(part.effect.T, part.through.T @ force)
    means = np.zeros(p)
    np.add.at(means, s.level, np.where(s.threshold >= 0, -1.0, 1.0) * force[: len(s.level)])
    M = at.basis
    table = M.T @ G @ M
    as_ml = Expansion(
        at.A, at.Phi, at.eta_mean, M, at.Sigma, G, means, table, np.zeros_like(table), M.T @ (-means / 2), 0.0
    )
    return second_order(group.terms, as_ml)
