"""Draws to rows of ``estimates.csv``: of everyone, of every group and of the typical group.

Whatever made the draws: the rows start from quantities (``werksem.bayes.quantities``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.quantities import Pooled, Quantity

__all__ = ["LEVEL", "TYPICAL", "estimate_rows", "summary"]

Array = NDArray[np.float64]
Row = dict[str, Any]
LEVEL = 0.95
TYPICAL = "typical"
METHOD = "equal-tailed"
NEW_GROUP = "equal-tailed, of a new group"


def summary(
    draws: Array, spread: Array | None = None, level: float = LEVEL
) -> tuple[float, float, float, float]:
    """Return mean, standard deviation and the equal-tailed interval of draws (S,), NaN where undefined.

    The interval is that of ``spread`` where it is given: for the typical group, of a new group.

    >>> [round(value, 2) for value in summary(np.arange(1001.0))]
    [500.0, 289.11, 25.0, 975.0]
    """
    tail = (1 - level) / 2
    lower, upper = np.quantile(draws if spread is None else spread, [tail, 1 - tail])
    return float(draws.mean()), float(draws.std(ddof=1)), float(lower), float(upper)


def estimate_rows(pooled: Pooled, status: str) -> list[Row]:
    """Return the rows of ``estimates.csv``: everyone, then the groups, then the typical group.

    Each block has the quantities in their order. ``all`` is the population-weighted mean of the
    groups; the typical group has the mean of the groups' distribution, and the interval of a new
    group. Without groups there is only ``all``; a group that is not present in a quantity, and a
    quantity that is one for all groups, have no row for it there.
    """
    rows = [*_everyone(pooled)]
    if pooled.groups != ("all",):
        for g, group in enumerate(pooled.groups):
            rows += _of_group(pooled, g, group)
        rows += _typical(pooled)
    fixed = {"engine": "bayes", "level": LEVEL, "status": status}
    return [fixed | {"method": METHOD} | row for row in rows]


def _names(quantity: Quantity) -> Row:
    return {"lhs": quantity.lhs, "op": quantity.op, "rhs": quantity.rhs, "label": quantity.label}


def _everyone(pooled: Pooled) -> Iterator[Row]:
    for q in pooled.quantities:
        if q.raw.everyone is not None:
            cells = _cells(q.raw.everyone, q.std.everyone, q.common.everyone)
            yield {"group": "all", **_names(q), **cells}


def _of_group(pooled: Pooled, g: int, group: str) -> Iterator[Row]:
    for q in pooled.quantities:
        if q.raw.group is not None and q.present[g]:
            scaled = (None if s.group is None else s.group[:, g] for s in (q.std, q.common))
            yield {"group": group, **_names(q), **_cells(q.raw.group[:, g], *scaled)}


def _typical(pooled: Pooled) -> Iterator[Row]:
    for q in pooled.quantities:
        if q.raw.typical is not None:
            cells = _cells(q.raw.typical, q.std.typical, q.common.typical, q.raw.new, q.std.new)
            yield {"group": TYPICAL, "method": NEW_GROUP, **_names(q), **cells}


def _cells(raw: Array, std: Array | None, common: Array | None, new: Array | None = None,
           new_std: Array | None = None) -> Row:  # fmt: skip
    est, se, low, high = summary(raw, new)
    row: Row = {"est": est, "se": se, "ci_lower": low, "ci_upper": high}
    if std is not None:
        names = ("std", "std_se", "std_ci_lower", "std_ci_upper")
        row |= dict(zip(names, summary(std, new_std), strict=True))
    if common is not None:
        row["std_common"] = float(common.mean())
    return row
