"""Tables to and from CSV without losing a byte of a label.

Group labels stand in the tables byte for byte as in the data, but for what a spreadsheet would run as a
formula: that has an apostrophe before it in the file (``survey.formulas``), and none once it is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from werksem.errors import DataError
from werksem.survey.formulas import inert, undone_table

__all__ = ["csv_text", "read_table", "records", "probability"]

SPECIAL = (",", '"', "\n", "\r")


def csv_text(frame: pd.DataFrame) -> str:
    """Return a table as CSV: point as decimal sign, LF, empty where undefined, shortest exact floats.

    >>> csv_text(pd.DataFrame({"group": ["=Rijk", "ZBO"], "ols": [0.31, float("nan")]}))
    "group,ols\\n'=Rijk,0.31\\nZBO,\\n"
    """
    lines = [",".join(_cell(str(name)) for name in frame.columns)]
    columns = [frame[name].tolist() for name in frame.columns]
    lines += [",".join(_cell(value) for value in row) for row in zip(*columns, strict=True)]
    return "\n".join(lines) + "\n"


def _cell(value: Any) -> str:
    if isinstance(value, str):
        text = inert(value)
        return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in SPECIAL) else text
    if value is None or pd.isna(value):
        return ""
    return str(value)


def read_table(path: Path, text: Sequence[str]) -> pd.DataFrame:
    """Return a CSV of ours: the ``text`` columns as text (a group may be called "NA"), others as numbers.

    Raises ``DataError`` for a file that is no table.
    """
    types = dict.fromkeys(text, str)
    try:
        frame = pd.read_csv(path, dtype=types, keep_default_na=False, na_values=[""], encoding="utf-8")
    except ValueError as error:  # empty, cut off, or not text
        found = str(error).strip().splitlines()[0]
        raise DataError(f"this table is damaged ({found}); run fit again", where=str(path)) from None
    present = [name for name in text if name in frame]
    return undone_table(frame.assign(**{name: frame[name].fillna("") for name in present}))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as mappings from column name to value."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def probability(share: float) -> str:
    """Return a share of draws as it is said: finitely many of them are never certain.

    >>> probability(0.9764), probability(1.0), probability(0.0)
    ('= 0.976', '> 0.999', '< 0.001')
    """
    if share > 0.9995:
        return "> 0.999"
    return "< 0.001" if share < 0.0005 else f"= {share:.3f}"
