"""Which predictors carry an outcome: shares of R² beside betas, and beside the marks by group."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from werksem.compare.cells import records
from werksem.report.folder import Result, label_of, optional_table
from werksem.report.numbers import beta, count, level_percent, number, percent
from werksem.report.scatter import Dot, Limits, scatter_sketch
from werksem.report.sketch import Picture, picture
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import engine_name, group_name, group_title, word

__all__ = ["importance_figures", "importance_said", "importance_table", "sector_table"]

TEXT = ("engine", "group", "outcome", "kind", "predictor")
ENGINES = ("ols", "sem")
# groups that can stand side by side
MOST_GROUPS = 9
EMPTY = Table("", (), ())


def _rows(result: Result, kind: str = "predictor") -> pd.DataFrame:
    table = optional_table(result, "importance.csv", TEXT)
    return table[table["kind"] == kind] if len(table) else table


def importance_said(result: Result) -> tuple[str, ...]:
    """Return what importance means, and per outcome what comes first; empty without the table."""
    table, language = _rows(result), result.language
    if not len(table):
        return ()
    said = [word("importance_what", language)]
    main = table[table["group"] == "all"]
    main = main[main["engine"] == main["engine"].iloc[0]]
    for row in records(main[main["rank"] == 1]):
        if math.isnan(float(row.get("first_share", math.nan))):
            continue
        places = {
            "outcome": label_of(result, row["outcome"]), "first": label_of(result, row["predictor"]),
            "share": percent(row["share"], language, 0), "r2": beta(row["r2"], language),
            "certain": percent(row["first_share"], language, 0), "count": count(row["replicates"], language),
        }  # fmt: skip
        said.append(word("importance_first", language, **places))
    return tuple(said)


def importance_table(result: Result) -> Table:
    """Return beta, correlation, share and rank per predictor of all respondents; blocks below them."""
    table, language = optional_table(result, "importance.csv", TEXT), result.language
    table = table[table["group"] == "all"]
    engines = [name for name in ENGINES if name in set(table["engine"])]
    if not engines:
        return EMPTY
    headers = [word("predictor", language), word("beta", language), word("importance_r", language)]
    for engine in engines:
        names = {"engine": engine_name(engine, language)}
        headers += [word("importance_share", language, **names), word("importance_rank", language, **names)]
    columns = tuple(Column(text, at > 0) for at, text in enumerate(headers))
    bodies = tuple(
        Body(
            f"{label_of(result, str(outcome))} · {_r2(part, engines, language)}", _body(result, part, engines)
        )
        for outcome, part in table.groupby("outcome", sort=False)
    )
    level = table["level"].dropna() if "level" in table else pd.Series(dtype=float)
    shown = level_percent(float(level.iloc[0]), language) if len(level) else ""
    notes = (word("importance_note", language, level=shown),) if shown else ()
    return Table(word("importance_caption", language), columns, bodies, notes, wide=True)


def _r2(part: pd.DataFrame, engines: Sequence[str], language: str) -> str:
    values = part.groupby("engine")["r2"].first()
    return ", ".join(f"R² {engine_name(e, language)} {beta(float(values[e]), language)}" for e in engines)


def _body(result: Result, part: pd.DataFrame, engines: Sequence[str]) -> tuple[tuple[Cell, ...], ...]:
    """Return a line per predictor, the largest share first, then a line per block of several."""
    found = {(row["kind"], row["predictor"], row["engine"]): row for row in records(part)}
    lines = []
    for kind in ("predictor", "block"):
        rows = [row for (what, _, engine), row in found.items() if what == kind and engine == engines[0]]
        for row in sorted(rows, key=lambda row: row["rank"]):
            name = row["predictor"]
            if kind == "block" and ("predictor", name, engines[0]) in found:
                continue
            shares = [_share(found[kind, name, engine], result.language) for engine in engines]
            head = label_of(result, name) if kind == "predictor" else _together(result, name)
            betas = [Cell(beta(row[key], result.language)) for key in ("beta", "r")]
            lines.append((Cell(head), *betas, *(cell for pair in shares for cell in pair)))
    return tuple(lines)


def _together(result: Result, block: str) -> str:
    members = (result.study.get("blocks") or {}).get(block) or [block]
    names = ", ".join(label_of(result, str(name)) for name in members)
    return word("importance_together", result.language, names=names)


def _share(row: dict[str, float], language: str) -> tuple[Cell, Cell]:
    """Return a share and a rank, each with its limits below it."""
    share, rank = percent(row["share"], language, 0), count(row["rank"], language)
    if math.isnan(row["share_ci_lower"]):
        return Cell(share), Cell(rank)
    limits = (percent(row[f"share_ci_{side}"], language, 0) for side in ("lower", "upper"))
    ranks = (count(row[f"rank_{side}"], language) for side in ("lower", "upper"))
    return Cell(share, f"[{'; '.join(limits)}]"), Cell(rank, f"[{'; '.join(ranks)}]")


def importance_figures(result: Result) -> tuple[tuple[str, str, tuple[Picture, ...]], ...]:
    """Return per outcome its label, the key of its numbers, and panels: all respondents, then each group."""
    table = _rows(result)
    table = table[(table["engine"] == "ols") & table["mark"].notna()] if "mark" in table else table[:0]
    found = []
    for at, (outcome, part) in enumerate(table.groupby("outcome", sort=False), start=1):
        numbered = _numbered(part)
        every = {str(g): _dots(result, rows, numbered) for g, rows in part.groupby("group", sort=False)}
        panels = {group: dots for group, dots in every.items() if len(dots) > 1}
        if not 0 < len(panels) <= MOST_GROUPS:
            continue
        limits = _limits([dot for dots in panels.values() for dot in dots])
        pictures = tuple(
            _picture(result, str(outcome), group, dots, limits, f"importance-{at}-{place}")
            for place, (group, dots) in enumerate(panels.items())
        )
        key = " · ".join(f"{count} {label_of(result, name)}" for name, count in numbered.items())
        found.append((label_of(result, str(outcome)), key, pictures))
    return tuple(found)


def _numbered(part: pd.DataFrame) -> dict[str, int]:
    """Return a number for each predictor, 1 for the largest share among all respondents."""
    whole = part[part["group"] == "all"].sort_values("share", ascending=False, kind="stable")
    return {str(name): number + 1 for number, name in enumerate(whole["predictor"])}


def _dots(result: Result, rows: pd.DataFrame, numbered: dict[str, int]) -> tuple[Dot, ...]:
    keys = ("mark", "share", "share_ci_lower", "share_ci_upper")
    return tuple(
        Dot(str(numbered[row["predictor"]]), label_of(result, row["predictor"]), *(row[key] for key in keys))
        for row in records(rows)
        if row["predictor"] in numbered
    )


def _limits(dots: Sequence[Dot]) -> Limits:
    """Return limits that hold every dot and interval, with a little room left and right."""
    xs = [dot.x for dot in dots]
    tops = [max(dot.y, 0 if math.isnan(dot.high) else dot.high) for dot in dots]
    room = max(0.1, 0.08 * (max(xs) - min(xs)))
    return Limits((min(xs) - room, max(xs) + room), (-0.03 * max(tops), 1.06 * max(tops)))


def _picture(
    result: Result, outcome: str, group: str, dots: tuple[Dot, ...], limits: Limits, key: str
) -> Picture:
    language = result.language
    title = group_name(group, language)
    said = "; ".join(
        word(
            "importance_one", language, name=dot.name, share=percent(dot.y, language, 0),
            mark=number(dot.x, language, 1),
        )
        for dot in dots
    )  # fmt: skip
    alt = word("importance_alt", language, title=title, rows=said)
    titles = (word("importance_mark", language), word("importance_part", language))
    head = title[:1].upper() + title[1:]
    return picture(scatter_sketch(head, dots, limits, titles, language, alt, outcome), key)


def sector_table(result: Result) -> Table:
    """Return shares with the mark below them: predictors by outcome, a column per group."""
    table, language = _rows(result), result.language
    table = table[table["engine"] == "ols"] if len(table) else table
    groups = list(dict.fromkeys(table["group"]))
    if not 1 < len(groups) <= MOST_GROUPS:
        return EMPTY
    columns = (
        Column(word("predictor", language)),
        *(Column(group_title(str(g), language), True) for g in groups),
    )
    bodies = []
    for outcome, part in table.groupby("outcome", sort=False):
        at = {(row["predictor"], row["group"]): row for row in records(part)}
        lines = [
            (Cell(label_of(result, name)), *(_marked(at.get((name, group)), language) for group in groups))
            for name in dict.fromkeys(part["predictor"])
        ]
        bodies.append(Body(label_of(result, str(outcome)), tuple(lines)))
    return Table(word("importance_sector_caption", language), columns, tuple(bodies), wide=True)


def _marked(row: dict[str, float] | None, language: str) -> Cell:
    if row is None:
        return Cell()
    return Cell(percent(row["share"], language, 0), number(row["mark"], language, 1))
