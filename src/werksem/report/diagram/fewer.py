"""What a diagram leaves out so that it can be read, and how that is told."""

from __future__ import annotations

from dataclasses import dataclass, replace

from werksem.report.diagram.layers import backward, layer_of
from werksem.report.diagram.parts import Arc, Graph

__all__ = ["Fewer", "fewer_arcs", "fewer_edges"]

# more paths than this, and only those of some size are drawn
MANY = 30
FLOORS = (0.05, 0.06, 0.07, 0.08, 0.09, 0.10, 0.12, 0.15, 0.20, 0.30, 0.40)
MOST = 40
# correlations drawn beside a layer, in a model of paths and in one of measurement
ARCS, ARCS_MEASUREMENT = 6, 15


@dataclass(frozen=True, slots=True)
class Fewer:
    """How many paths there are and are shown, the least |β| shown, labels of nodes without such a path,

    and correlations not drawn: of each layer with too many, and those between layers.
    """

    edges: int = 0
    shown: int = 0
    floor: float = 0.0
    dropped: tuple[str, ...] = ()
    many: tuple[tuple[int, tuple[Arc, ...]], ...] = ()
    apart: tuple[Arc, ...] = ()


def fewer_edges(graph: Graph) -> tuple[Graph, Fewer]:
    """Return the graph with all paths, or where there are more than 30 those from |β| = .05 on.

    Where that leaves more than 40 the bound is the next of ``FLOORS``. Loadings are all drawn.
    Nodes without a path are dropped.
    """
    paths, floor = graph.edges, 0.0
    loadings = any(node.item for node in graph.nodes)
    if len(paths) > MANY and not loadings:
        for bound in FLOORS:
            floor = bound
            paths = tuple(edge for edge in graph.edges if abs(edge.value) >= floor)
            if len(paths) <= MOST:
                break
    ends = {name for edge in paths for name in (edge.source, edge.target)}
    kept = tuple(node for node in graph.nodes if node.name in ends)
    dropped = tuple(node.label for node in graph.nodes if node.name not in ends)
    arcs = tuple(arc for arc in graph.arcs if {arc.one, arc.other} <= ends)
    return Graph(kept, paths, arcs), Fewer(len(graph.edges), len(paths), floor, dropped)


def fewer_arcs(graph: Graph, measurement: bool) -> tuple[Graph, Fewer]:
    """Return the graph with the correlations that can be drawn: within a layer, and not too many there."""
    names = [node.name for node in graph.nodes]
    layer = layer_of(names, graph.edges, backward(names, graph.edges))
    by_layer: dict[int, list[Arc]] = {}
    for arc in graph.arcs:
        by_layer.setdefault(layer[arc.one] if layer[arc.one] == layer[arc.other] else -1, []).append(arc)
    limit = ARCS_MEASUREMENT if measurement else ARCS
    apart = tuple(by_layer.pop(-1, []))
    many = tuple((at, tuple(found)) for at, found in sorted(by_layer.items()) if len(found) > limit)
    drawn = tuple(arc for found in by_layer.values() if len(found) <= limit for arc in found)
    return replace(graph, arcs=drawn), Fewer(many=many, apart=apart)
