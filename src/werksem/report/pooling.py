"""The pooling ledger in the report: the answer, who differs, and the average beside OLS."""

from __future__ import annotations

from typing import Any

import pandas as pd

from werksem.compare.cells import records
from werksem.compare.ledger import OWN, RULE_N
from werksem.report.folder import Result, label_of, optional_table
from werksem.report.numbers import beta, count, interval, percent
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import group_title, word

__all__ = ["SURE", "group_rows", "ledger_of", "ledger_table", "pooling_said", "rope_of", "slopes_table"]

# a group differs where it does so with at least this probability
SURE = 0.95
SHOWN = 10
OUTSIDE = ("all", "typical")


def ledger_of(result: Result) -> pd.DataFrame:
    """Return the ledger, empty for a folder without one."""
    return optional_table(result, "ledger.csv", ("lhs", "rhs", "group", "rule"))


def group_rows(ledger: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of groups, without ``all`` and ``typical``."""
    return ledger[~ledger["group"].isin(OUTSIDE)]


def rope_of(result: Result) -> float:
    """Return the difference that does not matter, as the study has it."""
    return float((result.study.get("bayes") or {}).get("rope", 0.05))


def pooling_said(result: Result) -> tuple[str, ...]:
    """Return the answer in sentences: how many differ, how much was borrowed, what the rule of thumb does."""
    language, rows = result.language, group_rows(ledger_of(result))
    if not len(rows):
        return ()
    differ = int((rows["p_differs"] >= SURE).sum())
    key = {0: "pooling_none", 1: "pooling_one"}.get(differ, "pooling_some")
    first = word(
        key, language, count=count(len(rows), language), differ=count(differ, language),
        rope=beta(rope_of(result), language), sure=percent(SURE, language, 0),
    )  # fmt: skip
    sizes = rows.groupby("group", sort=False)["n"].max()
    shares = rows.groupby("group", sort=False)["shrinkage"].mean()
    low, high = str(sizes.idxmin()), str(sizes.idxmax())
    second = word(
        "pooling_smallest", language, group=low, n=count(sizes[low], language),
        share=percent(shares[low], language, 0), large=high, large_n=count(sizes[high], language),
        large_share=percent(shares[high], language, 0),
    )  # fmt: skip
    far = (rows["rule_of_thumb"] - rows["pooled"]).abs().max()
    own = int((rows["rule"] == OWN).sum())
    third = word(
        "pooling_rule", language, least=count(RULE_N, language), own=count(own, language),
        count=count(len(rows), language), far=beta(float(far), language),
    )  # fmt: skip
    return first, second, third


def ledger_table(result: Result) -> Table:
    """Return the ten estimates that most probably differ from the average, most probable first."""
    language, ledger = result.language, ledger_of(result)
    rows = group_rows(ledger)
    heads = ("own", "pooled", "average", "borrowed", "p", "thumb")
    columns = (
        Column(word("path", language)), Column(word("group", language)), Column(word("n", language), True),
        *(Column(word(f"pooling_{head}", language), True) for head in heads),
    )  # fmt: skip
    if not len(rows):
        return Table("", columns, ())
    average = ledger[ledger["group"] == "all"].set_index(["lhs", "rhs"])["pooled"]
    top = rows.sort_values("p_differs", ascending=False, kind="stable").head(SHOWN)
    body = tuple(_row(result, row, float(average[row["lhs"], row["rhs"]])) for row in records(top))
    places = {"rope": beta(rope_of(result), language), "count": count(len(rows), language)}
    notes = (word("pooling_note", language, **places),)
    return Table(word("pooling_caption", language), columns, (Body("", body),), notes, wide=True)


def _row(result: Result, row: dict[str, Any], average: float) -> tuple[Cell, ...]:
    language = result.language
    sure = row["p_differs"] >= SURE
    return (
        Cell(f"{label_of(result, row['rhs'])} → {label_of(result, row['lhs'])}"),
        Cell(row["group"], tone="strong" if sure else ""),
        Cell(count(row["n"], language)),
        _cell(row, "own", language), _cell(row, "pooled", language), Cell(beta(average, language)),
        Cell(percent(row["shrinkage"], language, 0)),
        Cell(beta(row["p_differs"], language), tone="strong" if sure else ""),
        Cell(beta(row["rule_of_thumb"], language), word(row["rule"], language)),
    )  # fmt: skip


def _cell(row: dict[str, Any], name: str, language: str) -> Cell:
    return Cell(
        beta(row[name], language), interval(row[f"{name}_ci_lower"], row[f"{name}_ci_upper"], language)
    )


def slopes_table(result: Result) -> Table:
    """Return per path the average, the typical group, the interval of a new one, and OLS with one slope."""
    language, ledger = result.language, ledger_of(result)
    heads = ("pooling_average", "typical", "new_group", "fixed_effects")
    columns = (
        Column(word("predictor", language)),
        *(Column(group_title(h, language) if h == "typical" else word(h, language), True) for h in heads),
    )
    bodies = []
    for lhs, of_outcome in ledger.groupby("lhs", sort=False):
        rows = []
        for rhs, part in of_outcome.groupby("rhs", sort=False):
            by_group = {str(row["group"]): row for row in records(part)}
            rows.append((Cell(label_of(result, str(rhs))), *_slopes(by_group, language)))
        bodies.append(Body(label_of(result, str(lhs)), tuple(rows)))
    notes = (word("slopes_note", language),)
    return Table(word("slopes_caption", language), columns, tuple(bodies), notes, wide=True)


def _slopes(by_group: dict[str, dict[str, Any]], language: str) -> tuple[Cell, ...]:
    everyone, typical = by_group["all"], by_group.get("typical")
    half = 1.96 * everyone["fixed_effects_se"]
    slope = everyone["fixed_effects"]
    return (
        _cell(everyone, "pooled", language),
        Cell() if typical is None else _cell(typical, "pooled", language),
        Cell() if typical is None else Cell(_new(typical, language)),
        Cell(beta(slope, language), interval(slope - half, slope + half, language)),
    )


def _new(typical: dict[str, Any], language: str) -> str:
    return interval(typical["new_ci_lower"], typical["new_ci_upper"], language)
