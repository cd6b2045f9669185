"""Blocks of resamples: what is drawn becomes every replicate's means and covariances.

A kind of draw is one function here and one entry in ``DRAWS``. Streams are keyed by (seed, replicate,
stratum), so a block depends on nothing but its own numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.resample import case_counts
from werksem.resampling.bollen_stine import bollen_stine_moments, bollen_stine_transform
from werksem.resampling.parametric import parametric_moments
from werksem.resampling.products import flat_moments, squares
from werksem.resampling.rao_wu import rao_wu_multipliers
from werksem.resampling.table_sums import padded
from werksem.resampling.units import Units

__all__ = ["DRAWS", "Resampling", "Target", "block_size", "draw_counts", "drawn_moments"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
BYTES = 2**26
ROUND, LARGEST = 64, 1024
PLAIN = 128


@dataclass(frozen=True, slots=True)
class Target:
    """One group's sample mean (p,) and covariances, and those of the population it is to have."""

    mean: Array
    cov: Array
    n: float
    implied_mean: Array
    implied: Array


@dataclass(frozen=True, slots=True)
class Resampling:
    """How resamples are made: a kind of ``DRAWS``, each group's units, and what the kind needs.

    ``given`` (R, units): the numbers of the units drawn (``given``), counted over the groups in order,
    or each unit's multiplier (``multipliers``). ``targets`` are of the kinds that change the data,
    ``lonely`` is the rule for strata with one unit.
    """

    kind: str
    seed: int
    groups: tuple[Units, ...]
    given: Index | Array | None = None
    targets: tuple[Target, ...] = ()
    lonely: str = "fail"


def block_size(resampling: Resampling) -> int:
    """Return how many replicates are made at a time: many where a table serves them all, within 64 MB.

    Fixed by the data, since a matrix product rounds differently for other shapes.
    """
    exact = resampling.kind in ("counts", "bollen-stine") and all(g.source.exact for g in resampling.groups)
    if not exact:
        return PLAIN
    units = max(group.count for group in resampling.groups)
    return int(np.clip(BYTES // units // ROUND * ROUND, ROUND, LARGEST))


def drawn_moments(resampling: Resampling, first: int, size: int) -> tuple[Array, Array]:
    """Return means (size, groups, p) and lower triangles (size, groups, p(p+1)/2) of the covariances.

    Of the replicates ``first`` … ``first + size - 1``; ``first`` begins a block.
    """
    found = list(DRAWS[resampling.kind](resampling, first, size))
    means, flats = zip(*found, strict=True)
    return np.stack(means, axis=1)[:size], np.stack(flats, axis=1)[:size]


def draw_counts(resampling: Resampling, number: int, first: int, size: int) -> NDArray[np.uint8]:
    """Return how often each unit of a group is drawn (size, units or more; zeros beyond)."""
    group = resampling.groups[number]
    counts = np.empty((size, padded(group.count)), dtype=np.uint8)
    case_counts(resampling.seed, first, _strata_before(resampling, number), group.starts, counts)
    return counts


def _strata_before(resampling: Resampling, number: int) -> int:
    return sum(len(group.starts) - 1 for group in resampling.groups[:number])


def _whole(resampling: Resampling, size: int) -> int:
    """Return the rows a block is made with: all of it, where rounding depends on how many there are."""
    exact = all(group.source.exact for group in resampling.groups)
    return -(-size // ROUND) * ROUND if exact else max(size, block_size(resampling))


def _counts(resampling: Resampling, first: int, size: int) -> Iterator[tuple[Array, Array]]:
    """Yield moments of units drawn with replacement within their strata, as many as there are."""
    for number, group in enumerate(resampling.groups):
        counts = draw_counts(resampling, number, first, _whole(resampling, size))
        yield flat_moments(group.source, counts)


def _rescaled(resampling: Resampling, first: int, size: int) -> Iterator[tuple[Array, Array]]:
    """Yield moments of the rescaling bootstrap (Rao & Wu, 1988)."""
    for number, group in enumerate(resampling.groups):
        multipliers = rao_wu_multipliers(
            resampling.seed, first, _whole(resampling, size), group.starts, group.fraction,
            resampling.lonely, _strata_before(resampling, number),
        )  # fmt: skip
        yield flat_moments(group.source, multipliers)


def _given(resampling: Resampling, first: int, size: int) -> Iterator[tuple[Array, Array]]:
    """Yield moments of given numbers of units."""
    bounds = np.concatenate([[0], np.cumsum([group.count for group in resampling.groups])])
    block = _padded_block(resampling, first, size)
    for group, begin, end in zip(resampling.groups, bounds, bounds[1:], strict=False):
        counts = np.stack([np.bincount(row[(row >= begin) & (row < end)] - begin, minlength=group.count)
                           for row in block])  # fmt: skip
        small = group.source.exact and counts.max(initial=0) < 256
        yield flat_moments(group.source, counts.astype(np.uint8) if small else counts.astype(float))


def _multipliers(resampling: Resampling, first: int, size: int) -> Iterator[tuple[Array, Array]]:
    """Yield moments under given multipliers of the units."""
    bounds = np.concatenate([[0], np.cumsum([group.count for group in resampling.groups])])
    block = _padded_block(resampling, first, size)
    for group, begin, end in zip(resampling.groups, bounds, bounds[1:], strict=False):
        yield flat_moments(group.source, np.ascontiguousarray(block[:, begin:end], dtype=float))


def _padded_block(resampling: Resampling, first: int, size: int) -> Index | Array:
    """Return a block of what was given, its last row repeated up to the block's full length."""
    if resampling.given is None:
        raise ValueError(f"draws of kind {resampling.kind} need what was given")
    rows = resampling.given[first : first + size]
    return rows[np.minimum(np.arange(_whole(resampling, size)), len(rows) - 1)]


def _bollen_stine(resampling: Resampling, first: int, size: int) -> Iterator[tuple[Array, Array]]:
    """Yield moments of resamples of the data in which the model is true (Bollen & Stine, 1992)."""
    kind = _counts if resampling.given is None else _given
    for target, group, (means, flat) in zip(
        resampling.targets, resampling.groups, kind(resampling, first, size), strict=True
    ):
        lower = group.source.lower
        T = bollen_stine_transform(target.cov, target.implied)
        moved, covs = bollen_stine_moments(means, squares(flat, lower), T, target.mean, target.implied_mean)
        yield moved, covs[:, lower[0], lower[1]]


def _parametric(resampling: Resampling, first: int, size: int) -> Iterator[tuple[Array, Array]]:
    """Yield moments of normal samples from the model; no rows are drawn."""
    for number, target in enumerate(resampling.targets):
        means, covs = parametric_moments(
            resampling.seed, first, size, target.implied_mean, target.implied, target.n, number
        )
        i, j = np.tril_indices(len(target.mean))
        yield means, covs[:, i, j]


Draw = Callable[[Resampling, int, int], Iterator[tuple[Array, Array]]]
DRAWS: dict[str, Draw] = {
    "counts": _counts,
    "rescaled": _rescaled,
    "given": _given,
    "multipliers": _multipliers,
    "bollen-stine": _bollen_stine,
    "parametric": _parametric,
}
