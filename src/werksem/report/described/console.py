"""What ``describe`` prints: every table, as on its page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from werksem.report.console import STYLES, empty_table
from werksem.report.described.folder import read_described
from werksem.report.described.layout import Shown, shown_tables
from werksem.report.described.page import method_said
from werksem.report.described.words import said
from werksem.report.table import Cell
from werksem.report.words import word

if TYPE_CHECKING:
    from rich.console import Console, JustifyMethod
    from rich.table import Table as RichTable
    from rich.text import Text

__all__ = ["print_tables"]


def print_tables(folder: Path, console: Console | None = None) -> None:
    """Print a folder's tables: banner, how they were made, each table with its notes, where the page is."""
    from rich.console import Console

    found = read_described(folder)
    out, manifest = console or Console(), found.manifest
    out.print(str(manifest.get("title") or manifest.get("study", "")), style="bold", markup=False)
    if manifest.get("synthetic"):
        out.print(word("banner", found.language), style="bold red", markup=False)
    for text in method_said(found):
        out.print(text, markup=False, highlight=False)
    for shown in shown_tables(found):
        out.print()
        out.print(_rich(shown))
        for note in shown.table.notes:
            out.print(note, style="dim", markup=False, highlight=False)
    page = f"{said('page_at', found.language)}: {folder / 'tables.html'}"
    out.print(page, markup=False, highlight=False, soft_wrap=True)


def _rich(shown: Shown) -> RichTable:
    title = f"{shown.title} ({shown.source})" if shown.source else shown.title
    rich = empty_table(title)
    for at, column in enumerate(shown.table.columns):
        side: JustifyMethod = "right" if column.numeric else "left"
        least = 20 if at == 0 else 5
        rich.add_column(column.header, justify=side, overflow="fold", min_width=least)
    for body in shown.table.bodies:
        if body.heading:
            rich.add_row(_text(Cell(body.heading, tone="strong")))
        for row in body.rows:
            rich.add_row(*(_text(cell) for cell in row))
    return rich


def _text(cell: Cell) -> Text:
    from rich.text import Text

    return Text(cell.text, style=STYLES.get(cell.tone, ""))
