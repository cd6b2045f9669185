"""A graph with everything in its place: boxes in layers, lines that pass between them, numbers at arrows.

Layered drawing after Sugiyama, Tagawa & Toda (1981) and Gansner, Koutsofios, North & Vo (1993). Lines
turn only between layers and pass a layer at a height of their own, so that none runs through a box; a
number stands on the last, level stretch of its line, and lines reach a box at least a number's height
apart, so that no two numbers touch.
"""

from __future__ import annotations

from werksem.report.diagram.crossings import ordered
from werksem.report.diagram.heights import middles
from werksem.report.diagram.layers import Layers, layered
from werksem.report.diagram.parts import Box, Graph, Key, Placed
from werksem.report.diagram.ports import lanes_of, ports_of
from werksem.report.diagram.route import Ground, arcs, edges
from werksem.report.diagram.sizes import ARROW, Sizes, side_of, sizes_of

__all__ = ["arranged", "placed"]

MARGIN = 6.0
GAP, ITEM_GAP, NARROW = 18.0, 8.0, 8.0
LANE = 34.0
# how wide a diagram should become, and the room between two layers in which lines turn
WANTED, LEAST, MOST = 900.0, 90.0, 250.0


def arranged(graph: Graph) -> Layers:
    """Return the layers of a graph in the order in which they are drawn."""
    return ordered(layered([node.name for node in graph.nodes], graph.edges))


def placed(graph: Graph) -> Placed:
    """Return the diagram; arcs must join nodes of one layer."""
    layers = arranged(graph)
    sizes = sizes_of(graph, layers)
    gap = ITEM_GAP if any(node.item for node in graph.nodes) else GAP
    heights = {key: value + MARGIN for key, value in middles(layers, sizes.heights, gap, NARROW).items()}
    lanes = lanes_of(graph, layers, heights)
    lefts, width, turns = _columns(graph, layers, sizes, _lane_counts(layers, lanes))
    boxes = _boxes(graph, layers, sizes, heights, lefts)
    ports = ports_of(graph, layers, sizes.heights, heights)
    ground = Ground(layers, tuple(lefts), sizes.widths, turns, heights, ports, sizes.tag + ARROW + 4, LANE)
    lines, tags = edges(graph, ground)
    bows, marks = arcs(graph, ground, lanes)
    bottom = max(heights[key] + sizes.heights[key] / 2 for key in heights)
    return Placed(width, bottom + MARGIN, boxes, (*lines, *bows), (*tags, *marks))


def _lane_counts(layers: Layers, lanes: dict[int, tuple[int, int]]) -> list[int]:
    """Return how many lanes of arcs each layer has; ``lanes`` has (layer, lane) per arc."""
    return [
        max((lane for layer, lane in lanes.values() if layer == at), default=0)
        for at in range(len(layers.rows))
    ]


def _columns(
    graph: Graph, layers: Layers, sizes: Sizes, lanes: list[int]
) -> tuple[list[float], float, tuple[tuple[float, float], ...]]:
    """Return the left side of each layer, the whole width, and between which x lines turn in each gap."""
    stub = sizes.tag + ARROW + 4
    last = {left for left, _, at in layers.links if at in layers.back and isinstance(left, str)}
    gaps = len(layers.rows) - 1
    items = any(node.item for node in graph.nodes)
    extra = [
        (lanes[at] * LANE if side_of(at) == "right" else 0) + (stub if last & set(layers.rows[at]) else 0)
        for at in range(gaps)
    ]
    room = (WANTED - sum(sizes.widths) - sum(extra) - stub * gaps) / max(gaps, 1)
    room = min(max(room, LEAST), 110.0 if items else MOST)
    x = MARGIN + (lanes[0] * LANE + 8 if lanes[0] else 0)
    lefts, turns = [x], []
    for at in range(gaps):
        start = x + sizes.widths[at] + extra[at]
        turns.append((start, start + room))
        x = start + room + stub
        lefts.append(x)
    x += sizes.widths[-1] + (lanes[-1] * LANE + 8 if gaps and lanes[-1] else 0)
    return lefts, x + MARGIN, tuple(turns)


def _boxes(
    graph: Graph, layers: Layers, sizes: Sizes, heights: dict[Key, float], lefts: list[float]
) -> tuple[Box, ...]:
    place = {key: at for at, row in enumerate(layers.rows) for key in row}
    return tuple(
        Box(
            node, lefts[place[node.name]], heights[node.name] - sizes.heights[node.name] / 2,
            sizes.widths[place[node.name]], sizes.heights[node.name], sizes.lines[node.name],
        )
        for node in graph.nodes
    )  # fmt: skip
