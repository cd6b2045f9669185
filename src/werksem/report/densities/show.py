"""The densities of a report: a panel per outcome, with the sentences that explain them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.compare.cells import records
from werksem.report.answer import limits_of
from werksem.report.densities.curve import density, overlap
from werksem.report.densities.draws import draws_of
from werksem.report.densities.panel import Hill, HillRow, draw_hills, height_of
from werksem.report.densities.words import said
from werksem.report.effects import effect_rows, parse_effect
from werksem.report.folder import Result, label_of
from werksem.report.numbers import beta, count, interval, percent
from werksem.report.panel import WIDTH, Mark
from werksem.report.sketch import Picture, Sketch, picture
from werksem.report.words import engine_name

__all__ = ["Densities", "densities"]

Array = NDArray[np.float64]
PathKey = tuple[str, str]
Draws = Mapping[str, Mapping[PathKey, Array]]
# more paths than this, and only the strongest are drawn
MOST = 15
POINTS = 801


@dataclass(frozen=True, slots=True)
class Densities:
    """A heading, how to read the panels, the panels, and what they show."""

    title: str = ""
    key: str = ""
    pictures: tuple[Picture, ...] = ()
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.pictures)


def densities(result: Result) -> Densities:
    """Return a panel per outcome; empty for a folder with neither replicates nor posterior draws."""
    draws = {engine: draws_of(result, engine) for engine in ("bootstrap", "bayes")}
    draws = {engine: found for engine, found in draws.items() if found}
    rows = {
        (str(row["lhs"]), str(row["rhs"])): row
        for row in records(result.comparison[result.comparison["group"] == "all"])
    }
    every = [key for key in rows if any(key in found for found in draws.values())]
    if not every:
        return Densities()
    shown, whose = _chosen(result, every, rows)
    by_outcome: dict[str, list[PathKey]] = {}
    for key in shown:
        by_outcome.setdefault(key[0], []).append(key)
    panels: list[Picture] = []
    shares: dict[PathKey, float] = {}
    for at, (lhs, keys) in enumerate(by_outcome.items(), start=1):
        sketch, common = _panel(result, lhs, keys, draws, rows)
        panels.append(picture(sketch, f"densities-{at}"))
        shares |= common
    both = len(draws) == 2
    title = said("title" if both else f"title_{next(iter(draws))}", result.language)
    notes = _notes(result, shares, len(shown), len(every), whose)
    return Densities(title, _key(result, draws, rows), tuple(panels), notes)


def _chosen(
    result: Result, every: Sequence[PathKey], rows: Mapping[PathKey, Mapping[str, Any]]
) -> tuple[list[PathKey], str]:
    """Return the paths to draw, and which they are: those on routes, the strongest of them, or of all."""
    if len(every) <= MOST:
        return list(every), ""
    steps = {
        (after, before)
        for name in effect_rows(result)["lhs"].unique()
        for effect in [parse_effect(str(name))]
        if effect.kind == "route"
        for before, after in zip(effect.names, effect.names[1:], strict=False)
    }
    among = [key for key in every if key in steps] or list(every)
    kept = sorted(among, key=lambda key: -_size(rows[key]))[:MOST]
    shown = [key for key in every if key in kept]
    if len(among) == len(every):
        return shown, "strongest"
    return shown, "routes" if len(among) <= MOST else "strongest_routes"


def _size(row: Mapping[str, Any]) -> float:
    return next((abs(row[e]) for e in ("sem", "bayes", "ols") if not math.isnan(row[e])), 0.0)


def _panel(
    result: Result, lhs: str, keys: Sequence[PathKey], draws: Draws, rows: Mapping[PathKey, Mapping[str, Any]]
) -> tuple[Sketch, dict[PathKey, float]]:
    """Return an outcome's panel, and per path how far its two densities overlap."""
    marks = {key: _marks(rows[key]) for key in keys}
    grid = _grid(keys, draws, marks)
    lines, shares = [], {}
    for key in keys:
        hills = tuple(Hill(e, density(found[key], grid)) for e, found in draws.items() if key in found)
        if len(hills) == 2:
            shares[key] = overlap(hills[0].curve, hills[1].curve, float(grid[1] - grid[0]))
        lines.append(HillRow(label_of(result, key[1]), hills, marks[key]))
    title, body = label_of(result, lhs), tuple(lines)
    alt = said("alt", result.language, title=title, rows="; ".join(_heard(result, keys, rows)))
    draw = partial(draw_hills, body, grid, result.language)
    return Sketch(title, WIDTH, height_of(body), alt, draw, lhs), shares


def _marks(row: Mapping[str, Any]) -> tuple[Mark, ...]:
    shown = (engine for engine in ("ols", "sem") if not math.isnan(row[engine]))
    return tuple(Mark(engine, row[engine], *limits_of(row, engine)) for engine in shown)


def _grid(keys: Sequence[PathKey], draws: Draws, marks: Mapping[PathKey, tuple[Mark, ...]]) -> Array:
    """Return an even grid over all draws of an outcome but the outermost, its marks and 0."""
    ends = [0.0]
    for key in keys:
        ends += [v for m in marks[key] for v in (m.value, m.low, m.high) if not math.isnan(v)]
        for found in draws.values():
            if key in found:
                ends += [float(v) for v in np.quantile(found[key], [0.0005, 0.9995])]
    air = 0.05 * (max(ends) - min(ends))
    return np.linspace(min(ends) - air, max(ends) + air, POINTS)


def _heard(result: Result, keys: Sequence[PathKey], rows: Mapping[PathKey, Mapping[str, Any]]) -> list[str]:
    language, told = result.language, []
    for key in keys:
        row = rows[key]
        values = [
            f"{engine_name(e, language)} {beta(row[e], language)} {interval(*limits_of(row, e), language)}"
            for e in ("ols", "sem", "bayes")
            if not math.isnan(row[e])
        ]
        told.append(f"{label_of(result, key[1])}: {', '.join(values)}")
    return told


def _key(result: Result, draws: Draws, rows: Mapping[PathKey, Mapping[str, Any]]) -> str:
    language = result.language
    name = "both" if len(draws) == 2 else next(iter(draws))
    replicates = max((len(found) for found in draws.get("bootstrap", {}).values()), default=0)
    first = said(f"key_{name}", language, replicates=count(replicates, language))
    marks = [e for e in ("ols", "sem") if any(not math.isnan(row[e]) for row in rows.values())]
    listed = ", ".join(said(f"mark_{engine}", language) for engine in marks)
    return f"{first} {said('key_marks', language, marks=listed)}" if marks else first


def _notes(
    result: Result, shares: Mapping[PathKey, float], shown: int, every: int, whose: str
) -> tuple[str, ...]:
    """Return what a distance means, which path has the largest, and which paths are drawn."""
    language = result.language
    latent = (result.study.get("bayes") or {}).get("level") == "latent"
    told = []
    if shares:
        why = said("why_latent" if latent else "why_scores", language)
        lhs, rhs = min(shares, key=lambda key: shares[key])
        path = f"{label_of(result, rhs)} → {label_of(result, lhs)}"
        share = percent(shares[lhs, rhs], language, 0)
        told.append(f"{why} {said('least', language, path=path, share=share)}")
    if shown < every:
        which = said(f"which_{whose}", language)
        places = {"shown": count(shown, language), "count": count(every, language)}
        told.append(said("some", language, which=which, **places))
    return tuple(told)
