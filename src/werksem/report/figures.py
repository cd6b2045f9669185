"""The figures of the report, as inline SVG: forest plot, effects, groups around their average.

matplotlib is imported only where a panel is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from werksem.compare.cells import records
from werksem.report.answer import limits_of
from werksem.report.effects import column_prefix, effect_label, effect_rows, parse_effect
from werksem.report.folder import Result, label_of
from werksem.report.groups import GroupEstimate, PathByGroup
from werksem.report.numbers import beta
from werksem.report.panel import Mark, Panel, PanelRow, axis_limits, svg_panel
from werksem.report.words import engine_name, group_name, word

__all__ = ["Picture", "effect_figures", "forest_figures", "group_figures", "pictures"]

ENGINES = ("published", "ols", "sem", "bayes")
# more routes than this per outcome, and the figure keeps to their sums
MANY_ROUTES = 14


@dataclass(frozen=True, slots=True)
class Picture:
    """A title and its SVG."""

    title: str
    svg: str


def forest_figures(result: Result, group: str = "all") -> tuple[Picture, ...]:
    """Return a panel per outcome: each path with every engine's estimate and interval."""
    rows = result.comparison[result.comparison["group"] == group]
    panels = [
        Panel(label_of(result, str(lhs)), tuple(_path(result, row) for row in records(part)))
        for lhs, part in rows.groupby("lhs", sort=False)
    ]
    return pictures(panels, f"forest-{_plain(group)}", result.language, "forest_alt")


def _path(result: Result, row: dict[str, float]) -> PanelRow:
    shown = (engine for engine in ENGINES if not math.isnan(row[engine]))
    marks = [Mark(engine, row[engine], *limits_of(row, engine)) for engine in shown]
    return PanelRow(label_of(result, str(row["rhs"])), tuple(marks))


def effect_figures(result: Result) -> tuple[Picture, ...]:
    """Return a panel per outcome: indirect effects with the bootstrap's and the posterior's interval."""
    rows = effect_rows(result)
    bodies: dict[str, list[PanelRow]] = {}
    for name, part in rows.groupby("lhs", sort=False):
        effect = parse_effect(str(name))
        if effect.kind not in ("total", "formula"):
            row = PanelRow(effect_label(result, effect), _effect_marks(part), effect.kind == "total_indirect")
            bodies.setdefault(effect.target, []).append(row)
    panels = [Panel(label_of(result, target), _few(found)) for target, found in bodies.items()]
    return pictures(panels, "effect", result.language, "panel_alt")


def _few(rows: list[PanelRow]) -> tuple[PanelRow, ...]:
    """Return all rows, or only the sums (in plain weight) where there are many."""
    sums = tuple(PanelRow(row.label, row.marks) for row in rows if row.strong)
    return sums if len(rows) > MANY_ROUTES and sums else tuple(rows)


def routes_left_out(result: Result) -> bool:
    """Return whether the effect figures keep to sums for some outcome."""
    found = [parse_effect(str(name)) for name in effect_rows(result)["lhs"].unique()]
    routes = [effect.target for effect in found if effect.kind in ("route", "total_indirect")]
    return any(routes.count(target) > MANY_ROUTES for target in set(routes))


def _effect_marks(part: pd.DataFrame) -> tuple[Mark, ...]:
    prefix, marks = column_prefix(part), []
    engines = list(part["engine"])
    for row in records(part):
        if row["engine"] == "sem" and "bootstrap" in engines:
            continue
        value = float(row["std" if prefix else "est"])
        marks.append(Mark(str(row["engine"]), value, row[f"{prefix}ci_lower"], row[f"{prefix}ci_upper"]))
    return tuple(marks)


def group_figures(result: Result, paths: Sequence[PathByGroup]) -> tuple[Picture, ...]:
    """Return a panel per path: every group with its interval over the band of the average."""
    language = result.language
    panels = []
    for path in paths:
        title = f"{label_of(result, path.rhs)} → {label_of(result, path.lhs)}"
        rows = tuple(_group(one, language) for one in path.groups)
        average = path.average
        band = (average.low, average.value, average.high) if average else None
        panels.append(Panel(title, rows, beside=True, band=band))
    return pictures(panels, "group", language, "panel_alt")


def _group(one: GroupEstimate, language: str) -> PanelRow:
    return PanelRow(group_name(one.group, language), (Mark("bayes", one.value, one.low, one.high),))


def pictures(panels: Sequence[Panel], key: str, language: str, alt: str) -> tuple[Picture, ...]:
    """Return panels on one common scale; the first mark of each engine in a panel carries its name."""
    limits = axis_limits(panels)
    found = []
    for number, panel in enumerate(panels, start=1):
        named = panel if panel.beside else _named(panel, language)
        said = word(alt, language, title=panel.title, rows=_said(panel, language))
        found.append(Picture(panel.title, svg_panel(named, limits, f"{key}-{number}", language, said)))
    return tuple(found)


def _named(panel: Panel, language: str) -> Panel:
    """Return the panel with the engines' names beside the marks of the row that has most of them."""
    most = max(range(len(panel.rows)), key=lambda at: (len(panel.rows[at].marks), -at))
    rows = list(panel.rows)
    marks = tuple(
        Mark(mark.series, mark.value, mark.low, mark.high, engine_name(mark.series, language))
        for mark in rows[most].marks
    )
    rows[most] = replace(rows[most], marks=marks)
    return Panel(panel.title, tuple(rows), panel.beside, panel.band)


def _said(panel: Panel, language: str) -> str:
    """Return the panel's numbers as text, for those who hear it."""
    rows = []
    for row in panel.rows:
        values = ", ".join(
            f"{engine_name(mark.series, language)} {beta(mark.value, language)}" for mark in row.marks
        )
        rows.append(f"{row.label}: {values}")
    return "; ".join(rows)


def _plain(text: str) -> str:
    """Return a text fit for an id."""
    return "".join(character if character.isascii() and character.isalnum() else "-" for character in text)
