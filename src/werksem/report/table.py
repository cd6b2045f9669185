"""Tables as the template draws them: formatted cells, nothing left to compute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

__all__ = ["Body", "Cell", "Column", "Table", "column_cells", "with_columns"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, a smaller second line, marks (stars) set apart, and a tone for the style sheet.

    ``tone`` is empty, ``good``, ``warn``, ``bad``, ``strong``, ``quiet`` or ``code``; ``picture`` is an
    SVG of our own, put into the page as it is.
    """

    text: str = ""
    sub: str = ""
    mark: str = ""
    tone: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, whether it holds numbers (right aligned), and whether stars may follow them."""

    header: str
    numeric: bool = False
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """Rows under one heading (empty: none); the first cell of a row is its header."""

    heading: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A captioned table with notes below it.

    On a small screen ``wide`` ones scroll sideways, and the rows of ``stacked`` ones become two
    lines: the first and the last cell, then the numbers with their column's name.
    """

    caption: str
    columns: tuple[Column, ...]
    bodies: tuple[Body, ...]
    notes: tuple[str, ...] = ()
    wide: bool = False
    stacked: bool = False

    def __bool__(self) -> bool:
        return any(body.rows for body in self.bodies)


def column_cells(table: Table, at: int) -> list[Cell]:
    """Return the cells of a table's column, from all its bodies."""
    return [row[at] for body in table.bodies for row in body.rows]


def with_columns(table: Table, places: Sequence[int]) -> Table:
    """Return the table with only the columns at these places.

    >>> table = Table("t", (Column("a"), Column("b")), (Body("", ((Cell("1"), Cell("2")),)),))
    >>> [cell.text for cell in with_columns(table, [1]).bodies[0].rows[0]]
    ['2']
    """
    bodies = tuple(
        Body(body.heading, tuple(tuple(row[at] for at in places) for row in body.rows))
        for body in table.bodies
    )
    return replace(table, columns=tuple(table.columns[at] for at in places), bodies=bodies)
