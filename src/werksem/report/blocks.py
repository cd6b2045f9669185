"""Tables of predictors tested together, and of what a bifactor model's factors are worth."""

from __future__ import annotations

import math
from typing import Any

from werksem.compare.cells import records
from werksem.report.folder import Result, label_of, optional_table
from werksem.report.numbers import beta, count, interval, number, pvalue
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import engine_name, word
from werksem.spec.importance import CONTROLS

__all__ = ["bifactor_tables", "blocks_table"]


def blocks_table(result: Result) -> Table:
    """Return ΔR² and the joint test of every block by outcome, empty without ``blocks.csv``."""
    language = result.language
    found = optional_table(result, "blocks.csv", ("engine", "group", "outcome", "block", "method"))
    columns = (
        Column(word("block", language)), Column(word("method", language)),
        *(Column(word(key, language), True) for key in ("r2", "delta_r2", "wald", "p")),
    )  # fmt: skip
    bodies = []
    for (outcome, group), part in found.groupby(["outcome", "group"], sort=False):
        heading = label_of(result, str(outcome)) + ("" if group == "all" else f" · {group}")
        bodies.append(Body(heading, tuple(_block(result, row) for row in records(part))))
    notes = (word("blocks_note", language),)
    return Table(word("blocks_caption", language), columns, tuple(bodies), notes, wide=True)


def _block(result: Result, row: dict[str, Any]) -> tuple[Cell, ...]:
    language = result.language
    names = " + ".join(_name(result, name) for name in str(row["block"]).split(" + "))
    return (
        Cell(names), Cell(engine_name(str(row["engine"]), language)),
        Cell(beta(float(row["r2"]), language, 3)), Cell(beta(float(row["delta_r2"]), language, 3)),
        Cell(f"{number(float(row['wald']), language, 1)} ({count(float(row['df']), language)})"),
        Cell(pvalue(float(row["pvalue"]), language)),
    )  # fmt: skip


def _name(result: Result, name: str) -> str:
    """Return what a block is called: control variables in words, whatever name marks them."""
    return word("block_controls", result.language) if name in CONTROLS else label_of(result, name)


def bifactor_tables(result: Result) -> tuple[Table, ...]:
    """Return ω, ω_h, ECV and PUC per factor, nothing for a model that is no bifactor model."""
    language = result.language
    found = optional_table(result, "bifactor.csv", ("factor", "group"))
    if found.empty:
        return ()
    keys = ("bifactor_factor", "items", "omega", "omega_h", "ecv", "puc")
    columns = tuple(Column(word(key, language), key != "bifactor_factor") for key in keys)
    bodies = tuple(
        Body("" if group == "all" else str(group), tuple(_factor(result, row) for row in records(part)))
        for group, part in found.groupby("group", sort=False)
    )
    notes = (word("bifactor_note", language),)
    return (Table(word("bifactor_caption", language), columns, bodies, notes, wide=True),)


def _factor(result: Result, row: dict[str, Any]) -> tuple[Cell, ...]:
    language = result.language
    name = label_of(result, str(row["factor"]))
    if str(row["general"]) == "True":
        name = word("bifactor_general", language, factor=name)
    cells = []
    for key in ("omega", "omega_h", "ecv"):
        limits = interval(float(row[f"{key}_ci_lower"]), float(row[f"{key}_ci_upper"]), language)
        cells.append(Cell(beta(float(row[key]), language), limits))
    puc = float(row["puc"])
    last = Cell() if math.isnan(puc) else Cell(beta(puc, language))
    return (Cell(name), Cell(count(float(row["items"]), language)), *cells, last)
