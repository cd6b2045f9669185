"""How wide a table's columns are on paper, whether it needs the page on its side, or to be split."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from werksem.report.publish.text_width import DECIMAL, aligned, width
from werksem.report.table import Cell, Column, Table, column_cells, with_columns

__all__ = ["BELOW", "LANDSCAPE", "MARGIN", "PORTRAIT", "SIZE", "Laid", "fits_a_page", "laid_out"]

# cm of text on A4 with margins of 2.5 cm
PORTRAIT, LANDSCAPE = 16.0, 24.7
# points of the text, of the second line of a cell, and what they are in a table of small type
SIZE, BELOW, SMALLER = 10.0, 8.5, 0.88
# bold type beside plain
BOLD = 1.08
# cm of margins in a cell, and some room for other fonts
MARGIN = 0.28
# cm that a column of text gets at most, and at least where it has as much to say
MOST, LEAST, LEAST_FIRST = 9.0, 2.6, 3.4
# lines of a table that a page holds, upright and on its side
LINES, LINES_LYING = 40, 22


@dataclass(frozen=True, slots=True)
class Laid:
    """A table or a part of one: its columns' widths in cm, the page on its side or not, and the type's size.

    ``scale`` is 1, or less where smaller type keeps the table on an upright page.
    """

    table: Table
    widths: tuple[float, ...]
    landscape: bool = False
    scale: float = 1.0
    part: int = 1
    parts: int = 1


def laid_out(table: Table, language: str, wider: float = 1.0) -> tuple[Laid, ...]:
    """Return the table upright or on its side, else in parts of columns that each have the first one.

    ``wider`` is how much wider the type is than Times.

    >>> from werksem.report.table import Body
    >>> columns = (Column("x"), *(Column("1.000", True) for _ in range(40)))
    >>> table = Table("t", columns, (Body("", ((Cell("a"), *(Cell("0.25") for _ in range(40))),)),))
    >>> [(one.part, one.parts, len(one.widths), one.landscape) for one in laid_out(table, "en")]
    [(1, 2, 21, True), (2, 2, 21, True)]
    """
    for room, landscape in ((PORTRAIT, False), (LANDSCAPE, True)):
        for scale in (1.0, SMALLER):
            widths = _widths(table, room, scale * wider, language)
            if sum(widths) <= room + 1e-9:
                return (Laid(table, widths, landscape, scale),)
    small = SMALLER * wider
    parts = [with_columns(table, places) for places in _parts(table, small, language)]
    return tuple(
        Laid(part, _widths(part, LANDSCAPE, small, language), True, SMALLER, at, len(parts))
        for at, part in enumerate(parts, start=1)
    )


def fits_a_page(laid: Laid) -> bool:
    """Return whether a table, with its caption and some notes, fits a page of its own."""
    total = 1
    for body in laid.table.bodies:
        total += bool(body.heading) + sum(_height(laid, row) for row in body.rows)
    return total * laid.scale <= (LINES_LYING if laid.landscape else LINES)


def _height(laid: Laid, row: tuple[Cell, ...]) -> int:
    """Return how many lines a row takes: text that is broken, and second lines."""
    heights = [
        math.ceil(width(cell.text, SIZE * laid.scale) / max(room - MARGIN, 0.1)) + bool(cell.sub)
        for cell, room in zip(row, laid.widths, strict=True)
    ]
    return max(1, *heights)


def _widths(table: Table, room: float, scale: float, language: str) -> tuple[float, ...]:
    """Return widths in cm: what must stand on one line, then for text what fits of what it would like."""
    needs = [_needed(table, at, scale, language) for at in range(len(table.columns))]
    least = [need[0] for need in needs]
    wish = [max(need[1] - need[0], 0.0) for need in needs]
    spare = room - sum(least)
    share = min(1.0, spare / sum(wish)) if spare > 0 and sum(wish) > 0 else 0.0
    return tuple(low + share * more for low, more in zip(least, wish, strict=True))


def _needed(table: Table, at: int, scale: float, language: str) -> tuple[float, float]:
    """Return the least width of a column and the one it would like."""
    column = table.columns[at]
    cells = column_cells(table, at)
    if column.numeric:
        return (_numbers(column, cells, scale, language),) * 2
    texts = [column.header, *(cell.text + cell.mark for cell in cells), *(cell.sub for cell in cells)]
    scale *= BOLD if any(cell.tone == "strong" for cell in cells) else 1.0
    whole = max(width(text, SIZE * scale) for text in texts) + MARGIN
    word = max((width(part, SIZE * scale) for text in texts for part in text.split()), default=0) + MARGIN
    like = min(whole, MOST)
    return min(max(word, min(LEAST if at else LEAST_FIRST, like)), MOST), max(like, word)


def _numbers(column: Column, cells: list[Cell], scale: float, language: str) -> float:
    """Return the width of a column of numbers: numbers and intervals unbroken, the header in words."""
    words = max((width(part, SIZE * scale) for part in column.header.split()), default=0.0)
    header = max(words, width(column.header, SIZE * scale) / 3)
    body, _ = aligned(cells, SIZE * scale, DECIMAL[language])
    below = max((width(part, BELOW * scale) for cell in cells for part in _unbroken(cell.sub)), default=0.0)
    return max(header, body, below) + MARGIN


def _unbroken(sub: str) -> list[str]:
    """Return the parts of a second line that must not be broken: an interval is one."""
    return [sub] if sub.startswith("[") or len(sub) < 16 else sub.split()


def _parts(table: Table, scale: float, language: str) -> list[list[int]]:
    """Return which columns go together, as even as can be, the first one in every part."""
    first, *rest = (_needed(table, at, scale, language)[0] for at in range(len(table.columns)))
    room = LANDSCAPE - first
    count = 2
    while count < len(rest):
        chunks = _even(len(rest), count)
        if all(sum(rest[at] for at in chunk) <= room for chunk in chunks):
            break
        count += 1
    return [[0, *(at + 1 for at in chunk)] for chunk in _even(len(rest), count)]


def _even(total: int, count: int) -> list[range]:
    """Return ranges over ``total`` in ``count`` parts that differ by at most one.

    >>> [list(part) for part in _even(5, 2)]
    [[0, 1, 2], [3, 4]]
    """
    size, more = divmod(total, count)
    ends = [at * size + min(at, more) for at in range(count + 1)]
    return [range(low, high) for low, high in pairwise(ends)]
