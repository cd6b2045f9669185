"""Whether what is pooled is comparable: what freeing the worst items does to pooled paths."""

from __future__ import annotations

import pandas as pd

from werksem.compare.cells import records
from werksem.report.folder import Result, label_of, optional_table
from werksem.report.numbers import beta, count
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import group_name, word

__all__ = ["freed_said", "freed_table"]

SHOWN = 10


def _freed(result: Result) -> pd.DataFrame:
    """Return the paths with and without the items shared, empty for a folder without a second fit."""
    return optional_table(result, "freed_items.csv", ("lhs", "rhs", "group", "items", "listed"))


def freed_said(result: Result) -> str:
    """Return in a sentence which items were freed and how many pooled paths that changes, else nothing."""
    found, language = _freed(result), result.language
    if not len(found):
        return ""
    listed = int((found["listed"] == "True").sum())
    far = float(found["difference"].abs().max())
    return word(
        {0: "freed_none", 1: "freed_one"}.get(listed, "freed_some"), language, items=found["items"].iloc[0],
        listed=count(listed, language), count=count(len(found), language), far=beta(far, language, 3),
    )  # fmt: skip


def freed_table(result: Result) -> Table:
    """Return the ten pooled paths that freeing changes most, of those that change by more than .02."""
    found, language = _freed(result), result.language
    listed = found[found["listed"] == "True"]
    if len(listed):
        listed = listed.sort_values("difference", key=abs, ascending=False, kind="stable")
    heads = ("freed_shared", "freed_own", "freed_difference")
    columns = (
        Column(word("path", language)), Column(word("group", language)),
        *(Column(word(head, language), True) for head in heads),
    )  # fmt: skip
    rows = tuple(
        (
            Cell(f"{label_of(result, str(row['rhs']))} → {label_of(result, str(row['lhs']))}"),
            Cell(group_name(str(row["group"]), language)),
            *(Cell(beta(float(row[name]), language, 3)) for name in ("pooled", "freed", "difference")),
        )
        for row in records(listed.head(SHOWN))
    )
    notes = (word("freed_note", language, count=count(len(listed), language)),)
    return Table(
        word("freed_caption", language), columns, (Body("", rows),) if rows else (), notes, wide=True
    )
