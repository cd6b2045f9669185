"""What ``fit`` and ``compare`` print: n, warnings, the comparison, indirect effects."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from werksem.compare.across import VALUES, across, names_of
from werksem.compare.cells import records
from werksem.compare.table import verdict
from werksem.report.advice import attention
from werksem.report.answer import VERDICT_TONES, brief, comparison_tables, sizes, warnings_of
from werksem.report.claims import claims_said
from werksem.report.comparable import freed_said
from werksem.report.design_words import effects_heading
from werksem.report.effects import effects_table
from werksem.report.failures import failures_lines
from werksem.report.folder import Result, labels_of, read_result
from werksem.report.importance import importance_said
from werksem.report.misfit import invariance_table
from werksem.report.models import print_models
from werksem.report.numbers import beta
from werksem.report.pooling import pooling_said
from werksem.report.table import Body, Cell, Table
from werksem.report.words import group_name, word

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

__all__ = ["empty_table", "print_comparison", "print_summary"]

STYLES = {"good": "green", "warn": "yellow", "bad": "bold red", "strong": "bold", "quiet": "dim"}
# rows of effects on the first screen; the report has them all
MOST_EFFECTS = 12
NAME_WIDTH = 24


def print_summary(folder: Path, console: Console | None = None) -> None:
    """Print a result folder's answer: banner, n per engine, warnings, comparison, indirect effects."""
    result = read_result(folder)
    out = console or _console()
    language = result.language
    out.print(
        str(result.manifest.get("title") or result.manifest.get("study", "")), style="bold", markup=False
    )
    if result.manifest.get("synthetic"):
        out.print(word("banner", language), style="bold red", markup=False)
    out.print(" · ".join(f"{engine} n = {n}" for engine, n in sizes(result)), markup=False, highlight=False)
    for text in (*warnings_of(result), *attention(result)):
        out.print(f"! {text}", style="yellow", markup=False, highlight=False)
    for table in comparison_tables(result):
        out.print(_rich(table, language))
    for text in brief(result)[:1]:
        out.print(text, markup=False, highlight=False)
    if "bayes" in set(result.estimates["engine"]) and invariance_table(result).bodies:
        out.print(_rich(invariance_table(result), language))
    for text in filter(
        None,
        (*importance_said(result)[1:], claims_said(result), *pooling_said(result)[:1], freed_said(result)),
    ):
        out.print(text, markup=False, highlight=False)
    _print_effects(result, out)
    for text in failures_lines(result):
        out.print(text, markup=False, highlight=False)
    if (folder / "report.html").is_file():
        out.print(
            f"{word('report_at', language)}: {folder / 'report.html'}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def _print_effects(result: Result, out: Console) -> None:
    """Print the sums of indirect routes, or every effect where there are few."""
    table = effects_table(result)
    if _total(_widths(table, wrapped=True)) > out.width:
        table = effects_table(result, banded=False)
    if not table:
        return
    language, count = result.language, sum(len(body.rows) for body in table.bodies)
    if count > MOST_EFFECTS:
        table = _sums(table)
    shown = sum(len(body.rows) for body in table.bodies)
    out.print(_rich(table, language, effects_heading(result), intervals=True, room=out.width))
    if shown < count:
        out.print(word("more_in_report", result.language, count=count - shown), style="dim", markup=False)


def _widths(table: Table, *, wrapped: bool) -> list[int]:
    """Return the characters each column takes with its intervals; ``wrapped`` at least, text in words."""
    widths = []
    for at, column in enumerate(table.columns):
        cells = [f"{row[at].text} {row[at].sub}".strip() for body in table.bodies for row in body.rows]
        texts = [column.header, *cells]
        if wrapped and not column.numeric:
            texts = " ".join(texts).split()
        widths.append(max(len(text) for text in texts))
    names = max(NAME_WIDTH, widths[0], *(len(body.heading) for body in table.bodies))
    return [NAME_WIDTH if wrapped else names, *widths[1:]]


def _total(widths: Sequence[int]) -> int:
    """Return what columns take together, with two spaces between them."""
    return sum(widths) + 2 * (len(widths) - 1)


def _fitted(table: Table, room: int) -> list[int]:
    """Return the columns' widths within ``room``: names give way first, then text, never numbers."""
    widths, least = _widths(table, wrapped=False), _widths(table, wrapped=True)
    for at in (0, len(widths) - 1):
        over = _total(widths) - room
        widths[at] -= min(max(over, 0), max(widths[at] - least[at], 0))
    return widths


def _sums(table: Table) -> Table:
    """Return the table with total indirect effects (drawn strong) and formulas only."""
    sums = tuple(
        Body(b.heading, tuple(row for row in b.rows if row[0].tone == "strong")) for b in table.bodies
    )
    bodies = tuple(part if part.rows else whole for part, whole in zip(sums, table.bodies, strict=True))
    return Table(table.caption, table.columns, bodies, table.notes)


def _console() -> Console:
    from rich.console import Console

    return Console()


def empty_table(title: str) -> RichTable:
    """Return a table for the terminal without columns, in the style of all of them."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as RichTable

    return RichTable(
        title=title,
        title_justify="left",
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )


def _rich(
    table: Table, language: str, title: str = "", *, intervals: bool = False, room: int = 0
) -> RichTable:
    """Return a table for the terminal, a line per row; with ``intervals`` beside the estimates.

    ``room`` is how many characters it may take; 0 leaves that to the terminal.
    """
    rich = empty_table(title or table.caption)
    short = {word("published", language): word("published_short", language)}
    widths: list[int] | list[None] = _fitted(table, room) if room else [None] * len(table.columns)
    for number, column in enumerate(table.columns):
        header = short.get(column.header, column.header)
        if number == 0:
            rich.add_column(header, min_width=NAME_WIDTH, width=widths[0], overflow="fold")
        else:
            rich.add_column(
                header,
                justify="right" if column.numeric else "left",
                no_wrap=column.numeric,
                width=widths[number],
            )
    for body in table.bodies:
        if body.heading and body.rows:
            rich.add_row(_text(Cell(body.heading, tone="strong")))
        for row in body.rows:
            marked = (column.marked for column in table.columns)
            shown = (Cell(f"{c.text} {c.sub}".strip(), "", c.mark, c.tone) if intervals else c for c in row)
            rich.add_row(*(_text(cell, stars) for cell, stars in zip(shown, marked, strict=True)))
    return rich


def _text(cell: Cell, marked: bool = False) -> Text:
    from rich.text import Text

    stars = f"{cell.mark:<3}" if marked else cell.mark
    return Text(cell.text + (stars if cell.text else ""), style=STYLES.get(cell.tone, ""))


def print_comparison(folders: Sequence[Path], console: Console | None = None) -> pd.DataFrame:
    """Print the comparison of one or several result folders and return it as a table.

    One folder: its summary, and ``comparison.csv``. Several: the wide table of
    ``werksem.compare.across``, the paths of all respondents on screen (other groups are in the
    returned table). A folder given twice counts once. Raises ``DataError`` for one without results.
    """
    folders = list({folder.resolve(): folder for folder in folders}.values())
    results = [read_result(folder) for folder in folders]
    table = across(folders)
    if len(folders) == 1:
        print_summary(folders[0], console)
        return table
    out = console or _console()
    language = results[0].language
    if any(result.manifest.get("synthetic") for result in results):
        out.print(word("banner", language), style="bold red", markup=False)
    models = {str(result.manifest.get("model", {}).get("sha256")) for result in results}
    if len(models) > 1 and len(table):
        out.print(f"! {word('models_differ', language)}", style="yellow", markup=False)
    labels = {name: text for result in reversed(results) for name, text in labels_of(result).items()}
    for engine in VALUES:
        columns = [f"{name}.{engine}" for name in names_of(folders) if f"{name}.{engine}" in table]
        if len(columns) > 1 or (columns and engine != "published"):
            out.print(_across_table(table, columns, labels, language))
    print_models(folders, out, language)
    return table


def _across_table(
    table: pd.DataFrame, columns: Sequence[str], labels: dict[str, str], language: str
) -> RichTable:
    """Return one engine's estimates: predictors by outcome, a column per folder, and the verdict."""
    engine = columns[0].rsplit(".", 1)[1]
    rich = empty_table(f"{word('across_title', language)}: {word(engine, language)}")
    rich.add_column(word("predictor", language), min_width=20, overflow="fold")
    for column in columns:
        rich.add_column(column.rsplit(".", 1)[0], justify="right", overflow="fold", min_width=5)
    rich.add_column(word("verdict", language), no_wrap=True)
    shown = table[table["group"] == "all"] if (table["group"] == "all").any() else table
    for outcome, part in shown.groupby("lhs", sort=False):
        rich.add_row(_text(Cell(labels.get(str(outcome), str(outcome)), tone="strong")))
        for row in records(part):
            rich.add_row(*_across_row(row, columns, labels, language))
    return rich


def _across_row(
    row: dict[str, Any], columns: Sequence[str], labels: dict[str, str], language: str
) -> list[Text]:
    path = labels.get(row["rhs"], row["rhs"])
    path += "" if row["group"] == "all" else f" · {group_name(row['group'], language)}"
    values = [float(row[column]) for column in columns]
    said = verdict(values)
    cells = [Cell(path), *(Cell(beta(value, language)) for value in values)]
    cells.append(Cell(word(said, language) if said else "", tone=VERDICT_TONES.get(said, "")))
    return [_text(cell) for cell in cells]
