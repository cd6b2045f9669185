"""Our own refits, timed; the only file of this room that knows how the bootstrap is called."""

from __future__ import annotations

from time import perf_counter, process_time

import numpy as np

from werksem.bench.case import Case, Index, Timed
from werksem.bootstrap.run import bootstrap
from werksem.kernels.resample import case_counts
from werksem.resampling.units import Units, resampling_units
from werksem.respondents import Respondents

__all__ = ["own_refits", "own_units", "resamples"]


def own_units(case: Case) -> Units:
    """Return the respondents as they are resampled; made once, before the clock starts."""
    return resampling_units(Respondents(case.rows))


def own_refits(
    case: Case, units: Units, seed: int, replicates: int, indices: Index | None = None, jobs: int = 1
) -> Timed:
    """Return the bootstrap as users run it: draws, moments and refits within the clock."""
    wall, cpu = perf_counter(), process_time()
    found = bootstrap(
        case.model, [case.moments], case.fit, [units], replicates=replicates, seed=seed, jobs=jobs,
        indices=indices,
    )  # fmt: skip
    cpu, wall = process_time() - cpu, perf_counter() - wall
    solved = (found.status != "not_converged")[:, None]
    return Timed(np.where(solved, found.theta, np.nan), cpu, wall)


def resamples(n: int, seed: int, count: int) -> Index:
    """Return the first ``count`` resamples that the bootstrap draws, as numbers of rows (count, n).

    Numbers are in ascending order: a resample is what was drawn, not when.
    """
    counts = np.empty((count, n), dtype=np.uint8)
    case_counts(seed, 0, 0, np.array([0, n]), counts)
    return np.stack([np.repeat(np.arange(n), row) for row in counts])
