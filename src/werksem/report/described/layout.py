"""From the long table to tables that people read: what stands in rows, what in columns, which picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werksem.compare.cells import records
from werksem.describe.table import HIDDEN
from werksem.report.described.folder import Described, label_of
from werksem.report.described.notes import notes_of
from werksem.report.described.other_shapes import compared, generic
from werksem.report.described.shapes import by_category, by_group, by_measure, drawn
from werksem.report.table import Table

__all__ = ["Shown", "shown_tables"]

CATEGORIES = ("three_way", "classes", "items", "enps")
COMPARED = ("difference", "trend")
SINGLE = ("means", "marks", "top2", "share_below", "one_in")


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as the page has it: name, title, place in the source, notes, and its figures."""

    name: str
    title: str
    source: str
    table: Table
    bars: Mapping[tuple[int, int], str] = field(default_factory=dict)
    pictures: tuple[tuple[str, str], ...] = ()
    key: tuple[tuple[str, str], ...] = ()
    ends: tuple[str, ...] = ()


def shown_tables(found: Described) -> tuple[Shown, ...]:
    """Return every table of a folder in its order."""
    return tuple(_shown(found, table) for table in found.tables)


def _shown(found: Described, table: Mapping[str, Any]) -> Shown:
    rows = records(found.rows[found.rows["table"] == table["table"]])
    kind, variables = str(table["kind"]), list(dict.fromkeys(str(row["variable"]) for row in rows))
    grouped = table.get("by") is not None
    if kind == "histogram":
        laid = drawn(found, table, rows)
    elif kind in CATEGORIES:
        laid = by_category(found, table, rows, grouped=grouped)
    elif kind in SINGLE:
        shape = by_group if grouped and len(variables) > 1 else by_measure
        laid = shape(found, table, rows)
    elif kind in COMPARED:
        laid = compared(found, table, rows)
    else:
        laid = generic(found, table, rows)
    title = _title(found, table, variables)
    notes = notes_of(found, table, any(row["status"] in HIDDEN for row in rows), _few(rows))
    whole = Table(title, laid.columns, laid.bodies, notes, wide=True)
    return Shown(
        str(table["table"]),
        title,
        str(table.get("source", "")),
        whole,
        laid.bars,
        laid.pictures,
        laid.key,
        laid.ends,
    )


def _few(rows: Sequence[Mapping[str, Any]]) -> bool:
    return any(row["status"] == "few" for row in rows)


def _title(found: Described, table: Mapping[str, Any], variables: Sequence[str]) -> str:
    """Return the table's own title, else the label of its one variable, else its name."""
    given = str((table.get("title") or {}).get(found.language) or "")
    if given:
        return given
    return label_of(found, variables[0]) if len(variables) == 1 else str(table["table"])
