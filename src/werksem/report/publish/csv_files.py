"""``tables/NAME.csv``: the tables as people read them, for a spreadsheet in the report's language."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from werksem.report.numbers import MINUS
from werksem.report.publish.publication import Publication
from werksem.report.publish.words import said
from werksem.report.table import Cell, Table, column_cells
from werksem.survey.formulas import inert

__all__ = ["safe", "sheet", "write_csv"]

# a Dutch spreadsheet separates by semicolons, since its decimals have commas
SEPARATORS = {"nl": ";", "en": ","}
NUMBER = re.compile(rf"[-+{MINUS}]?[\d.,]*\d%?")


def write_csv(found: Publication, folder: Path) -> Path:
    """Write a file per table and return their folder."""
    place = folder / "tables"
    place.mkdir(exist_ok=True)
    for number, one in enumerate(found.tables, start=1):
        # the mark tells spreadsheets that this is UTF-8
        text = "\ufeff" + sheet(found, number, one.table)
        (place / f"{one.name}.csv").write_text(text, encoding="utf-8", newline="")
    return place


def sheet(found: Publication, number: int, table: Table) -> str:
    """Return one table: its caption, header, rows, and notes after an empty line.

    Stars and second lines have columns of their own, so that numbers stay numbers.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=SEPARATORS[found.language], lineterminator="\r\n")
    writer.writerow([safe(f"{said('table', found.language)} {number}. {table.caption}")])
    if found.banner:
        writer.writerow([safe(found.banner)])
    writer.writerows([safe(text) for text in row] for row in _rows(table, found.language))
    if table.notes:
        writer.writerow([])
        writer.writerow([safe(f"{said('note', found.language)} {' '.join(table.notes)}")])
    return out.getvalue()


def _rows(table: Table, language: str) -> Iterator[list[str]]:
    """Yield the header and every row; headings of bodies are a first column."""
    headed = any(body.heading for body in table.bodies)
    split = [_split(table, at) for at in range(len(table.columns))]
    header = [""] if headed else []
    for column, (marked, below) in zip(table.columns, split, strict=True):
        header.append(column.header)
        header += [said(f"column_{marked}", language, header=column.header)] if marked else []
        header += [said(f"column_{below}", language, header=column.header)] if below else []
    yield header
    for body in table.bodies:
        for row in body.rows:
            cells = [text for cell, part in zip(row, split, strict=True) for text in _cells(cell, *part)]
            yield [body.heading, *cells] if headed else cells


def _split(table: Table, at: int) -> tuple[str, str]:
    """Return what a column's marks are (stars, others) and its second lines (intervals, others), if any."""
    cells = column_cells(table, at)
    below = [cell.sub for cell in cells if cell.sub]
    kind = "interval" if all(text.startswith("[") for text in below) else "below"
    marks = {cell.mark.strip("*") for cell in cells if cell.mark}
    return ("stars" if marks == {""} else "marks" if marks else ""), kind if below else ""


def _cells(cell: Cell, marked: str, below: str) -> list[str]:
    return [cell.text, *([cell.mark] if marked else []), *([cell.sub] if below else [])]


def safe(text: str) -> str:
    """Return text that no spreadsheet takes for a formula; a number stays one, with the minus it knows.

    >>> safe("=1+1"), safe("−,05"), safe("-,05"), safe("@x"), safe("12%"), safe("−x")
    ("'=1+1", '-,05', '-,05', "'@x", '12%', '−x')
    """
    return text.replace(MINUS, "-") if NUMBER.fullmatch(text) else inert(text)
