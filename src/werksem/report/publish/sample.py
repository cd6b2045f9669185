"""The respondents: rows read and used, groups, and n per method."""

from __future__ import annotations

import math

from werksem.report.answer import sizes
from werksem.report.folder import Result
from werksem.report.numbers import count, number
from werksem.report.publish.words import said
from werksem.report.table import Body, Cell, Column, Table

__all__ = ["sample_table"]


def sample_table(result: Result) -> Table:
    """Return how many respondents there are, in which groups, and how many each method uses."""
    language, data = result.language, result.manifest.get("data") or {}
    read, used = (float(data.get(key) or math.nan) for key in ("rows_read", "rows_used"))
    groups = tuple(
        _row(str(group), float(size), used, language) for group, size in (data.get("groups") or {}).items()
    )
    rows: tuple[tuple[Cell, ...], ...] = ()
    if not math.isnan(used):
        read_row = (Cell(said("rows_read", language)), Cell(count(read, language)), Cell())
        rows = (read_row, _row(said("rows_used", language), used, read, language))
    methods = tuple((Cell(name), Cell(n), Cell()) for name, n in sizes(result))
    bodies = tuple(
        Body(said(key, language), part)
        for key, part in (("file", rows), ("groups", groups), ("used", methods))
        if part
    )
    columns = (Column(said("what", language)), Column("n", True), Column(said("share", language), True))
    notes = (said("sample_note", language),) if rows else ()
    return Table(said("sample_caption", language), columns, bodies, notes)


def _row(name: str, size: float, whole: float, language: str) -> tuple[Cell, ...]:
    share = number(100 * size / whole, language, 1) if whole > 0 else ""
    return Cell(name), Cell(count(size, language)), Cell(share)
