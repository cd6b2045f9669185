"""Text that a spreadsheet would run as a formula: written with an apostrophe before it, and read back.

One rule for every CSV of ours. A cell of text that starts with ``= + - @``, a tab or a line end (or the wide
forms of these signs) gets an apostrophe; one that starts with apostrophes and then such a sign gets one more,
so that reading back takes off exactly what writing put on. Numbers stay numbers, and lavaan's operators stand
as they are: no spreadsheet can run them.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

__all__ = ["inert", "inert_table", "runs", "undone", "undone_table"]

STARTS = re.compile("[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
NUMBER = re.compile(r"[-+]?[\d.,]*\d([eE][-+]?\d+)?%?")
OPERATORS = ("=~", "==", "-", "+")


def runs(text: str) -> bool:
    """Tell whether a spreadsheet may run a text as a formula.

    >>> [text for text in ("=1+1", "@SUM(A1)", "-2,5", "=~", "'s-Hertogenbosch", "+65") if runs(text)]
    ['=1+1', '@SUM(A1)']
    """
    return STARTS.match(text) is not None and text not in OPERATORS and not NUMBER.fullmatch(text)


def inert(text: str) -> str:
    """Return a text as it is written to CSV: an apostrophe before what a spreadsheet may run.

    >>> inert("=cmd|' /C calc'!A0"), inert("GR"), inert("'=1")
    ("'=cmd|' /C calc'!A0", 'GR', "''=1")
    """
    return f"'{text}" if runs(text.lstrip("'")) else text


def undone(text: str) -> str:
    """Return a text as it was before ``inert``.

    >>> [undone(inert(text)) for text in ("=1+1", "'=1", "''@x", "'s-Hertogenbosch", "-4")]
    ['=1+1', "'=1", "''@x", "'s-Hertogenbosch", '-4']
    """
    return text[1:] if text.startswith("'") and runs(text.lstrip("'")) else text


def inert_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table as it is written: text cells and names of columns that no spreadsheet runs."""
    return _each(table, inert)


def undone_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table that was read as it was before ``inert_table``."""
    return _each(table, undone)


def _each(table: pd.DataFrame, change: Any) -> pd.DataFrame:
    """Return a table with every text and every name of a column changed; the same one where none is."""

    def told(value: Any) -> Any:
        return change(value) if isinstance(value, str) else value

    changed: dict[int, Any] = {}
    for at, kind in enumerate(table.dtypes):
        if pd.api.types.is_object_dtype(kind) or isinstance(kind, pd.StringDtype | pd.CategoricalDtype):
            column = table.iloc[:, at]
            if any(told(value) is not value for value in column.unique()):
                changed[at] = column.astype(object).map(told)
    names = [told(name) for name in table.columns]
    if not changed and all(new is old for new, old in zip(names, table.columns, strict=True)):
        return table
    columns = [changed.get(at, table.iloc[:, at]) for at in range(table.shape[1])]
    return pd.concat(columns, axis=1).set_axis(names, axis=1) if columns else table
