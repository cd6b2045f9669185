"""Betas with and without control variables, and what either block adds to R²."""

from __future__ import annotations

from typing import Any

from werksem.compare.cells import records
from werksem.report.folder import Result, label_of, optional_table
from werksem.report.numbers import beta, count, interval, level_percent, number, pvalue
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import word
from werksem.spec.predictor_blocks import CONTROLS

__all__ = ["added_table", "controls_said", "controls_table"]


def controls_said(result: Result) -> str:
    """Return which variables are controls, empty where the folder has no such table."""
    if not controls_table(result):
        return ""
    blocks = result.study.get("blocks") or {}
    names: list[Any] = next((blocks[name] for name in CONTROLS if name in blocks), [])
    listed = ", ".join(label_of(result, str(name)) for name in names)
    return word("controls_what", result.language, names=listed)


def controls_table(result: Result) -> Table:
    """Return each facet's beta without and with the controls, and the difference with its interval."""
    language = result.language
    table = optional_table(result, "controls.csv", ("outcome", "predictor"))
    keys = ("predictor", "controls_without", "controls_with", "difference")
    columns = tuple(Column(word(key, language), key != "predictor") for key in keys)
    bodies = tuple(
        Body(label_of(result, str(outcome)), tuple(_beta(result, row) for row in records(part)))
        for outcome, part in table.groupby("outcome", sort=False)
    )
    return Table(word("controls_caption", language), columns, bodies, wide=True)


def _beta(result: Result, row: dict[str, Any]) -> tuple[Cell, ...]:
    language = result.language
    limits = interval(row["difference_ci_lower"], row["difference_ci_upper"], language, 3)
    betas = (Cell(beta(row[key], language)) for key in ("beta_without", "beta_with"))
    return (
        Cell(label_of(result, row["predictor"])),
        *betas,
        Cell(beta(row["difference"], language, 3), limits),
    )


def added_table(result: Result) -> Table:
    """Return what the controls add to R² after the facets, and the other way round, with the test."""
    language = result.language
    table = optional_table(result, "controls_blocks.csv", ("outcome", "block", "over", "se"))
    keys = ("controls_block", "controls_gain", "controls_f", "controls_p")
    columns = tuple(Column(word(key, language), key != "controls_block") for key in keys)
    bodies = tuple(
        Body(label_of(result, str(outcome)), tuple(_block(row, language) for row in records(part)))
        for outcome, part in table.groupby("outcome", sort=False)
    )
    level = level_percent(float(table["level"].iloc[0]), language) if len(table) else ""
    notes = (word("controls_note", language, level=level),)
    return Table(word("controls_blocks_caption", language), columns, bodies, notes, wide=True)


def _block(row: dict[str, Any], language: str) -> tuple[Cell, ...]:
    limits = interval(row["delta_r2_ci_lower"], row["delta_r2_ci_upper"], language, 3)
    df = f"({count(row['df1'], language)}; {count(row['df2'], language)})"
    test = f"{number(row['f'], language, 1)} {df}" if row["f"] == row["f"] else ""
    return (
        Cell(word(f"controls_{row['block']}", language)), Cell(beta(row["delta_r2"], language, 3), limits),
        Cell(test), Cell(pvalue(row["pvalue"], language) if test else ""),
    )  # fmt: skip
