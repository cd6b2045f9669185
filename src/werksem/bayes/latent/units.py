"""The third level's data: what the likelihood needs of the units within groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.model import ALPHA, Model

__all__ = ["NestedArrays", "Units", "moved_alphas", "nested_arrays", "unit_means"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Units:
    """O units, those of one group together: ``starts`` (G + 1,) where each group's begin.

    ``rows`` (O,) complete rows, ``n`` (O,) what the likelihood counts with, whose sum in a group is the
    group's; ``away`` (p, O) the units' means from their group's; ``without`` complete rows have no unit
    and are left out.
    """

    labels: tuple[str, ...]
    starts: Index
    rows: Index
    n: Array
    away: Array
    without: int = 0


class NestedArrays(NamedTuple):
    """The arguments of ``kernels.nested_latent`` that groups alone do not have."""

    moves: Index  # (eta,)
    starts: Index  # (G + 1,)
    n: Array  # (O,)
    away: Array  # (p, O)

    def of_group(self, g: int) -> NestedArrays:
        """Return the arrays of one group alone."""
        own = slice(self.starts[g], self.starts[g + 1])
        starts = np.array([0, own.stop - own.start], np.int64)
        return NestedArrays(self.moves, starts, self.n[own], np.ascontiguousarray(self.away[:, own]))


def unit_means(
    values: Array, code: Index, unit: Sequence[object], n: Array, mean: Array, weights: Array | None = None
) -> Units:
    """Return the units of complete rows (N, p) whose group is ``code`` (N,), numbered from 0, and unit
    ``unit`` (N,).

    ``n`` (G,) and ``mean`` (G, p) are the groups'. A label tells units apart within a group only; units
    without weight drop out.

    >>> found = unit_means(np.array([[1.0], [3.0], [8.0]]), np.array([0, 0, 0]), ["a", "b", "b"],
    ...                    np.array([3.0]), np.array([[4.0]]))
    >>> found.labels, found.n.tolist(), found.away.tolist()
    (('a', 'b'), [1.0, 2.0], [[-3.0, 1.5]])
    """
    weight = np.ones(len(values)) if weights is None else weights
    here = weight > 0
    values, weight = values[here], weight[here]
    keys = pd.MultiIndex.from_arrays([code[here], np.array([str(name) for name in unit], dtype=object)[here]])
    place, found = pd.factorize(keys)
    group = found.get_level_values(0).to_numpy(dtype=np.int64)
    order = np.argsort(group, kind="stable")
    place = np.argsort(order)[place]
    total = np.bincount(place, weight)
    sums = np.stack([np.bincount(place, weight * column) for column in values.T])
    group = group[order]
    scale = n / np.bincount(group, total, len(n))
    return Units(
        tuple(str(label) for label in found.get_level_values(1)[order]),
        np.searchsorted(group, np.arange(len(n) + 1)).astype(np.int64), np.bincount(place).astype(np.int64),
        total * scale[group], np.ascontiguousarray(sums / total - mean[group].T),
    )  # fmt: skip


def moved_alphas(model: Model, at: Index) -> Index:
    """Return (eta,) which of the parameters ``at`` (V,) is the alpha of each eta, -1 where none is."""
    cells, out = model.cells[0], np.full(len(model.eta), -1, np.int64)
    for v, place in enumerate(at):
        out[cells.row[(cells.matrix == ALPHA) & (cells.free == place)]] = v
    return out


def nested_arrays(model: Model, units: Units, at: Index) -> NestedArrays:
    """Return the arrays of units in which the parameters ``at`` (V,) differ."""
    return NestedArrays(moved_alphas(model, at), units.starts, units.n, units.away)
