"""The bootstrap: a full ML refit of the latent-variable model in every replicate.

Replicates are computed in blocks: counts, moments by one matrix product, compiled refits. Blocks
run on threads (the kernels hold no lock), and each replicate's stream depends on nothing but
(seed, replicate, stratum), so the result does not depend on the number of workers.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.estimators.fit import Fit
from werksem.estimators.ml import TOLERANCE
from werksem.estimators.objective import evaluate, hessian, problem_terms
from werksem.estimators.problem import Problem, build_problem
from werksem.implied import matrices
from werksem.kernels.likelihood import GroupCells
from werksem.kernels.pack import pack_cells, pack_work
from werksem.kernels.refit import refit_block
from werksem.kernels.resample import case_counts
from werksem.model import Model
from werksem.moments import Moments
from werksem.progress import Tick
from werksem.resampling.products import Products, block_moments
from werksem.resampling.units import Units

__all__ = ["STATUS", "Replicates", "available_jobs", "bootstrap", "replicate_status"]

Array = NDArray[np.float64]
BLOCK = 128
STATUS = ("ok", "not_converged", "heywood", "not_positive_definite")


@dataclass(frozen=True, slots=True)
class Replicates:
    """The refits: ``theta`` (R, q), ``status`` (R,) of ``STATUS``, ``gradient_max`` (R,)."""

    theta: Array
    status: NDArray[np.str_]
    gradient_max: Array


@dataclass(frozen=True, slots=True)
class _Refitter:
    """What every block needs, the same for all."""

    problem: Problem
    cells: GroupCells
    start: Array
    inverse: Array


def bootstrap(
    model: Model, moments: Sequence[Moments], fit: Fit, units: Sequence[Units], *,
    replicates: int, seed: int, jobs: int = 1, tick: Tick = lambda steps: None,
    indices: NDArray[np.int64] | None = None,
) -> Replicates:  # fmt: skip
    """Return ML refits of ``replicates`` resamples of each group's units.

    Units are drawn with replacement within each stratum of each group. ``indices`` (R, n) gives
    the resamples instead: numbers of the units drawn, counted over the groups in order. A replicate without a
    solution has the last point reached and the status ``not_converged``.
    """
    if model.constraints:
        raise EstimationError("the bootstrap takes equal labels, not == constraints: write them as labels")
    problem = build_problem(model, moments)
    point = evaluate(problem, fit.theta * problem.scale)
    if point is None:
        raise ValueError("the implied covariance matrix is not positive definite")
    inverse = np.asarray(np.linalg.inv(hessian(problem, problem_terms(problem), point)), dtype=float)
    refitter = _Refitter(problem, pack_cells(problem), point.phi, inverse)
    sources = [group.source for group in units]
    total = len(indices) if indices is not None else replicates
    starts = np.concatenate([[0], np.cumsum([group.count for group in units])])
    strata = np.concatenate([group.starts[:-1] + begin for group, begin in zip(units, starts, strict=False)])
    strata = np.append(strata, starts[-1]).astype(np.int64)

    def one_block(first: int) -> tuple[Array, Array]:
        size = min(BLOCK, total - first)
        counts = _counts(seed, first, strata, indices)
        result = _refit(refitter, sources, counts, starts, size)
        tick(size)
        return result

    blocks = _in_threads(one_block, range(0, total, BLOCK), jobs)
    theta = np.concatenate([block[0] for block in blocks])
    gradient_max = np.concatenate([block[1] for block in blocks])
    return Replicates(theta, replicate_status(model, theta, gradient_max), gradient_max)


def _in_threads(
    work: Callable[[int], tuple[Array, Array]], items: Iterable[int], jobs: int
) -> list[tuple[Array, Array]]:
    """Return the results in order; an interrupt drops what has not begun, where a pool would finish it."""
    pool = ThreadPoolExecutor(max_workers=max(jobs, 1))
    try:
        return list(pool.map(work, items))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _counts(
    seed: int, first: int, starts: NDArray[np.int64], indices: NDArray[np.int64] | None
) -> NDArray[np.float32]:
    """Return a block of resamples as counts (BLOCK, n).

    The last block is as large as the others: a matrix product rounds differently for other shapes,
    and a replicate's bytes may not depend on how many there are.
    """
    n = int(starts[-1])
    counts = np.zeros((BLOCK, n), dtype=np.float32)
    if indices is not None:
        for r, drawn in enumerate(indices[first : first + BLOCK]):
            counts[r] = np.bincount(drawn, minlength=n)
        counts[len(indices[first:]) :] = 1.0
        return counts
    case_counts(seed, first, starts, counts)
    return counts


def _refit(
    refitter: _Refitter, sources: Sequence[Products], counts: NDArray[np.float32],
    starts: NDArray[np.int64], size: int,
) -> tuple[Array, Array]:  # fmt: skip
    """Return (theta (size, q), gradient_max (size,)) of the first ``size`` replicates of a block."""
    problem = refitter.problem
    R, G, p = len(counts), len(sources), problem.n_observed
    S, means = np.empty((R, G, p, p)), np.empty((R, G, p))
    for g, source in enumerate(sources):
        units = problem.groups[g].units
        mean, cov = block_moments(source, counts[:, starts[g] : starts[g + 1]])
        means[:, g], S[:, g] = mean / units, cov / np.outer(units, units)
    q = len(refitter.start)
    phi, effort, largest = np.empty((size, q)), np.zeros((size, 2), dtype=np.int64), np.empty(size)
    refit_block(
        refitter.cells, pack_work(problem), S[:size], means[:size], problem.mean_structure,
        refitter.start, refitter.inverse, TOLERANCE, phi, effort, largest,
    )  # fmt: skip
    return phi / problem.scale, largest


def replicate_status(model: Model, theta: Array, gradient_max: Array) -> NDArray[np.str_]:
    """Return each replicate's status: converged or not, and whether its variances are variances."""
    worst = np.zeros(len(theta), dtype=int)
    for group in range(len(model.groups)):
        m = matrices(model, theta, group)
        for matrix in (m.Theta, m.Psi):
            diagonal = np.einsum("...ii->...i", matrix)
            used = (diagonal != 0).any(axis=0)
            smallest = (
                np.linalg.eigvalsh(matrix[:, used][:, :, used])[:, 0] if used.any() else np.zeros(len(theta))
            )
            state = np.where((diagonal < 0).any(axis=1), 2, np.where(smallest < -1e-10, 3, 0))
            worst = np.where(worst == 2, 2, np.where(state == 2, 2, np.maximum(worst, state)))
    worst = np.where(gradient_max < TOLERANCE, worst, 1)
    return np.array(STATUS)[worst]


def available_jobs() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
