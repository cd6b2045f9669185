"""The sample: from file to estimate, and group by group with its weights."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from werksem.compare.cells import records
from werksem.report.answer import sizes_of
from werksem.report.filter_words import filter_said
from werksem.report.folder import Result, labels_of, optional_table
from werksem.report.numbers import beta, count, number, percent
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import engine_name, group_title, word

__all__ = ["filter_of", "flow_table", "groups_sampled"]

ENGINES = ("ols", "sem", "bootstrap", "bayes")


def filter_of(result: Result) -> str:
    """Return the study's filter in words, itself where it has none; empty without one."""
    where = _where(result)
    return (filter_said(where, result.language, labels_of(result)) or where) if where else ""


def _where(result: Result) -> str:
    return str((result.study.get("data") or {}).get("where") or "")


def flow_table(result: Result) -> Table:
    """Return how many respondents are left after each step; empty for a study of moments."""
    language, data = result.language, result.manifest.get("data", {})
    columns = (
        Column(word("flow_step", language)), Column(word("sizes_n", language), True),
        Column(word("flow_lost", language), True), Column(word("flow_why", language)),
    )  # fmt: skip
    if "rows_used" not in data:
        return Table(word("flow_caption", language), columns, ())
    read, used = float(data["rows_read"]), float(data["rows_used"])
    rows = [
        _step(word("flow_read", language), (read,), read, str(data.get("file", "")), language),
        _step(word("flow_used", language), (used,), read, filter_of(result), language, _where(result)),
    ]
    for engine in ENGINES:
        found = sizes_of(result.manifest.get("n", {}).get(engine))
        if found:
            rows.append(_step(engine_name(engine, language), found, used, _why(result, engine), language))
    return Table(word("flow_caption", language), columns, (Body("", tuple(rows)),), wide=True)


def _step(
    name: str, left: tuple[float, ...], before: float, why: str, language: str, code: str = ""
) -> tuple[Cell, ...]:
    """Return a row; ``code`` is what the study file says, where ``why`` says it in words."""
    ends = dict.fromkeys((min(left), max(left)))
    lost = before - max(left)
    share = percent(lost / before, language) if before else ""
    return (
        Cell(name),
        Cell("–".join(count(end, language) for end in ends)),
        Cell(f"{count(lost, language)} ({share})" if lost > 0 else ""),
        Cell(why, code if code != why else "", tone="quiet"),
    )


def _why(result: Result, engine: str) -> str:
    """Return what an engine does with unanswered items."""
    if str((result.study.get("data") or {}).get("sample")) == "common":
        return word("flow_common", result.language)
    if engine in ("sem", "bootstrap"):
        missing = str((result.study.get("data") or {}).get("missing") or "listwise")
        return word(f"flow_{missing}", result.language)
    level = str((result.study.get("bayes") or {}).get("level") or "scores")
    return word("flow_ols" if engine == "ols" else f"flow_bayes_{level}", result.language)


def groups_sampled(result: Result) -> Table:
    """Return the groups with their sizes, complete answers, clusters and weights; empty without the file."""
    language = result.language
    found = optional_table(result, "sample.csv", ("group",))
    columns = [
        Column(word("group", language)), Column(word("n", language), True),
        Column(word("sample_share", language), True), Column(word("sample_complete", language), True),
    ]  # fmt: skip
    if found.empty:
        return Table(word("sample_caption", language), tuple(columns), ())
    clusters, weighted = (bool(found[name].notna().any()) for name in ("clusters", "n_effective"))
    columns += [Column(word("sample_clusters", language), True)] if clusters else []
    shared = bool(found["weight_share"].notna().any())
    if weighted:
        share = ["sample_weight_share"] if shared else []  # gone where it tells of hidden groups
        keys = ("sample_weights", *share, "sample_effective", "sample_deff")
        columns += [Column(word(key, language), True) for key in keys]
    rows = tuple(_group(row, clusters, weighted, shared, language) for row in records(found))
    notes = (word("sample_note", language), *([word("sample_kish", language)] if weighted else []))
    return Table(word("sample_caption", language), tuple(columns), (Body("", rows),), notes, wide=True)


def _group(
    row: Mapping[str, Any], clusters: bool, weighted: bool, shared: bool, language: str
) -> tuple[Cell, ...]:
    n, complete = float(row["n"]), float(row["complete"])
    tone = "strong" if row["group"] == "all" else ""
    cells = [
        Cell(group_title(str(row["group"]), language), tone=tone),
        Cell(count(n, language), tone=tone),
        Cell(percent(float(row["share"]), language), tone=tone),
        Cell(percent(complete / n if n else math.nan, language), tone=tone),
    ]
    if clusters:
        cells.append(Cell(count(float(row["clusters"]), language), tone=tone))
    if weighted:
        ends = (number(float(row[f"weight_{end}"]), language) for end in ("min", "max"))
        effective = float(row["n_effective"])
        cells += [
            Cell(" – ".join(filter(None, ends))),
            *([Cell(percent(float(row["weight_share"]), language))] if shared else []),
            Cell(count(effective, language)), Cell(beta(n / effective, language)),
        ]  # fmt: skip
    return tuple(cells)
