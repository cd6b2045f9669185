"""Failed replicates: how many are in order, and which limits are others without the rest."""

from __future__ import annotations

from typing import Any

import pandas as pd

from werksem.compare.cells import records
from werksem.report.answer import decimals_of
from werksem.report.effects import whole_label
from werksem.report.folder import Result, label_of
from werksem.report.numbers import count, interval, percent
from werksem.report.replicates import counts_of, good_share, intervals_of, kind_name, kind_of, precision
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import group_name, word

__all__ = ["failures_lines", "failures_said", "failures_table"]

SHOWN = 10
KEYS = ["group", "lhs", "op", "rhs"]
EFFECT_DECIMALS = 3


def failures_said(result: Result) -> str:
    """Return how many replicates failed or are inadmissible and what became of them; empty if none."""
    counts, language = counts_of(result), result.language
    if counts.good == counts.total:
        return ""
    places = {"total": count(counts.total, language), "good": count(counts.good, language)}
    said = [word("audit_good", language, share=good_share(counts, language), **places)]
    for key, number in (("audit_failed", counts.failed), ("audit_inadmissible", counts.inadmissible)):
        if number:
            share = percent(number / counts.total, language)
            said.append(word(key, language, count=count(number, language), share=share))
    found = _compared(result)
    if len(found) and not len(_changed(result, found)):
        said.append(word("audit_same", language))
    return " ".join(said)


def failures_lines(result: Result) -> tuple[str, ...]:
    """Return a line on the replicates for the terminal, one more where some are not in order."""
    counts, language, sharp = counts_of(result), result.language, precision(result)
    if not counts.total:
        return ()
    places = {"total": count(counts.total, language), "share": good_share(counts, language)}
    said = word("console_replicates", language, **places)
    said += word("console_precision", language, error=sharp) if sharp else ""
    if counts.good == counts.total:
        return (f"{said}.",)
    found = _compared(result)
    changed, compared = (count(len(part), language) for part in (_changed(result, found), found))
    kept = word("console_good", language, **places)
    kept += word("console_changed", language, count=changed, total=compared) if len(found) else ""
    return (f"{said}.", f"{kept}.")


def failures_table(result: Result) -> Table:
    """Return the paths and effects whose printed limits differ without inadmissible replicates."""
    language, kind = result.language, kind_of(result)
    found = _changed(result, _compared(result))
    columns = (
        Column(word("path_or_route", language)), Column(word("with_all", language), True),
        Column(word("without_inadmissible", language), True), Column(word("without_zero", language)),
    )  # fmt: skip
    rows = tuple(_row(result, row) for row in records(found.head(SHOWN)))
    shown = {"shown": count(len(rows), language), "total": count(len(found), language)}
    notes = (word("audit_more", language, **shown),) if len(found) > len(rows) else ()
    name = kind_name(kind, language) if rows else ""
    caption = word("audit_caption", language, kind=name)
    return Table(caption, columns, (Body("", rows),) if rows else (), notes, wide=True)


def _compared(result: Result) -> pd.DataFrame:
    """Return paths and effects (standardised where those are) with both intervals of the study's kind."""
    rows, kind = intervals_of(result), kind_of(result)
    if not len(rows):
        return pd.DataFrame(columns=[*KEYS, "lower", "upper", "lower_without", "upper_without"])
    rows = rows[rows["op"].isin(["~", ":="])]
    metric = "std" if (rows["metric"] == "std").any() else "raw"
    rows = rows[rows["metric"] == metric]
    limits = [*KEYS, "lower", "upper"]
    both = (rows.loc[rows["interval"] == name, limits] for name in (kind, f"{kind} (admissible)"))
    return next(both).merge(next(both), on=KEYS, suffixes=("", "_without"))


def _changed(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows printed otherwise without those replicates, the furthest apart first."""
    if not len(rows):
        return rows
    differs = [_shown(result, row, "") != _shown(result, row, "_without") for row in records(rows)]
    apart = [(rows[end] - rows[f"{end}_without"]).abs() for end in ("lower", "upper")]
    order = pd.concat(apart, axis=1).max(axis=1)
    return rows.assign(order=order)[differs].sort_values("order", ascending=False, kind="stable")


def _shown(result: Result, row: dict[str, Any], which: str) -> str:
    decimals = EFFECT_DECIMALS if row["op"] == ":=" else decimals_of(result.comparison)
    return interval(row[f"lower{which}"], row[f"upper{which}"], result.language, decimals)


def _row(result: Result, row: dict[str, Any]) -> tuple[Cell, ...]:
    language = result.language
    if row["op"] == ":=":
        name = whole_label(result, str(row["lhs"]))
    else:
        name = f"{label_of(result, str(row['rhs']))} → {label_of(result, str(row['lhs']))}"
    group = "" if row["group"] == "all" else group_name(str(row["group"]), language)
    clear = [
        word("yes" if row[f"lower{end}"] > 0 or row[f"upper{end}"] < 0 else "no", language)
        for end in ("", "_without")
    ]
    verdict = Cell(clear[0]) if clear[0] == clear[1] else Cell(" → ".join(clear), tone="warn")
    return Cell(name, group), Cell(_shown(result, row, "")), Cell(_shown(result, row, "_without")), verdict
