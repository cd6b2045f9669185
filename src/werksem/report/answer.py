"""The answer: the comparison table, its one-paragraph reading, and n per engine."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from werksem.compare.cells import records
from werksem.compare.stars import stars
from werksem.compare.table import DIFFERENCE, ZERO
from werksem.report.folder import Result, label_of, labels_of
from werksem.report.messages import messages
from werksem.report.numbers import beta, count, interval, level_percent
from werksem.report.replicates import kind_name, kind_of, share_mark, share_note
from werksem.report.sayings import TOLD_WITH_THE_DATA
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import engine_name, group_name, listed, word

__all__ = [
    "VERDICT_TONES",
    "brief",
    "by_outcome",
    "comparison_tables",
    "decimals_of",
    "limits_of",
    "main_groups",
    "sizes",
    "sizes_of",
    "warnings_of",
]

VERDICT_TONES = {"agree": "good", "differ > .05": "warn", "sign differs": "bad"}
ENGINES = ("published", "ols", "sem", "bayes")


def main_groups(comparison: pd.DataFrame) -> tuple[str, ...]:
    """Return the groups that get a comparison: ``all``, and every group that OLS or SEM has too."""
    shared = comparison[comparison[["published", "ols", "sem"]].notna().any(axis=1)]
    groups = dict.fromkeys(["all", *shared["group"]])
    return tuple(group for group in groups if (comparison["group"] == group).any())


def decimals_of(comparison: pd.DataFrame) -> int:
    """Return how many decimals betas get: three where the published ones have three, else two."""
    published = comparison["published"].dropna()
    return 3 if any(abs(value * 100 - round(value * 100)) > 1e-6 for value in published) else 2


def comparison_tables(result: Result) -> tuple[Table, ...]:
    """Return one table per main group: outcomes as bodies, engines as columns, intervals below estimates."""
    return tuple(_comparison_table(result, group) for group in main_groups(result.comparison))


def by_outcome(tables: tuple[Table, ...]) -> tuple[Table, ...]:
    """Return a table per outcome, which is its caption, with the group behind it where there are several."""
    found = []
    for table in tables:
        _, _, group = table.caption.partition(" · ")
        for body in table.bodies:
            caption = f"{body.heading} · {group}" if group else body.heading
            found.append(replace(table, caption=caption, bodies=(Body("", body.rows),), notes=()))
    return tuple(found)


def _comparison_table(result: Result, group: str) -> Table:
    language, rows = result.language, result.comparison[result.comparison["group"] == group]
    engines = [engine for engine in ENGINES if rows[engine].notna().any()]
    judged = bool((rows["verdict"] != "").any())
    columns = (
        Column(word("predictor", language)),
        *(Column(word(engine, language), True, engine != "bayes") for engine in engines),
        *([Column(word("verdict", language))] if judged else []),
    )
    pvalues, decimals = _pvalues(result.estimates, group), decimals_of(result.comparison)
    bodies = []
    for outcome, part in rows.groupby("lhs", sort=False):
        cells = [_row(result, row, engines, pvalues, decimals)[: len(columns)] for row in records(part)]
        bodies.append(Body(label_of(result, str(outcome)), tuple(cells)))
    caption = word("comparison_caption", language)
    caption += "" if group == "all" else f" · {group_name(group, language)}"
    return Table(caption, columns, tuple(bodies), _notes(result), stacked=True)


def _row(
    result: Result,
    row: Mapping[Any, Any],
    engines: list[str],
    pvalues: Mapping[tuple[str, str, str], float],
    decimals: int,
) -> tuple[Cell, ...]:
    language = result.language
    cells = [Cell(label_of(result, str(row["rhs"])))]
    share = "" if math.isnan(row["bootstrap_ci_lower"]) else share_mark(result)
    for engine in engines:
        mark = stars(pvalues.get((engine, str(row["lhs"]), str(row["rhs"])), math.nan))
        mark = str(row["published_stars"]) if engine == "published" else mark
        limits = interval(*limits_of(row, engine), language, decimals)
        limits += share if engine == "sem" and limits else ""
        cells.append(Cell(beta(row[engine], language, decimals), limits, mark))
    verdict = str(row["verdict"])
    shown = word(verdict, language) if verdict else ""
    return (*cells, Cell(shown, tone=VERDICT_TONES.get(verdict, "")))


def limits_of(row: Mapping[Any, Any], engine: str) -> tuple[float, float]:
    """Return the interval shown with an estimate; the bootstrap's belongs to the SEM where there is one."""
    if engine == "sem" and not math.isnan(row["bootstrap_ci_lower"]):
        engine = "bootstrap"
    low, high = (float(row.get(f"{engine}_ci_{end}", math.nan)) for end in ("lower", "upper"))
    return low, high


