"""The fit of several models beside one another, as ``compare`` prints it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from werksem.compare.cells import records
from werksem.compare.models import bifactor_of, model_pairs
from werksem.compare.nested import model_table
from werksem.report.numbers import beta, number, pvalue
from werksem.report.words import word

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable

__all__ = ["print_models"]

# column of the table: its head and its decimals
SHOWN = {
    "chisq": ("χ²", 1), "df": ("df", 0), "cfi": ("CFI", 3), "rmsea": ("RMSEA", 3), "srmr": ("SRMR", 3),
    "bic": ("BIC", 0),
}  # fmt: skip
DIFFERENCES = {
    "delta_chisq": ("Δχ²", 1), "delta_df": ("Δdf", 0), "delta_pvalue": ("p", 3), "delta_cfi": ("ΔCFI", 3),
    "delta_bic": ("ΔBIC", 0),
}  # fmt: skip


def print_models(folders: Sequence[Path], out: Console, language: str) -> None:
    """Print the fit of the folders' models, their differences two by two, and what bifactor models are worth.

    Nothing where fewer than two folders have an SEM.
    """
    table = model_table(folders)
    if len(table) < 2:
        return
    short = _numbered(table["model"].tolist())
    out.print(_table("models_title", table, ("model",), SHOWN, short, language))
    out.print(
        _table(
            "pairs_title", model_pairs(folders), ("narrow", "wide", "nested"), DIFFERENCES, short, language
        )
    )
    out.print(word("pairs_note", language), style="dim", markup=False, highlight=False)
    for name, omega_h, ecv in bifactor_of(folders):
        places = {"omega_h": beta(omega_h, language), "ecv": beta(ecv, language)}
        text = word("bifactor_said", language, model=name, **places)
        out.print(f"! {text}", style="yellow", markup=False, highlight=False)


def _numbered(names: Sequence[str]) -> dict[str, str]:
    """Return a letter per model, by which the narrow tables name it."""
    return {name: chr(ord("A") + at % 26) for at, name in enumerate(names)}


def _table(
    title: str, table: pd.DataFrame, texts: Sequence[str], numbers: dict[str, tuple[str, int]],
    short: dict[str, str], language: str,
) -> RichTable:  # fmt: skip
    from rich import box
    from rich.table import Table as RichTable

    shown = RichTable(
        title=word(title, language), title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0),
        pad_edge=False, show_edge=False,
    )  # fmt: skip
    for text in texts:
        shown.add_column(word(text, language), overflow="fold")
    for head, _ in numbers.values():
        shown.add_column(head, justify="right", no_wrap=True)
    for row in records(table):
        cells = [_name(text, str(row[text]), short, language) for text in texts]
        shown.add_row(*cells, *(_number(k, float(row[k]), d, language) for k, (_, d) in numbers.items()))
    return shown


def _name(column: str, text: str, short: dict[str, str], language: str) -> str:
    if column == "nested":
        return word(f"nested_{text}", language)
    return f"{short[text]} {text}" if column == "model" else short[text]


def _number(key: str, value: float, decimals: int, language: str) -> str:
    test = key == "delta_pvalue" and value == value
    return pvalue(value, language) if test else _cell(value, decimals, language)


def _cell(value: float, decimals: int, language: str) -> str:
    """Return a number with these decimals, empty where it is undefined.

    >>> _cell(28416.04, 1, "nl"), _cell(-0.362, 3, "nl")
    ('28.416,0', '−,362')
    """
    if value != value:
        return ""
    return beta(value, language, decimals) if decimals == 3 else number(value, language, decimals)
