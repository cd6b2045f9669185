"""Rows of a table with the n they rest on, and rows of which nothing can be shown folded into one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from werksem.describe.table import HIDDEN
from werksem.report.described.cells import count_cell
from werksem.report.described.words import said
from werksem.report.table import Cell

__all__ = ["Line", "sized"]

# a name with the rows of tables.csv behind its cells, None where there is no such cell
Line = tuple[str, tuple[Cell, ...], Sequence[Mapping[str, Any] | None]]


def sized(lines: Sequence[Line], language: str, *, counted: bool = True) -> tuple[tuple[Cell, ...], ...]:
    """Return lines as rows of cells, an n below every run of lines that rest on the same respondents.

    Not ``counted``: without n. Lines that show no number end the table as one row, with their names together.

    >>> row = {"n": 30.0, "status": "ok"}
    >>> hidden = {"n": float("nan"), "status": "suppressed"}
    >>> lines = [("A", (Cell("20%"),), [row]), ("B", (Cell("·"),), [hidden]), ("C", (Cell(""),), [None])]
    >>> [[cell.text for cell in row] for row in sized(lines, "nl")]
    [['A', '20%'], ['n', '30'], ['B, C', '·']]
    """
    shown = [line for line in lines if any(_known(row) for row in line[2])]
    hidden = [line for line in lines if not any(_known(row) for row in line[2])]
    rows: list[tuple[Cell, ...]] = []
    for run in _runs(shown):
        rows += [(Cell(name), *cells) for name, cells, _ in run]
        sizes = _counts(run, language) if counted else ()
        rows += [(Cell(said("n", language), tone="quiet"), *sizes)] if any(c.text for c in sizes) else []
    if hidden:
        columns = zip(*(found for _, _, found in hidden), strict=True)
        dots = (Cell("·" if any(column) else "", tone="quiet") for column in columns)
        rows.append((Cell(", ".join(name for name, _, _ in hidden)), *dots))
    return tuple(rows)


def _known(row: Mapping[str, Any] | None) -> bool:
    return row is not None and row["status"] not in HIDDEN


def _runs(lines: Sequence[Line]) -> list[list[Line]]:
    """Return lines in runs that have the same n in every column where both have one."""
    runs: list[list[Line]] = []
    for line in lines:
        if runs and all(_same(a, b) for other in runs[-1] for a, b in zip(line[2], other[2], strict=True)):
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _same(a: Mapping[str, Any] | None, b: Mapping[str, Any] | None) -> bool:
    known = a is not None and b is not None and _known(a) and _known(b)
    return not known or a["n"] == b["n"] or math.isnan(a["n"]) or math.isnan(b["n"])  # type: ignore[index]


def _counts(run: Sequence[Line], language: str) -> tuple[Cell, ...]:
    columns = zip(*(rows for _, _, rows in run), strict=True)
    return tuple(count_cell([row for row in column if row is not None], language) for column in columns)
