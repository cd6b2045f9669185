"""Estimates as marks on an axis: point, interval, simultaneous band, name; and the quiet axis itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from werksem.report.numbers import beta
from werksem.report.palette import GRID, INK, QUIET, STYLES
from werksem.report.style import SMALL, text_width

__all__ = ["Mark", "draw_mark", "draw_trail", "dress"]

SIZES = {"o": 6.0, "s": 5.4, "D": 5.0}
# an arrow shorter than this, in pixels, has no room for a head
SHORT = 11.0


@dataclass(frozen=True, slots=True)
class Mark:
    """One estimate: whose it is, its value, its interval (NaN: none), and perhaps a direct label.

    ``outer_low`` and ``outer_high`` are a simultaneous band around it (NaN: none); ``size`` multiplies
    the point, ``width`` (0: as usual) is that of the interval's line.
    """

    series: str
    value: float
    low: float = math.nan
    high: float = math.nan
    label: str = ""
    outer_low: float = math.nan
    outer_high: float = math.nan
    size: float = 1.0
    width: float = 0.0

    @property
    def ends(self) -> tuple[float, ...]:
        """All its numbers that are known."""
        every = (self.value, self.low, self.high, self.outer_low, self.outer_high)
        return tuple(value for value in every if not math.isnan(value))


def dress(axes: Any, limits: tuple[float, float], language: str, width: float) -> None:
    """Draw a quiet axis ``width`` pixels wide: light grid, a darker line at 0, numbers as in the tables."""
    from matplotlib.ticker import FixedLocator, MaxNLocator

    ticks = [
        t for t in MaxNLocator(7, steps=[1, 2, 5, 10]).tick_values(*limits) if limits[0] <= t <= limits[1]
    ]
    while len(ticks) > 3 and _crowded(ticks, limits, language, width):
        ticks = _every_second(ticks)
    texts = _texts(ticks, language)
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.set_xticklabels(texts)
    axes.tick_params(axis="x", length=0, labelcolor=QUIET, labelsize=SMALL, pad=5)
    axes.yaxis.set_visible(False)
    axes.grid(axis="x", color=GRID, linewidth=1)
    axes.set_axisbelow(True)
    if limits[0] <= 0 <= limits[1]:
        axes.axvline(0, color=QUIET, linewidth=1, zorder=1)
    for side in axes.spines.values():
        side.set_visible(False)


def _every_second(ticks: list[float]) -> list[float]:
    """Return the even multiples of the ticks' step, 0 among them where it is there.

    >>> [round(tick, 1) for tick in _every_second([0.1 * at for at in range(-3, 5)])]
    [-0.2, 0.0, 0.2, 0.4]
    """
    steps = [tick / (2 * (ticks[1] - ticks[0])) for tick in ticks]
    even = [tick for tick, step in zip(ticks, steps, strict=True) if abs(step - round(step)) < 1e-6]
    return even if len(even) > 1 else ticks[::2]


def _texts(ticks: list[float], language: str) -> list[str]:
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    decimals = max(0, math.ceil(-math.log10(step) - 1e-9))
    return [beta(tick, language, decimals) if abs(tick) > 1e-12 else "0" for tick in ticks]


def _crowded(ticks: list[float], limits: tuple[float, float], language: str, width: float) -> bool:
    """Return whether numbers below the axis would stand closer than their height."""
    room = (ticks[1] - ticks[0]) / (limits[1] - limits[0]) * width
    return room < max(text_width(text, SMALL) for text in _texts(ticks, language)) + SMALL


def draw_mark(axes: Any, mark: Mark, y: float) -> None:
    """Draw a mark at height y: its band thin with end caps, its interval thick, its point, its name."""
    style = STYLES[mark.series]
    banded = not math.isnan(mark.outer_low)
    if banded:
        outer = [mark.outer_low, mark.outer_high]
        axes.plot(
            outer, [y, y], color=style.colour, linewidth=0.9, marker="|", markersize=6, markeredgewidth=0.9,
            zorder=2.8,
        )  # fmt: skip
    if not math.isnan(mark.low):
        wide = mark.width or (2.8 if banded else 1.6)
        ends = [mark.low, mark.high]
        axes.plot(ends, [y, y], color=style.colour, linewidth=wide, solid_capstyle="butt", zorder=3)
    axes.plot(
        [mark.value], [y], marker=style.marker, markersize=SIZES[style.marker] * mark.size,
        markerfacecolor=style.colour if style.filled else "white", markeredgecolor=style.colour,
        markeredgewidth=1.2, linestyle="none", zorder=4,
    )  # fmt: skip
    if mark.label:
        _name(axes, mark, y, style.colour)


def _name(axes: Any, mark: Mark, y: float, colour: str) -> None:
    """Write whose mark it is, right of the interval, or left of it where the panel ends."""
    low, high = axes.get_xlim()
    room = (high - max(mark.ends)) / (high - low) * _wide(axes)
    right = room > 10 + text_width(mark.label, SMALL)
    axes.annotate(
        mark.label, (max(mark.ends) if right else min(mark.ends), y), xytext=(6 if right else -6, 0),
        textcoords="offset points", ha="left" if right else "right", va="center_baseline", fontsize=SMALL,
        color=colour, zorder=5,
    )  # fmt: skip


def _wide(axes: Any) -> float:
    """Return the width of axes in pixels."""
    return float(axes.get_position().width * axes.get_figure().get_size_inches()[0] * 72)


def draw_trail(axes: Any, start: float, mark: Mark, y: float) -> None:
    """Draw where a mark came from and an arrow to it; a triangle at the edge where that lies outside."""
    low, high = axes.get_xlim()
    air = 0.012 * (high - low)
    seen = min(max(start, low + air), high - air)
    marker = "o" if seen == start else "<" if start < seen else ">"
    colour = INK
    far = abs(mark.value - seen) / (high - low) * _wide(axes)
    head = "-|>,head_length=0.38,head_width=0.19" if far > SHORT else "-"
    arrow = {"arrowstyle": head, "color": colour, "linewidth": 1.1, "shrinkA": 0, "shrinkB": 2.4 * mark.size}
    axes.annotate("", (mark.value, y), xytext=(seen, y), arrowprops=arrow, zorder=3.2)
    axes.plot(
        [seen], [y], marker=marker, markersize=5.0 * mark.size, markerfacecolor="white",
        markeredgecolor=colour, markeredgewidth=1.0, linestyle="none", zorder=3.5,
    )  # fmt: skip
