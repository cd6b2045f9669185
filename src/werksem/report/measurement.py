"""Discriminant validity of constructs, and likeness within organisations and groups."""

from __future__ import annotations

import math

from werksem.compare.cells import records
from werksem.report.folder import Result, label_of, optional_table
from werksem.report.numbers import beta, count, interval, number
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import word

__all__ = ["design_table", "htmt_table"]

# pairs that are shown, the largest ratios first; the file has all
MOST_PAIRS = 10
# Henseler, Ringle & Sarstedt (2015)
DISTINCT = 0.85


def htmt_table(result: Result) -> Table:
    """Return the largest heterotrait-monotrait ratios, empty for a folder without ``htmt.csv``."""
    language = result.language
    found = optional_table(result, "htmt.csv", ("lhs", "rhs", "group"))
    columns = (
        Column(word("construct_pair", language)), Column(word("htmt", language), True),
        Column(word("htmt2", language), True),
    )  # fmt: skip
    if found.empty:
        return Table(word("htmt_caption", language), columns, ())
    shown = found.sort_values("htmt", ascending=False, kind="stable").head(MOST_PAIRS)
    bodies = []
    for group, part in shown.groupby("group", sort=False):
        rows = tuple(_pair(result, row) for row in records(part))
        bodies.append(Body("" if group == "all" else str(group), rows))
    places = {"limit": beta(DISTINCT, language), "shown": count(len(shown), language),
              "total": count(len(found), language)}  # fmt: skip
    notes = (word("htmt_note", language, **places),)
    return Table(word("htmt_caption", language), columns, tuple(bodies), notes, wide=True)


def _pair(result: Result, row: dict[str, float]) -> tuple[Cell, ...]:
    language = result.language
    names = f"{label_of(result, str(row['lhs']))} – {label_of(result, str(row['rhs']))}"
    return Cell(names), _ratio(row, "htmt", language), _ratio(row, "htmt2", language)


def _ratio(row: dict[str, float], key: str, language: str) -> Cell:
    low, high = float(row[f"{key}_ci_lower"]), float(row[f"{key}_ci_upper"])
    limits = "" if math.isnan(low) else interval(low, high, language)
    return Cell(beta(float(row[key]), language), limits, tone="warn" if row[key] >= DISTINCT else "")


def design_table(result: Result) -> Table:
    """Return ICC(1) and design effect per variable, empty for a folder without ``design.csv``."""
    language = result.language
    found = optional_table(result, "design.csv", ("design", "column", "variable"))
    keys = ("scale", "units", "unit_size", "icc1", "design_effect")
    columns = tuple(Column(word(key, language), key != "scale") for key in keys)
    bodies = []
    for (design, column), part in found.groupby(["design", "column"], sort=False):
        rows = tuple(_likeness(result, row) for row in records(part))
        bodies.append(Body(f"{word(f'design_{design}', language)}: {column}", rows))
    notes = (word("design_note", language),)
    return Table(word("design_caption", language), columns, tuple(bodies), notes, wide=True)


def _likeness(result: Result, row: dict[str, float]) -> tuple[Cell, ...]:
    language = result.language
    return (
        Cell(label_of(result, str(row["variable"]))),
        Cell(count(float(row["units"]), language)),
        Cell(number(float(row["size"]), language, 1)),
        Cell(beta(float(row["icc1"]), language, 3)),
        Cell(number(float(row["design_effect"]), language, 2)),
    )
