"""How large the boxes of a diagram are: by their label, and by how many lines arrive at a side."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from werksem.report.diagram.layers import Layers
from werksem.report.diagram.parts import Arc, Graph, Key, Node
from werksem.report.style import text_width, wrapped

__all__ = [
    "ARROW", "BEFORE", "BEHIND", "ITEM", "LINE", "NODE", "TAG", "TAG_HEIGHT", "Sizes", "arc_width", "side_of",
    "sizes_of", "tag_width",
]  # fmt: skip

NODE, ITEM, TAG = 12.0, 10.5, 11.0
LINE = {NODE: 15.0, ITEM: 13.0}
TEXT = {NODE: 142.0, ITEM: 250.0}
TAG_HEIGHT, ARROW = 14.0, 9.0
BEFORE, BEHIND = 7.0, 3.0
# room per line at a side of a box: with a number at it, and without
TAGGED, BARE = 16.0, 8.0
BEND = 10.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """Lines of text and height per key, width per layer, and the width of the widest number."""

    lines: Mapping[str, tuple[str, ...]]
    heights: Mapping[Key, float]
    widths: tuple[float, ...]
    tag: float


def tag_width(text: str) -> float:
    """Return the width of a number with air around it: more before than behind, where its line comes in.

    >>> tag_width("") == BEFORE + BEHIND
    True
    """
    return text_width(text, TAG) + BEFORE + BEHIND


def arc_width(text: str) -> float:
    """Return the width of a correlation with air around it.

    >>> arc_width("")
    4.0
    """
    return text_width(text, TAG) + 4


def side_of(layer: int) -> str:
    """Return on which side of a layer correlations are drawn: left of the first, right of the others."""
    return "right" if layer else "left"


def sizes_of(graph: Graph, layers: Layers) -> Sizes:
    """Return the sizes of all boxes; a bend is as high as its line needs."""
    nodes = {node.name: node for node in graph.nodes}
    lines = {
        name: wrapped(node.label, TEXT[_font(node)], _font(node), 2 if node.item else 4)
        for name, node in nodes.items()
    }
    sides = _sides(graph, layers)
    heights: dict[Key, float] = {}
    widths = []
    for row in layers.rows:
        here = [nodes[key] for key in row if isinstance(key, str)]
        widest = max(text_width(line, _font(node)) for node in here for line in lines[node.name])
        widths.append(max(widest + 28, 90.0))
        heights |= {key: BEND for key in row if not isinstance(key, str)}
        heights |= {node.name: max(_tall(node, len(lines[node.name])), sides[node.name]) for node in here}
    tags = [tag_width(edge.text) for edge in graph.edges] + [tag_width(arc.text) for arc in graph.arcs]
    return Sizes(lines, heights, tuple(widths), max(tags, default=0.0))


def _font(node: Node) -> float:
    return ITEM if node.item else NODE


def _tall(node: Node, lines: int) -> float:
    """Return the height that the label and R² need."""
    return LINE[_font(node)] * lines + (0 if math.isnan(node.r2) else 14) + (10 if node.item else 16)


def _sides(graph: Graph, layers: Layers) -> dict[str, float]:
    """Return the height that the lines at the fuller side of each node need."""
    counts: dict[tuple[str, str], list[int]] = {}

    def note(name: Key, side: str, tagged: bool) -> None:
        if isinstance(name, str):
            counts.setdefault((name, side), [0, 0])[int(tagged)] += 1

    for left, right, at in layers.links:
        note(left, "right", at in layers.back)
        note(right, "left", at not in layers.back)
    for arc in graph.arcs:
        side = _arc_side(arc, layers)
        note(arc.one, side, False)
        note(arc.other, side, False)
    found = {node.name: 0.0 for node in graph.nodes}
    for (name, _), (bare, tagged) in counts.items():
        found[name] = max(found[name], (bare + tagged) * (TAGGED if tagged else BARE) + 8)
    return found


def _arc_side(arc: Arc, layers: Layers) -> str:
    return side_of(next(at for at, row in enumerate(layers.rows) if arc.one in row))
