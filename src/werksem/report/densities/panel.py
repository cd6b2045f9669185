"""One outcome's densities: a hill or two per path on one axis, with estimates and intervals below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.report.marks import draw_mark, dress
from werksem.report.palette import INK, STYLES
from werksem.report.panel import AXIS, EDGE, WIDTH, Mark
from werksem.report.style import axes_at

__all__ = ["Hill", "HillRow", "draw_hills", "height_of"]

Array = NDArray[np.float64]
LABEL, TALL, STEP, GAP, TOP = 17.0, 30.0, 9.0, 9.0, 2.0
# of a curve from 100 to 200 points are drawn
POINTS = 100


@dataclass(frozen=True, slots=True)
class Hill:
    """One engine's density over the grid."""

    series: str
    curve: Array


@dataclass(frozen=True, slots=True)
class HillRow:
    """A path: its label, densities (drawn in this order), and estimates below them."""

    label: str
    hills: tuple[Hill, ...]
    marks: tuple[Mark, ...]


def height_of(rows: tuple[HillRow, ...]) -> float:
    """Return the height of a panel in pixels."""
    return TOP + sum(_tall(row) for row in rows) + AXIS


def _tall(row: HillRow) -> float:
    return LABEL + TALL + STEP * len(row.marks) + 4 + GAP


def draw_hills(
    rows: tuple[HillRow, ...], grid: Array, language: str, figure: Any, left: float, top: float
) -> None:
    """Draw a panel with its upper left corner at a place of a figure."""
    tall = height_of(rows) - AXIS
    axes = axes_at(figure, left + EDGE, top, WIDTH - 2 * EDGE, tall)
    limits = (float(grid[0]), float(grid[-1]))
    axes.set_xlim(*limits)
    axes.set_ylim(tall, 0)
    dress(axes, limits, language, WIDTH - 2 * EDGE)
    y = TOP
    for row in rows:
        _row(axes, row, grid, y)
        y += _tall(row)


def _row(axes: Any, row: HillRow, grid: Array, top: float) -> None:
    plain = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    axes.annotate(
        row.label, (0, top + 8), xycoords=("axes fraction", "data"), xytext=(-EDGE + 1, 0),
        textcoords="offset points", va="center", color=INK, bbox=plain, zorder=5,
    )  # fmt: skip
    foot = top + LABEL + TALL
    highest = max((float(hill.curve.max()) for hill in row.hills), default=1.0)
    for hill in row.hills:
        colour = STYLES[hill.series].colour
        seen = np.flatnonzero(hill.curve > 0.002 * highest)
        seen = seen[:: max(len(seen) // POINTS, 1)]
        x, edge = grid[seen], foot - TALL * hill.curve[seen] / highest
        axes.fill_between(x, edge, foot, color=colour, alpha=0.22, linewidth=0, zorder=2)
        axes.plot(x, edge, color=colour, linewidth=1.3, zorder=3)
    axes.plot([grid[0], grid[-1]], [foot, foot], color="#c3ccd6", linewidth=0.8, zorder=1.5)
    for at, mark in enumerate(row.marks):
        draw_mark(axes, mark, foot + 4 + STEP * (at + 0.5))
