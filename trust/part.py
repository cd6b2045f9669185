"""One part of the page: what was measured, and how it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

__all__ = ["FIGURES", "ROOT", "Part", "table"]

ROOT = Path(__file__).resolve().parents[1]
FIGURES = ROOT / "trust" / "figures"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of docs/vertrouwen.md.

    ``measure`` does the work in an empty folder and returns one long table; ``page`` says it in Markdown,
    from the table as it was read back; ``summary`` is its line in the table on top: what was tried, how many,
    how many held.
    """

    name: str
    title: str
    measure: Callable[[Path], pd.DataFrame]
    page: Callable[[pd.DataFrame], str]
    summary: Callable[[pd.DataFrame], tuple[str, int, int]]


def table(frame: pd.DataFrame) -> str:
    """Return a Markdown table of a frame's columns, numbers as they stand, blanks for what is missing."""
    cells = frame.astype(object).where(frame.notna(), "")
    rows = [
        _row(frame.columns),
        "| --- " * len(frame.columns) + "|",
        *map(_row, cells.itertuples(index=False)),
    ]
    return "\n".join(rows)


def _row(values: Iterable[object]) -> str:
    return f"| {' | '.join(map(_cell, values))} |"


def _cell(value: object) -> str:
    text = str(value).replace("|", "\\|").replace("\n", " ")
    if "`" in text:
        return text
    return text.replace("__", "\\_\\_")  # as it stands, not bold
