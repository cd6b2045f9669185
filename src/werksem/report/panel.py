"""One kind of figure for everything: labelled rows of points with intervals, drawn small.

A panel is 340 pixels wide and shown at that size, so that its text is as large as the page's on
a telephone, and several stand side by side on a screen or on A4.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from werksem.report.numbers import beta
from werksem.report.palette import BAND, GRID, INK, QUIET, STYLES
from werksem.report.svg import inline_svg

__all__ = ["Mark", "Panel", "PanelRow", "axis_limits", "svg_panel"]

WIDTH = 340
STEP = 10
MARGIN = 8
AXIS = 30
LABEL = 18
GAP = 9
CHARACTER = 6.1
FONT = 11
# how far trails may stretch the axis on either side, as a share of what the marks need
TRAIL = 0.25


@dataclass(frozen=True, slots=True)
class Mark:
    """One estimate: whose it is, its value, its interval (NaN: none), and perhaps a direct label."""

    series: str
    value: float
    low: float = math.nan
    high: float = math.nan
    label: str = ""


@dataclass(frozen=True, slots=True)
class PanelRow:
    """A labelled row with one mark or several below one another.

    ``trail`` is where the first mark came from: an open circle, joined to it (NaN: none). It does not
    stretch the axis beyond ``TRAIL``; further out a triangle at the edge stands for it.
    """

    label: str
    marks: tuple[Mark, ...]
    strong: bool = False
    trail: float = math.nan


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows over one axis; ``beside`` puts labels left of the marks; ``band`` is (low, middle, high)."""

    title: str
    rows: tuple[PanelRow, ...]
    beside: bool = False
    band: tuple[float, float, float] | None = None


def axis_limits(panels: Sequence[Panel]) -> tuple[float, float]:
    """Return axis limits that hold every mark of every panel, and zero, with a little air.

    Trails are held as far as they lie within a quarter of that width beyond.
    """
    marks = [mark for panel in panels for row in panel.rows for mark in row.marks]
    values = [v for mark in marks for v in (mark.value, mark.low, mark.high) if not math.isnan(v)]
    values += [v for panel in panels for v in panel.band or () if not math.isnan(v)]
    low, high = min([0.0, *values]), max([0.0, *values])
    reach = TRAIL * (high - low)
    trails = [row.trail for panel in panels for row in panel.rows if not math.isnan(row.trail)]
    low = min(low, max(low - reach, min(trails, default=low)))
    high = max(high, min(high + reach, max(trails, default=high)))
    air = 0.04 * (high - low) or 0.1
    return low - air, high + air


