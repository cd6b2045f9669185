"""Interval limits of very many quantities: a slice of columns at a time, so that memory does not grow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.effects import effect_rows, effect_values, quantity_values
from werksem.engines.sem import SemResult
from werksem.intervals import INTERVALS
from werksem.intervals.monte_carlo import normal_draws
from werksem.intervals.precision import limit_errors
from werksem.intervals.pvalue import pvalues
from werksem.spec.types import Effect

__all__ = ["CHUNK", "Limits", "limits_of", "normal_slices", "slices"]

Array = NDArray[np.float64]
Slice = tuple[NDArray[np.intp], Array]
# replicates whose quantities are made together
CHUNK = 512
NORMAL_DRAWS = 20_000
# columns looked at together: 20,000 draws of 500 take 80 MB, and each limit a few copies of them
COLUMNS = 500


@dataclass(frozen=True, slots=True)
class Limits:
    """One kind of interval: limits, their Monte-Carlo errors and p-values, each (2 K,)."""

    lower: Array
    upper: Array
    errors: tuple[Array, Array]
    pvalue: Array


def limits_of(
    kind: str, parts: Iterable[Slice], estimate: Array, level: float, bend: Array, unit: Array | float = 1.0
) -> Limits:
    """Return the intervals of one kind from slices (columns (c,), values (R, c)) that cover all columns.

    ``estimate``, ``bend`` (BCa's acceleration) and ``unit`` (``effects.units``) are (2 K,).
    Every column stands by itself, so slices of any width give the same numbers.
    """
    found = np.full((5, len(estimate)), np.nan)
    units = np.broadcast_to(unit, len(estimate))
    for at, values in parts:
        own = estimate[at], level, bend[at]
        found[0, at], found[1, at] = INTERVALS[kind](values, *own)
        found[2, at], found[3, at] = limit_errors(kind, values, *own, units[at])
        found[4, at] = pvalues(kind, values, estimate[at], bend[at], unit=units[at])
    return Limits(found[0], found[1], (found[2], found[3]), found[4])


def slices(values: Array) -> Iterator[Slice]:
    """Yield the columns of replicates (R, 2 K), some at a time."""
    for first in range(0, values.shape[1], COLUMNS):
        at = np.arange(first, min(first + COLUMNS, values.shape[1]))
        yield at, values[:, at]


def normal_slices(sem: SemResult, seed: int) -> Iterator[Slice]:
    """Yield the quantities of draws from the estimate's normal distribution, some columns at a time."""
    theta = normal_draws(sem.fit.theta, sem.vcov, NORMAL_DRAWS, seed)
    parts = [quantity_values(sem.model, (), theta[at : at + CHUNK]) for at in range(0, NORMAL_DRAWS, CHUNK)]
    first = 0
    for metric in (0, 1):
        rows = np.concatenate([part[metric] for part in parts])
        yield np.arange(first, first + rows.shape[1]), rows
        first += rows.shape[1]
        for effects in _effect_slices(sem):
            values = effect_values(sem.model, effects, rows)
            yield np.arange(first, first + values.shape[1]), values
            first += values.shape[1]


def _effect_slices(sem: SemResult) -> Iterator[tuple[Effect, ...]]:
    """Yield the effects in order, as many at a time as have about ``COLUMNS`` columns."""
    each = len(effect_rows(sem.model, sem.effects[:1])) or 1
    step = max(1, COLUMNS // each)
    for at in range(0, len(sem.effects), step):
        yield sem.effects[at : at + step]
