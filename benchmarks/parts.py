"""The parts of one block of replicates as ``werksem.bootstrap`` puts them together, each by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from werksem.bench.case import Case
from werksem.bench.own import own_units
from werksem.bootstrap.refit import build_refitter, refit
from werksem.resampling.draws import Resampling, block_size, drawn_moments, multipliers

__all__ = ["Parts", "parts_of"]


@dataclass(frozen=True, slots=True)
class Parts:
    """One block of ``size`` replicates: ``draws`` its counts, ``moments`` with the draws, ``refits``."""

    size: int
    draws: Callable[[], object]
    moments: Callable[[], object]
    refits: Callable[[], np.ndarray]


def parts_of(case: Case) -> Parts:
    """Return the three parts of a case, each ready to run."""
    resampling = Resampling("counts", 1, (own_units(case),))
    size = block_size(resampling)
    refitter = build_refitter(case.model, [case.moments], case.fit)
    means, flat = drawn_moments(resampling, 0, size)
    return Parts(
        size,
        lambda: multipliers(resampling, 0, 0, size),
        lambda: drawn_moments(resampling, 0, size),
        lambda: refit(refitter, means, flat)[1],
    )
