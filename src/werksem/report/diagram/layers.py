"""Which node stands in which layer, and where edges bend: the first step of Sugiyama et al. (1981)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from werksem.report.diagram.parts import Edge, Key

__all__ = ["Layers", "backward", "layer_of", "layered"]


@dataclass(frozen=True, slots=True)
class Layers:
    """Keys per layer from left to right, and links between neighbours: (left, right, edge).

    ``back`` are the edges that run from right to left.
    """

    rows: tuple[tuple[Key, ...], ...]
    links: tuple[tuple[Key, Key, int], ...]
    back: frozenset[int]


def backward(names: Sequence[str], edges: Sequence[Edge]) -> frozenset[int]:
    """Return the edges to turn round so that no cycle is left, found depth first in the given order.

    Every turned edge lies on a cycle of the others, or asks to be turned (Gansner et al., 1993, section 2.1).

    >>> there, back = Edge("a", "b", 0.2, ""), Edge("b", "a", 0.1, "")
    >>> backward(("a", "b"), (there, back))
    frozenset({1})
    """
    out: dict[str, list[tuple[int, str]]] = {name: [] for name in names}
    for at, edge in enumerate(edges):
        if not edge.back:
            out[edge.source].append((at, edge.target))
    found = {at for at, edge in enumerate(edges) if edge.back}
    state: dict[str, int] = {}
    entered = {edge.target for edge in edges if not edge.back}
    for root in sorted(names, key=lambda name: name in entered):
        stack = [(root, iter(out[root]))] if root not in state else []
        state.setdefault(root, 1)
        while stack:
            name, rest = stack[-1]
            step = next(rest, None)
            if step is None:
                state[name] = 2
                stack.pop()
            elif step[1] not in state:
                state[step[1]] = 1
                stack.append((step[1], iter(out[step[1]])))
            elif state[step[1]] == 1:
                found.add(step[0])
    return frozenset(found)


def layer_of(names: Sequence[str], edges: Sequence[Edge], back: frozenset[int]) -> dict[str, int]:
    """Return every node's layer: the longest way to it, counted in edges; a turned edge counts reversed.

    >>> chain = (Edge("a", "b", 0.2, ""), Edge("b", "c", 0.2, ""), Edge("a", "c", 0.2, ""))
    >>> layer_of(("a", "b", "c"), chain, frozenset())
    {'a': 0, 'b': 1, 'c': 2}
    """
    found = dict.fromkeys(names, 0)
    ends = [_ends(edge, at in back) for at, edge in enumerate(edges)]
    for _ in names:
        moved = False
        for left, right in ends:
            if found[right] <= found[left]:
                found[right] = found[left] + 1
                moved = True
        if not moved:
            break
    return found


def _ends(edge: Edge, turned: bool) -> tuple[str, str]:
    return (edge.target, edge.source) if turned else (edge.source, edge.target)


def layered(names: Sequence[str], edges: Sequence[Edge]) -> Layers:
    """Return the layers with a bend for each edge in every layer it passes.

    >>> layered(("a", "b", "c"), (Edge("a", "b", 0, ""), Edge("b", "c", 0, ""), Edge("a", "c", 0, ""))).rows
    (('a',), ('b', (2, 1)), ('c',))
    """
    back = backward(names, edges)
    layer = layer_of(names, edges, back)
    rows: list[list[Key]] = [[] for _ in range(max(layer.values(), default=0) + 1)]
    for name in names:
        rows[layer[name]].append(name)
    links: list[tuple[Key, Key, int]] = []
    for at, edge in enumerate(edges):
        left, right = _ends(edge, at in back)
        bends: list[Key] = [(at, between) for between in range(layer[left] + 1, layer[right])]
        for bend, place in zip(bends, range(layer[left] + 1, layer[right]), strict=True):
            rows[place].append(bend)
        way: list[Key] = [left, *bends, right]
        links += [(one, other, at) for one, other in pairwise(way)]
    return Layers(tuple(tuple(row) for row in rows), tuple(links), back)
