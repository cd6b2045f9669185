"""The figures of the report, as inline SVG: forest plot, effects, groups around their average.

matplotlib is imported only where a panel is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from werksem.compare.cells import records
from werksem.report.answer import limits_of
from werksem.report.folder import Result, label_of
from werksem.report.groups import GroupEstimate, PathByGroup
from werksem.report.numbers import beta
from werksem.report.panel import Mark, Panel, PanelRow, axis_limits, centred_limits, panel_sketch
from werksem.report.sketch import Picture, picture
from werksem.report.words import engine_name, group_name, word

__all__ = ["forest_figures", "group_figures", "pictures"]

ENGINES = ("published", "ols", "sem", "bayes")


def forest_figures(result: Result, group: str = "all") -> tuple[Picture, ...]:
    """Return a panel per outcome: each path with every engine's estimate and interval."""
    rows = result.comparison[result.comparison["group"] == group]
    whose = "" if group == "all" else f"_{group}"
    panels = [
        Panel(
            label_of(result, str(lhs)),
            tuple(_path(result, row) for row in records(part)),
            name=f"{lhs}{whose}",
        )
        for lhs, part in rows.groupby("lhs", sort=False)
    ]
    return pictures(panels, f"forest-{_plain(group)}", result.language, "forest_alt")


def _path(result: Result, row: dict[str, float]) -> PanelRow:
    shown = (engine for engine in ENGINES if not math.isnan(row[engine]))
    marks = [Mark(engine, row[engine], *limits_of(row, engine)) for engine in shown]
    return PanelRow(label_of(result, str(row["rhs"])), tuple(marks))


def group_figures(result: Result, paths: Sequence[PathByGroup]) -> tuple[Picture, ...]:
    """Return a panel per path: every group with its interval over the band of the average."""
    language = result.language
    panels = []
    for path in paths:
        title = f"{label_of(result, path.rhs)} → {label_of(result, path.lhs)}"
        rows = tuple(_group(one, language) for one in path.groups)
        average = path.average
        band = (average.low, average.value, average.high) if average else None
        panels.append(Panel(title, rows, beside=True, band=band, name=path.lhs))
    return pictures(panels, "group", language, "panel_alt")


def _group(one: GroupEstimate, language: str) -> PanelRow:
    return PanelRow(group_name(one.group, language), (Mark("bayes", one.value, one.low, one.high),))


def pictures(
    panels: Sequence[Panel], key: str, language: str, alt: str, *, centred: bool = False
) -> tuple[Picture, ...]:
    """Return panels on one common scale; the first mark of each engine in a panel carries its name.

    ``centred`` panels are equally wide in units, each around the middle of its band.
    """
    common = axis_limits(panels)
    found = []
    for number, panel in enumerate(panels, start=1):
        limits = centred_limits(panels, panel) if centred else common
        named = panel if panel.beside else _named(panel, language)
        said = word(alt, language, title=panel.title, rows=_said(panel, language))
        found.append(picture(panel_sketch(named, limits, language, said), f"{key}-{number}"))
    return tuple(found)


def _named(panel: Panel, language: str) -> Panel:
    """Return the panel with the engines' names beside the marks of the row that has most of them."""
    most = max(range(len(panel.rows)), key=lambda at: (len(panel.rows[at].marks), -at))
    rows = list(panel.rows)
    marks = tuple(replace(mark, label=engine_name(mark.series, language)) for mark in rows[most].marks)
    rows[most] = replace(rows[most], marks=marks)
    return replace(panel, rows=tuple(rows))


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
