"""A placed diagram drawn with matplotlib: boxes, lines, arrowheads and numbers."""

from __future__ import annotations

import math
from typing import Any

from werksem.report.diagram.parts import Arc, Box, Curve, Placed, Tag
from werksem.report.diagram.sizes import ARROW, BEHIND, ITEM, LINE, NODE, TAG
from werksem.report.numbers import beta
from werksem.report.palette import FAINT, INK, LATENT, NEGATIVE, POSITIVE, QUIET
from werksem.report.style import axes_at

__all__ = ["draw_diagram"]

Point = tuple[float, float]


def draw_diagram(placed: Placed, language: str, figure: Any, left: float, top: float) -> None:
    """Draw a diagram with its upper left corner at a place of a figure."""
    axes = axes_at(figure, left, top, placed.width, placed.height)
    axes.set_xlim(0, placed.width)
    axes.set_ylim(placed.height, 0)
    axes.set_axis_off()
    measurement = any(box.node.item for box in placed.boxes)
    for curve in sorted(placed.curves, key=lambda curve: (curve.line.clear, abs(curve.line.value))):
        _curve(axes, curve, measurement)
    for box in placed.boxes:
        _box(axes, box, language)
    for tag in placed.tags:
        _tag(axes, tag)


def _colour(line: Any) -> str:
    if not line.clear:
        return FAINT
    return POSITIVE if line.value >= 0 else NEGATIVE


def _width(line: Any, measurement: bool) -> float:
    """Return a line's width: .8 where not clear of 0, else from 1 to 5 with |β|; loadings are thinner."""
    if not line.clear:
        return 0.8
    return 0.8 + 1.6 * abs(line.value) if measurement else 1.0 + min(8 * abs(line.value), 4.0)


def _opacity(line: Any) -> float:
    return 1.0 if not line.clear else 0.45 + min(abs(line.value), 0.3) / 0.3 * 0.5


def _curve(axes: Any, curve: Curve, measurement: bool) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    line, both = curve.line, isinstance(curve.line, Arc)
    points = _shortened(curve.points, both)
    codes = [Path.MOVETO, *([Path.CURVE4] * (len(points) - 1))]
    wide = 1.0 if both else _width(line, measurement)
    axes.add_patch(
        PathPatch(
            Path(points, codes), facecolor="none", edgecolor=_colour(line), linewidth=wide,
            alpha=0.8 if both else _opacity(line), capstyle="butt", zorder=1,
            linestyle=(0, (5, 2)) if line.value < 0 and line.clear else "solid",
        )
    )  # fmt: skip
    _head(axes, curve.points[-2], curve.points[-1], _colour(line), wide)
    if both:
        _head(axes, curve.points[1], curve.points[0], _colour(line), wide)


def _shortened(points: tuple[Point, ...], both: bool) -> list[Point]:
    """Return the points with the last (of an arc both ends) drawn back under the arrowhead."""
    found = list(points)
    found[-1] = _towards(points[-1], points[-2], ARROW - 3)
    if both:
        found[0] = _towards(points[0], points[1], ARROW - 3)
    return found


def _towards(start: Point, end: Point, distance: float) -> Point:
    far = math.dist(start, end) or 1.0
    share = distance / far
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _head(axes: Any, before: Point, tip: Point, colour: str, wide: float) -> None:
    """Draw an arrowhead whose point touches the box."""
    from matplotlib.patches import Polygon

    far = math.dist(before, tip) or 1.0
    along = ((tip[0] - before[0]) / far, (tip[1] - before[1]) / far)
    half = 3.2 + 0.45 * wide
    base = (tip[0] - along[0] * ARROW, tip[1] - along[1] * ARROW)
    corners = [
        tip,
        (base[0] - along[1] * half, base[1] + along[0] * half),
        (base[0] + along[1] * half, base[1] - along[0] * half),
    ]
    axes.add_patch(Polygon(corners, closed=True, facecolor=colour, edgecolor="none", zorder=2))


def _box(axes: Any, box: Box, language: str) -> None:
    from matplotlib.patches import FancyBboxPatch, Rectangle

    if box.node.latent:
        round_by = min(box.height / 2, 20)
        shape: Any = FancyBboxPatch(
            (box.x, box.y), box.width, box.height, boxstyle=f"round,pad=0,rounding_size={round_by}"
        )
    else:
        shape = Rectangle((box.x, box.y), box.width, box.height)
    shape.set(facecolor=LATENT if box.node.latent else "white", edgecolor=INK, linewidth=1.0, zorder=3)
    axes.add_patch(shape)
    size = ITEM if box.node.item else NODE
    step, shown = LINE[size], list(box.lines)
    tall = step * len(shown) + (0 if math.isnan(box.node.r2) else 14)
    y = box.y + box.height / 2 - tall / 2
    for at, line in enumerate(shown):
        place = (box.x + box.width / 2, y + step * (at + 0.5))
        axes.text(*place, line, ha="center", va="center_baseline", fontsize=size, color=INK, zorder=4)
    if not math.isnan(box.node.r2):
        place = (box.x + box.width / 2, y + step * len(shown) + 8)
        text = f"R² {beta(box.node.r2, language)}"
        axes.text(*place, text, ha="center", va="center_baseline", fontsize=10, color=QUIET, zorder=4)


def _tag(axes: Any, tag: Tag) -> None:
    from matplotlib.patches import Rectangle

    corner = (tag.x - tag.width / 2, tag.y - tag.height / 2)
    axes.add_patch(Rectangle(corner, tag.width, tag.height, facecolor="white", edgecolor="none", zorder=2.5))
    colour = QUIET if not tag.line.clear or isinstance(tag.line, Arc) else INK
    arc = isinstance(tag.line, Arc)
    right = tag.x if arc else tag.x + tag.width / 2 - BEHIND
    axes.text(
        right, tag.y, tag.text, ha="center" if arc else "right", va="center_baseline", fontsize=TAG,
        color=colour, zorder=5,
    )  # fmt: skip
