"""What ``compare`` prints, and writes, of the beta passport: of one result folder, or of several."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from werksem.change.table import why_not
from werksem.compare.across import across, names_of
from werksem.compare.cells import records
from werksem.compare.passport.across import passports
from werksem.compare.passport.records import EXPLAINS
from werksem.errors import SpecError
from werksem.files import together
from werksem.report.answer import VERDICT_TONES
from werksem.report.console import STYLES, empty_table
from werksem.report.folder import Result, label_of, labels_of, read_result
from werksem.report.numbers import beta
from werksem.report.passport import chain, outcomes, passport_rows, passport_said, rung_name, signed
from werksem.report.words import word
from werksem.results import is_result_folder, write_table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

__all__ = ["print_passport", "write_across"]

Row = dict[str, Any]
# causes of the rungs beside the ladder
ASIDE = ("ordinality", "pooling")


def print_passport(folders: Sequence[Path], console: Console | None = None) -> None:
    """Print the passport of one folder; of several the rungs of each path that differs on one of them.

    Nothing where there is no passport, of several where fewer than two have one.
    """
    folders = list({folder.resolve(): folder for folder in folders}.values())
    out = console or _console()
    if len(folders) == 1:
        result = read_result(folders[0])
        if len(passport_rows(result)):
            out.print(_one(result))
            for text in passport_said(result)[:1]:
                out.print(text, markup=False, highlight=False)
        return
    table = passports(folders)
    if not len(table) or sum(str(name).endswith(".std") for name in table.columns) < 2:
        return
    shown = table[table["group"] == "all"]
    differs = shown["verdict"].isin(["differ > .05", "sign differs"])
    flagged = differs.groupby([shown["lhs"], shown["rhs"]]).transform("any")
    if flagged.any():
        out.print(_several(shown[flagged], folders))
    alike = len(shown[~flagged].drop_duplicates(["lhs", "rhs"]))
    if alike:
        said = word("passport_alike", read_result(folders[0]).language, paths=alike)
        out.print(said, markup=False, highlight=False)


def write_across(folders: Sequence[Path], out: Path | None) -> Path | None:
    """Write ``across.csv`` and ``passport.csv`` into the folder ``out``; return where ``change.csv`` goes.

    That is nowhere for folders that are no waves of a survey. A file (``….csv``) takes ``change.csv`` only.
    Raises ``SpecError`` over a result folder, which has a passport of its own.
    """
    if out is None or out.suffix.lower() == ".csv":
        return out
    if is_result_folder(out):
        raise SpecError(
            f"--out: {out} has results of its own, which would be written over: name another folder"
        )
    tables = {"across.csv": across(folders), "passport.csv": passports(folders)}
    out.mkdir(parents=True, exist_ok=True)
    with together([out / name for name in tables]) as places:
        for place, table in zip(places, tables.values(), strict=True):
            if len(table):
                write_table(table, place)
    return None if why_not(folders) else out


def _console() -> Console:
    from rich.console import Console

    return Console()


def _one(result: Result) -> RichTable:
    """Return a line per path: where its ladder begins, what its steps change, where it ends, the verdict.

    Behind the end stand the rungs aside, which it does not hold.
    """
    language, rows = result.language, passport_rows(result)
    known = [str(name) for name in dict.fromkeys(rows["explains"]) if name]
    causes = sorted(known, key=lambda name: list(EXPLAINS.values()).index(name.split("+")[-1]))
    aside = [cause for cause in causes if cause.split("+")[-1] in ASIDE]
    main = [cause for cause in causes if cause not in aside]
    rich = empty_table(word("passport_console", language))
    rich.add_column(word("predictor", language), min_width=20, overflow="fold")
    heads = [word("passport_from", language), *(_short(cause, language) for cause in main)]
    for head in (*heads, word("passport_to", language), *(_short(cause, language) for cause in aside)):
        rich.add_column(head, justify="right", no_wrap=True)
    rich.add_column(word("verdict", language), no_wrap=True)
    for outcome, paths in outcomes(rows):
        rich.add_row(_text(label_of(result, outcome), "bold"))
        for path in paths:
            rich.add_row(*_line(result, path, main, aside))
    return rich


def _line(result: Result, path: Sequence[Row], main: Sequence[str], aside: Sequence[str]) -> list[Text]:
    language, steps = result.language, chain(path)
    found = {str(row["explains"]): row for row in path if row["base"]}
    said = str(path[0]["verdict"])
    return [
        _text(label_of(result, str(path[0]["rhs"]))),
        _text(beta(steps[0]["std"], language)),
        *(_change(found.get(cause), language) for cause in main),
        _text(beta(steps[-1]["std"], language)),
        *(_change(found.get(cause), language) for cause in aside),
        _text(word(said, language) if said else "", STYLES.get(VERDICT_TONES.get(said, ""), "")),
    ]


def _change(row: Row | None, language: str) -> Text:
    """Return a step's change: bold where it is worth .05, dim where its interval has 0."""
    if row is None:
        return _text("")
    unclear = row["delta_ci_lower"] <= 0 <= row["delta_ci_upper"]
    return _text(signed(row["delta"], language), "bold" if row["flag"] else "dim" if unclear else "")


def _short(cause: str, language: str) -> str:
    return "+".join(word(f"short_{part}", language) for part in cause.split("+"))


def _several(shown: pd.DataFrame, folders: Sequence[Path]) -> RichTable:
    """Return a line per path and rung of ``shown``: every folder's beta, and the verdict."""
    results = [read_result(folder) for folder in folders]
    language = results[0].language
    labels = {name: text for result in reversed(results) for name, text in labels_of(result).items()}
    names = [name for name in names_of(folders) if f"{name}.std" in shown]
    rich = empty_table(word("passport_across", language))
    rich.add_column(word("predictor", language), min_width=20, overflow="fold")
    rich.add_column(word("passport_rung", language), no_wrap=True)
    for name in names:
        rich.add_column(name, justify="right", overflow="fold", min_width=5)
    rich.add_column(word("verdict", language), no_wrap=True)
    rungs = list(dict.fromkeys(shown["rung"]))
    for outcome, part in shown.groupby("lhs", sort=False):
        rich.add_row(_text(labels.get(str(outcome), str(outcome)), "bold"))
        for predictor, rows in part.groupby("rhs", sort=False):
            for at, row in enumerate(records(rows)):
                said = str(row["verdict"])
                rich.add_row(
                    _text("" if at else labels.get(str(predictor), str(predictor))),
                    _text(rung_name(str(row["rung"]), rungs, language).replace("\xad", "")),
                    *(_text(beta(row[f"{name}.std"], language)) for name in names),
                    _text(word(said, language) if said else "", STYLES.get(VERDICT_TONES.get(said, ""), "")),
                )
    return rich


def _text(text: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(text, style=style)
