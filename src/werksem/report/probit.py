"""Binary outcomes as a category: probit betas and marginal effects, below the comparison."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from werksem.compare.cells import read_table, records
from werksem.report.folder import Result, label_of
from werksem.report.numbers import beta, interval, number
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import group_name, word

__all__ = ["probit_table"]

TEXT = ("group", "lhs", "rhs", "method")
Z95 = 1.959963984540054


def probit_table(result: Result) -> Table:
    """Return probit betas and marginal effects by outcome, empty for a folder without ``probit.csv``."""
    language = result.language
    columns = (
        Column(word("predictor", language)), Column(word("probit_beta", language), True),
        Column(word("probit_ame", language), True),
    )  # fmt: skip
    path = result.folder / "probit.csv"
    found = read_table(path, TEXT) if path.is_file() else pd.DataFrame(columns=list(TEXT))
    bodies = []
    for (outcome, group), part in found.groupby(["lhs", "group"], sort=False):
        heading = label_of(result, str(outcome))
        heading += "" if group == "all" else f" · {group_name(str(group), language)}"
        bodies.append(Body(heading, tuple(_row(result, row) for row in records(part))))
    return Table(word("probit_caption", language), columns, tuple(bodies), _notes(result))


def _row(result: Result, row: dict[str, Any]) -> tuple[Cell, ...]:
    language = result.language
    limits = interval(float(row["std_ystar_ci_lower"]), float(row["std_ystar_ci_upper"]), language)
    points, half = float(row["ame_points"]), Z95 * float(row["ame_se"])
    return (
        Cell(label_of(result, str(row["rhs"]))),
        Cell(beta(float(row["std_ystar"]), language), limits),
        Cell(number(points, language, 1), _points(points - half, points + half, language)),
    )


def _points(low: float, high: float, language: str) -> str:
    """Return an interval in percentage points; empty where undefined."""
    if math.isnan(low):
        return ""
    ends = number(low, language, 1), number(high, language, 1)
    return "[" + ("; " if language == "nl" else ", ").join(ends) + "]"


def _notes(result: Result) -> tuple[str, ...]:
    clustered = (result.study.get("data") or {}).get("cluster")
    clusters = (word("probit_clusters", result.language),) if clustered else ()
    return (word("probit_note", result.language), *clusters)
