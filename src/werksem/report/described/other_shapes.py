"""The shapes of tables that count several answers, compare groups or follow waves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from werksem.report.described.cells import cell, points
from werksem.report.described.folder import Described, group_label, label_of
from werksem.report.described.notes import readable
from werksem.report.described.shapes import Laid, group_cell, head, values, where
from werksem.report.described.sized import Line, sized
from werksem.report.described.words import SAID, said
from werksem.report.table import Body, Cell, Column

__all__ = ["compared", "generic"]

Row = Mapping[str, Any]
# measures that share the first column of a trend: its rows say which they are
FIRST = ("mean", "mark", "share", "difference", "slope", "break")
# measures that are a verdict in words: the row is there, its number says nothing
VERDICTS = ("gelijkwaardig", "verschil", "onbeslist")


def compared(found: Described, table: Mapping[str, Any], rows: Sequence[Row]) -> Laid:
    """Return a body per variable, comparisons or waves as rows and measures as columns, the verdict last."""
    language = found.language
    present = [measure for measure in values(rows, "measure") if measure not in VERDICTS]
    own = [measure for measure in present if measure in FIRST]
    measures = [measure for measure in present if measure not in FIRST]
    bodies = []
    for variable in values(rows, "variable"):
        of = [row for row in rows if row["variable"] == variable]
        lines: list[tuple[Cell, ...]] = []
        for wave, category, group in dict.fromkeys(
            (str(row["wave"]), str(row["category"]), str(row["group"])) for row in of
        ):
            here = [
                row for row in of if (row["wave"], row["category"], row["group"]) == (wave, category, group)
            ]
            told = next((row for row in here if row["measure"] in VERDICTS and row["status"] == "ok"), None)
            verdict = Cell(said(str(told["measure"]), language) if told is not None else "")
            first = next((row for row in here if row["measure"] in FIRST), None)
            if first is not None and first["measure"] == "break":
                name = Cell(said("break", language, year=f"{first['value']:g}"))
                lines.append((name, *(Cell() for _ in measures), Cell(), Cell()))
                continue
            main = cell(first, language)
            if first is not None and _of_shares(table, first):
                main = points(first, language)
            shown = (cell(where(here, measure=measure), language) for measure in measures)
            name = Cell(_compared(found, table, wave, category, group))
            lines.append((name, main, *shown, verdict))
        bodies.append(Body(label_of(found, variable), tuple(lines)))
    names = [_measure(measure, language) for measure in measures]
    names = [_measure(own[0], language) if len(own) == 1 else said("value", language), *names]
    return Laid((*head(said("what", language), names), Column(said("judged", language))), tuple(bodies))


def _of_shares(table: Mapping[str, Any], row: Row) -> bool:
    """Return whether a row is a difference of shares, or their slope."""
    return table.get("measure") == "share" and row["measure"] in ("difference", "slope")


def _compared(found: Described, table: Mapping[str, Any], wave: str, category: str, group: str) -> str:
    """Return what a row compares: ``Rijk - rest``, or a wave with what it is of."""
    named = said(category, found.language) if category in SAID else category.replace(" - ", " − ")
    of = group_label(found, table, group) if group and " - " not in category else ""
    return " · ".join(part for part in (wave.replace("-", "–"), of, named) if part)


def _measure(measure: str, language: str) -> str:
    return said(measure, language) if measure in SAID else measure


def generic(found: Described, table: Mapping[str, Any], rows: Sequence[Row]) -> Laid:
    """Return any other kind: a body per measure, waves or groups as columns, the rest as rows."""
    language = found.language
    across, down = ("wave", "group") if len(values(rows, "wave")) > 1 else ("group", "wave")
    columns = values(rows, across)
    alone = (
        len({row["variable"] for row in rows if label_of(found, str(row["variable"])) != row["variable"]})
        == 1
    )
    bodies = []
    for measure in values(rows, "measure"):
        of = [row for row in rows if row["measure"] == measure]
        lines: list[Line] = []
        for variable, category, other in dict.fromkeys(
            (str(row["variable"]), str(row["category"]), str(row[down])) for row in of
        ):
            wanted = {"variable": variable, "category": category, down: other}
            here = [where(of, **{**wanted, across: column}) for column in columns]
            name = _named(found, variable, category, alone=alone)
            parts = (name, group_label(found, table, other) if down == "group" else other)
            cells = tuple(cell(row, language) for row in here)
            lines.append((" · ".join(filter(None, parts)), cells, here))
        bodies.append(Body(_measure(measure, language), sized(lines, language, counted=measure != "rank")))
    names = [(group_cell(found, table, c).text if across == "group" else c) for c in columns]
    return Laid(head(said("what", language), names), tuple(bodies))


def _part_of(found: Described, condition: str) -> str:
    """Return of whom a row is a share: of a column of 0 and 1 its label, else the condition.

    >>> from pathlib import Path
    >>> from pandas import DataFrame
    >>> labels = {"weg": {"nl": "Is vertrokken"}}
    >>> found = Described(Path(), DataFrame(), {"language": "nl", "model": {"labels": labels}}, ())
    >>> _part_of(found, "weg == 1"), _part_of(found, "jaren <= 2")
    ('Samen, als deel van: Is vertrokken', 'Samen, van wie jaren ≤ 2')
    """
    yes = re.fullmatch(r"(\w+) == 1", condition.strip())
    label = label_of(found, yes.group(1)) if yes else ""
    if yes and label != yes.group(1):
        return said("of_labelled", found.language, label=label)
    return said("of_those", found.language, where=readable(condition))


def _named(found: Described, variable: str, category: str, *, alone: bool) -> str:
    """Return what a row is of: its variable, its category, or both; a variable ``alone`` need not be said."""
    label, language = label_of(found, variable), found.language
    if label == variable and any(sign in variable for sign in "=<>"):
        # a condition: the share of those who meet another one, or of all
        return _part_of(found, category) if category else said("of_everyone", language)
    if alone and label != variable:
        return readable(category) or said("together", language)
    return f"{readable(label)} · {readable(category)}" if category else readable(label)
