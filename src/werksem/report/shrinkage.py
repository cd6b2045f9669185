"""The shrinkage figure: per path every group's own estimate, and where pooling drew it to."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from werksem.compare.cells import records
from werksem.report.figures import pictures
from werksem.report.folder import Result, label_of
from werksem.report.numbers import beta, count, percent
from werksem.report.panel import Mark, Panel, PanelRow
from werksem.report.pooling import SURE, group_rows, ledger_of, rope_of
from werksem.report.sketch import Picture
from werksem.report.words import word

__all__ = ["Shrinkage", "shrinkage"]

# more groups than this, and a panel keeps to the ENDS highest and lowest
MANY_GROUPS = 16
ENDS = 6
MOST_PANELS = 24
LONGEST = 20


@dataclass(frozen=True, slots=True)
class Shrinkage:
    """The panels by outcome, and what must be said of them."""

    outcomes: tuple[tuple[str, tuple[Picture, ...]], ...] = ()
    key: str = ""

    def __bool__(self) -> bool:
        return bool(self.outcomes)


def shrinkage(result: Result) -> Shrinkage:
    """Return a panel per path, by outcome on one scale, and its key; empty for a folder without a ledger.

    Groups stand from large to small with n. Of more than 16 groups a panel shows the six highest and
    the six lowest pooled estimates; of more than 24 paths those on which groups are furthest apart.
    """
    ledger = ledger_of(result)
    if not len(group_rows(ledger)):
        return Shrinkage()
    paths = {(str(key[0]), str(key[1])): part for key, part in ledger.groupby(["lhs", "rhs"], sort=False)}
    chosen = sorted(paths, key=lambda key: -_spread(paths[key]))[:MOST_PANELS]
    shown = [key for key in paths if key in chosen]
    outcomes: dict[str, list[Panel]] = {}
    for lhs, rhs in shown:
        outcomes.setdefault(lhs, []).append(_panel(result, lhs, rhs, paths[lhs, rhs]))
    found = tuple(
        (
            label_of(result, lhs),
            pictures(panels, f"shrinkage-{at}", result.language, "panel_alt", centred=True),
        )
        for at, (lhs, panels) in enumerate(outcomes.items(), start=1)
    )
    return Shrinkage(found, _key(result, ledger, len(paths), len(shown)))


def _spread(part: pd.DataFrame) -> float:
    """Return how far the groups' pooled estimates are apart."""
    values = group_rows(part)["pooled"]
    return float(values.max() - values.min())


def _key(result: Result, ledger: pd.DataFrame, paths: int, shown: int) -> str:
    language = result.language
    groups = group_rows(ledger)["group"].nunique()
    places = {"sure": percent(SURE, language, 0), "rope": beta(rope_of(result), language)}
    said = [word("pooling_key", language, **places)]
    many = groups > MANY_GROUPS
    places = {"count": count(groups, language), "ends": str(ENDS)}
    said.append(word("pooling_extremes" if many else "pooling_order", language, **places))
    if shown < paths:
        said.append(word("pooling_panels", language, shown=shown, count=count(paths, language)))
    return " ".join(said)


def _panel(result: Result, lhs: str, rhs: str, part: pd.DataFrame) -> Panel:
    language = result.language
    by_group = {str(row["group"]): row for row in records(part)}
    rows = records(group_rows(part))
    average = by_group["all"]["pooled"]
    rope = rope_of(result)
    band = (average - rope, average, average + rope)
    return Panel(label_of(result, rhs), tuple(_rows(rows, language)), beside=True, band=band, name=lhs)


def _rows(rows: list[dict[str, Any]], language: str) -> list[PanelRow]:
    largest = max(row["n"] for row in rows)
    if len(rows) <= MANY_GROUPS:
        return [_row(row, largest, language) for row in sorted(rows, key=lambda row: -row["n"])]
    ordered = [_row(row, largest, language) for row in sorted(rows, key=lambda row: -row["pooled"])]
    between = word("pooling_between", language, count=count(len(ordered) - 2 * ENDS, language))
    return [*ordered[:ENDS], PanelRow(between, ()), *ordered[-ENDS:]]


def _row(row: dict[str, Any], largest: float, language: str) -> PanelRow:
    """Return a group's row; the area of its marks grows with n, down to 40% of the largest group's."""
    size = max(math.sqrt(row["n"] / largest), 0.65) * 1.15
    mark = Mark("bayes", row["pooled"], row["pooled_ci_lower"], row["pooled_ci_upper"], size=size, width=1.1)
    strong = bool(row["p_differs"] >= SURE)
    return PanelRow(f"{_short(row['group'])} ({count(row['n'], language)})", (mark,), strong, row["own"])


def _short(name: str) -> str:
    """Return a name that fits beside a panel: a long one keeps its beginning and its end.

    >>> _short("Gemeenschappelijke regeling Zuid")
    'Gemeenschap…ing Zuid'
    """
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 9].rstrip()}…{name[-8:].lstrip()}"
