"""What ``fit`` and ``compare`` print: n, warnings, the comparison, indirect effects; then where the rest is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from werksem.compare.across import VALUES, across, names_of
from werksem.report.advice import attention
from werksem.report.answer import brief, comparison_tables, sizes, warnings_of
from werksem.report.effects import effects_table
from werksem.report.folder import Result, labels_of, read_result
from werksem.report.numbers import beta
from werksem.report.table import Body, Cell, Table
from werksem.report.words import group_name, word

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable

__all__ = ["print_across", "print_summary"]

STYLES = {"good": "green", "warn": "yellow", "bad": "bold red", "strong": "bold", "quiet": "dim"}
# rows of effects on the first screen; the report has them all
MOST_EFFECTS = 12


def print_summary(folder: Path, console: Console | None = None) -> None:
    """Print a result folder's answer: banner, n per engine, warnings, comparison, indirect effects."""
    result = read_result(folder)
    out = console or _console()
    language = result.language
    out.print(str(result.manifest.get("title") or result.manifest.get("study", "")), style="bold", markup=False)
    if result.manifest.get("synthetic"):
        out.print(word("banner", language), style="bold red", markup=False)
    out.print(" · ".join(f"{engine} n = {n}" for engine, n in sizes(result)), markup=False, highlight=False)
    for text in (*warnings_of(result), *attention(result)):
        out.print(f"! {text}", style="yellow", markup=False, highlight=False)
    for table in comparison_tables(result):
        out.print(_rich(table))
    for text in brief(result)[:1]:
        out.print(text, markup=False, highlight=False)
    _print_effects(result, out)
    if (folder / "report.html").is_file():
        out.print(f"{word('report_at', language)}: {folder / 'report.html'}", markup=False, highlight=False, soft_wrap=True)


def _print_effects(result: Result, out: Console) -> None:
    """Print the sums of indirect routes, or every effect where there are few."""
    table = effects_table(result)
    if not table:
        return
    count = sum(len(body.rows) for body in table.bodies)
    if count > MOST_EFFECTS:
        table = _sums(table)
    shown = sum(len(body.rows) for body in table.bodies)
    out.print(_rich(table, title=word("effects", result.language)))
    if shown < count:
        out.print(word("more_in_report", result.language, count=count - shown), style="dim", markup=False)


def _sums(table: Table) -> Table:
    """Return the table with total indirect effects (drawn strong) and formulas only."""
    sums = tuple(Body(b.heading, tuple(row for row in b.rows if row[0].tone == "strong")) for b in table.bodies)
    bodies = tuple(part if part.rows else whole for part, whole in zip(sums, table.bodies, strict=True))
    return Table(table.caption, table.columns, bodies, table.notes)


def _console() -> Console:
    from rich.console import Console

    return Console()


def _rich(table: Table, title: str = "") -> RichTable:
    """Return a table for the terminal: a line per row, estimate and interval beside one another."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as RichTable

    rich = RichTable(title=title or table.caption, box=SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for number, column in enumerate(table.columns):
        wraps = number == 0
        rich.add_column(column.header, justify="right" if column.numeric else "left", no_wrap=not wraps)
    for body in table.bodies:
        if body.heading and body.rows:
            rich.add_row(_text(Cell(body.heading, tone="strong")))
        for row in body.rows:
            marked = (column.marked for column in table.columns)
            rich.add_row(*(_text(cell, stars) for cell, stars in zip(row, marked, strict=True)))
    return rich


def _text(cell: Cell, marked: bool = False) -> object:
    from rich.text import Text

    stars = f"{cell.mark:<3}" if marked else cell.mark
    return Text(cell.text + (stars if cell.text else ""), style=STYLES.get(cell.tone, ""))


def print_across(folders: Sequence[Path], console: Console | None = None) -> pd.DataFrame:
    """Print the comparison of one or several result folders and return it as a table.

    One folder: its summary, and ``comparison.csv``. Several: the wide table of
    ``werksem.compare.across``, the paths of all respondents on screen (other groups are in the
    returned table). Raises ``DataError`` for a folder without results.
    """
    table = across(folders)
    if len(folders) == 1:
        print_summary(folders[0], console)
        return table
    results = [read_result(folder) for folder in folders]
    out = console or _console()
    language = results[0].language
    if any(result.manifest.get("synthetic") for result in results):
        out.print(word("banner", language), style="bold red", markup=False)
    models = {str(result.manifest.get("model", {}).get("sha256")) for result in results}
    if len(models) > 1:
        out.print(f"! {word('models_differ', language)}", style="yellow", markup=False)
    labels = {name: text for result in results for name, text in labels_of(result).items()}
    out.print(_across_table(table, names_of(folders), labels, language))
    return table


def _across_table(table: pd.DataFrame, names: Sequence[str], labels: dict[str, str], language: str) -> RichTable:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as RichTable

    rich = RichTable(title=word("across_title", language), box=SIMPLE_HEAD, title_justify="left", pad_edge=False)
    rich.add_column(word("path", language), overflow="fold")
    columns = [f"{name}.{value}" for name in names for value in VALUES if f"{name}.{value}" in table]
    for column in columns:
        name, value = column.rsplit(".", 1)
        rich.add_column(f"{name}\n{word(value, language)}", justify="right")
    rich.add_column(word("verdict", language), no_wrap=True)
    shown = table[table["group"] == "all"] if (table["group"] == "all").any() else table
    for row in shown.to_dict("records"):
        rich.add_row(*_across_row(row, columns, labels, language))
    return rich


def _across_row(row: dict[str, object], columns: list[str], labels: dict[str, str], language: str) -> list[object]:
    lhs, rhs, group = (str(row[key]) for key in ("lhs", "rhs", "group"))
    path = f"{labels.get(rhs, rhs)} → {labels.get(lhs, lhs)}"
    path += "" if group == "all" else f" · {group_name(group, language)}"
    tones = {"agree": "good", "differ > .05": "warn", "sign differs": "bad"}
    verdict = str(row["verdict"])
    said = Cell(word(verdict, language) if verdict else "", tone=tones.get(verdict, ""))
    values = [Cell(beta(float(str(row[column])), language)) for column in columns]
    return [_text(cell) for cell in (Cell(path), *values, said)]
