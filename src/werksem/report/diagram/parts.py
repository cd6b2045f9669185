"""What a path diagram consists of, before it has a place and after."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Arc", "Box", "Curve", "Edge", "Graph", "Key", "Node", "Placed", "Tag"]

# a node's name, or (edge, layer) for the bend of an edge that passes a layer
Key = str | tuple[int, int]


@dataclass(frozen=True, slots=True)
class Node:
    """A variable: its name, label, whether it is latent, R² (NaN: none), and whether it is an item."""

    name: str
    label: str
    latent: bool = True
    r2: float = math.nan
    item: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """A path: its standardised value, the text at its arrow, whether it is clear of 0.

    ``back`` asks for an arrow from right to left.
    """

    source: str
    target: str
    value: float
    text: str
    clear: bool = True
    back: bool = False


@dataclass(frozen=True, slots=True)
class Arc:
    """A correlation of two nodes in one layer."""

    one: str
    other: str
    value: float
    text: str
    clear: bool = True


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in the order of the model, the paths between them, and correlations."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    arcs: tuple[Arc, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A node's place: left, top, width and height, and its label in lines."""

    node: Node
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """An edge or arc as a chain of cubic Béziers: 3k + 1 points; arrows at its end, or at both ends."""

    line: Edge | Arc
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Tag:
    """The number of an edge or arc: text, and the middle and size of its box."""

    line: Edge | Arc
    text: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A diagram with everything in its place, in pixels."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]
    tags: tuple[Tag, ...]
