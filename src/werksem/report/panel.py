"""One kind of figure for everything: labelled rows of points with intervals, drawn small.

A panel is 340 pixels wide and shown at that size, so that its text is as large as the page's on
a telephone, and several stand side by side on a screen or on A4.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from werksem.report.marks import Mark, draw_mark, draw_trail, dress
from werksem.report.palette import BAND, INK, STYLES
from werksem.report.sketch import Sketch
from werksem.report.style import FONT, axes_at, text_width, wrapped

__all__ = [
    "AXIS",
    "EDGE",
    "WIDTH",
    "Mark",
    "Panel",
    "PanelRow",
    "axis_limits",
    "centred_limits",
    "panel_sketch",
]

WIDTH = 340
# left and right of the axis, so that numbers at its ends are whole
EDGE = 12
STEP = 10
AXIS = 30
LABEL = 18
LINE = 14
GAP = 9
BESIDE = 21
# how far trails may stretch the axis on either side, as a share of what the marks need
TRAIL = 0.25


@dataclass(frozen=True, slots=True)
class PanelRow:
    """A labelled row with one mark or several below one another.

    ``trail`` is where the first mark came from: an open circle, with an arrow to it (NaN: none). It does
    not stretch the axis beyond ``TRAIL``; further out a triangle at the edge stands for it.
    """

    label: str
    marks: tuple[Mark, ...]
    strong: bool = False
    trail: float = math.nan


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows over one axis; ``beside`` puts labels left of the marks; ``band`` is (low, middle, high).

    Panels of one ``name`` stand on one sheet.
    """

    title: str
    rows: tuple[PanelRow, ...]
    beside: bool = False
    band: tuple[float, float, float] | None = None
    name: str = ""


def axis_limits(panels: Sequence[Panel]) -> tuple[float, float]:
    """Return axis limits that hold every mark of every panel, and zero, with a little air.

    Trails are held as far as they lie within a quarter of that width beyond.
    """
    values = [value for panel in panels for row in panel.rows for mark in row.marks for value in mark.ends]
    values += [v for panel in panels for v in panel.band or () if not math.isnan(v)]
    low, high = min([0.0, *values]), max([0.0, *values])
    reach = TRAIL * (high - low)
    trails = [row.trail for panel in panels for row in panel.rows if not math.isnan(row.trail)]
    low = min(low, max(low - reach, min(trails, default=low)))
    high = max(high, min(high + reach, max(trails, default=high)))
    air = 0.04 * (high - low) or 0.1
    return low - air, high + air


def centred_limits(panels: Sequence[Panel], panel: Panel) -> tuple[float, float]:
    """Return limits around the middle of a panel's band, as far either way as the panels need.

    A band without a middle counts as one around 0.
    """
    far = max(
        abs(value - _middle(one))
        for one in panels
        for value in (*(one.band or ()), *(v for row in one.rows for mark in row.marks for v in mark.ends))
    )
    trails = [abs(row.trail - _middle(one)) for one in panels for row in one.rows if row.trail == row.trail]
    reach = 1.05 * max(far, min(max(trails, default=far), (1 + TRAIL) * far)) or 0.1
    return _middle(panel) - reach, _middle(panel) + reach


def _middle(panel: Panel) -> float:
    return panel.band[1] if panel.band else 0.0


def panel_sketch(panel: Panel, limits: tuple[float, float], language: str, alt: str) -> Sketch:
    """Return a panel to be drawn; ``alt`` says it in words."""
    draw = partial(_draw, panel, limits, language)
    return Sketch(panel.title, WIDTH, _tops(panel)[-1] + AXIS, alt, draw, panel.name)


def _draw(
    panel: Panel, limits: tuple[float, float], language: str, figure: Any, left: float, top: float
) -> None:
    tops = _tops(panel)
    start = _left(panel)
    wide = WIDTH - start - EDGE
    axes = axes_at(figure, left + start, top, wide, tops[-1])
    axes.set_xlim(*limits)
    axes.set_ylim(tops[-1], 0)
    dress(axes, limits, language, wide)
    _band(axes, panel)
    for row, above in zip(panel.rows, tops, strict=False):
        _row(axes, row, above, panel.beside, start)


def _left(panel: Panel) -> float:
    """Return the width left of the axis: that of the longest label where labels stand beside."""
    if not panel.beside:
        return EDGE
    return min(0.5 * WIDTH, EDGE + max(text_width(row.label, FONT, row.strong) for row in panel.rows))


def _tops(panel: Panel) -> list[float]:
    """Return the upper edge of every row, and the lower edge of the last, in pixels from the top."""
    tops = [4.0]
    for row in panel.rows:
        label = LABEL + LINE * (len(_lines(row)) - 1)
        tops.append(tops[-1] + (BESIDE if panel.beside else label + STEP * len(row.marks) + GAP))
    return tops


def _lines(row: PanelRow) -> tuple[str, ...]:
    """Return a label above its marks in as many lines as the panel's width asks for."""
    return wrapped(row.label, 0.92 * (WIDTH - 4) if row.strong else WIDTH - 4, FONT, 3)


def _band(axes: Any, panel: Panel) -> None:
    if panel.band is None:
        return
    low, middle, high = panel.band
    if not math.isnan(low):
        axes.axvspan(low, high, color=BAND, linewidth=0, zorder=0.5)
    axes.axvline(middle, color=STYLES["sem"].colour, linewidth=1, zorder=1.5)


def _row(axes: Any, row: PanelRow, top: float, beside: bool, left: float) -> None:
    lines = (row.label,) if beside else _lines(row)
    plain = None if beside else {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    for at, line in enumerate(lines):
        y = top + (BESIDE / 2 if beside else 8 + LINE * at)
        axes.annotate(
            line, (0, y), xycoords=("axes fraction", "data"), xytext=(1 - left, 0),
            textcoords="offset points", va="center", color=INK, weight="bold" if row.strong else "normal",
            bbox=plain, zorder=5,
        )  # fmt: skip
    foot = top + LABEL + LINE * (len(lines) - 1)
    if row.marks and not math.isnan(row.trail):
        draw_trail(axes, row.trail, row.marks[0], top + BESIDE / 2)
    for number, mark in enumerate(row.marks):
        draw_mark(axes, mark, top + BESIDE / 2 if beside else foot + STEP * (number + 0.5))
