"""The lines of a diagram as cubic Béziers, and the numbers on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werksem.report.diagram.layers import Layers
from werksem.report.diagram.parts import Curve, Graph, Key, Tag
from werksem.report.diagram.ports import Ends
from werksem.report.diagram.sizes import ARROW, TAG_HEIGHT, arc_width, side_of, tag_width

__all__ = ["Ground", "arcs", "edges"]

Point = tuple[float, float]
# how far the nearest correlation bows out, so that its number stays clear of the box
FIRST = 20.0


@dataclass(frozen=True, slots=True)
class Ground:
    """What lines are laid over: layers with their left sides and widths, where lines turn in each gap,

    the middles of keys, the ends of lines, how long the level stretch with a number is, how wide a lane.
    """

    layers: Layers
    lefts: tuple[float, ...]
    widths: tuple[float, ...]
    turns: tuple[tuple[float, float], ...]
    middles: Mapping[Key, float]
    ends: Ends
    stub: float
    lane: float


def edges(graph: Graph, ground: Ground) -> tuple[tuple[Curve, ...], tuple[Tag, ...]]:
    """Return every edge's line, from source to target, and its number before the arrow."""
    ways: dict[int, list[int]] = {}
    for at, (_, _, number) in enumerate(ground.layers.links):
        ways.setdefault(number, []).append(at)
    curves, tags = [], []
    for at, edge in enumerate(graph.edges):
        points = _way(ground, ways[at])
        back = at in ground.layers.back
        x, y = points[0] if back else points[-1]
        wide = tag_width(edge.text)
        middle = ARROW + 3 + wide / 2
        tags.append(Tag(edge, edge.text, x + middle if back else x - middle, y, wide, TAG_HEIGHT))
        curves.append(Curve(edge, tuple(reversed(points)) if back else tuple(points)))
    return tuple(curves), tuple(tags)


def _way(ground: Ground, links: list[int]) -> list[Point]:
    """Return the chain of Béziers along the links of one edge, from left to right."""
    place = {key: at for at, row in enumerate(ground.layers.rows) for key in row}
    found: list[Point] = []
    for number, at in enumerate(links):
        left, right, _ = ground.layers.links[at]
        layer = place[left]
        y0 = _height(ground, left, at, "left")
        y1 = _height(ground, right, at, "right")
        begin = ground.lefts[layer] + (ground.widths[layer] if number == 0 else 0)
        if number == 0:
            found.append((begin, y0))
        turn, level = ground.turns[layer]
        _straight(found, (turn, y0))
        _turn(found, (level, y1))
        _straight(found, (ground.lefts[layer + 1], y1))
    return found


def _height(ground: Ground, key: Key, link: int, end: str) -> float:
    return ground.ends["edge", link, end] if isinstance(key, str) else ground.middles[key]


def _straight(points: list[Point], to: Point) -> None:
    (x0, y0), (x1, y1) = points[-1], to
    points += [
        (x0 + (x1 - x0) / 3, y0 + (y1 - y0) / 3),
        (x0 + 2 * (x1 - x0) / 3, y0 + 2 * (y1 - y0) / 3),
        to,
    ]


def _turn(points: list[Point], to: Point) -> None:
    """Add a curve that is level at both its ends."""
    (x0, y0), (x1, y1) = points[-1], to
    middle = (x0 + x1) / 2
    points += [(middle, y0), (middle, y1), to]


def arcs(
    graph: Graph, ground: Ground, lanes: Mapping[int, tuple[int, int]]
) -> tuple[tuple[Curve, ...], tuple[Tag, ...]]:
    """Return every correlation as a bow beside its layer, and its number where it bows out furthest."""
    curves, tags = [], []
    for at, arc in enumerate(graph.arcs):
        layer, lane = lanes[at]
        right = side_of(layer) == "right"
        x = ground.lefts[layer] + (ground.widths[layer] if right else 0)
        clear = ground.stub if right and _tagged(ground, layer) else 0.0
        out = (clear + FIRST + (lane - 1) * ground.lane) * (1 if right else -1)
        y0, y1 = (ground.ends["arc", at, name] for name in (arc.one, arc.other))
        curves.append(Curve(arc, ((x, y0), (x + out * 4 / 3, y0), (x + out * 4 / 3, y1), (x, y1))))
        tags.append(Tag(arc, arc.text, x + out, (y0 + y1) / 2, arc_width(arc.text), TAG_HEIGHT))
    return tuple(curves), tuple(tags)


def _tagged(ground: Ground, layer: int) -> bool:
    """Return whether arrows from the right, with their numbers, end at a layer."""
    row = ground.layers.rows[layer]
    return any(
        left in row and isinstance(left, str) and at in ground.layers.back
        for left, _, at in ground.layers.links
    )
