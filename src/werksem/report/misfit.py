"""Where a model misses: largest residual correlations, what freeing would gain, the invariance ladder."""

from __future__ import annotations

import math

from werksem.compare.cells import records
from werksem.report.folder import Result, label_of, optional_table
from werksem.report.numbers import beta, count, number, pvalue
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import word

__all__ = ["invariance_table", "modification_table", "residual_table"]

SHOWN = 5
# a residual correlation beyond this is worth a look (Kline, 2016)
LARGE = 0.10


def residual_table(result: Result) -> Table:
    """Return the five largest residual correlations, empty for a folder without ``residuals.csv``."""
    language = result.language
    found = optional_table(result, "residuals.csv", ("group", "lhs", "rhs")).head(SHOWN)
    columns = (Column(word("pair", language)), Column(word("residual", language), True))
    rows = tuple(
        (
            Cell(f"{label_of(result, str(row['lhs']))} – {label_of(result, str(row['rhs']))}"),
            Cell(beta(float(row["residual"]), language, 3), tone=_tone(float(row["residual"]))),
        )
        for row in records(found)
    )
    notes = (word("residual_note", language),)
    return Table(word("residual_caption", language), columns, _body(rows), notes, wide=True)


def modification_table(result: Result) -> Table:
    """Return the five largest modification indices with the change they expect, standardised."""
    language = result.language
    found = optional_table(result, "modification.csv", ("group", "lhs", "op", "rhs")).head(SHOWN)
    columns = (
        Column(word("parameter", language)), Column(word("mi", language), True),
        Column(word("sepc", language), True),
    )  # fmt: skip
    rows = tuple(
        (
            Cell(f"{label_of(result, str(row['lhs']))} {row['op']} {label_of(result, str(row['rhs']))}"),
            Cell(number(float(row["mi"]), language, 1)),
            Cell(beta(float(row["sepc_all"]), language, 3)),
        )
        for row in records(found)
    )
    notes = (word("modification_note", language),)
    return Table(word("modification_caption", language), columns, _body(rows), notes, wide=True)


def invariance_table(result: Result) -> Table:
    """Return the invariance ladder, empty for a folder without ``invariance.csv``."""
    language = result.language
    found = optional_table(result, "invariance.csv", ("level", "status"))
    heads = ("level", "chisq", "df", "cfi", "rmsea", "delta_cfi", "delta_rmsea", "delta_pvalue")
    columns = tuple(Column(word(f"ladder_{head}", language), head != "level") for head in heads)
    rows = tuple(
        (
            Cell(word(f"ladder_{row['level']}", language)),
            Cell(number(float(row["chisq"]), language, 1)),
            Cell(count(float(row["df"]), language)),
            *(_value(float(row[name]), language) for name in ("cfi", "rmsea", "delta_cfi", "delta_rmsea")),
            Cell("" if math.isnan(row["delta_pvalue"]) else pvalue(float(row["delta_pvalue"]), language)),
        )
        for row in records(found)
    )
    partial = any(str(level).startswith("partial_") for level in found["level"])
    notes = (word("ladder_note", language), *([word("ladder_partial_note", language)] if partial else ()))
    return Table(word("ladder_caption", language), columns, _body(rows), notes, wide=True)


def _tone(residual: float) -> str:
    return "warn" if abs(residual) > LARGE else ""


def _value(value: float, language: str) -> Cell:
    return Cell("" if math.isnan(value) else beta(value, language, 3))


def _body(rows: tuple[tuple[Cell, ...], ...]) -> tuple[Body, ...]:
    return (Body("", rows),) if rows else ()
