"""Means, standard deviations, reliability and correlations of the scales: a paper's first table."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from werksem.compare.cells import records
from werksem.compare.stars import stars
from werksem.report.folder import Result, label_of, optional_table
from werksem.report.numbers import beta, count, number
from werksem.report.publish.words import said
from werksem.report.table import Body, Cell, Column, Table

__all__ = ["scales_table", "star_note"]

Pairs = dict[tuple[str, str], dict[str, Any]]


def scales_table(result: Result) -> Table:
    """Return n, M, SD, ω and correlations per scale, empty for a folder without ``scales.csv``."""
    language = result.language
    scales = records(optional_table(result, "scales.csv", ("scale",)))
    found = optional_table(result, "correlations.csv", ("lhs", "rhs", "method"))
    pairs = {(str(row["lhs"]), str(row["rhs"])): row for row in records(found)}
    names = [str(row["scale"]) for row in scales]
    omegas = _omegas(result)
    columns = (
        Column(said("scale", language)), Column("n", True),
        *(Column(said(key, language), True) for key in ("mean", "sd")),
        *((Column(said("omega", language), True),) if omegas else ()),
        *(Column(str(at), True, True) for at in range(1, len(names))),
    )  # fmt: skip
    rows = []
    for at, row in enumerate(scales):
        cells = [Cell(f"{at + 1}. {label_of(result, names[at])}"), Cell(count(row["n"], language))]
        cells += [Cell(number(row[key], language)) for key in ("mean", "sd")]
        cells += [Cell(beta(omegas.get(names[at], math.nan), language))] if omegas else []
        cells += [_correlation(pairs, names[at], names[j], language) for j in range(at)]
        rows.append((*cells, *[Cell("–") for _ in [0] if at < len(names) - 1]))
    notes = _notes(found, language, weighted=bool((result.study.get("data") or {}).get("weights")))
    return Table(said("scales_caption", language), columns, (Body("", tuple(rows)),), notes)


def star_note(language: str) -> str:
    """Return what stars mean, as the sources define them.

    >>> star_note("nl").replace("\u00a0", " ")
    '* p ≤ ,05, ** p ≤ ,01, *** p ≤ ,001.'
    """
    places = {"p05": beta(0.05, language), "p01": beta(0.01, language), "p001": beta(0.001, language, 3)}
    return said("stars", language, **places)


def _omegas(result: Result) -> dict[str, float]:
    """Return each construct's ω among all respondents, of those that have one."""
    rows = result.reliability
    rows = rows[rows["group"] == "all"] if "group" in rows else rows
    found = zip(rows["construct"], rows["omega"].astype(float), rows["items"].astype(float), strict=True)
    return {str(name): omega for name, omega, items in found if items > 1 and not math.isnan(omega)}


def _correlation(pairs: Pairs, lhs: str, rhs: str, language: str) -> Cell:
    row = pairs.get((lhs, rhs))
    if row is None:
        return Cell()
    return Cell(beta(float(row["r"]), language), mark=stars(float(row["pvalue"])))


def _notes(found: pd.DataFrame, language: str, *, weighted: bool) -> tuple[str, ...]:
    if not len(found):
        return ()
    places = {
        "low": count(float(found["n"].min()), language),
        "high": count(float(found["n"].max()), language),
    }
    told = [said("scales_weighted", language)] if weighted else []
    told += [said("scales_design", language)] if (found["method"] == "design").any() else []
    return (said("scales_note", language, **places), *told, star_note(language))
