"""Least squares in phi: statistics, their residuals and the analytic Jacobian of the moments.

F(phi) = sum over groups of (n_g - 1)/n (s - sigma)'W (s - sigma). The derivative of a covariance
to a cell is c (u_i v_j + u_j v_i), of a mean d u_i, of a reduced-form slope u_i A_bx, with u, v
columns of the basis of ``derivatives``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.derivatives import System, Terms, group_terms, mean_factor, system
from werksem.estimators.ls_model import LSModel
from werksem.estimators.ls_statistics import Statistics
from werksem.estimators.problem import GroupProblem, Problem, build_problem

__all__ = [
    "LSGroup",
    "LSPoint",
    "LSProblem",
    "Slopes",
    "evaluate",
    "gradient",
    "jacobians",
    "ls_problem",
    "spread_of",
    "weighted",
]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LSGroup:
    """One group on the rescaled metric: what is fitted, how it weighs, what is derived.

    ``units`` (m,) turn raw statistics into rescaled ones; ``ordered`` (o,) are places among the
    observed, ``derived`` (o,) the places in phi of their residual variances and ``cells`` (o,)
    those among the terms, ``scales`` (o,) places in phi of the scales of y* or -1; ``x`` (k,) are
    the places of ``slope_x`` among the eta.
    """

    group: GroupProblem
    terms: Terms
    statistics: Statistics
    values: Array
    weight: Array
    units: Array
    share: float
    ordered: Index
    derived: Index
    cells: Index
    scales: Index
    x: Index


@dataclass(frozen=True, slots=True)
class LSProblem:
    """All groups; ``free`` (f,) are the places in phi (q,) of what is estimated."""

    problem: Problem
    groups: tuple[LSGroup, ...]
    free: Index
    conditional: bool


@dataclass(frozen=True, slots=True)
class LSPoint:
    """A value of phi, the discrepancy there, and each group's system and residuals s - sigma."""

    phi: Array
    discrepancy: float
    systems: tuple[System, ...]
    residuals: tuple[Array, ...]


@dataclass(frozen=True, slots=True)
class Slopes:
    """Derivatives of one group: of the statistics and of the derived entries to the free parameters.

    ``free`` (m, f) has what goes through the derived entries in it, ``derived`` (o, f) is theirs;
    ``through`` (m, o) is of the statistics to the derived entries, ``effect`` (o, o) of the ordered
    variables' variances to them.
    """

    free: Array
    derived: Array
    through: Array
    effect: Array


def ls_problem(ls: LSModel, statistics: Sequence[Statistics]) -> LSProblem:
    """Return the rescaled problem of a model and one group's statistics each."""
    problem = build_problem(ls.model, [part.start for part in statistics])
    n = sum(part.n for part in statistics)
    groups = tuple(_group(ls, problem, g, part, (part.n - 1) / n) for g, part in enumerate(statistics))
    free = np.flatnonzero(~np.array(ls.model.exogenous))
    return LSProblem(problem, groups, free, bool(ls.x))


def _group(ls: LSModel, problem: Problem, g: int, s: Statistics, share: float) -> LSGroup:
    group = problem.groups[g]
    terms = group_terms(group, problem.n_observed, problem.n_eta)
    unit = 1 / group.units
    slopes = unit[s.slope_y] / unit[s.slope_x]
    units = np.concatenate([unit[s.level], slopes, unit[s.row] * unit[s.col]])
    weight = s.weight / (units**2 if s.weight.ndim == 1 else np.outer(units, units))
    ordered = np.array([ls.model.observed.index(name) for name in ls.ordered], dtype=np.int64)
    cells = np.array([np.flatnonzero(terms.free == at)[0] for at in ls.derived[g]], dtype=np.int64)
    x = np.array([ls.model.eta.index(ls.model.observed[at]) for at in s.slope_x], dtype=np.int64)
    return LSGroup(
        group,
        terms,
        s,
        s.values * units,
        weight,
        units,
        share,
        ordered,
        ls.derived[g],
        cells,
        ls.scales[g],
        x,
    )


def weighted(group: LSGroup, values: Array) -> Array:
    """Return W times a vector (m,) or matrix (m, k)."""
    if group.weight.ndim == 2:
        return group.weight @ values
    return group.weight * values if values.ndim == 1 else group.weight[:, None] * values


def evaluate(ls: LSProblem, phi: Array) -> LSPoint | None:
    """Return the point at phi with its derived entries filled in; None where it is not finite."""
    phi = phi.copy()
    systems, residuals, total = [], [], 0.0
    for group in ls.groups:
        at = _filled(ls, group, phi)
        if at is None:
            return None
        residual = group.values - _implied(group, at, phi)
        systems.append(at)
        residuals.append(residual)
        total += group.share * float(residual @ weighted(group, residual))
    return LSPoint(phi, total, tuple(systems), tuple(residuals)) if np.isfinite(total) else None


