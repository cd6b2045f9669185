"""How high keys of a layer stand: as near to their neighbours as room allows, by least squares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from werksem.report.diagram.layers import Layers
from werksem.report.diagram.parts import Key

__all__ = ["apart", "middles"]

SWEEPS = 24
# a bend follows its edge more eagerly than a node, so that long edges are straight (Gansner et al., 1993)
BEND = 4.0


def apart(wanted: Sequence[float], least: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return the places y nearest to those wanted with y[i + 1] - y[i] ≥ least[i].

    Minimises the weighted sum of squares: isotonic regression of what is wanted less the room that the
    others need, by pooling adjacent violators (Barlow et al., 1972).

    >>> apart([0.0, 1.0, 50.0], [10.0, 10.0], [1.0, 1.0, 1.0])
    [-4.5, 5.5, 50.0]
    """
    before = [0.0]
    for gap in least:
        before.append(before[-1] + gap)
    runs: list[tuple[float, float, int]] = []
    for want, shift, weight in zip(wanted, before, weights, strict=True):
        runs.append((want - shift, weight, 1))
        while len(runs) > 1 and runs[-2][0] >= runs[-1][0]:
            (b, second, many), (a, first, few) = runs.pop(), runs.pop()
            runs.append(((a * first + b * second) / (first + second), first + second, few + many))
    flat = [middle for middle, _, size in runs for _ in range(size)]
    return [value + shift for value, shift in zip(flat, before, strict=True)]


def middles(layers: Layers, heights: Mapping[Key, float], gap: float, narrow: float) -> dict[Key, float]:
    """Return the middle of every key; ``gap`` stands between nodes, ``narrow`` beside a bend. The top is 0.

    Layer after layer keys move to the mean of their neighbours, to and fro, in the order they have.
    """
    near: dict[Key, list[Key]] = {key: [] for row in layers.rows for key in row}
    for one, other, _ in layers.links:
        near[one].append(other)
        near[other].append(one)
    least = [_room(row, heights, gap, narrow) for row in layers.rows]
    found: dict[Key, float] = {}
    for row, room in zip(layers.rows, least, strict=True):
        tall = sum(room)
        stacked = [-tall / 2 + sum(room[:at]) for at in range(len(row))]
        found |= dict(zip(row, stacked, strict=True))
    for sweep in range(SWEEPS):
        order = range(len(layers.rows)) if sweep % 2 == 0 else range(len(layers.rows) - 1, -1, -1)
        for at in order:
            row = layers.rows[at]
            wanted = [_mean([found[other] for other in near[key]], found[key]) for key in row]
            weights = [_weight(key, len(near[key])) for key in row]
            found |= dict(zip(row, apart(wanted, least[at], weights), strict=True))
    top = min(found[key] - heights[key] / 2 for key in found)
    return {key: value - top for key, value in found.items()}


def _room(row: Sequence[Key], heights: Mapping[Key, float], gap: float, narrow: float) -> list[float]:
    """Return the least distance of the middles of neighbours."""
    found = []
    for one, other in pairwise(row):
        nodes = isinstance(one, str) and isinstance(other, str)
        found.append((heights[one] + heights[other]) / 2 + (gap if nodes else narrow))
    return found


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _weight(key: Key, links: int) -> float:
    return (1.0 if isinstance(key, str) else BEND) * max(links, 1)
