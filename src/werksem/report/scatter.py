"""A small square of labelled dots over two axes: importance against marks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from werksem.report.numbers import number, percent
from werksem.report.palette import BAND, GRID, INK, QUIET, STYLES
from werksem.report.sketch import Sketch
from werksem.report.style import FONT, axes_at

__all__ = ["Dot", "Limits", "label_heights", "scatter_sketch"]

WIDTH, HEIGHT = 340, 240
LEFT, RIGHT, TOP, BOTTOM = 54, 16, 8, 40
LINE = 12.0
NEAR = 14.0


@dataclass(frozen=True, slots=True)
class Dot:
    """One predictor: the number it is drawn with, its name, mark, and share with limits (NaN: none)."""

    label: str
    name: str
    x: float
    y: float
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True, slots=True)
class Limits:
    """Both axes' limits, shared by panels that are to be compared."""

    x: tuple[float, float]
    y: tuple[float, float]


def label_heights(heights: Sequence[float], least: float) -> list[float]:
    """Return where labels go (pixels, any order) so that each is ``least`` from the next, moved little.

    >>> label_heights([10.0, 12.0, 40.0], 10.0)
    [6.0, 16.0, 40.0]
    """
    order = sorted(range(len(heights)), key=lambda at: heights[at])
    runs: list[tuple[float, list[int]]] = []
    for at in order:
        runs.append((heights[at], [at]))
        while len(runs) > 1 and _top(runs[-1], least) < _bottom(runs[-2], least) + least:
            (b, second), (a, first) = runs.pop(), runs.pop()
            middle = (a * len(first) + b * len(second)) / (len(first) + len(second))
            runs.append((middle, first + second))
    found = [0.0] * len(heights)
    for middle, members in runs:
        for place, at in enumerate(members):
            found[at] = middle + (place - (len(members) - 1) / 2) * least
    return found


def _top(run: tuple[float, list[int]], least: float) -> float:
    return run[0] - (len(run[1]) - 1) / 2 * least


def _bottom(run: tuple[float, list[int]], least: float) -> float:
    return run[0] + (len(run[1]) - 1) / 2 * least


def scatter_sketch(
    title: str,
    dots: Sequence[Dot],
    limits: Limits,
    titles: tuple[str, str],
    language: str,
    alt: str,
    name: str,
) -> Sketch:
    """Return the dots to be drawn; ``titles`` name the axes, ``alt`` says it in words."""
    draw = partial(_draw, tuple(dots), limits, titles, language)
    return Sketch(title, WIDTH, HEIGHT, alt, draw, name)


def _draw(
    dots: Sequence[Dot], limits: Limits, titles: tuple[str, str], language: str,
    figure: Any, left: float, top: float,
) -> None:  # fmt: skip
    axes = axes_at(figure, left + LEFT, top + TOP, WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM)
    axes.set_xlim(*limits.x)
    axes.set_ylim(*limits.y)
    _dress(axes, limits, titles, language)
    _averages(axes, dots, limits)
    _dots(axes, dots)
    _labels(axes, dots, limits)


def _dress(axes: Any, limits: Limits, titles: tuple[str, str], language: str) -> None:
    from matplotlib.ticker import FixedLocator, MaxNLocator

    for axis, (low, high) in ((axes.xaxis, limits.x), (axes.yaxis, limits.y)):
        ticks = [t for t in MaxNLocator(5, steps=[1, 2, 5, 10]).tick_values(low, high) if low <= t <= high]
        marks = axis is axes.xaxis
        axis.set_major_locator(FixedLocator(ticks))
        axis.set_ticklabels([number(t, language, 1) if marks else percent(t, language, 0) for t in ticks])
    axes.tick_params(length=0, labelcolor=QUIET, labelsize=FONT - 1, pad=4)
    axes.set_xlabel(titles[0], color=QUIET, fontsize=FONT - 1, labelpad=4)
    axes.set_ylabel(titles[1], color=QUIET, fontsize=FONT - 1, labelpad=4)
    axes.grid(color=GRID, linewidth=1)
    axes.set_axisbelow(True)
    for side in axes.spines.values():
        side.set_visible(False)


def _averages(axes: Any, dots: Sequence[Dot], limits: Limits) -> None:
    """Draw the averages, and tint where importance is above and the mark below them."""
    x, y = sum(dot.x for dot in dots) / len(dots), sum(dot.y for dot in dots) / len(dots)
    axes.fill_between([limits.x[0], x], y, limits.y[1], color=BAND, linewidth=0, zorder=0.5)
    axes.axvline(x, color=QUIET, linewidth=0.8, zorder=1)
    axes.axhline(y, color=QUIET, linewidth=0.8, zorder=1)


def _dots(axes: Any, dots: Sequence[Dot]) -> None:
    style = STYLES["sem"]
    for dot in dots:
        if not math.isnan(dot.low):
            axes.plot([dot.x, dot.x], [dot.low, dot.high], color=style.colour, linewidth=1.4, zorder=3)
        axes.plot([dot.x], [dot.y], marker="o", markersize=6, color=style.colour, linestyle="none", zorder=4)


def _labels(axes: Any, dots: Sequence[Dot], limits: Limits) -> None:
    """Write each number beside its dot; of dots that are close, below one another."""
    behind = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.6}
    scale = (HEIGHT - TOP - BOTTOM) / (limits.y[1] - limits.y[0])
    for near in _neighbours(dots, NEAR / (WIDTH - LEFT - RIGHT) * (limits.x[1] - limits.x[0])):
        for dot, at in zip(near, label_heights([dot.y * scale for dot in near], LINE), strict=True):
            axes.annotate(
                dot.label, (dot.x, at / scale), xytext=(7, 0), textcoords="offset points", va="center",
                fontsize=FONT, color=INK, weight="bold", zorder=5, bbox=behind,
            )  # fmt: skip


def _neighbours(dots: Sequence[Dot], gap: float) -> list[list[Dot]]:
    """Return the dots from left to right, in runs whose members are less than ``gap`` apart."""
    found: list[list[Dot]] = []
    for dot in sorted(dots, key=lambda dot: dot.x):
        if found and dot.x - found[-1][-1].x < gap:
            found[-1].append(dot)
        else:
            found.append([dot])
    return found
