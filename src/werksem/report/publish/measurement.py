"""Loadings with their standard errors, and the fit of every model in a line."""

from __future__ import annotations

import math
from typing import Any

from werksem.compare.cells import records
from werksem.report.folder import Result, label_of, paths_of
from werksem.report.numbers import beta, count, interval, level_percent, number, pvalue
from werksem.report.publish.words import said
from werksem.report.quality import with_robust
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import group_name, word

__all__ = ["fit_lines", "loadings_table", "models_table"]

RMSEA_LEVEL = 0.90


def loadings_table(result: Result) -> Table:
    """Return the standardised loading, SE and interval of every item, a body per construct of several."""
    language, rows = result.language, paths_of(result.estimates, "sem", "=~")
    levels = rows["level"].dropna()
    level = level_percent(float(levels.iloc[0]) if len(levels) else 0.95, language)
    columns = (
        Column(word("item", language)), Column(said("lambda", language), True),
        Column(said("se", language), True), Column(word("interval", language, level=level), True),
    )  # fmt: skip
    bodies = []
    for (group, construct), part in rows.groupby(["group", "lhs"], sort=False):
        if len(part) > 1:
            heading = label_of(result, str(construct)) + ("" if group == "all" else f" · {group}")
            bodies.append(Body(heading, tuple(_loading(result, row) for row in records(part))))
    return Table(said("loadings_caption", language), columns, tuple(bodies))


def _loading(result: Result, row: dict[str, Any]) -> tuple[Cell, ...]:
    language = result.language
    limits = interval(row["std_ci_lower"], row["std_ci_upper"], language)
    std, se = beta(row["std"], language), beta(row["std_se"], language, 3)
    return Cell(label_of(result, str(row["rhs"]))), Cell(std), Cell(se), Cell(limits)


def fit_lines(result: Result) -> tuple[tuple[str, dict[str, float]], ...]:
    """Return each SEM's group and measures by name, the robust ones in place of the plain."""
    rows = result.fit[result.fit["engine"] == "sem"]
    return tuple(
        (str(group), with_robust(dict(zip(part["measure"], part["value"].astype(float), strict=True))))
        for group, part in rows.groupby("group", sort=False)
    )


def models_table(result: Result) -> Table:
    """Return the fit of the SEM, a line per group that was fitted by itself."""
    language, lines = result.language, fit_lines(result)
    keys = [key for key in ("aic", "bic") if any(key in values for _, values in lines)]
    heads = ("chisq", "df", "p", "cfi", "tli", "rmsea", "srmr", *keys)
    columns = (
        Column(said("model", language)), Column("n", True),
        *(Column(said(key, language), True) for key in heads),
    )  # fmt: skip
    rows = tuple(_line(group, values, keys, language) for group, values in lines if "chisq" in values)
    places = {
        "estimator": (result.study.get("sem") or {}).get("estimator") or "ML",
        "level": level_percent(RMSEA_LEVEL, language),
    }
    notes = [said("fit_note", language, **places), word("fit_sources", language)]
    if "chisq_scaled" in set(result.fit["measure"]):
        notes.append(word("fit_robust", language))
    return Table(said("fit_caption", language), columns, (Body("", rows),), tuple(notes))


def _line(group: str, values: dict[str, float], keys: list[str], language: str) -> tuple[Cell, ...]:
    index = {key: Cell(beta(values.get(key, math.nan), language, 3)) for key in ("cfi", "tli", "srmr")}
    limits = interval(
        values.get("rmsea_ci_lower", math.nan), values.get("rmsea_ci_upper", math.nan), language, 3
    )
    p = values.get("pvalue", math.nan)
    name = group_name(group, language)
    return (
        Cell(name[:1].upper() + name[1:]),
        Cell(count(values.get("ntotal", math.nan), language)),
        Cell(number(values["chisq"], language, 1)),
        Cell(count(values.get("df", math.nan), language)),
        Cell("" if math.isnan(p) else pvalue(p, language)),
        index["cfi"], index["tli"],
        Cell(beta(values.get("rmsea", math.nan), language, 3), limits),
        index["srmr"],
        *(Cell(number(values.get(key, math.nan), language, 1)) for key in keys),
    )  # fmt: skip
