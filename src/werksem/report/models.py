"""The fit of several models beside one another, as ``compare`` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from rich.table import Table as RichTable

__all__ = ["rich_model_table"]

HEADS = {
    "model": "model", "chisq": "χ²", "df": "df", "cfi": "CFI", "rmsea": "RMSEA", "srmr": "SRMR", "bic": "BIC",
    "delta_chisq": "Δχ²", "delta_df": "Δdf", "delta_pvalue": "p", "delta_cfi": "ΔCFI", "delta_bic": "ΔBIC",
}  # fmt: skip


def rich_model_table(table: pd.DataFrame, language: str) -> RichTable:
    """Return the models' fit and their differences as a rich table."""
    from rich import box
    from rich.table import Table as RichTable

    shown = RichTable(box=box.SIMPLE_HEAD)
    for at, column in enumerate(table.columns):
        shown.add_column(HEADS[str(column)], justify="right" if at else "left")
    for row in table.itertuples(index=False):
        shown.add_row(str(row[0]), *(_cell(value, language) for value in row[1:]))
    return shown


def _cell(value: float, language: str) -> str:
    """Return a number with three decimals, whole where it is whole, empty where it is undefined."""
    if value != value:
        return ""
    text = f"{value:.0f}" if float(value).is_integer() else f"{value:.3f}"
    return text.replace(".", ",") if language == "nl" else text
