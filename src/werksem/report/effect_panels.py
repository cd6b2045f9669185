"""Indirect effects as a league: per outcome the strongest first, each with its interval and band."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

import pandas as pd

from werksem.compare.cells import records
from werksem.report.band import bands_of
from werksem.report.effects import EffectName, column_prefix, effect_rows, parse_effect
from werksem.report.figures import pictures
from werksem.report.folder import Result, label_of
from werksem.report.panel import Mark, Panel, PanelRow
from werksem.report.sketch import Picture
from werksem.report.words import word

__all__ = ["effect_figures", "effect_key", "routes_left_out"]

ARROW = " → "
# more routes than this per outcome, and the figure keeps to their sums
MANY_ROUTES = 14
Bands = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class _Found:
    """An effect with the rows of all its engines."""

    effect: EffectName
    rows: pd.DataFrame
    marks: tuple[Mark, ...]

    @property
    def size(self) -> float:
        return abs(self.marks[0].value) if self.marks else 0.0


def effect_figures(result: Result) -> tuple[Picture, ...]:
    """Return a panel per outcome: sources by the size of their total indirect effect, routes below it.

    A source with one route has only that. With more than 14 routes a panel keeps to the totals.
    """
    panels = []
    many = _many(effect_rows(result))
    for target, found in _by_target(result, many).items():
        rows = _league(result, found, target in many)
        if rows:
            panels.append(Panel(label_of(result, target), rows, name=target))
    return pictures(panels, "effect", result.language, "panel_alt")


def effect_key(result: Result) -> str:
    """Return how to read the panels: order, and what thick and thin lines are."""
    language, banded = result.language, bool(_bands(result))
    return word("effects_key_band" if banded else "effects_key", language)


def routes_left_out(result: Result) -> bool:
    """Return whether the effect figures keep to sums for some outcome."""
    return bool(_many(effect_rows(result)))


def _by_target(result: Result, many: Set[str]) -> dict[str, list[_Found]]:
    """Return routes and total indirect effects by the outcome they are on.

    On outcomes with ``many`` routes those of a source with several are left out: their sum is shown.
    """
    table, bands = effect_rows(result), _bands(result)
    effects = _routed(table)
    alone = Counter((e.names[0], e.target) for e in effects.values() if e.kind == "route")
    drawn = {
        name: e
        for name, e in effects.items()
        if e.target not in many or e.kind == "total_indirect" or alone[e.names[0], e.target] == 1
    }
    found: dict[str, list[_Found]] = {}
    for name, part in table[table["lhs"].isin(list(drawn))].groupby("lhs", sort=False):
        effect = drawn[str(name)]
        marks = _marks(part, bands.get(str(name)))
        found.setdefault(effect.target, []).append(_Found(effect, part, marks))
    return found


def _routed(table: pd.DataFrame) -> dict[str, EffectName]:
    """Return the routes and total indirect effects by name."""
    effects = {str(name): parse_effect(str(name)) for name in table["lhs"].unique()}
    return {name: e for name, e in effects.items() if e.kind in ("route", "total_indirect")}


def _bands(result: Result) -> Bands:
    return bands_of(result, "std" if column_prefix(effect_rows(result)) else "raw")


def _many(table: pd.DataFrame) -> Set[str]:
    """Return the outcomes with more effects than a panel shows one by one, if they have sums too."""
    kinds: dict[str, list[str]] = {}
    for effect in _routed(table).values():
        kinds.setdefault(effect.target, []).append(effect.kind)
    return {at for at, of in kinds.items() if len(of) > MANY_ROUTES and "total_indirect" in of}


def _league(result: Result, found: Sequence[_Found], many: bool) -> tuple[PanelRow, ...]:
    sources: dict[str, list[_Found]] = {}
    for one in found:
        sources.setdefault(one.effect.names[0], []).append(one)
    ordered = sorted(sources.values(), key=lambda ones: -max(_total(ones), key=lambda one: one.size).size)
    rows: list[PanelRow] = []
    for ones in ordered:
        routes = [one for one in ones if one.effect.kind == "route"]
        totals = [one for one in ones if one.effect.kind == "total_indirect"]
        if len(routes) == 1 or not totals:
            rows += [PanelRow(_whole(result, one.effect), one.marks) for one in routes]
            continue
        rows += [_sum(result, one, strong=not many) for one in totals]
        if not many:
            rows += [PanelRow(_via(result, o.effect), o.marks) for o in sorted(routes, key=lambda o: -o.size)]
    return tuple(rows)


def _total(ones: Sequence[_Found]) -> list[_Found]:
    return [one for one in ones if one.effect.kind == "total_indirect"] or list(ones)


def _sum(result: Result, one: _Found, *, strong: bool) -> PanelRow:
    label = label_of(result, one.effect.names[0])
    kind = word("total_indirect", result.language).lower()
    return PanelRow(f"{label}: {kind}" if strong else label, one.marks, strong)


def _via(result: Result, effect: EffectName) -> str:
    """Return what a route runs through, as it stands below its source."""
    between = ARROW.join(label_of(result, name) for name in effect.names[1:-1])
    return f"{word('via', result.language)} {between}" if between else word("direct", result.language)


def _whole(result: Result, effect: EffectName) -> str:
    return f"{label_of(result, effect.names[0])} {_via(result, effect)}"


def _marks(part: pd.DataFrame, band: tuple[float, float] | None) -> tuple[Mark, ...]:
    prefix, marks = column_prefix(part), []
    engines = list(part["engine"])
    for row in records(part):
        engine = str(row["engine"])
        if engine == "sem" and "bootstrap" in engines:
            continue
        value = float(row["std" if prefix else "est"])
        limits = row[f"{prefix}ci_lower"], row[f"{prefix}ci_upper"]
        outer = band if engine == "bootstrap" and band else (float("nan"), float("nan"))
        marks.append(Mark(engine, value, *limits, outer_low=outer[0], outer_high=outer[1]))
    return tuple(marks)
