"""The one-step bootstrap: every replicate by a matrix product, no refit.

theta* = theta + sum over units (count - 1) influence / n, the first order of the bootstrap (Davison
& Hinkley, 1997, section 2.7). Its draws lie around theta itself, so it shows no bias, and bends only
where a quantity bends in theta.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.resample import case_counts
from werksem.progress import Tick
from werksem.resampling.places import Places

__all__ = ["BLOCK", "acceleration_of", "block_counts", "one_step", "strata_bounds", "unit_influence"]

Array = NDArray[np.float64]
Counts = NDArray[np.float32]
Index = NDArray[np.int64]
BLOCK = 128
CHUNK = 4096


def unit_influence(
    blocks: Iterable[tuple[int, Array]], places: Sequence[Places], q: int
) -> tuple[Array, ...]:
    """Return each group's influence summed over units (units, q), from blocks over rows in order.

    >>> one = Places(np.array([0, 1, 0]), np.array([0, 2]))
    >>> unit_influence([(0, np.array([[1.0], [2.0], [4.0]]))], [one], 1)[0].tolist()
    [[5.0], [2.0]]
    """
    sums = tuple(np.zeros((group.count, q)) for group in places)
    done = [0] * len(places)
    for g, block in blocks:
        unit = places[g].unit[done[g] : done[g] + len(block)]
        done[g] += len(block)
        order = np.argsort(unit, kind="stable")
        begins = np.flatnonzero(np.diff(unit[order], prepend=-1))
        sums[g][unit[order][begins]] += np.add.reduceat(block[order], begins)
    return sums


def strata_bounds(places: Sequence[Places]) -> Index:
    """Return where each stratum of each group begins among all units, and the end."""
    ends = np.cumsum([group.count for group in places])
    begins = [group.starts[:-1] + end - group.count for group, end in zip(places, ends, strict=True)]
    return np.append(np.concatenate(begins), ends[-1]).astype(np.int64)


def block_counts(seed: int, first: int, bounds: Index, indices: Index | None = None) -> Counts:
    """Return replicates ``first … first + BLOCK`` as counts (BLOCK, units).

    ``indices`` (R, units) gives the units drawn instead. Every block has the same shape: a matrix
    product rounds differently for other ones.
    """
    counts = np.ones((BLOCK, int(bounds[-1])), dtype=np.float32)
    if indices is None:
        case_counts(seed, first, bounds, counts)
        return counts
    for r, drawn in enumerate(indices[first : first + BLOCK]):
        counts[r] = np.bincount(drawn, minlength=counts.shape[1])
    return counts


def one_step(
    theta: Array, influence: Sequence[Array], places: Sequence[Places], n: float, *, replicates: int,
    seed: int, jobs: int = 1, indices: Index | None = None, tick: Tick = lambda steps: None,
) -> Array:  # fmt: skip
    """Return one-step replicates (R, q) of theta, from each group's influence (units, q).

    ``n`` is what influence was multiplied by. Replicate r draws the units that the bootstrap by
    refits draws; bytes do not depend on ``jobs``.
    """
    bounds = strata_bounds(places)
    total = replicates if indices is None else len(indices)
    ends = np.cumsum([0, *(group.count for group in places)])
    whole = sum(group.sum(axis=0) for group in influence)

    def one_block(first: int) -> Array:
        counts = block_counts(seed, first, bounds, indices)
        sums = np.zeros((BLOCK, len(theta)))
        for group, begin in zip(influence, ends, strict=False):
            for at in range(0, len(group), CHUNK):
                part = group[at : at + CHUNK]
                sums += counts[:, begin + at : begin + at + len(part)].astype(float) @ part
        size = min(BLOCK, total - first)
        tick(size)
        return np.asarray(theta + (sums[:size] - whole) / n)

    pool = ThreadPoolExecutor(max_workers=max(jobs, 1))
    try:
        return np.concatenate(list(pool.map(one_block, range(0, total, BLOCK))))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def acceleration_of(influence: Sequence[Array], jacobian: Array) -> Array:
    """Return BCa's acceleration (k,) of quantities with this jacobian (k, q) in theta.

    a = sum I³ / (6 (sum I²)^1.5) over units (Efron, 1987), I their influence on the quantity.

    >>> float(acceleration_of([np.array([[2.0], [-1.0], [-1.0]])], np.eye(1))[0].round(4))
    0.068
    """
    squares, cubes = np.zeros(len(jacobian)), np.zeros(len(jacobian))
    for group in influence:
        for at in range(0, len(group), CHUNK):
            on_quantity = group[at : at + CHUNK] @ jacobian.T
            squares += (on_quantity**2).sum(axis=0)
            cubes += (on_quantity**3).sum(axis=0)
    moving = squares > 1e-200
    return np.where(moving, cubes / (6 * np.where(moving, squares, 1.0) ** 1.5), 0.0)
