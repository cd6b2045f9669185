"""Fit with a judgement in words, explained variance, loadings and reliability."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from werksem.compare.cells import records
from werksem.report.folder import Result, label_of, paths_of
from werksem.report.numbers import beta, count, interval, number, pvalue
from werksem.report.replicates import share_mark, share_note
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import word

__all__ = [
    "LARGE_N",
    "RELIABLE",
    "FIT_RULES",
    "fit_table",
    "judge",
    "ntotal",
    "r2_table",
    "reliability_table",
]

# measure: (good, acceptable, larger is better); Browne & Cudeck (1993), Hu & Bentler (1999), Bentler &
# Bonett (1980), Schermelleh-Engel, Moosbrugger & Müller (2003)
FIT_RULES = {
    "rmsea": (0.05, 0.08, False),
    "srmr": (0.05, 0.08, False),
    "cfi": (0.95, 0.90, True),
    "tli": (0.95, 0.90, True),
}
RELIABLE = {"alpha": 0.70, "omega": 0.70, "ave": 0.50}
# from here on the chi-square test rejects for misfit that nobody would call misfit
LARGE_N = 1000
BOLLEN_STINE = "pvalue_bollen_stine"
TONES = {"good": "good", "acceptable": "warn", "poor": "bad"}


def judge(measure: str, value: float) -> str:
    """Return ``good``, ``acceptable`` or ``poor`` by the rule of thumb; empty without a rule or value.

    >>> judge("rmsea", 0.05), judge("cfi", 0.94), judge("srmr", 0.12), judge("aic", 3.0)
    ('good', 'acceptable', 'poor', '')
    """
    if measure not in FIT_RULES or math.isnan(value):
        return ""
    good, acceptable, larger = FIT_RULES[measure]
    sign = -1 if larger else 1
    return (
        "good"
        if sign * value <= sign * good
        else "acceptable"
        if sign * value <= sign * acceptable
        else "poor"
    )


def fit_table(result: Result) -> Table:
    """Return the fit of the SEM: measure, value, judgement, rule of thumb; a body per group."""
    language = result.language
    columns = tuple(
        Column(word(key, language), key == "value") for key in ("measure", "value", "judgement", "rule")
    )
    rows = result.fit[result.fit["engine"] == "sem"]
    bodies = []
    for group, part in rows.groupby("group", sort=False):
        values = with_robust(dict(zip(part["measure"], part["value"].astype(float), strict=True)))
        values |= _simulated(result, str(group))
        heading = "" if group == "all" else str(group)
        bodies.append(Body(heading, _fit_rows(values, language)))
    notes = [word("fit_sources", language)]
    if "chisq_scaled" in set(rows["measure"]):
        notes.append(word("fit_robust", language))
    return Table(word("fit_caption", language), columns, tuple(bodies), tuple(notes), wide=True)


def _simulated(result: Result, group: str) -> dict[str, float]:
    """Return the Bollen-Stine p-value of the bootstrap, where there is one."""
    rows = result.fit[(result.fit["engine"] == "bootstrap") & (result.fit["group"] == group)]
    found = rows[rows["measure"] == BOLLEN_STINE]
    return dict(zip(found["measure"], found["value"].astype(float), strict=True))


def with_robust(values: dict[str, float]) -> dict[str, float]:
    """Return the measures with the scaled chi-square and the robust indices in place of the plain ones.

    >>> with_robust({"chisq": 85.3, "chisq_scaled": 87.1, "cfi": 0.931})["chisq"]
    87.1
    """
    robust = {name: f"{name}_scaled" for name in ("chisq", "pvalue")}
    robust |= {name: f"{name}_robust" for name in ("rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "cfi", "tli")}
    found = {name: values[key] for name, key in robust.items() if not math.isnan(values.get(key, math.nan))}
    return values | found


def _fit_rows(values: dict[str, float], language: str) -> tuple[tuple[Cell, ...], ...]:
    rows = []
    if "chisq" in values:
        rows += _chisq_rows(values, language)
    for measure in ("rmsea", "srmr", "cfi", "tli"):
        if measure in values:
            rows.append(_index_row(measure, values, language))
    for measure, decimals in (("npar", 0), ("logl", 1), ("aic", 1), ("bic", 1)):
        if measure in values:
            text = number(values[measure], language, decimals)
            rows.append((Cell(word(measure, language)), Cell(text), Cell(), Cell()))
    return tuple(rows)


def _chisq_rows(values: dict[str, float], language: str) -> list[tuple[Cell, ...]]:
    df = values.get("df", math.nan)
    text = f"{number(values['chisq'], language, 1)} ({count(df, language)})"
    rows: list[tuple[Cell, ...]]
    rows = [(Cell(word("chisq", language)), Cell(text), Cell(_tested("pvalue", values, language)), Cell())]
    for measure in ("pvalue", BOLLEN_STINE):
        p = values.get(measure, math.nan)
        if measure == "pvalue" or not math.isnan(p):
            said = "" if measure == "pvalue" else _tested(measure, values, language)
            rows.append((Cell(word(measure, language)), Cell(pvalue(p, language)), Cell(said), Cell()))
    return rows


def _tested(measure: str, values: dict[str, float], language: str) -> str:
    """Return whether a test rejects the model, and whether that means anything at this n."""
    p = values.get(measure, math.nan)
    if math.isnan(p) or not values.get("df", math.nan) > 0:
        return ""
    key = "rejected" if p <= 0.05 else "not_rejected"
    if key == "rejected" and values.get("ntotal", 0) >= LARGE_N:
        key = "expected_rejection"
    return word(key, language)


def _index_row(measure: str, values: dict[str, float], language: str) -> tuple[Cell, ...]:
    value = values[measure]
    text = beta(value, language, 3)
    if measure == "rmsea" and "rmsea_ci_lower" in values:
        text += " " + interval(values["rmsea_ci_lower"], values["rmsea_ci_upper"], language, 3)
    verdict = judge(measure, value)
    good, acceptable, larger = FIT_RULES[measure]
    sign = "≥" if larger else "≤"
    limits = f"{word('good', language)} {sign} {beta(good, language)}"
    limits += f"; {word('acceptable', language)} {sign} {beta(acceptable, language)}"
    shown = word(verdict, language) if verdict else ""
    return (
        Cell(word(measure, language)),
        Cell(text),
        Cell(shown, tone=TONES.get(verdict, "")),
        Cell(limits, tone="quiet"),
    )


def r2_table(result: Result) -> Table:
    """Return explained variance per outcome and engine, with OLS's adjusted R² and F."""
    language = result.language
    rows = result.estimates[(result.estimates["op"] == "r2") & (result.estimates["group"] == "all")]
    engines = [e for e in ("ols", "sem", "bayes") if (rows["engine"] == e).any()]
    fit = result.fit[result.fit["engine"] == "ols"]
    ols = dict(zip(fit["measure"], fit["value"].astype(float), strict=True))
    columns = [Column(word("outcome", language)), *(Column(word(e, language), True) for e in engines)]
    if ols:
        columns += [Column(word("r2_adj", language), True), Column(word("f_test", language), True)]
    lines = []
    measured = set(result.comparison["lhs"])
    for outcome, part in rows[rows["lhs"].isin(measured)].groupby("lhs", sort=False):
        found = dict(zip(part["engine"], part["est"].astype(float), strict=True))
        cells = [Cell(beta(found.get(engine, math.nan), language, 3)) for engine in engines]
        lines.append((Cell(label_of(result, str(outcome))), *cells, *_ols_cells(ols, str(outcome), language)))
    return Table(word("r2_caption", language), tuple(columns), (Body("", tuple(lines)),), wide=True)


