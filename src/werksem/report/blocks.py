"""The table of predictors tested together."""

from __future__ import annotations

import math
from typing import Any

from werksem.compare.cells import records
from werksem.report.folder import Result, label_of, optional_table
from werksem.report.numbers import beta, count, number, pvalue
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import engine_name, word
from werksem.spec.predictor_blocks import CONTROLS

__all__ = ["blocks_table"]


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
    wald = float(row["wald"])
    test = "" if math.isnan(wald) else f"{number(wald, language, 1)} ({count(float(row['df']), language)})"
    return (
        Cell(names), Cell(engine_name(str(row["engine"]), language)),
        Cell(beta(float(row["r2"]), language, 3)), Cell(beta(float(row["delta_r2"]), language, 3)),
        Cell(test), Cell(pvalue(float(row["pvalue"]), language) if test else ""),
    )  # fmt: skip


def _name(result: Result, name: str) -> str:
    """Return what a block is called: control variables in words, whatever name marks them."""
    return word("block_controls", result.language) if name in CONTROLS else label_of(result, name)