def _pvalues(estimates: pd.DataFrame, group: str) -> dict[tuple[str, str, str], float]:
    rows = estimates[(estimates["op"] == "~") & (estimates["group"] == group)]
    keys = zip(rows["engine"], rows["lhs"], rows["rhs"], strict=True)
    return dict(zip(keys, rows["pvalue"].astype(float), strict=True))


def _notes(result: Result) -> tuple[str, ...]:
    language = result.language
    levels = result.estimates["level"].dropna()
    places = {
        "p05": beta(0.05, language), "p01": beta(0.01, language), "p001": beta(0.001, language, 3),
        "level": level_percent(float(levels.iloc[0]) if len(levels) else 0.95, language),
        "zero": beta(ZERO, language), "limit": beta(DIFFERENCE, language),
    }  # fmt: skip
    latent = (result.study.get("bayes") or {}).get("level") == "latent"
    why = word("comparison_latent_why" if latent else "comparison_why", language)
    both = result.comparison[["ols", "sem"]].notna().all(axis=1).any()
    bootstrap = result.comparison["bootstrap_ci_lower"].notna().any()
    kind = kind_of(result) or "bca"
    whose = [word("comparison_bootstrap", language, kind=kind_name(kind, language))] if bootstrap else []
    whose += share_note(result) if bootstrap else []
    return (word("comparison_note", language, **places), *whose, *([why] if both else []))


def brief(result: Result) -> tuple[str, ...]:
    """Return the sentences above the tables: how many paths, and how far the engines agree."""
    language, rows = result.language, result.comparison
    rows = rows[rows["group"].isin(main_groups(rows))]
    counts = rows["verdict"].value_counts()
    engines = [word(f"by_{e}", language) for e in ("ols", "sem", "bayes") if rows[e].notna().any()]
    if not len(rows):
        return ()
    told = counts.drop("", errors="ignore").sum()
    if len(rows) == 1 and rows["verdict"].iloc[0]:
        verdict = word(str(rows["verdict"].iloc[0]), language)
        first = word("brief_one", language, engines=listed(engines, language), verdict=verdict)
    elif not told:
        key = "brief_paths" + ("_one" if len(rows) == 1 else "")
        first = word(key, language, paths=count(len(rows), language))
    elif counts.get("agree", 0) == len(rows):
        limit, shown = beta(DIFFERENCE, language), count(len(rows), language)
        first = word("brief_all", language, paths=shown, engines=listed(engines, language), limit=limit)
    else:
        names = {"agree": "agree", "differ > .05": "differ", "sign differs": "sign"}
        places = {place: count(counts.get(name, 0), language) for name, place in names.items()}
        places |= {"limit": beta(DIFFERENCE, language), "paths": count(len(rows), language)}
        key = "brief_agree" if counts.get("sign differs", 0) else "brief_apart"
        first = word(key, language, engines=listed(engines, language), **places)
    return (first,)


def sizes(result: Result) -> tuple[tuple[str, str], ...]:
    """Return n per engine in words: ``(engine, n)``, a range where the equations differ."""
    language = result.language
    shown = []
    for engine in ("ols", "sem", "bootstrap", "bayes"):
        numbers = sizes_of(result.manifest.get("n", {}).get(engine))
        if numbers:
            ends = dict.fromkeys([count(min(numbers), language), count(max(numbers), language)])
            shown.append((engine_name(engine, language), "–".join(ends)))
    return tuple(shown)


def sizes_of(found: Any) -> tuple[float, ...]:
    """Return every number of a nested mapping of respondents."""
    if isinstance(found, Mapping):
        return tuple(number for part in found.values() for number in sizes_of(part))
    return () if found is None else (float(found),)


def warnings_of(result: Result) -> tuple[str, ...]:
    """Return the warnings of the manifest in words."""
    texts = [str(text) for text in result.manifest.get("warnings", [])]
    said = [text for text in texts if not text.startswith(TOLD_WITH_THE_DATA)]
    return messages(said, result.language, labels_of(result))
