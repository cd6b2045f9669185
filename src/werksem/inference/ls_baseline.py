"""The baseline of CFI and TLI under least squares: uncorrelated variables, a linear model in closed form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.ls_model import LSModel, exogenous_observed
from werksem.estimators.ls_problem import LSProblem
from werksem.inference.ls_tests import Part

__all__ = ["Null", "baseline_parts"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Null:
    """The baseline's parts, groups stacked in its parameters, and its degrees of freedom."""

    parts: tuple[Part, ...]
    df: int


def baseline_parts(ls: LSModel, problem: LSProblem, parts: Sequence[Part]) -> Null:
    """Return the fitted baseline: levels, slopes, variances and covariances of x free, the rest 0."""
    x = {ls.model.observed.index(name) for name in exogenous_observed(ls.model)}
    kept = []
    for group in problem.groups:
        s = group.statistics
        outside = np.array(
            [r == c or {r, c} <= x for r, c in zip(s.row.tolist(), s.col.tolist(), strict=True)]
        )
        kept.append(np.concatenate([np.ones(len(s.values) - len(outside), dtype=bool), outside]))
    total = sum(int(keep.sum()) for keep in kept)
    fitted, begin = [], 0
    for group, part, keep in zip(problem.groups, parts, kept, strict=True):
        own = np.eye(len(keep))[:, keep]
        H = np.zeros((len(keep), total))
        H[:, begin : begin + own.shape[1]] = own
        begin += own.shape[1]
        weighted = part.weighted(own)
        beta = np.linalg.solve(own.T @ weighted, weighted.T @ group.values)
        fitted.append(replace(part, jacobian=H, residual=group.values - own @ beta))
    return Null(tuple(fitted), sum(len(keep) for keep in kept) - total)
