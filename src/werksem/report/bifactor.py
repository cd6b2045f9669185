"""The table of what a bifactor model's factors are worth."""

from __future__ import annotations

import math
from typing import Any

from werksem.compare.cells import records
from werksem.report.folder import Result, label_of, optional_table
from werksem.report.numbers import beta, count, interval
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import word

__all__ = ["bifactor_tables"]


def bifactor_tables(result: Result) -> tuple[Table, ...]:
    """Return ω, ω_h, ECV and PUC per factor, nothing for a model that is no bifactor model."""
    language = result.language
    found = optional_table(result, "bifactor.csv", ("factor", "group"))
    if found.empty:
        return ()
    keys = ("bifactor_factor", "items_count", "omega", "omega_h", "ecv", "puc")
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
