"""The parts of one block of replicates as ``werksem.bootstrap`` puts them together, each by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from werksem.bench.case import Case
from werksem.bench.own import own_units
from werksem.bootstrap import BLOCK
from werksem.estimators.ml import TOLERANCE
from werksem.estimators.objective import evaluate, hessian, problem_terms
from werksem.estimators.problem import build_problem
from werksem.kernels.pack import pack_cells, pack_work
from werksem.kernels.refit import refit_block
from werksem.kernels.resample import case_counts
from werksem.resampling.products import block_moments

__all__ = ["BLOCK", "Parts", "parts_of"]


@dataclass(frozen=True, slots=True)
class Parts:
    """``draws`` fills the counts of BLOCK replicates, ``moments`` sums them, ``refits`` fits them."""

    draws: Callable[[], None]
    moments: Callable[[], object]
    refits: Callable[[], np.ndarray]


def parts_of(case: Case) -> Parts:
    """Return the three parts of a case, each ready to run on what the one before it made."""
    units, n = own_units(case), len(case.rows)
    counts = np.zeros((BLOCK, n), dtype=np.float32)
    case_counts(1, 0, np.array([0, n]), counts)
    mean, cov = block_moments(units.source, counts)
    problem = build_problem(case.model, [case.moments])
    scale = problem.groups[0].units
    S, means = (cov / np.outer(scale, scale))[:, None], (mean / scale)[:, None]
    point = evaluate(problem, case.fit.theta * problem.scale)
    if point is None:
        raise ValueError("the estimate has no positive definite covariance matrix")
    inverse = np.linalg.inv(hessian(problem, problem_terms(problem), point))
    cells, phi = pack_cells(problem), np.empty((BLOCK, len(point.phi)))
    effort, largest = np.zeros((BLOCK, 2), dtype=np.int64), np.empty(BLOCK)

    def refits() -> np.ndarray:
        refit_block(
            cells, pack_work(problem), S, means, problem.mean_structure, point.phi, inverse, TOLERANCE,
            phi, effort, largest,
        )  # fmt: skip
        return largest

    return Parts(
        lambda: case_counts(1, 0, np.array([0, n]), counts),
        lambda: block_moments(units.source, counts),
        refits,
    )
