"""Regressions that are estimated jointly, as arrays in the units of the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.joint import Joint
from werksem.bayes.statistics import Statistics

__all__ = ["Block", "block"]

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Block:
    """E regressions with K coefficients, V of which differ between groups and V2 between units.

    ``members`` (E,) numbers the regressions, ``pairs`` says which residuals covary; coefficient i is
    number ``k[i]`` of regression ``e[i]``, those of the i-th member from ``at[i]`` to ``at[i + 1]``. ``n``
    (G,)
    and ``cross``, ``starts``, ``labels``, ``rows`` are as in ``Joint``, in the units of the model. ``varies``
    (V,) and ``nested`` (V2,) are coefficients, ``spread`` (K, V) and ``nested_spread`` (K, V2) turn their
    deviations into those about the grand means.
    """

    members: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]
    at: Codes
    e: Codes
    k: Codes
    starts: Codes
    n: Array
    cross: Array
    labels: tuple[str, ...]
    rows: Codes
    varies: Codes
    nested: Codes
    spread: Array
    nested_spread: Array

    @property
    def complete(self) -> bool:
        """Whether every two residuals of the block covary."""
        return len(self.pairs) == len(list(combinations(self.members, 2)))


def block(
    joint: Joint, found: Sequence[Statistics], scale_x: Array, scale_y: Array,
    varies: tuple[NDArray[np.bool_], NDArray[np.bool_]], levers: tuple[Array, Array],
) -> Block:  # fmt: skip
    """Return a block; ``varies`` (E, K) and ``levers`` (E, P) are of groups and of units, as in
    ``Design``."""
    sizes = [len(found[e].equation.predictors) + 1 for e in joint.members]
    at = np.concatenate([[0], np.cumsum(sizes)])
    e = np.repeat(joint.members, sizes)
    k = np.concatenate([np.arange(size) for size in sizes])
    units = np.concatenate([np.ones((len(scale_y), 1)), scale_x], axis=1)
    unit = np.concatenate([units[e, k], scale_y[list(joint.members)]])
    free, nested = (np.flatnonzero(part[e, k]) for part in varies)
    between, within = (_centring(lever, e, k) for lever in levers)
    return Block(
        joint.members, joint.pairs, at, e, k, joint.starts, found[joint.members[0]].n,
        np.ascontiguousarray(joint.cross / np.outer(unit, unit)), joint.labels, joint.rows, free, nested,
        between[:, free], within[:, nested],
    )  # fmt: skip


def _centring(lever: Array, e: Codes, k: Codes) -> Array:
    """Return (K, K): deviations of coefficients to deviations about the grand means."""
    W = np.eye(len(e))
    for i, j in np.argwhere((e[:, None] == e) & (k[:, None] == 0) & (k > 0)).tolist():
        W[i, j] = lever[e[j], k[j] - 1]
    return W
