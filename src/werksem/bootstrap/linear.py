"""The one-step bootstrap: every replicate by a matrix product, no refit.

theta* = theta + sum over units (multiplier - 1) influence / n, the first order of the bootstrap (Davison
& Hinkley, 1997, section 2.7). Its draws lie around theta itself, so it shows no bias, and bends only
where a quantity bends in theta.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.resampling.draws import Resampling, multipliers

__all__ = ["Linear", "linear_steps"]

Array = NDArray[np.float64]
CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Linear:
    """An estimate (q,) with each group's influence on it (units, q), n times the change one unit makes."""

    theta: Array
    influence: tuple[Array, ...]
    n: float


def linear_steps(linear: Linear, resampling: Resampling, first: int, size: int) -> Array:
    """Return the one-step replicates (size, q) from number ``first`` on, which begins a block."""
    sums: Array | None = None
    for number, influence in enumerate(linear.influence):
        drawn = multipliers(resampling, number, first, size)
        sums = np.zeros((len(drawn), len(linear.theta))) if sums is None else sums
        sums -= influence.sum(axis=0)
        for at in range(0, len(influence), CHUNK):
            part = influence[at : at + CHUNK]
            sums += drawn[:, at : at + len(part)].astype(float) @ part
    if sums is None:
        raise ValueError("no group has influence on the estimate")
    return np.asarray(linear.theta + sums[:size] / linear.n)
