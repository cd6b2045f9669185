"""The baseline of CFI and TLI with missing data: uncorrelated variables, each by whoever answered it.

Its ML estimate is each variable's available mean and variance. Exogenous columns covary, as in
lavaan: fixed x, which have no blanks, as they are, random x by the saturated model of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.fiml import FimlProblem
from werksem.estimators.pattern_curvature import moment_curvature
from werksem.estimators.pattern_sums import pattern_sums
from werksem.estimators.saturated_em import saturated_moments
from werksem.inference.fiml_scores import mean_outer_product
from werksem.moments import Moments
from werksem.patterns import Patterns, available_moments, patterns

__all__ = ["FimlBaseline", "baseline_trace", "fiml_baseline"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FimlBaseline:
    """Chi-square and df of the baseline; ``complete`` the complete-data chi-square at its estimate.

    ``means`` and ``covs`` per group, rescaled; ``jacobians`` (p + p*, k) per group.
    """

    chisq: float
    df: int
    complete: float
    means: tuple[Array, ...]
    covs: tuple[Array, ...]
    jacobians: tuple[Array, ...]


def fiml_baseline(problem: FimlProblem, x: Sequence[int], fixed: bool) -> FimlBaseline:
    """Return the baseline; ``x`` are the places of exogenous columns, ``fixed`` or random."""
    chisq = complete = 0.0
    means, covs = [], []
    for g, group in enumerate(problem.base.groups):
        mean, variance = available_moments(problem.data[g])
        mu, Sigma = mean / group.units, np.diag(variance / group.units**2)
        if x:
            among = _among(problem.data[g], x)
            mu[x] = among.mean / group.units[x]
            Sigma[np.ix_(x, x)] = among.cov / np.outer(group.units[x], group.units[x])
        n = group.weight * problem.base.n
        chisq += n * (pattern_sums(problem.parts[g], mu, Sigma).value - problem.sums[g].value)
        complete += n * _discrepancy(group.mean, group.cov, mu, Sigma)
        means.append(mu)
        covs.append(Sigma)
    p, k = problem.base.n_observed, len(x)
    df = len(means) * (p * (p + 1) // 2 - k * (k + 1) // 2 - (p - k))
    jacobians = _jacobians(p, x, fixed, len(means))
    return FimlBaseline(chisq, df, complete, tuple(means), tuple(covs), jacobians)


def _among(data: Patterns, x: Sequence[int]) -> Moments:
    """Return the saturated moments of some of the variables alone."""
    seen = np.repeat(data.observed[:, x], np.diff(data.first), axis=0)
    rows = np.where(seen, data.rows[:, x], np.nan)
    names = [data.names[k] for k in x]
    return saturated_moments(patterns(rows, names, weights=data.weights, group=data.group)).moments


def _discrepancy(mean: Array, cov: Array, mu: Array, Sigma: Array) -> float:
    inverse = np.linalg.inv(Sigma)
    residual = mean - mu
    log_ratio = np.linalg.slogdet(Sigma)[1] - np.linalg.slogdet(cov)[1]
    return float(log_ratio + np.einsum("ij,ji->", inverse, cov) - len(cov) + residual @ inverse @ residual)


def _jacobians(p: int, x: Sequence[int], fixed: bool, groups: int) -> tuple[Array, ...]:
    """Return the derivatives of the moments in the free ones, group after group."""
    row, col = np.tril_indices(p)
    is_x = np.isin(np.arange(p), x)
    both = is_x[row] & is_x[col]
    means = ~is_x if fixed else np.ones(p, dtype=bool)
    covs = (row == col) & ~both if fixed else (row == col) | both
    free = np.flatnonzero(np.concatenate([means, covs]))
    out = []
    for g in range(groups):
        jacobian = np.zeros((p + len(row), groups * len(free)))
        jacobian[free, g * len(free) + np.arange(len(free))] = 1.0
        out.append(jacobian)
    return tuple(out)


def baseline_trace(
    problem: FimlProblem, baseline: FimlBaseline, information: str, clusters: Sequence[Index] | None
) -> float:
    """Return tr(A0^-1 B0) of the baseline, the part of MLR's trace that is its own."""
    k = baseline.jacobians[0].shape[1]
    A = np.zeros((k, k))
    for g, group in enumerate(problem.base.groups):
        mu, Sigma, D = baseline.means[g], baseline.covs[g], baseline.jacobians[g]
        observed = information != "expected"
        W = moment_curvature(problem.parts[g], mu, Sigma, observed=observed).observed
        A += group.weight * (D.T @ W @ D)
    B = mean_outer_product(problem, baseline.means, baseline.covs, baseline.jacobians, clusters)
    return float(np.trace(np.linalg.solve(A, B)))
