"""Regressions as reports print them: predictors as rows, outcomes as columns, R² and n below."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from werksem.compare.cells import records
from werksem.compare.stars import stars
from werksem.report.answer import decimals_of, main_groups
from werksem.report.folder import Result, label_of, paths_of
from werksem.report.numbers import beta, count, number
from werksem.report.publish.scales import star_note
from werksem.report.publish.words import said
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.untold import shown_estimates
from werksem.report.words import engine_name, group_name, word

__all__ = ["regression_tables"]

ENGINES = ("ols", "sem", "bayes")
RAW_DECIMALS = 3

Row = Mapping[str, Any]


def regression_tables(result: Result) -> Iterator[tuple[str, Table]]:
    """Yield a name and a table per engine and group that has regressions of its own."""
    groups = main_groups(result.comparison)
    for engine in ENGINES:
        for group in groups:
            rows = paths_of(shown_estimates(result), engine)
            found = {(str(row["lhs"]), str(row["rhs"])): row for row in records(rows[rows["group"] == group])}
            if found:
                name = f"regression-{engine}" + ("" if group == "all" else f"-{group}")
                yield name, _table(result, engine, group, found)


def _table(result: Result, engine: str, group: str, found: Mapping[tuple[str, str], Row]) -> Table:
    language = result.language
    outcomes = list(dict.fromkeys(lhs for lhs, _ in found))
    predictors = list(dict.fromkeys(rhs for _, rhs in found))
    decimals = decimals_of(result.comparison)
    columns = (
        Column(word("predictor", language)),
        *(Column(label_of(result, outcome), True, True) for outcome in outcomes),
    )
    rows = tuple(
        (Cell(label_of(result, rhs)), *(_cell(found.get((lhs, rhs)), language, decimals) for lhs in outcomes))
        for rhs in predictors
    )
    below = tuple(_below(result, engine, group, outcomes))
    places = {
        "engine": engine_name(engine, language),
        "group": "" if group == "all" else f" · {group_name(group, language)}",
    }
    bodies = (Body("", rows), *((Body("", below),) if below else ()))
    notes = _notes(result, engine, any(cell.mark for row in below for cell in row))
    return Table(said("regression_caption", language, **places), columns, bodies, notes)


def _cell(row: Row | None, language: str, decimals: int) -> Cell:
    """Return β with its stars, and b with its standard error below it."""
    if row is None:
        return Cell()
    b, se = (number(float(row[key]), language, RAW_DECIMALS) for key in ("est", "se"))
    below = f"{b} ({se})" if b and se else b
    return Cell(beta(float(row["std"]), language, decimals), below, stars(float(row["pvalue"])))


def _below(result: Result, engine: str, group: str, outcomes: list[str]) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of R², adjusted R² and n, those that are known."""
    language, rows = result.language, result.estimates
    explained = rows[(rows["engine"] == engine) & (rows["group"] == group) & (rows["op"] == "r2")]
    r2 = dict(zip(explained["lhs"], explained["est"].astype(float), strict=True))
    fit = result.fit[(result.fit["engine"] == engine) & (result.fit["group"] == group)]
    values = dict(zip(fit["measure"], fit["value"].astype(float), strict=True))
    tests = [stars(values.get(f"f_pvalue.{outcome}", math.nan)) for outcome in outcomes]
    adjusted = [beta(values.get(f"r2_adj.{outcome}", math.nan), language, 3) for outcome in outcomes]
    plain = [beta(float(r2.get(outcome, math.nan)), language, 3) for outcome in outcomes]
    sizes = [count(_n(result, engine, group, values, outcome), language) for outcome in outcomes]
    for key, texts in (("r2", plain), ("r2_adj", adjusted)):
        if any(texts):
            marked = (Cell(text, mark=mark if text else "") for text, mark in zip(texts, tests, strict=True))
            yield Cell(said(key, language)), *marked
    if any(sizes):
        yield Cell("n"), *(Cell(text) for text in sizes)


def _n(result: Result, engine: str, group: str, values: Mapping[str, float], outcome: str) -> float:
    """Return how many respondents an outcome's regression is of; NaN where the folder does not say."""
    own = values.get(f"n.{outcome}", values.get("ntotal"))
    if own is not None:
        return own
    found = result.manifest.get("n", {}).get(engine) if group == "all" else None
    found = found.get(outcome) if isinstance(found, Mapping) else found
    return float(found) if isinstance(found, int | float) else math.nan


def _notes(result: Result, engine: str, tested: bool) -> tuple[str, ...]:
    language = result.language
    if engine == "bayes":
        return (said("regression_bayes", language),)
    notes = [said("regression_note", language)]
    settings = result.study.get(engine) or {}
    if engine == "ols":
        errors = word(f"se_{settings.get('se') or 'classical'}", language)
        text = said("regression_se", language, se=errors)
        notes.append(text[:1].upper() + text[1:])
    notes += [said("r2_stars", language)] if tested else []
    return (*notes, star_note(language))
