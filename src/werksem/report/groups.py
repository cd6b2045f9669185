"""Groups around the average: the hierarchical posterior's estimates on a scale that groups share."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from werksem.compare.cells import records
from werksem.report.folder import Result, label_of, paths_of
from werksem.report.numbers import beta, interval, percent
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import group_title, word

__all__ = ["GroupEstimate", "PathByGroup", "groups_table", "paths_by_group"]


@dataclass(frozen=True, slots=True)
class GroupEstimate:
    """One group's estimate of a path with its interval, and the share that the average has in it."""

    group: str
    value: float
    low: float
    high: float
    share: float = math.nan


@dataclass(frozen=True, slots=True)
class PathByGroup:
    """One path: the average (None where there is none), and every group."""

    lhs: str
    rhs: str
    average: GroupEstimate | None
    groups: tuple[GroupEstimate, ...]

    @property
    def spread(self) -> float:
        """How far the groups are apart, largest minus smallest."""
        values = [group.value for group in self.groups if group.group != "typical"]
        return max(values) - min(values) if values else 0.0


def paths_by_group(result: Result) -> tuple[PathByGroup, ...]:
    """Return every path that the posterior has for several groups, with values on the common scale.

    ``std_common`` has no interval of its own in the table: the unstandardised interval is carried
    over by the factor between ``std_common`` and ``est``, which is the same for all groups of a
    path up to the posterior spread of the standard deviations (least squares over the groups).
    """
    rows = paths_of(result.estimates, "bayes")
    shares = result.comparison.set_index(["lhs", "rhs", "group"])["bayes_pooled_share"]
    found = []
    for (lhs, rhs), part in rows.groupby(["lhs", "rhs"], sort=False):
        factor = _factor(part)
        every = [
            GroupEstimate(
                str(row["group"]), _value(row, factor), row["ci_lower"] * factor, row["ci_upper"] * factor,
                float(shares.get((lhs, rhs, row["group"]), math.nan)),
            )
            for row in records(part)
        ]  # fmt: skip
        own = tuple(one for one in every if one.group != "all")
        if any(one.group != "typical" for one in own):
            average = next((one for one in every if one.group == "all"), None)
            found.append(PathByGroup(str(lhs), str(rhs), average, own))
    return tuple(found)


def _factor(part: pd.DataFrame) -> float:
    """Return what an unstandardised coefficient is multiplied by to be on the common scale."""
    known = part[part["std_common"].notna()]
    squares = float((known["est"] ** 2).sum())
    return float((known["std_common"] * known["est"]).sum()) / squares if squares > 0 else 1.0


def _value(row: dict[str, float], factor: float) -> float:
    common = row["std_common"]
    return float(common) if not math.isnan(common) else float(row["est"]) * factor


def groups_table(result: Result, paths: tuple[PathByGroup, ...]) -> Table:
    """Return paths as rows and groups as columns: estimate, interval, and the average's share in it."""
    language = result.language
    order = dict.fromkeys(one.group for path in paths for one in path.groups)
    names = [name for name in order if name != "typical"] + [name for name in order if name == "typical"]
    headers = [group_title(name, language) for name in ("all", *names)]
    columns = (Column(word("path", language)), *(Column(header, True) for header in headers))
    bodies: dict[str, list[tuple[Cell, ...]]] = {}
    for path in paths:
        by_name = {one.group: one for one in path.groups}
        cells = [_cell(by_name.get(name), language) for name in names]
        row = (Cell(label_of(result, path.rhs)), _cell(path.average, language), *cells)
        bodies.setdefault(path.lhs, []).append(row)
    parts = tuple(Body(label_of(result, lhs), tuple(rows)) for lhs, rows in bodies.items())
    notes = (word("groups_scale", language),)
    return Table(word("groups_caption", language), columns, parts, notes, wide=True)


def _cell(one: GroupEstimate | None, language: str) -> Cell:
    if one is None:
        return Cell()
    share = "" if math.isnan(one.share) else f" ({percent(one.share, language, 0)})"
    return Cell(beta(one.value, language) + share, interval(one.low, one.high, language))
