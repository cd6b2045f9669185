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


# columns that the width of a printed page holds
MOST_COLUMNS = 10


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
    """Return paths as rows and groups as columns: estimate, interval, and the average's share in it.

    More groups than fit the width of a page become the rows, and the predictors the columns.
    """
    language = result.language
    order = dict.fromkeys(one.group for path in paths for one in path.groups)
    names = [name for name in order if name != "typical"] + [name for name in order if name == "typical"]
    if MOST_COLUMNS <= len(names) > len({path.rhs for path in paths}):
        return _groups_as_rows(result, paths, names)
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


def _groups_as_rows(result: Result, paths: tuple[PathByGroup, ...], names: list[str]) -> Table:
    language, predictors = result.language, tuple(dict.fromkeys(path.rhs for path in paths))
    labels = (label_of(result, name) for name in predictors)
    columns = (Column(word("group", language)), *(Column(label, True) for label in labels))
    bodies = []
    for lhs in dict.fromkeys(path.lhs for path in paths):
        found = {path.rhs: path for path in paths if path.lhs == lhs}
        rows = tuple(
            (
                Cell(group_title(name, language)),
                *(_cell(_estimate(found.get(x), name), language) for x in predictors),
            )
            for name in ("all", *names)
        )
        bodies.append(Body(label_of(result, lhs), rows))
    notes = (word("groups_scale", language),)
    return Table(word("groups_caption", language), columns, tuple(bodies), notes, wide=True)


def _estimate(path: PathByGroup | None, name: str) -> GroupEstimate | None:
    if path is None:
        return None
    return path.average if name == "all" else next((g for g in path.groups if g.group == name), None)


def _cell(one: GroupEstimate | None, language: str) -> Cell:
    if one is None:
        return Cell()
    share = "" if math.isnan(one.share) else f" ({percent(one.share, language, 0)})"
    return Cell(beta(one.value, language) + share, interval(one.low, one.high, language))
