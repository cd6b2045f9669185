"""What a result folder has to publish: its tables in the order of a paper, and how they were made."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from werksem.report.legible import one_line
from werksem.report.table import Body, Cell, Table, column_cells, with_columns

__all__ = ["Named", "Publication", "clean", "named", "slug"]

# stands with numbers beyond a rule of thumb
SQUARE = "▪"


@dataclass(frozen=True, slots=True)
class Named:
    """A table and the name of its files: lower-case letters, digits and hyphens."""

    name: str
    table: Table


@dataclass(frozen=True, slots=True)
class Publication:
    """Title, source, methods paragraph and tables; ``banner`` is empty unless the data are synthetic.

    ``created`` is the moment of estimation (ISO), so that files made again are the same.
    """

    language: str
    title: str
    source: str
    banner: str
    created: str
    methods: tuple[str, ...]
    tables: tuple[Named, ...]


def named(tables: Iterable[tuple[str, Table]]) -> tuple[Named, ...]:
    """Return the tables that have rows, each under a name of its own.

    >>> from werksem.report.table import Column
    >>> table = Table("t", (Column("x"),), (Body("", ((Cell("a"),),)),))
    >>> [one.name for one in named([("Fit", table), ("empty", Table("", (), ())), ("fit", table)])]
    ['fit', 'fit-2']
    """
    found: dict[str, Table] = {}
    for name, table in tables:
        if table:
            base = at = slug(name)
            count = 1
            while at in found:
                count += 1
                at = f"{base}-{count}"
            found[at] = clean(table)
    return tuple(Named(name, table) for name, table in found.items())


def slug(name: str) -> str:
    """Return a name as lower-case letters, digits and hyphens; ``table`` where nothing is left.

    >>> slug("Facetten 2024/(Rijk)"), slug("β")
    ('facetten-2024-rijk', 'table')
    """
    return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-") or "table"


def clean(table: Table) -> Table:
    """Return a table without control characters, line ends and empty columns, rows as long as the header.

    Columns are ``marked`` where a cell has a mark.
    """
    numeric = tuple(column.numeric for column in table.columns)
    bodies = tuple(
        Body(one_line(body.heading), tuple(_row(row, numeric) for row in body.rows))
        for body in table.bodies
        if body.rows
    )
    notes = tuple(one_line(note) for note in table.notes)
    whole = replace(table, caption=one_line(table.caption), bodies=bodies, notes=notes)
    cells = [column_cells(whole, at) for at in range(len(numeric))]
    marks = [any(cell.mark for cell in own) for own in cells]
    columns = tuple(
        replace(column, header=one_line(column.header), marked=column.numeric and mark)
        for column, mark in zip(table.columns, marks, strict=True)
    )
    kept = [at for at, own in enumerate(cells) if not at or any(cell.text or cell.sub for cell in own)]
    return with_columns(replace(whole, columns=columns), kept)


def _row(row: tuple[Cell, ...], numeric: tuple[bool, ...]) -> tuple[Cell, ...]:
    full = row + (Cell(),) * (len(numeric) - len(row))
    return tuple(_cell(cell, number) for cell, number in zip(full, numeric, strict=True))


def _cell(cell: Cell, number: bool) -> Cell:
    """Return a cell; a number beyond a rule of thumb has a square, as on the page."""
    square = SQUARE if number and cell.text and cell.tone in ("warn", "bad") else ""
    mark = one_line(cell.mark) or square
    return replace(cell, text=one_line(cell.text), sub=one_line(cell.sub), mark=mark)