def _ols_cells(ols: dict[str, float], outcome: str, language: str) -> tuple[Cell, ...]:
    if not ols:
        return ()
    f, df1, df2 = (ols.get(f"{name}.{outcome}", math.nan) for name in ("f", "f_df1", "f_df2"))
    sep = "; " if language == "nl" else ", "
    text = f"{number(f, language, 1)} ({count(df1, language)}{sep}{count(df2, language)})" if f == f else ""
    return Cell(beta(ols.get(f"r2_adj.{outcome}", math.nan), language, 3)), Cell(text)


def reliability_table(result: Result) -> Table:
    """Return α, ω, AVE and the range of loadings per construct."""
    language = result.language
    keys = ("construct", "items_count", "alpha", "omega", "ave", "loading_range")
    columns = tuple(Column(word(key, language), key != "construct") for key in keys)
    loadings = paths_of(result.estimates, "sem", "=~")
    rows = []
    for row in records(result.reliability):
        std = loadings.loc[loadings["lhs"] == row["construct"], "std"].dropna()
        span = f"{beta(std.min(), language)} – {beta(std.max(), language)}" if len(std) > 1 else ""
        share = share_mark(result) if resampled(row) else ""
        cells = (_reliable(key, row, language, "" if key == "alpha" else share) for key in RELIABLE)
        group = str(row.get("group", "all"))
        name = Cell(label_of(result, str(row["construct"])), "" if group == "all" else group)
        rows.append((name, Cell(count(float(row["items"]), language)), *cells, Cell(span)))
    rule = {"alpha": beta(RELIABLE["alpha"], language), "ave": beta(RELIABLE["ave"], language)}
    touched = any(resampled(row) for row in records(result.reliability))
    notes = (word("reliability_note", language, **rule), *(share_note(result) if touched else ()))
    return Table(word("reliability_caption", language), columns, (Body("", tuple(rows)),), notes, wide=True)


def resampled(row: dict[str, Any]) -> bool:
    """Return whether a construct's limits of omega and AVE come from the bootstrap's replicates."""
    return row.get("omega_method") in ("bootstrap", "one-step")


def _reliable(key: str, row: dict[str, Any], language: str, share: str) -> Cell:
    value = float(row[key])
    low, high = (float(row.get(f"{key}_ci_{end}", math.nan)) for end in ("lower", "upper"))
    limits = "" if math.isnan(low) else interval(low, high, language) + share
    return Cell(beta(value, language), limits, tone="warn" if value < RELIABLE[key] else "")


def ntotal(result: Result) -> float:
    """Return the respondents of the SEM; NaN where there is none."""
    rows = result.fit[(result.fit["engine"] == "sem") & (result.fit["measure"] == "ntotal")]
    return float(pd.to_numeric(rows["value"]).sum()) if len(rows) else math.nan
