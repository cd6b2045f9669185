"""Where lines touch a box, and how far correlations bow out."""

from __future__ import annotations

from collections.abc import Mapping

from werksem.report.diagram.layers import Layers
from werksem.report.diagram.parts import Graph, Key
from werksem.report.diagram.sizes import side_of

__all__ = ["Ends", "lanes_of", "ports_of"]

# ("edge", number of the link, "left" or "right" end of it) or ("arc", number of the arc, node)
Ends = dict[tuple[str, int, str], float]
MOST = 20.0


def ports_of(graph: Graph, layers: Layers, tall: Mapping[Key, float], middle: Mapping[Key, float]) -> Ends:
    """Return the height of both ends of every link and arc: spread over a side, in order.

    Of arcs the nearest stands outermost, so that arcs that share a node are nested.
    """  # fmt: skip
    place = {key: at for at, row in enumerate(layers.rows) for key in row}
    sides: dict[tuple[Key, str], list[tuple[tuple[int, float], tuple[str, int, str]]]] = {}
    for at, (left, right, _) in enumerate(layers.links):
        sides.setdefault((left, "right"), []).append(((1, middle[right]), ("edge", at, "left")))
        sides.setdefault((right, "left"), []).append(((1, middle[left]), ("edge", at, "right")))
    for at, arc in enumerate(graph.arcs):
        side = side_of(place[arc.one])
        for one, other in ((arc.one, arc.other), (arc.other, arc.one)):
            away = middle[other] - middle[one]
            order = (0, -away) if away < 0 else (2, -away)
            sides.setdefault((one, side), []).append((order, ("arc", at, one)))
    found: Ends = {}
    for (key, _), here in sides.items():
        step = min(MOST, (tall[key] - 8) / len(here))
        for i, (_, end) in enumerate(sorted(here)):
            found[end] = middle[key] + (i - (len(here) - 1) / 2) * step
    return found


def lanes_of(graph: Graph, layers: Layers, middle: Mapping[Key, float]) -> dict[int, tuple[int, int]]:
    """Return (layer, lane) per arc: 1 is nearest to the boxes, an arc around another one is further out."""
    place = {key: at for at, row in enumerate(layers.rows) for key in row}
    ends = [sorted((middle[arc.one], middle[arc.other])) for arc in graph.arcs]
    found: dict[int, tuple[int, int]] = {}
    for at in sorted(range(len(ends)), key=lambda at: ends[at][1] - ends[at][0]):
        layer, (low, high) = place[graph.arcs[at].one], ends[at]
        within = [
            lane
            for other, (there, lane) in found.items()
            if there == layer and ends[other][0] < high and low < ends[other][1]
        ]
        found[at] = (layer, max(within, default=0) + 1)
    return found
