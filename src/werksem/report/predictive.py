"""Does the model predict what was answered: one sentence, a count per group, and where it fails most."""

from __future__ import annotations

from typing import Any

import pandas as pd

from werksem.compare.cells import records
from werksem.report.folder import Result, label_of, optional_table
from werksem.report.numbers import beta, count, number, percent
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import group_name, word

__all__ = ["predictive_said", "predictive_tables"]

TEXT = ("engine", "group", "statistic", "variable")
STATISTICS = ("mean", "sd", "covariance", "top2box")
MOST_ROWS = 8
BY_CHANCE = 0.05


def predictive_said(result: Result) -> str:
    """Return how many statistics lie outside their interval, and the worst; empty where not computed."""
    found, language = _read(result), result.language
    if found.empty:
        return ""
    kinds = [
        _kind(part, kind, language) for kind in STATISTICS if len(part := found[found["statistic"] == kind])
    ]
    return word(
        "predictive_said", language, count=count(len(found), language), kinds=", ".join(kinds),
        outside=count(found["outside"].sum(), language), worst=_worst(result, found),
        expected=count(BY_CHANCE * len(found), language),
    )  # fmt: skip


def _kind(part: pd.DataFrame, kind: str, language: str) -> str:
    outside, size = count(part["outside"].sum(), language), count(len(part), language)
    return word("predictive_kind", language, outside=outside, count=size, kind=word(f"many_{kind}", language))


def predictive_tables(result: Result) -> tuple[Table, ...]:
    """Return the counts per group and the statistics furthest outside; empty where not computed."""
    found = _read(result)
    return () if found.empty else (_counts(result, found), _furthest(result, found))


def _read(result: Result) -> pd.DataFrame:
    """Return ``predictive.csv`` with ``outside``, and ``distance`` in half widths of the interval."""
    found = optional_table(result, "predictive.csv", TEXT)
    if found.empty:
        return found
    below, above = found["ci_lower"] - found["observed"], found["observed"] - found["ci_upper"]
    off = pd.concat([below, above], axis=1).max(axis=1)
    width = (found["ci_upper"] - found["ci_lower"]).clip(lower=1e-12)
    return found.assign(outside=off > 0, distance=off / width)


def _worst(result: Result, found: pd.DataFrame) -> str:
    outside = found[found["outside"]]
    if outside.empty:
        return ""
    row = records(outside.sort_values("distance", ascending=False, kind="stable").head(1))[0]
    group = group_name(str(row["group"]), result.language)
    if not row["variable"]:
        return word("predictive_worst_covariance", result.language, group=group)
    statistic = word(f"one_{row['statistic']}", result.language)
    variable = _variable(result, str(row["variable"]))
    return word("predictive_worst", result.language, statistic=statistic, variable=variable, group=group)


def _variable(result: Result, name: str) -> str:
    """Return the label of a variable, or of the two variables of a covariance."""
    if not name:
        return word("all_items", result.language)
    return " × ".join(label_of(result, part) for part in name.split("~~"))


def _counts(result: Result, found: pd.DataFrame) -> Table:
    language = result.language
    kinds = [kind for kind in STATISTICS if (found["statistic"] == kind).any()]
    columns = (Column(word("group", language)), *(Column(_title(kind, language), True) for kind in kinds))
    rows = []
    for group, part in found.groupby("group", sort=False):
        cells = [_count(part[part["statistic"] == kind], language) for kind in kinds]
        rows.append((Cell(group_name(str(group), language)), *cells))
    notes = [word("predictive_note", language)]
    if found["variable"].str.contains("~~").any():
        notes.append(word("predictive_given_x", language))
    if "top2box" in kinds:
        notes.append(word("predictive_normal", language))
    return Table(word("predictive_caption", language), columns, (Body("", tuple(rows)),), tuple(notes))


def _title(kind: str, language: str) -> str:
    title = word(f"many_{kind}", language)
    return title[0].upper() + title[1:]


def _count(part: pd.DataFrame, language: str) -> Cell:
    if part.empty:
        return Cell()
    outside = int(part["outside"].sum())
    tone = "strong" if outside > max(1.0, 2 * BY_CHANCE * len(part)) else ""
    return Cell(f"{outside} / {count(len(part), language)}", tone=tone)


def _furthest(result: Result, found: pd.DataFrame) -> Table:
    language = result.language
    worst = found[found["outside"]].sort_values("distance", ascending=False, kind="stable").head(MOST_ROWS)
    columns = (
        Column(word("group", language)), Column(word("statistic", language)),
        Column(word("observed", language), True), Column(word("predicted", language), True),
        Column(word("ppp", language), True),
    )  # fmt: skip
    body = Body("", tuple(_row(result, row) for row in records(worst)))
    return Table(word("predictive_outside_caption", language), columns, (body,), wide=True)


def _row(result: Result, row: dict[str, Any]) -> tuple[Cell, ...]:
    language, kind = result.language, str(row["statistic"])

    def shown(value: float) -> str:
        return percent(value, language) if kind == "top2box" else number(value, language)

    limits = f"[{shown(row['ci_lower'])}{'; ' if language == 'nl' else ', '}{shown(row['ci_upper'])}]"
    return (
        Cell(group_name(str(row["group"]), language)),
        Cell(f"{word(f'one_{kind}', language)}: {_variable(result, str(row['variable']))}"),
        Cell(shown(row["observed"])),
        Cell(shown(row["predicted"]), limits),
        Cell(beta(row["ppp"], language)),
    )
