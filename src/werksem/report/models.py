"""The fit of several models beside one another, as ``compare`` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from rich.table import Table as RichTable

__all__ = ["rich_model_table"]

# column of the table: its head and its decimals; SRMR stays in the returned table, 80 characters are few
SHOWN = {
    "chisq": ("χ²", 1), "df": ("df", 0), "cfi": ("CFI", 3), "rmsea": ("RMSEA", 3), "bic": ("BIC", 0),
    "delta_chisq": ("Δχ²", 1), "delta_df": ("Δdf", 0), "delta_pvalue": ("p", 3), "delta_cfi": ("ΔCFI", 3),
    "delta_bic": ("ΔBIC", 0),
}  # fmt: skip


def rich_model_table(table: pd.DataFrame, language: str) -> RichTable:
    """Return the models' fit and their differences as a rich table."""
    from rich import box
    from rich.table import Table as RichTable

    shown = RichTable(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    shown.add_column("model")
    for head, _ in SHOWN.values():
        shown.add_column(head, justify="right", no_wrap=True)
    for row in table.to_dict("records"):
        cells = (_cell(float(row[name]), decimals, language) for name, (_, decimals) in SHOWN.items())
        shown.add_row(str(row["model"]), *cells)
    return shown


def _cell(value: float, decimals: int, language: str) -> str:
    """Return a number with these decimals, empty where it is undefined."""
    if value != value:
        return ""
    text = f"{value:.{decimals}f}"
    return text.replace(".", ",") if language == "nl" else text