def svg_panel(panel: Panel, limits: tuple[float, float], key: str, language: str, alt: str) -> str:
    """Return a panel as inline SVG; ``key`` makes its ids unique in the page, ``alt`` says it in words."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    tops = _tops(panel)
    height = tops[-1] + AXIS
    settings = {
        "svg.fonttype": "none",
        "svg.hashsalt": "werksem",
        "font.family": "DejaVu Sans",
        "font.size": FONT,
    }
    with rc_context(settings):
        figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72)
        left = _left(panel)
        axes = figure.add_axes((left / WIDTH, AXIS / height, 1 - (left + MARGIN) / WIDTH, 1 - AXIS / height))
        axes.set_xlim(*limits)
        axes.set_ylim(tops[-1], 0)
        _dress(axes, limits, language)
        _band(axes, panel)
        for row, top in zip(panel.rows, tops, strict=False):
            _row(axes, row, top, panel.beside, left)
        return inline_svg(figure, key, alt)


def _left(panel: Panel) -> float:
    """Return the width left of the axis: that of the longest label where labels stand beside."""
    if not panel.beside:
        return 1
    return min(0.45 * WIDTH, MARGIN + CHARACTER * max(len(row.label) for row in panel.rows))


def _tops(panel: Panel) -> list[float]:
    """Return the upper edge of every row, and the lower edge of the last, in pixels from the top."""
    tops = [4.0]
    for row in panel.rows:
        content = 20 if panel.beside else LABEL + STEP * len(row.marks) + GAP
        tops.append(tops[-1] + content)
    return tops


def _dress(axes: Any, limits: tuple[float, float], language: str) -> None:
    """Draw a quiet axis: light grid, a darker line at zero, numbers as in the tables."""
    from matplotlib.ticker import FixedLocator, MaxNLocator

    ticks = [
        t for t in MaxNLocator(7, steps=[1, 2, 5, 10]).tick_values(*limits) if limits[0] <= t <= limits[1]
    ]
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    decimals = max(0, math.ceil(-math.log10(step) - 1e-9))
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.set_xticklabels([beta(tick, language, decimals) if abs(tick) > 1e-12 else "0" for tick in ticks])
    axes.tick_params(axis="x", length=0, labelcolor=QUIET, labelsize=FONT - 1, pad=5)
    axes.yaxis.set_visible(False)
    axes.grid(axis="x", color=GRID, linewidth=1)
    axes.set_axisbelow(True)
    axes.axvline(0, color=QUIET, linewidth=1, zorder=1)
    for side in axes.spines.values():
        side.set_visible(False)


def _band(axes: Any, panel: Panel) -> None:
    if panel.band is None:
        return
    low, middle, high = panel.band
    if not math.isnan(low):
        axes.axvspan(low, high, color=BAND, linewidth=0, zorder=0.5)
    axes.axvline(middle, color=STYLES["sem"].colour, linewidth=1, zorder=1.5)


def _row(axes: Any, row: PanelRow, top: float, beside: bool, left: float) -> None:
    weight = "bold" if row.strong else "normal"
    if beside:
        place = {"xy": (0, top + 10), "xycoords": ("axes fraction", "data"), "xytext": (-left + 1, 0)}
        axes.annotate(row.label, **place, textcoords="offset points", va="center", color=INK, weight=weight)
    else:
        at = axes.get_yaxis_transform()
        plain = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        axes.text(
            0, top + 8, row.label, transform=at, va="center", color=INK, weight=weight, bbox=plain, zorder=5
        )
    if row.marks and not math.isnan(row.trail):
        _trail(axes, row.trail, row.marks[0].value, top + 10)
    for number, mark in enumerate(row.marks):
        _mark(axes, mark, top + 10 if beside else top + LABEL + STEP * (number + 0.5))


def _trail(axes: Any, start: float, end: float, y: float) -> None:
    """Draw where a mark came from, or a triangle at the edge where that lies outside."""
    low, high = axes.get_xlim()
    air = 0.012 * (high - low)
    seen = min(max(start, low + air), high - air)
    marker = "o" if seen == start else "<" if start < seen else ">"
    colour = STYLES["ols"].colour
    axes.plot([seen, end], [y, y], color=colour, linewidth=0.9, zorder=2.5)
    axes.plot(
        [seen], [y], marker=marker, markersize=5.5, markerfacecolor="white", markeredgecolor=colour,
        markeredgewidth=1.1, linestyle="none", zorder=3.5,
    )  # fmt: skip


def _mark(axes: Any, mark: Mark, y: float) -> None:
    style = STYLES[mark.series]
    if not math.isnan(mark.low):
        axes.plot(
            [mark.low, mark.high], [y, y], color=style.colour, linewidth=1.6, solid_capstyle="butt", zorder=3
        )
    size = {"o": 6.0, "s": 5.4, "D": 5.0}[style.marker]
    face = style.colour if style.filled else "white"
    axes.plot(
        [mark.value], [y], marker=style.marker, markersize=size, markerfacecolor=face,
        markeredgecolor=style.colour, markeredgewidth=1.2, linestyle="none", zorder=4,
    )  # fmt: skip
    if mark.label:
        _direct_label(axes, mark, y, style.colour)


def _direct_label(axes: Any, mark: Mark, y: float, colour: str) -> None:
    """Write whose mark it is, right of the interval, or left of it where the panel ends."""
    low, high = axes.get_xlim()
    ends = [v for v in (mark.value, mark.low, mark.high) if not math.isnan(v)]
    room = (high - max(ends)) / (high - low) * (WIDTH - 2 * MARGIN)
    right = room > 12 + CHARACTER * len(mark.label)
    axes.annotate(
        mark.label, (max(ends) if right else min(ends), y), xytext=(6 if right else -6, 0),
        textcoords="offset points", ha="left" if right else "right", va="center",
        fontsize=FONT - 2, color=colour,
    )  # fmt: skip
