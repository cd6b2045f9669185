"""Rows of respondents whose moments are made again in the same resamples, whichever rows they are.

Rungs stand on different rows: a regression's own, those that answer every item. What is drawn are units of
all respondents, so that every rung of a replicate is of the same draw; a rung takes of it the rows it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.bootstrap.linear import Linear, linear_steps
from werksem.engines.drawn_scores import draws_of, rows_of
from werksem.engines.resampling_of import design_resampling, total_replicates
from werksem.errors import WerksemError
from werksem.inputs import Inputs
from werksem.resampling.draws import Resampling, block_size, multipliers
from werksem.resampling.influence import unit_influence
from werksem.resampling.products import Products, cluster_products, flat_moments, products
from werksem.resampling.table_sums import padded
from werksem.resampling.units import Units
from werksem.spec.study import Study

__all__ = ["Drawn", "Draws", "Sample", "draws_for", "one_step", "resampled", "sample_of"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Drawn = tuple[Array, Array]


@dataclass(frozen=True, slots=True)
class Sample:
    """Complete rows (n, p); ``at`` (n,) are their numbers among all respondents, weights have mean 1."""

    rows: Array
    at: Index
    weights: Array | None


@dataclass(frozen=True, slots=True)
class Draws:
    """How all respondents are drawn, how often, and whether whole clusters are."""

    resampling: Resampling
    replicates: int
    clusters: bool


def draws_for(study: Study, inputs: Inputs, replicates: int, seed: int) -> Draws | None:
    """Return the draws of all respondents, as the study's bootstrap or its design draws them.

    None where the design does not let any be drawn (a stratum with one unit).
    """
    if inputs.scores is None:
        return None
    wanted = draws_of(study, replicates, seed)
    every = np.ones(len(inputs.scores), dtype=bool)
    try:
        people = rows_of(inputs, np.zeros((len(every), 1)), every, wanted.scheme)
        resampling = design_resampling((people,), wanted, sums=False)
    except WerksemError:
        return None
    return Draws(resampling, total_replicates(resampling, replicates), wanted.scheme == "cluster")


def sample_of(inputs: Inputs, values: Array, *, weighted: bool = True) -> Sample:
    """Return the complete rows of ``values`` (all rows, p)."""
    at = np.flatnonzero(np.isfinite(values).all(axis=1))
    weights = None
    if weighted and inputs.weights is not None:
        weights = inputs.weights.to_numpy(dtype=float)[at]
        weights = weights / weights.mean()
    return Sample(values[at], at, weights)


def resampled(draws: Draws, samples: Sequence[Sample]) -> list[Drawn]:
    """Return every sample's means (R, p) and lower triangles (R, p(p+1)/2) of covariances, draw by draw."""
    step, units = block_size(draws.resampling), draws.resampling.groups[0]
    sources = [_source(draws, units.unit[sample.at], sample) for sample in samples]
    found: list[list[Drawn]] = [[] for _ in samples]
    for first in range(0, draws.replicates, step):
        size = min(step, draws.replicates - first)
        drawn = multipliers(draws.resampling, 0, first, size)
        for sample, source, parts in zip(samples, sources, found, strict=True):
            counts = drawn if draws.clusters else _taken(drawn, units.unit[sample.at])
            with np.errstate(invalid="ignore", divide="ignore"):
                means, flat = flat_moments(source, counts)
            parts.append((means[:size], flat[:size]))
    return [(np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])) for parts in found]


def one_step(draws: Draws, est: Array, blocks: Iterable[Array], at: Index, n: float) -> Array:
    """Return one-step replicates (R, k) of estimates (k,), from influence (block, k) over rows ``at``.

    theta* = theta + sum over units (multiplier - 1) influence / n (Davison & Hinkley, 1997, section 2.7).
    """
    units = draws.resampling.groups[0]
    here = Units(units.unit[at], units.starts)
    influence = unit_influence(((0, block) for block in blocks), [here], len(est))
    linear, step = Linear(est, influence, n), block_size(draws.resampling)
    return np.concatenate([
        linear_steps(linear, draws.resampling, first, min(step, draws.replicates - first))
        for first in range(0, draws.replicates, step)
    ])  # fmt: skip


def _source(draws: Draws, unit: Index, sample: Sample) -> Products:
    if draws.clusters:
        return cluster_products(sample.rows, unit, sample.weights)
    return products(sample.rows, sample.weights)


def _taken(drawn: NDArray[Any], unit: Index) -> NDArray[Any]:
    """Return the multipliers of some units, in as many bytes as tables take where they are counts."""
    if drawn.dtype != np.uint8:
        return drawn[:, unit]
    if drawn.shape[1] == padded(len(unit)) and np.array_equal(unit, np.arange(len(unit))):
        return drawn  # every unit, in order: nothing to copy
    out = np.zeros((len(drawn), padded(len(unit))), dtype=np.uint8)
    out[:, : len(unit)] = drawn[:, unit]
    return out
