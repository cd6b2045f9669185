"""What ``describe`` prints: every table, as on its page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from werksem.report.console import STYLES, empty_table
from werksem.report.described.folder import read_described
from werksem.report.described.layout import Shown, shown_tables
from werksem.report.described.page import method_said
from werksem.report.described.words import said
from werksem.report.table import Cell, Table
from werksem.report.words import word

if TYPE_CHECKING:
    from rich.console import Console, JustifyMethod
    from rich.table import Table as RichTable
    from rich.text import Text

__all__ = ["fitting", "print_tables"]

NAME = 20  # characters for the first column, at least
BESIDE = 2  # blanks beside every column


def print_tables(folder: Path, console: Console | None = None) -> None:
    """Print a folder's tables: banner, how they were made, each table with its notes, where the page is."""
    from rich.console import Console

    found = read_described(folder)
    out, manifest = console or Console(), found.manifest
    out.print(str(manifest.get("title") or manifest.get("study", "")), style="bold", markup=False)
    if manifest.get("synthetic"):
        out.print(word("banner", found.language), style="bold red", markup=False)
    for text in method_said(found, "made_printed"):
        out.print(text, markup=False, highlight=False)
    for shown in shown_tables(found):
        out.print()
        for at, table in enumerate(fitting(shown.table, out.width)):
            out.print(_rich(shown, table, out.width, first=at == 0))
        for note in shown.table.notes:
            out.print(note, style="dim", markup=False, highlight=False)
    page = f"{said('page_at', found.language)}: {folder / 'tables.html'}"
    out.print(page, markup=False, highlight=False, soft_wrap=True)


def fitting(table: Table, room: int) -> tuple[Table, ...]:
    """Return the table, or where it is wider than ``room`` characters its columns in parts that are not.

    Every part begins with the first column; a column that is too wide by itself has a part of its own.

    >>> from werksem.report.table import Body, Column
    >>> wide = Table("t", tuple(Column(name * 30) for name in "abc"), (Body("", ((Cell("x"),) * 3,)),))
    >>> [[column.header[0] for column in part.columns] for part in fitting(wide, 80)]
    [['a', 'b'], ['a', 'c']]
    """
    parts: list[list[int]] = [[]]
    left = start = room - NAME - BESIDE
    for at in range(1, len(table.columns)):
        width = _width(table, at) + BESIDE
        if width > left and parts[-1]:
            parts.append([])
            left = start
        parts[-1].append(at)
        left -= width
    return (table,) if len(parts) == 1 else tuple(_part(table, (0, *part)) for part in parts)


def _width(table: Table, at: int) -> int:
    """Return the characters that a column needs: its longest number, and the longest word of its head."""
    cells = [len(row[at].text) for body in table.bodies for row in body.rows]
    return max(5, *cells, *(len(word) for word in table.columns[at].header.split()), 0)


def _widths(table: Table, room: int) -> list[int]:
    """Return the characters of every column: what it needs, and from the left what is over of ``room``."""
    found = [NAME, *(_width(table, at) for at in range(1, len(table.columns)))]
    spare = room - sum(found) - BESIDE * (len(found) - 1)
    for at, column in enumerate(table.columns):
        cells = [len(row[at].text) for body in table.bodies for row in body.rows]
        more = max(0, min(max(len(column.header), *cells, 0) - found[at], spare))
        found[at], spare = found[at] + more, spare - more
    return found


def _part(table: Table, at: tuple[int, ...]) -> Table:
    bodies = tuple(
        replace(body, rows=tuple(tuple(row[k] for k in at) for row in body.rows)) for body in table.bodies
    )
    return replace(table, columns=tuple(table.columns[k] for k in at), bodies=bodies)


def _rich(shown: Shown, table: Table, room: int, *, first: bool) -> RichTable:
    """Return a part of a table, its columns as wide as ``_widths`` says: those that Rich finds may be cut."""
    title = f"{shown.title} ({shown.source})" if shown.source else shown.title
    rich = empty_table(title if first else "")
    for column, width in zip(table.columns, _widths(table, room), strict=True):
        side: JustifyMethod = "right" if column.numeric else "left"
        rich.add_column(column.header, justify=side, overflow="fold", width=width)
    for body in table.bodies:
        if body.heading:
            rich.add_row(_text(Cell(body.heading, tone="strong")))
        for row in body.rows:
            rich.add_row(*(_text(cell) for cell in row))
    return rich


def _text(cell: Cell) -> Text:
    from rich.text import Text

    return Text(cell.text, style=STYLES.get(cell.tone, ""))
