"""What ``compare`` prints, and writes, of why betas changed from one wave to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from werksem.change.split import COMPONENTS
from werksem.change.table import change_table, in_order, why_not
from werksem.change.waves import unreadable
from werksem.compare.cells import records
from werksem.errors import SpecError, WerksemError
from werksem.files import whole
from werksem.report.console import empty_table
from werksem.report.folder import Result, labels_of, read_result
from werksem.report.numbers import beta, count, interval, level_percent
from werksem.report.words import word
from werksem.results import write_table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

__all__ = ["print_change", "refuse_change", "write_change"]

PARTS = (*COMPONENTS, "rest")
REFUSED = {
    "one": "changes are between two result folders or more, found one",
    "data": "the result folders must be of different data files, one per wave",
    "models": "the result folders must be of the same model",
    "sem": "every result folder must have run the engine sem",
}


def print_change(folders: Sequence[Path], out: Path | None = None, console: Console | None = None) -> None:
    """Print why betas changed between waves, and write it to ``out`` (a CSV file, or a folder for one).

    Folders that are no waves of one survey are passed over, unless ``out`` asks for it: then
    ``SpecError`` says what they lack. Where changes cannot be made, why is printed instead, or with
    ``out`` raised.
    """
    if out is not None:
        refuse_change(folders)
    if why_not(folders):
        return
    waves = in_order(folders)
    try:
        table = change_table(waves)
    except WerksemError as problem:
        if out is not None:
            raise
        language = read_result(waves[0]).language
        said = word("change_not", language, why=_reason(waves, language) or problem)
        (console or _console()).print(f"! {said}", style="yellow", markup=False, highlight=False)
        return
    if out is not None:
        write_change(table, out)
    _print(table, [read_result(folder) for folder in waves], console or _console())


def refuse_change(folders: Sequence[Path]) -> None:
    """Raise ``SpecError`` where folders are no waves of one survey, whose changes could be written."""
    why = why_not(list({folder.resolve(): folder for folder in folders}.values()))
    if why:
        raise SpecError(f"--out: {REFUSED[why]}")


def _reason(folders: Sequence[Path], language: str) -> str:
    """Return which folder lacks what, empty where all could be read."""
    for folder in folders:
        lack = unreadable(folder) if (folder / "study.yaml").is_file() else "gone"
        if lack:
            return f"{folder.name}: {word(f'change_why_{lack}', language)}"
    return ""


def _console() -> Console:
    from rich.console import Console

    return Console()


def write_change(table: pd.DataFrame, out: Path) -> None:
    """Write changes to a CSV file, or to ``change.csv`` in a folder."""
    file = out if out.suffix.lower() == ".csv" else out / "change.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    with whole(file) as place:
        write_table(table, place)


def _print(table: pd.DataFrame, results: Sequence[Result], screen: Console) -> None:
    language = results[0].language
    labels = {name: text for result in reversed(results) for name, text in labels_of(result).items()}
    for (first, second), part in table.groupby(["from", "to"], sort=False):
        title = word("change_title", language, first=first, second=second)
        screen.print(_rich(part, title, labels, language))
    for text in _said(table, results[0]):
        screen.print(text, markup=False, highlight=False)


def _said(table: pd.DataFrame, result: Result) -> Iterator[str]:
    """Yield what the parts mean, and what no part can tell."""
    language = result.language
    level = float(table["level"].iloc[0])
    places = {
        "level": level_percent(level, language), "count": count(float(table["replicates"].min()), language),
        "chance": count(1 / (1 - level), language),
    }  # fmt: skip
    yield word("change_sum", language, **places)
    groups = str(result.study.get("data", {}).get("group") or "–")
    for name in PARTS:
        places = {"groups": groups} if name == "mix" else {}
        yield f"· {word(f'change_means_{name}', language, **places)}"
    yield f"· {word('change_caution', language)}"


def _rich(part: pd.DataFrame, title: str, labels: dict[str, str], language: str) -> RichTable:
    """Return one pair of waves: predictors by engine and outcome, with a column per component."""
    rich = empty_table(title)
    rich.add_column(word("predictor", language), min_width=11, overflow="fold")
    for name in ("betas", "difference", *PARTS):
        # an interval may stand below its difference: in 80 columns there is no room beside it
        rich.add_column(word(f"change_{name}", language), justify="right", no_wrap=name != "difference")
    for (engine, outcome), rows in part.groupby(["engine", "lhs"], sort=False):
        heading = f"{labels.get(str(outcome), str(outcome))} · {word(str(engine), language)}"
        rich.add_row(_text(heading, "bold"))
        for predictor, cells in rows.groupby("rhs", sort=False):
            name = labels.get(str(predictor), str(predictor))
            rich.add_row(_text(name), *_cells(records(cells), language))
    return rich


def _cells(rows: Sequence[dict[str, Any]], language: str) -> Iterator[Text]:
    """Yield both betas, the change with its interval, and its parts; bold where clear of 0."""
    found = {str(row["component"]): row for row in rows}
    whole = found["difference"]
    yield _text(f"{beta(whole['beta_from'], language)}→{beta(whole['beta_to'], language)}")
    limits = interval(whole["ci_lower"], whole["ci_upper"], language)
    yield _text(f"{beta(whole['est'], language)} {limits}", _style(whole))
    for name in PARTS:
        part = found.get(name)
        yield _text("") if part is None else _text(beta(part["est"], language, 3), _style(part))


def _style(cell: dict[str, Any]) -> str:
    return "bold" if cell["ci_lower"] > 0 or cell["ci_upper"] < 0 else "dim"


def _text(text: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(text, style=style)
