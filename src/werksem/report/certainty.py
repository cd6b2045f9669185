"""How sure the findings are, in a sentence each: methods, size, claims, routes, groups, measurement, fit."""

from __future__ import annotations

import math

import pandas as pd

from werksem.compare.cells import records
from werksem.report.answer import brief, main_groups
from werksem.report.claims import claims_said
from werksem.report.effects import effects_brief
from werksem.report.folder import Result, label_of, paths_of
from werksem.report.numbers import beta, count, number
from werksem.report.pooling import pooling_said
from werksem.report.quality import FIT_RULES, RELIABLE, judge, with_robust
from werksem.report.sayings import SATURATED
from werksem.report.sized import outcomes_of
from werksem.report.words import engine_name, word

__all__ = ["certainty"]

ENGINES = ("ols", "sem", "bayes")
NAMED = 3
ORDER = ("good", "acceptable", "poor")


def certainty(result: Result) -> tuple[tuple[str, str], ...]:
    """Return ``(of what, sentence)``; what a folder does not have is left out."""
    language = result.language
    found = (
        ("methods", " ".join([*_methods(result), *_apart(result)])),
        ("size", _significant(result)),
        ("claims", claims_said(result)),
        ("routes", " ".join(effects_brief(result))),
        ("groups", " ".join(pooling_said(result)[:1])),
        ("measured", _scales(result)),
        ("fit", _fits(result)),
    )
    return tuple((word(f"sure_{key}", language), text) for key, text in found if text)


def _methods(result: Result) -> tuple[str, ...]:
    """Return how far the methods agree, or that there is but one."""
    rows = result.comparison
    engines = [name for name in ENGINES if rows[name].notna().any()]
    if len(engines) > 1 or rows["published"].notna().any():
        return brief(result)
    paths = len(rows[rows["group"].isin(main_groups(rows))])
    key, shown = "sure_single" + ("_one" if paths == 1 else ""), count(paths, result.language)
    single = (engine_name(name, result.language) for name in engines)
    return tuple(word(key, result.language, paths=shown, engine=name) for name in single)


def _apart(result: Result) -> list[str]:
    """Return which paths the methods disagree on most, and why they may."""
    language, rows = result.language, result.comparison
    rows = rows[
        rows["group"].isin(main_groups(rows)) & rows["verdict"].isin(["differ > .05", "sign differs"])
    ]
    if not len(rows):
        return []
    engines = [name for name in ENGINES if rows[name].notna().any()]
    spread = rows[engines].max(axis=1) - rows[engines].min(axis=1)
    first = rows.loc[spread.sort_values(ascending=False, kind="stable").index[:NAMED]]
    shown = [_estimates(result, row, engines) for row in records(first)]
    said = [word("differ_named", language, paths="; ".join(shown))]
    if {"ols", "sem"} <= set(engines):
        said.append(word("differ_error", language))
    signs = rows[rows["verdict"] == "sign differs"]
    if len(signs) and float(signs[engines].abs().max().max()) < 0.1:
        said.append(word("sign_near_zero", language))
    return said


def _estimates(result: Result, row: dict[str, float], engines: list[str]) -> str:
    language = result.language
    path = f"{label_of(result, str(row['rhs']))} → {label_of(result, str(row['lhs']))}"
    values = [
        f"{engine_name(name, language)} {beta(row[name], language)}"
        for name in engines
        if not math.isnan(row[name])
    ]
    return f"{path} ({', '.join(values)})"


def _significant(result: Result) -> str:
    """Return how many significant paths are negligible; nothing where none is."""
    clear, small = 0, 0
    for one in outcomes_of(result):
        rows = paths_of(result.estimates, one.engine)
        rows = rows[(rows["lhs"] == one.outcome) & (rows["group"] == one.group)]
        significant = set(rows.loc[rows["pvalue"].astype(float) <= 0.05, "rhs"])
        clear += len(significant)
        small += sum(p.size == "negligible" and p.predictor in significant for p in one.paths)
    if not small:
        return ""
    engine = outcomes_of(result)[0].engine
    rows = result.diagnostics
    sizes = rows.loc[(rows["measure"] == "n") & (rows["engine"] == engine), "value"].astype(float)
    places = {"count": small, "all": clear, "n": count(sizes.max(), result.language)}
    return word("significant_small", result.language, **places)


def _scales(result: Result) -> str:
    language, rows = result.language, result.reliability
    alphas = pd.to_numeric(rows["alpha"]).dropna() if len(rows) else pd.Series(dtype=float)
    if not len(alphas):
        return ""
    low = rows.loc[alphas[alphas < RELIABLE["alpha"]].index, "construct"]
    places = {"count": rows.loc[alphas.index, "construct"].nunique()}
    if not len(low):
        ends = {"low": beta(alphas.min(), language), "high": beta(alphas.max(), language)}
        return word("scales_good", language, **places, **ends)
    names = ", ".join(dict.fromkeys(label_of(result, str(name)) for name in low))
    return word("scales_some", language, names=names, limit=beta(RELIABLE["alpha"], language), **places)


def _fits(result: Result) -> str:
    """Return how well the SEM fits by its worst index; nothing without an SEM, or where it cannot misfit."""
    language, rows = result.language, result.fit
    rows = rows[rows["engine"] == "sem"]
    groups = list(rows["group"].unique())
    values = with_robust(dict(zip(rows["measure"], rows["value"].astype(float), strict=True)))
    indices = {name: values[name] for name in FIT_RULES if not math.isnan(values.get(name, math.nan))}
    if not indices or len(groups) > 1 or not values.get("df", 0) > 0:
        return ""
    worst = max((judge(name, value) for name, value in indices.items()), key=ORDER.index)
    shown = [
        f"{word(name, language).split(' ')[0]} {_index(value, language)}" for name, value in indices.items()
    ]
    saturated = any(str(note).startswith(SATURATED) for note in result.manifest.get("notes", []))
    what = word("fit_measured" if saturated else "fit_whole", language)
    return word(f"fit_{worst}", language, what=what, indices="; ".join(shown))


def _index(value: float, language: str) -> str:
    return number(value, language, 3) if value >= 1 else beta(value, language, 3)