def _filled(ls: LSProblem, group: LSGroup, phi: Array) -> System | None:
    """Return the system at phi, with derived residual variances written so that y* has variance 1."""
    try:
        if not len(group.derived):
            return system(ls.problem, group.group, phi)
        phi[group.derived] = 0.0
        at = system(ls.problem, group.group, phi)
        left = 1.0 / scales_of(group, phi)[group.ordered] ** 2 - np.diag(at.Sigma)[group.ordered]
        phi[group.derived] = np.linalg.solve(_derived_effect(group, at), left)
        return system(ls.problem, group.group, phi)
    except np.linalg.LinAlgError:
        return None


def scales_of(group: LSGroup, phi: Array) -> Array:
    """Return the scale (p,) of each observed variable: 1, or its parameter."""
    scales = np.ones(len(group.group.mean))
    own = group.scales >= 0
    scales[group.ordered[own]] = phi[group.scales[own]]
    return scales


def row_scales(group: LSGroup, phi: Array) -> Array:
    """Return what scales of y* multiply each statistic (m,) by."""
    d, s = scales_of(group, phi), group.statistics
    return np.concatenate([d[s.level], d[s.slope_y], d[s.row] * d[s.col]])


def _derived_effect(group: LSGroup, at: System) -> Array:
    """Return the derivative (o, o) of the ordered variables' variances to their derived residuals."""
    t, cells = group.terms, group.cells
    M = at.basis[group.ordered]
    return 2 * t.c[cells] * M[:, t.u[cells]] * M[:, t.v[cells]]


def _implied(group: LSGroup, at: System, phi: Array) -> Array:
    s = group.statistics
    level = at.mean[s.level]
    is_threshold = s.threshold >= 0
    level = np.where(is_threshold, phi[s.threshold] - level, level)
    p = len(at.Sigma)
    slopes = at.basis[s.slope_y, p + group.x]
    unscaled = np.concatenate([level, slopes, at.Sigma[s.row, s.col]])
    return unscaled * row_scales(group, phi)


def jacobians(ls: LSProblem, point: LSPoint) -> list[Slopes]:
    """Return each group's derivatives of the implied statistics and of the derived entries."""
    return [_jacobian(ls, group, at, point.phi) for group, at in zip(ls.groups, point.systems, strict=True)]


def _jacobian(ls: LSProblem, group: LSGroup, at: System, phi: Array) -> Slopes:
    s, t, M = group.statistics, group.terms, at.basis
    means = mean_factor(t, at) * M[:, t.u][s.level]
    is_threshold = s.threshold >= 0
    means[is_threshold] *= -1
    slopes = (t.path * t.coef) * M[s.slope_y][:, t.u] * at.A[t.b][:, group.x].T
    spread = spread_of(ls, group)
    J = np.vstack([means, slopes, _products(t, M[s.row], M[s.col])]) @ spread
    J[np.flatnonzero(is_threshold), s.threshold[is_threshold]] += 1.0
    rows = M[group.ordered]
    variances = _products(t, rows, rows) @ spread
    if (group.scales >= 0).any():
        J *= row_scales(group, phi)[:, None]
        _add_scales(group, J, variances, _implied(group, at, phi), phi)
    effect = variances[:, group.derived]
    derived = np.asarray(-np.linalg.solve(effect, variances[:, ls.free]))
    through = J[:, group.derived]
    return Slopes(J[:, ls.free] + through @ derived, derived, through, effect)


def _add_scales(group: LSGroup, J: Array, variances: Array, implied: Array, phi: Array) -> None:
    """Add the derivatives to the scales of y*: of the statistics, and of what variances should be."""
    s = group.statistics
    for k in np.flatnonzero(group.scales >= 0):
        at, scale = group.scales[k], phi[group.scales[k]]
        here = group.ordered[k]
        pairs = (s.row == here).astype(float) + (s.col == here)
        J[:, at] += np.concatenate([s.level == here, s.slope_y == here, pairs]) * implied / scale
        variances[k, at] += 2 / scale**3


def spread_of(ls: LSProblem, group: LSGroup) -> Array:
    """Return the matrix (K, q) that sums cells into phi."""
    spread = np.zeros((len(group.terms.free), len(ls.problem.scale)))
    spread[np.arange(len(group.terms.free)), group.terms.free] = 1.0
    return spread


def _products(t: Terms, left: Array, right: Array) -> Array:
    return t.c * (left[:, t.u] * right[:, t.v] + left[:, t.v] * right[:, t.u])


def gradient(ls: LSProblem, point: LSPoint, slopes: Sequence[Slopes]) -> Array:
    """Return dF/dphi (f,) of the free parameters."""
    out = np.zeros(len(ls.free))
    for group, residual, part in zip(ls.groups, point.residuals, slopes, strict=True):
        out -= 2 * group.share * (part.free.T @ weighted(group, residual))
    return out
