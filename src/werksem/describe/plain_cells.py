"""Cells for rows that bring none: shares and means as sums over groups, and what is made out of them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from werksem.describe.questions import ALL, Cell
from werksem.describe.table import no_number

__all__ = ["LEVELS", "SHARES", "cells_of", "count_of", "derived_rows"]

Row = dict[str, Any]
SHARES = ("share", "share_of_all", "share_of_responses")
# the measures that are sums over respondents; the others (differences, slopes, ranks, tests) come from these
LEVELS = (*SHARES, "mean", "mark", "sd", "score", "one_in")


def cells_of(rows: Sequence[Row]) -> list[Cell | None]:
    """Return the cell of every row; None for numbers that come from other rows, or from elsewhere (no n).

    Rows of one table and wave without a cell are one system. Every (variable, category, measure) is an
    unknown of its own; numbers whose bases have the same sizes in all groups share their base.
    """
    sizes: dict[tuple[Any, ...], list[tuple[str, Any]]] = defaultdict(list)
    for line in rows:
        sizes[_name(line)].append((line["group"], line["n"]))
    places: dict[Any, float] = {}
    found: list[Cell | None] = []
    for line in rows:
        given = line.get("cell")
        if given is None and line["measure"] in LEVELS and not no_number(line["n"]):
            own = places.setdefault(_name(line), float(len(places)))
            base = places.setdefault(tuple(sorted(sizes[_name(line)])), float(len(places)))
            system = ("", str(line["table"]), "", str(line["wave"]))
            given = Cell(
                system, (own, base), (1.0, 0.0), count_of(line), line["measure"] in SHARES, False, (base,)
            )
        found.append(given)
    return found


def _name(line: Row) -> tuple[Any, ...]:
    return line["table"], line["wave"], line["variable"], line["category"], line["measure"]


def count_of(line: Mapping[str, Any]) -> int:
    """Return how many respondents a share counts, as its rows say or nearly."""
    n = int(line["n"])
    if "count" in line or line["measure"] not in SHARES:
        return int(line.get("count", n))
    return round(line["value"] * n) if math.isfinite(line["value"]) else 0


def derived_rows(rows: Sequence[Row], status: Mapping[int, str], smallest: int) -> list[int]:
    """Return the rows made out of others of which one is hidden.

    A rank comes from the shares of its own category; slopes and tests from the same variable in their group,
    differences from that in the groups they compare, which a row has under ``of``.
    """
    hidden = {(rows[at]["variable"], rows[at]["group"]) for at in status}
    own = {(rows[at]["table"], *_place(rows[at])) for at in status}
    levels = {(line["table"], *_place(line)) for line in rows if line["measure"] in LEVELS}
    found = []
    for at, line in enumerate(rows):
        if line["measure"] in LEVELS or no_number(line["n"]):
            continue
        place = (line["table"], *_place(line))
        groups = set(line.get("of", (line["group"],))) - {ALL} or {ALL}
        far = any((line["variable"], group) in hidden for group in groups)
        if place in own or (far and place not in levels):
            found.append(at)
    return found + _beside_one(rows, {*status, *found}, smallest)


def _beside_one(rows: Sequence[Row], hidden: Collection[int], smallest: int) -> list[int]:
    """Return the smallest shown differences with the rest where one hidden one would follow from the others.

    Differences of all groups with the rest add to 0, each times n (N - n) / N respondents.
    """
    tables: dict[tuple[Any, ...], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for at, line in enumerate(rows):
        if ALL in line.get("of", ()):
            tables[line["table"], line["wave"], line["variable"]][line["category"]].append(at)
    found: list[int] = []
    for table in tables.values():
        members = sorted(table.values(), key=lambda of: (of[0] not in hidden, rows[of[0]]["n"]))
        out = sum(of[0] in hidden for of in members)
        while out and out < len(members) and (out < 2 or _respondents(rows, members[:out]) < smallest):
            found += members[out]
            out += 1
    return found


def _respondents(rows: Sequence[Row], members: Sequence[Sequence[int]]) -> int:
    return sum(int(rows[of[0]]["n"]) for of in members)


def _place(line: Row) -> tuple[Any, ...]:
    return line["variable"], line["group"], line["category"], line["wave"]
