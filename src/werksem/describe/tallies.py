"""Shares with the respondents they count: what rows of answers ticked and of moves are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.describe.intervals import degrees, estimated
from werksem.describe.ratios import Design, Ratios, ratios
from werksem.describe.table import row

__all__ = ["Tallies", "leading", "ranks", "tallied", "tally_row"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tallies:
    """k shares, how many respondents are ``counted`` (k,) in each, and its degrees of freedom (k,)."""

    shares: Ratios
    counted: NDArray[np.int64]
    df: NDArray[np.int64]


def tallied(yes: Mask, base: Mask, design: Design) -> Tallies:
    """Return the share of each column of ``base`` (n, k) for which ``yes`` (n, k) is true.

    >>> found = tallied(np.array([[True], [False], [True]]), np.ones((3, 1), dtype=bool), Design())
    >>> found.counted.tolist(), found.df.tolist()
    ([2], [2])
    """
    shares = ratios(yes.astype(float), base, design)
    df = np.array([degrees(column, design) for column in base.T], dtype=np.int64)
    return Tallies(shares, (yes & base).sum(axis=0).astype(np.int64), df)


def tally_row(common: dict[str, Any], measure: str, found: Tallies, j: int, level: float) -> dict[str, Any]:
    """Return the row of share ``j``: value, standard error, limits, base, and ``count`` of the counted."""
    value, se = float(found.shares.value[j]), float(found.shares.se[j])
    cells = estimated(value, se, int(found.df[j]), level, share=True)
    return row(**common, measure=measure, **cells, n=int(found.shares.n[j]), count=int(found.counted[j]))


def ranks(value: Array) -> Array:
    """Return ranks (k,) from the largest; equal values share the best of their places; NaN has none.

    >>> ranks(np.array([0.2, 0.5, 0.2, 0.1])).tolist()
    [2.0, 1.0, 2.0, 4.0]
    """
    above = value[None, :] > value[:, None] + 1e-12
    return np.where(np.isfinite(value), 1.0 + above.sum(axis=1), np.nan)


def leading(place: Array, top: int | None) -> list[int]:
    """Return which of k stand in the table: all in their order, or by rank those up to ``top`` with ties.

    >>> leading(np.array([2.0, 1.0, 2.0, 4.0]), 2)
    [1, 0, 2]
    """
    if top is None:
        return list(range(len(place)))
    return [int(j) for j in np.argsort(place, kind="stable") if place[j] <= top]
