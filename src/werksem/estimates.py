"""The one table of results: long, fixed columns, one row per engine, group and parameter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

__all__ = ["COLUMNS", "combine", "estimates_table", "statuses_said"]

TEXT = ("engine", "group", "lhs", "op", "rhs", "label", "method", "status")
COLUMNS = (
    "engine", "group", "lhs", "op", "rhs", "label",
    "est", "se", "z", "pvalue", "ci_lower", "ci_upper", "level",
    "std", "std_se", "std_ci_lower", "std_ci_upper", "std_common",
    "method", "status",
)  # fmt: skip


def estimates_table(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return rows as the table of fixed columns: text columns as text, the others as floats.

    Missing keys become empty text or NaN; a key that is no column is a programming error and
    raises ``KeyError``.

    >>> estimates_table([{"engine": "ols", "lhs": "y", "op": "~", "rhs": "x", "est": 0.5}]).shape
    (1, 20)
    """
    records = list(rows)
    unknown = {key for record in records for key in record} - set(COLUMNS)
    if unknown:
        raise KeyError(f"no such columns in the estimates: {sorted(unknown)}")
    table = pd.DataFrame(records, columns=list(COLUMNS))
    for column in COLUMNS:
        if column in TEXT:
            table[column] = table[column].astype(object).where(table[column].notna(), "").astype(str)
        else:
            table[column] = pd.to_numeric(table[column]).astype(float)
    return table


def combine(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return several estimates tables as one, in the given order."""
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else estimates_table([])


def statuses_said(table: pd.DataFrame) -> str:
    """Return which engines have estimates that are not to be trusted, and their statuses.

    >>> rows = [{"engine": "sem", "status": "heywood"}, {"engine": "ols", "status": "ok"}]
    >>> statuses_said(estimates_table(rows))
    'estimates are not to be trusted: sem (heywood); the report says why'
    """
    wrong = table[table["status"] != "ok"].groupby("engine", sort=False)["status"].unique()
    named = ", ".join(f"{engine} ({', '.join(found)})" for engine, found in wrong.items())
    return f"estimates are not to be trusted: {named}; the report says why"
