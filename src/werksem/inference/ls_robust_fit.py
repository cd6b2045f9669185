"""Robust CFI, TLI and RMSEA of ordinal models (Savalei, 2021): as if the correlations had been fitted by ML.

The chi-square is that of maximum likelihood for a correlation structure at the DWLS (ULS) estimates;
its expectation under the sampling covariances gamma of the polychoric correlations corrects it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.ls_gamma import normal_weight
from werksem.estimators.ls_model import LSModel
from werksem.estimators.ls_problem import LSPoint, LSProblem
from werksem.inference.ls_tests import Part

__all__ = ["CorrelationFit", "correlation_fit"]

Array = NDArray[np.float64]
SMALLEST = 1.5e-8


@dataclass(frozen=True, slots=True)
class CorrelationFit:
    """ML chi-squares of model and baseline for the correlations, and their expectations' factors."""

    chisq: float
    df: int
    factor: float
    chisq_null: float
    df_null: int
    factor_null: float


def correlation_fit(
    ls: LSModel, problem: LSProblem, point: LSPoint, parts: Sequence[Part], bread: Array
) -> CorrelationFit | None:
    """Return what robust measures need, None where they are not defined.

    As in lavaan they are not where a variable is continuous, where there are covariates, where
    scales of y* are free, or where the polychoric correlations are not positive definite.
    """
    scaled = any((scales >= 0).any() for scales in ls.scales)
    if scaled or not ls.ordered or len(ls.ordered) < len(ls.model.observed):
        return None
    groups = [_of_group(ls, problem, point, parts, g) for g in range(len(parts))]
    found = [group for group in groups if group is not None]
    if len(found) < len(groups):
        return None
    pairs = sum(len(group.statistics.row) for group in problem.groups)
    df = pairs - _free_of_correlations(ls, problem)
    if df <= 0:
        return None
    cross = sum(part.share * group.cross for part, group in zip(parts, found, strict=True))
    meat = sum(part.share * group.meat for part, group in zip(parts, found, strict=True))
    model = sum(part.share * group.model for part, group in zip(parts, found, strict=True))
    trace = sum(group.trace for group in found) - 2 * float(np.einsum("ij,ji->", bread, cross))
    trace += float(np.einsum("ij,ji->", bread @ meat, bread @ np.asarray(model)))
    # lavaan 0.6-14 divides each group's gamma by n_g/n here, and so do we
    null = sum(group.trace_gamma / part.share for part, group in zip(parts, found, strict=True))
    chisq = sum(part.n * group.discrepancy for part, group in zip(parts, found, strict=True))
    chisq_null = sum(part.n * group.discrepancy_null for part, group in zip(parts, found, strict=True))
    return CorrelationFit(chisq, df, trace / df, chisq_null, pairs, null / pairs)


@dataclass(frozen=True, slots=True)
class _Group:
    """ML discrepancies of one group, tr(V gamma), tr(gamma), D'W gamma V D, D'W gamma W D and D'V D."""

    discrepancy: float
    discrepancy_null: float
    trace: float
    trace_gamma: float
    cross: Array
    meat: Array
    model: Array


def _of_group(
    ls: LSModel, problem: LSProblem, point: LSPoint, parts: Sequence[Part], g: int
) -> _Group | None:
    s, part, Sigma = problem.groups[g].statistics, parts[g], point.systems[g].Sigma
    skip = len(s.values) - len(s.row)
    R = np.eye(len(Sigma))
    R[s.row, s.col] = R[s.col, s.row] = s.values[skip:]
    if part.gamma is None or min(np.linalg.eigvalsh(R)[0], np.linalg.eigvalsh(Sigma)[0]) < SMALLEST:
        return None
    log_det = float(np.linalg.slogdet(R)[1])
    implied = float(np.linalg.slogdet(Sigma)[1] + np.trace(np.linalg.solve(Sigma, R))) - len(R)
    none = np.zeros(0, dtype=np.int64)
    V, gamma, D = normal_weight(Sigma, none, s.row, s.col), part.gamma[skip:, skip:], part.jacobian[skip:]
    WD = part.weight[skip:, None] * D if part.weight.ndim == 1 else part.weight[skip:, skip:] @ D
    VD, gamma_WD = V @ D, gamma @ WD
    return _Group(
        implied - log_det, -log_det, float(np.einsum("ij,ij->", V, gamma)), float(np.trace(gamma)),
        gamma_WD.T @ VD, WD.T @ gamma_WD, D.T @ VD,
    )  # fmt: skip


def _free_of_correlations(ls: LSModel, problem: LSProblem) -> int:
    """Return how many parameters other than thresholds and means are estimated."""
    levels = {
        at for row, at in zip(ls.model.rows, ls.model.free_of_row, strict=True) if row.op in ("|", "~1")
    }
    free = sum(int(at) not in levels for at in problem.free)
    return free - sum(c.op == "==" for c in ls.model.constraints)
