"""The technical appendix: every item's parameters, and every parameter of every engine."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from werksem.compare.cells import records
from werksem.report.effects import whole_label
from werksem.report.folder import Result, label_of, paths_of
from werksem.report.numbers import beta, count, interval, number, pvalue
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.untold import rare_names, shown_estimates
from werksem.report.words import engine_name, group_name, word

__all__ = ["measured_table", "parameter_tables"]

# rows of one engine that are shown; estimates.csv has all
MOST = 400
MEASURED = (
    "loading", "loading_se", "loading_interval", "loading_raw", "intercept", "residual_std", "item_r2",
)  # fmt: skip
OPS = ("=~", "~", "~~", "~1", "|", ":=", "r2")


def measured_table(result: Result) -> Table:
    """Return per item its loading, intercept, residual variance and R², a body per construct and group."""
    language = result.language
    columns = (Column(word("item", language)), *(Column(word(key, language), True) for key in MEASURED))
    estimates = shown_estimates(result)
    loadings = paths_of(estimates, "sem", "=~")
    sem = estimates[estimates["engine"] == "sem"]
    own = {(r["group"], r["op"], r["lhs"]): r for r in records(sem[_of_one(sem)])}
    bodies = []
    for (group, construct), part in loadings.groupby(["group", "lhs"], sort=False):
        if len(part) == 1:
            continue
        rows = tuple(_item(result, row, own) for row in records(part))
        shown = label_of(result, str(construct))
        bodies.append(Body(shown if group == "all" else f"{shown} · {group}", rows))
    with_intercepts = any(key[1] == "~1" for key in own)
    if not with_intercepts:
        columns = tuple(column for column in columns if column.header != word("intercept", language))
        at = MEASURED.index("intercept") + 1
        bodies = [Body(b.heading, tuple((*row[:at], *row[at + 1 :]) for row in b.rows)) for b in bodies]
    notes = (word("measured_note", language),)
    return Table(word("measured_caption", language), columns, tuple(bodies), notes, wide=True)


def _of_one(rows: pd.DataFrame) -> pd.Series:
    """Return which rows are of one variable: variances, intercepts, explained variance."""
    return ((rows["op"] == "~~") & (rows["lhs"] == rows["rhs"])) | rows["op"].isin(["~1", "r2"])


def _item(
    result: Result, row: Mapping[str, Any], own: Mapping[tuple[str, str, str], Any]
) -> tuple[Cell, ...]:
    language, item, group = result.language, str(row["rhs"]), row["group"]
    label = label_of(result, item)
    start, left, explained = (own.get((group, op, item), {}) for op in ("~1", "~~", "r2"))
    return (
        Cell(label, item if label != item else ""),
        Cell(beta(row["std"], language)),
        Cell(beta(row["std_se"], language, 3)),
        Cell(interval(row["std_ci_lower"], row["std_ci_upper"], language)),
        _raw(row, language),
        _raw(start, language),
        Cell(beta(float(left.get("std", math.nan)), language)),
        Cell(beta(float(explained.get("est", math.nan)), language)),
    )


def _raw(row: Mapping[str, Any], language: str) -> Cell:
    """Return an unstandardised value with its standard error below it; none where it was fixed."""
    value, error = (float(row.get(name, math.nan)) for name in ("est", "se"))
    shown = number(error, language, 3) if error > 0 else ""
    return Cell(number(value, language), f"({shown})" if shown else "")


def parameter_tables(result: Result) -> tuple[Table, ...]:
    """Return every parameter of all respondents, a table per engine; of a multi-group model every group's."""
    found = []
    for engine, part in shown_estimates(result).groupby("engine", sort=False):
        rows = part[(part["group"] == "all") & part["op"].isin(OPS)]
        if not len(rows) or not rows["op"].isin(["~", "=~"]).any():
            rows = part[part["op"].isin(OPS)]
        found.append(_table(result, str(engine), rows))
    return tuple(found)


def _table(result: Result, engine: str, rows: pd.DataFrame) -> Table:
    language = result.language
    keys = ("estimate", "se", "z", "p", "limits", "std")
    columns = (
        Column(word("parameter", language)),
        *(Column(word(f"parameter_{key}", language), True) for key in keys),
    )
    shown = rows.head(MOST)
    several = shown["group"].nunique() > 1
    bodies = []
    for (group, op), part in shown.groupby(["group", "op"], sort=False):
        name = word(f"op_{OPS.index(op)}", language)
        heading = f"{name} · {group_name(str(group), language)}" if several else name
        bodies.append(Body(heading, tuple(_parameter(result, row) for row in records(part))))
    places = {"shown": count(len(shown), language), "all": count(len(rows), language)}
    notes = [word("parameters_some", language, **places)] if len(rows) > MOST else []
    names = ", ".join(label_of(result, name) for name in rare_names(result))
    notes += [word("parameters_untold", language, names=names)] if names else []
    name = engine_name(engine, language)
    caption = word("parameters_caption", language, engine=name, count=len(rows))
    return Table(caption, columns, tuple(bodies), (word("parameters_note", language), *notes), wide=True)


def _parameter(result: Result, row: Mapping[str, Any]) -> tuple[Cell, ...]:
    language = result.language
    low, high = float(row["ci_lower"]), float(row["ci_upper"])
    sep = "; " if language == "nl" else ", "
    limits = "" if math.isnan(low) else f"[{number(low, language, 3)}{sep}{number(high, language, 3)}]"
    p = float(row["pvalue"])
    return (
        Cell(_named(result, row), str(row["label"] or "")),
        Cell(number(float(row["est"]), language, 3)),
        Cell(number(float(row["se"]), language, 3)),
        Cell(number(float(row["z"]), language, 2)),
        Cell("" if math.isnan(p) else pvalue(p, language)),
        Cell(limits),
        Cell(beta(float(row["std"]), language, 3)),
    )


def _named(result: Result, row: Mapping[str, Any]) -> str:
    lhs, rhs, op = str(row["lhs"]), str(row["rhs"] or ""), str(row["op"])
    left, right = label_of(result, lhs), label_of(result, rhs) if rhs else ""
    if op == ":=":
        return whole_label(result, lhs)
    if op == "~":
        return f"{right} → {left}"
    if op == "=~":
        return f"{left} → {right}"
    if op == "~~" and lhs != rhs:
        return f"{left} ↔ {right}"
    return f"{left} | {rhs}" if op == "|" else left
