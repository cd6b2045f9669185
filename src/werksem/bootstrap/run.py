"""Blocks of replicates: drawn, estimated, judged; on any number of workers, or read back.

Each block depends on nothing but its own numbers, so the result does not depend on who made it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.bootstrap.linear import Linear, linear_steps
from werksem.bootstrap.model_test import chisq_of
from werksem.bootstrap.refit import Refitter, build_refitter, refit
from werksem.bootstrap.replicates import Replicates, joined, replicate_status
from werksem.estimators.fit import Fit
from werksem.model import Model
from werksem.moments import Moments
from werksem.progress import Tick
from werksem.resampling.draws import Resampling, block_size, drawn_moments
from werksem.resampling.units import Units

__all__ = [
    "Job", "Workers", "available_jobs", "block_starts", "bootstrap", "build_job", "compute_block",
    "run_blocks",
]  # fmt: skip

Workers = Callable[["Job", Sequence[int], int, Callable[[int, Replicates], None]], None]
Running = dict[Future[Replicates], int]


@dataclass(frozen=True, slots=True)
class Job:
    """A bootstrap as data: what is drawn, what finds an estimate for it, and how many there are."""

    model: Model
    solver: Refitter | Linear
    resampling: Resampling
    replicates: int
    block: int
    chisq: bool = False


def bootstrap(
    model: Model, moments: Sequence[Moments], fit: Fit, units: Sequence[Units], *,
    replicates: int, seed: int, jobs: int = 1, tick: Tick = lambda steps: None,
    indices: NDArray[np.int64] | None = None,
) -> Replicates:  # fmt: skip
    """Return ML refits of ``replicates`` resamples of each group's units, drawn within their strata.

    ``indices`` (R, n) gives the resamples instead: numbers of the units drawn, counted over the groups
    in order. A replicate without a solution has the last point reached and the status
    ``not_converged``.
    """
    kind = "counts" if indices is None else "given"
    resampling = Resampling(kind, seed, tuple(units), indices)
    total = replicates if indices is None else len(indices)
    return run_blocks(
        build_job(model, build_refitter(model, moments, fit), resampling, total), jobs=jobs, tick=tick
    )


def build_job(
    model: Model, solver: Refitter | Linear, resampling: Resampling, replicates: int, *, chisq: bool = False
) -> Job:
    """Return a bootstrap as data; ``chisq`` keeps each refit's test of the model."""
    return Job(model, solver, resampling, replicates, block_size(resampling), chisq)


def block_starts(job: Job) -> range:
    """Return the number of each block's first replicate."""
    return range(0, job.replicates, job.block)


def compute_block(job: Job, first: int) -> Replicates:
    """Return one block of replicates."""
    size = min(job.block, job.replicates - first)
    chisq = np.full(size, np.nan)
    if isinstance(job.solver, Linear):
        theta, gradient_max = linear_steps(job.solver, job.resampling, first, size), np.zeros(size)
    else:
        means, flat = drawn_moments(job.resampling, first, size)
        theta, gradient_max = refit(job.solver, means, flat)
        if job.chisq:
            chisq = chisq_of(job.solver, theta, means, flat)
    return Replicates(theta, replicate_status(job.model, theta, gradient_max), gradient_max, chisq)


def run_blocks(
    job: Job, *, jobs: int = 1, tick: Tick = lambda steps: None, done: dict[int, Replicates] | None = None,
    keep: Callable[[int, Replicates], None] = lambda first, found: None, workers: Workers | None = None,
) -> Replicates:  # fmt: skip
    """Return all replicates in order; those in ``done`` (by first number) are not computed again.

    ``keep`` is told of every block as soon as it is there, from this thread. ``workers`` computes the
    blocks; by default ``jobs`` threads of this process do.
    """
    found = dict(done or {})
    for block in found.values():
        tick(len(block.theta))

    def receive(first: int, block: Replicates) -> None:
        keep(first, block)
        found[first] = block
        tick(len(block.theta))

    todo = [first for first in block_starts(job) if first not in found]
    (workers or _on_threads)(job, todo, jobs, receive)
    return joined([found[first] for first in block_starts(job)])


def _on_threads(job: Job, todo: Sequence[int], jobs: int, receive: Callable[[int, Replicates], None]) -> None:
    """Compute blocks on threads; what stops it drops what has not begun and receives what has."""
    pool = ThreadPoolExecutor(max_workers=max(jobs, 1))
    running: Running = {}
    try:
        for first, block in _completed(pool, running, job, todo, 2 * max(jobs, 1)):
            receive(first, block)
    except BaseException:
        pool.shutdown(wait=True, cancel_futures=True)
        for future, first in running.items():
            if not future.cancelled() and future.exception() is None:
                receive(first, future.result())
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _completed(
    pool: ThreadPoolExecutor, running: Running, job: Job, todo: Sequence[int], ahead: int
) -> Iterator[tuple[int, Replicates]]:
    """Yield (first, block) as blocks are finished, with a few in waiting: those in ``running``."""
    waiting = iter(todo)
    while True:
        for first in waiting:
            running[pool.submit(compute_block, job, first)] = first
            if len(running) >= ahead:
                break
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            yield running.pop(future), future.result()


def available_jobs() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
