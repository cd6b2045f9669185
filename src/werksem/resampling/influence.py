"""Casewise influence summed over the units that are drawn, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.resampling.units import Units

__all__ = ["acceleration_of", "unit_influence"]

Array = NDArray[np.float64]
CHUNK = 4096


def unit_influence(blocks: Iterable[tuple[int, Array]], groups: Sequence[Units], q: int) -> tuple[Array, ...]:
    """Return each group's influence summed over units (units, q), from blocks over rows in order.

    >>> one = Units(np.array([0, 1, 0]), np.array([0, 2]))
    >>> unit_influence([(0, np.array([[1.0], [2.0], [4.0]]))], [one], 1)[0].tolist()
    [[5.0], [2.0]]
    """
    sums = tuple(np.zeros((group.count, q)) for group in groups)
    done = [0] * len(groups)
    for g, block in blocks:
        unit = groups[g].unit[done[g] : done[g] + len(block)]
        done[g] += len(block)
        order = np.argsort(unit, kind="stable")
        begins = np.flatnonzero(np.diff(unit[order], prepend=-1))
        sums[g][unit[order][begins]] += np.add.reduceat(block[order], begins)
    return sums


def acceleration_of(influence: Iterable[Array], jacobian: Array) -> Array:
    """Return BCa's acceleration (k,) of quantities with this jacobian (k, q) in theta.

    a = sum I³ / (6 (sum I²)^1.5) over units (Efron, 1987), I their influence on the quantity, from blocks
    of the units' influence on theta (units, q). A fixed quantity has none, and a = 0.

    >>> float(acceleration_of([np.array([[2.0], [-1.0], [-1.0]])], np.eye(1))[0].round(4))
    0.068
    """
    squares, cubes = np.zeros(len(jacobian)), np.zeros(len(jacobian))
    # a knows no units, and the third power of a large one overflows
    largest = np.abs(jacobian).max(axis=1, initial=0.0)
    jacobian = jacobian / np.where(largest > 0, largest, 1.0)[:, None]
    for block in influence:
        for at in range(0, len(block), CHUNK):
            on_quantity = block[at : at + CHUNK] @ jacobian.T
            squares += np.einsum("ik,ik->k", on_quantity, on_quantity)
            cubes += np.einsum("ik,ik,ik->k", on_quantity, on_quantity, on_quantity)
    moving = squares > 1e-200
    return np.where(moving, cubes / (6 * np.where(moving, squares, 1.0) ** 1.5), 0.0)
