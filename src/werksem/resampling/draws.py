"""Blocks of resamples: how often each unit counts, and the moments that come of it.

A kind of draw is one function here and one entry in ``MULTIPLIERS``. Streams are keyed by (seed,
replicate, stratum), so a block depends on nothing but its own numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.resample import case_counts
from werksem.resampling.bollen_stine import bollen_stine_moments, bollen_stine_transform
from werksem.resampling.parametric import parametric_moments
from werksem.resampling.products import flat_moments, squares
from werksem.resampling.rao_wu import rao_wu_multipliers
from werksem.resampling.table_sums import padded
from werksem.resampling.units import Units

__all__ = ["MULTIPLIERS", "Resampling", "Target", "block_size", "drawn_moments", "multipliers"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
BYTES = 2**28
# replicates at a time where tables serve them all: a multiple of ROUND up to LARGEST
ROUND, LARGEST = 64, 1024
# where multipliers are real numbers: a multiple of LEAST up to PLAIN
PLAIN, LEAST = 128, 16


@dataclass(frozen=True, slots=True)
class Target:
    """One group's sample moments and size, and the moments of the population that the model implies."""

    mean: Array
    cov: Array
    n: float
    implied_mean: Array
    implied_cov: Array


@dataclass(frozen=True, slots=True)
class Resampling:
    """How resamples are made: a kind of ``MULTIPLIERS`` or ``parametric``, and each group's units.

    ``given``: the numbers of the units drawn (R, n) of kind ``given``, counted over the groups in order;
    of kind ``multipliers`` what each unit counts for (units, R). ``targets`` turn the data into ones for
    which the model is true (Bollen & Stine, 1992), or are what ``parametric`` draws from. ``lonely`` is
    the rule for strata with one unit.
    """

    kind: str
    seed: int
    groups: tuple[Units, ...]
    given: Index | Array | None = None
    targets: tuple[Target, ...] = ()
    lonely: str = "fail"


def block_size(resampling: Resampling) -> int:
    """Return how many replicates are made at a time: many where tables serve them all, within 256 MB.

    Fixed by the data, since a matrix product rounds differently for other shapes.
    """
    exact = resampling.kind == "counts" and all(group.exact for group in resampling.groups)
    units = max((group.count for group in resampling.groups), default=1)
    if not exact:
        return int(np.clip(BYTES // (8 * units) // LEAST * LEAST, LEAST, PLAIN))
    return int(np.clip(BYTES // units // ROUND * ROUND, ROUND, LARGEST))


def drawn_moments(resampling: Resampling, first: int, size: int) -> tuple[Array, Array]:
    """Return means (size, groups, p) and lower triangles (size, groups, p(p+1)/2) of the covariances.

    Of the replicates ``first`` … ``first + size - 1``; ``first`` begins a block.
    """
    draw = _parametric if resampling.kind == "parametric" else _resampled
    found = [draw(resampling, number, first, size) for number in range(len(resampling.groups))]
    means, flats = zip(*found, strict=True)
    if len(found) == 1:
        return means[0][:size, None], flats[0][:size, None]
    return np.stack([part[:size] for part in means], axis=1), np.stack(
        [part[:size] for part in flats], axis=1
    )


def multipliers(resampling: Resampling, number: int, first: int, size: int) -> NDArray[Any]:
    """Return what each unit of group ``number`` counts for (size or more, units or more; zeros beyond).

    Whole blocks where a matrix product follows, whose rounding depends on its shape.
    """
    exact = resampling.groups[number].exact
    rows = -(-size // ROUND) * ROUND if exact else max(size, block_size(resampling))
    return MULTIPLIERS[resampling.kind](resampling, number, first, rows)


def _resampled(resampling: Resampling, number: int, first: int, size: int) -> tuple[Array, Array]:
    source = resampling.groups[number].source
    if source is None:
        raise ValueError("these units have no sums to make moments of")
    means, flat = flat_moments(source, multipliers(resampling, number, first, size))
    if not resampling.targets:
        return means, flat
    target, (i, j) = resampling.targets[number], source.lower
    T = bollen_stine_transform(target.cov, target.implied_cov)
    covs = squares(flat, source.lower)
    moved, turned = bollen_stine_moments(means, covs, T, target.mean, target.implied_mean)
    return moved, turned[:, i, j]


def _parametric(resampling: Resampling, number: int, first: int, size: int) -> tuple[Array, Array]:
    target = resampling.targets[number]
    means, covs = parametric_moments(
        resampling.seed, first, size, target.implied_mean, target.implied_cov, target.n, number
    )
    i, j = np.tril_indices(len(target.mean))
    return means, covs[:, i, j]


def _counts(resampling: Resampling, number: int, first: int, rows: int) -> NDArray[np.uint8]:
    """Return how often each unit is drawn: with replacement within its stratum, as many as there are."""
    group = resampling.groups[number]
    counts = np.empty((rows, padded(group.count)), dtype=np.uint8)
    case_counts(resampling.seed, first, _strata_before(resampling, number), group.starts, counts)
    return counts


def _rescaled(resampling: Resampling, number: int, first: int, rows: int) -> Array:
    """Return the multipliers of the rescaling bootstrap (Rao & Wu, 1988)."""
    group = resampling.groups[number]
    return rao_wu_multipliers(
        resampling.seed, first, rows, group.starts, group.fraction, resampling.lonely,
        _strata_before(resampling, number),
    )  # fmt: skip


def _given(resampling: Resampling, number: int, first: int, rows: int) -> NDArray[Any]:
    """Return how often each unit is among given numbers; the last replicate fills the block."""
    begin, count = _units_before(resampling, number), resampling.groups[number].count
    drawn = _what_was_given(resampling)[first : first + rows]
    counts = np.stack([
        np.bincount(row[(row >= begin) & (row < begin + count)] - begin, minlength=count) for row in drawn
    ])[np.minimum(np.arange(rows), len(drawn) - 1)]  # fmt: skip
    return counts.astype(np.uint8 if counts.max() < 256 else float)


def _multipliers(resampling: Resampling, number: int, first: int, rows: int) -> Array:
    """Return given multipliers; the last replicate fills the block."""
    begin, whole = _units_before(resampling, number), _what_was_given(resampling)
    columns = np.minimum(np.arange(first, first + rows), whole.shape[1] - 1)
    return np.ascontiguousarray(
        whole[begin : begin + resampling.groups[number].count, columns].T, dtype=float
    )


def _what_was_given(resampling: Resampling) -> NDArray[Any]:
    if resampling.given is None:
        raise ValueError(f"draws of kind {resampling.kind} need what was given")
    return resampling.given


def _strata_before(resampling: Resampling, number: int) -> int:
    return sum(len(group.starts) - 1 for group in resampling.groups[:number])


def _units_before(resampling: Resampling, number: int) -> int:
    return sum(group.count for group in resampling.groups[:number])


MULTIPLIERS: dict[str, Callable[[Resampling, int, int, int], NDArray[Any]]] = {
    "counts": _counts,
    "rescaled": _rescaled,
    "given": _given,
    "multipliers": _multipliers,
}
