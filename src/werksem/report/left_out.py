"""Groups and respondents predicted from all others, below the predictive checks."""

from __future__ import annotations

from typing import Any

from werksem.compare.cells import records
from werksem.report.folder import Result, label_of, optional_table
from werksem.report.numbers import beta, count, number
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import group_name, word

__all__ = ["left_out_table", "loo_table"]

ROUGH = 1.0


def left_out_table(result: Result) -> Table:
    """Return the log density of every left-out group under three ways of pooling, empty where not asked."""
    language = result.language
    found = optional_table(result, "left_out.csv", ("group",))
    columns = (
        Column(word("group", language)), Column(word("n", language), True),
        Column(word("left_out_partial", language), True), Column(word("per_respondent", language), True),
        Column(word("complete_pooling", language), True), Column(word("no_pooling", language), True),
    )  # fmt: skip
    rows, rough = [], []
    for row in records(found):
        group = group_name(str(row["group"]), language)
        densities = (
            _density(row, value, error, language)
            for value, error in (
                ("log_density", "mc_error"), ("complete_pooling", "complete_pooling_error"),
                ("no_pooling", "no_pooling_error"),
            )
        )  # fmt: skip
        partial, complete, alone = densities
        each = Cell(number(row["per_respondent"], language, 3))
        rows.append((Cell(group), Cell(count(row["n"], language)), partial, each, complete, alone))
        errors = (row["mc_error"], row["complete_pooling_error"], row["no_pooling_error"])
        if any(error > ROUGH for error in errors):
            rough.append(group)
    poor = [word("left_out_poor", language, groups=", ".join(rough))] if rough else []
    notes = (word("left_out_note", language), *poor)
    return Table(word("left_out_caption", language), columns, (Body("", tuple(rows)),), notes, wide=True)


def _density(row: dict[str, Any], value: str, error: str, language: str) -> Cell:
    text = number(row[value], language, 1)
    return Cell(text, f"± {number(row[error], language)}" if text else "")


def loo_table(result: Result) -> Table:
    """Return PSIS-LOO per outcome and group, empty where not asked."""
    language = result.language
    found = optional_table(result, "loo.csv", ("engine", "variable", "group"))
    names = ("group", "n", "loo_elpd", "per_respondent", "loo_p", "loo_k")
    columns = tuple(Column(word(name, language), name != "group") for name in names)
    if found.empty:
        return Table(word("loo_caption", language), columns, ())
    bodies = tuple(
        Body(
            ", ".join(label_of(result, name) for name in str(variable).split(", ")) if variable else "",
            tuple(_loo(row, language) for row in records(part)),
        )
        for variable, part in found.groupby("variable", sort=False)
    )
    limit = beta(float(found["k_limit"].max()), language)
    return Table(
        word("loo_caption", language), columns, tuple(bodies), (word("loo_note", language, limit=limit),)
    )


def _loo(row: dict[str, Any], language: str) -> tuple[Cell, ...]:
    error = number(row["se"], language, 1)
    return (
        Cell(group_name(str(row["group"]), language)),
        Cell(count(row["n"], language)),
        Cell(number(row["elpd"], language, 1) + (f" ({error})" if error else "")),
        Cell(number(row["per_respondent"], language, 3)),
        Cell(number(row["p_loo"], language, 1)),
        Cell(count(row["k_high"], language), tone="warn" if row["k_high"] else ""),
    )
