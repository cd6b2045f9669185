"""The order within layers: fewer crossings by medians and by exchanging neighbours.

Sugiyama, Tagawa & Toda (1981); the weighted sweeps with transposition are those of Gansner et al. (1993).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from werksem.report.diagram.layers import Layers
from werksem.report.diagram.parts import Key

__all__ = ["crossings", "ordered"]

SWEEPS = 16


def crossings(rows: Sequence[Sequence[Key]], links: Sequence[tuple[Key, Key, int]]) -> int:
    """Return how many pairs of links cross, links between neighbouring layers drawn straight.

    >>> crossings((("a", "b"), ("c", "d")), (("a", "d", 0), ("b", "c", 1)))
    1
    """
    place = {key: (at, layer) for layer, row in enumerate(rows) for at, key in enumerate(row)}
    by_layer: dict[int, list[tuple[int, int]]] = {}
    for left, right, _ in links:
        by_layer.setdefault(place[left][1], []).append((place[left][0], place[right][0]))
    return sum(
        sum((a - c) * (b - d) < 0 for at, (a, b) in enumerate(found) for c, d in found[at + 1 :])
        for found in by_layer.values()
    )


def ordered(layers: Layers) -> Layers:
    """Return the layers with the fewest crossings that were met; the given order where none has fewer."""
    left: dict[Key, list[Key]] = {key: [] for row in layers.rows for key in row}
    right: dict[Key, list[Key]] = {key: [] for row in layers.rows for key in row}
    for one, other, _ in layers.links:
        right[one].append(other)
        left[other].append(one)
    rows = [list(row) for row in layers.rows]
    best, least = [list(row) for row in rows], crossings(rows, layers.links)
    for sweep in range(SWEEPS):
        if least == 0:
            break
        down = sweep % 2 == 0
        for at in range(1, len(rows)) if down else range(len(rows) - 2, -1, -1):
            near = rows[at - 1] if down else rows[at + 1]
            rows[at] = _by_median(rows[at], near, left if down else right)
        _exchange(rows, left, right)
        found = crossings(rows, layers.links)
        if found < least:
            best, least = [list(row) for row in rows], found
    return replace(layers, rows=tuple(tuple(row) for row in best))


def _by_median(row: Sequence[Key], near: Sequence[Key], links: Mapping[Key, Sequence[Key]]) -> list[Key]:
    """Return a layer sorted by the mean place of each key's neighbours; keys without any stay in place."""
    place = {key: at for at, key in enumerate(near)}
    means = {key: sum(place[other] for other in links[key]) / len(links[key]) for key in row if links[key]}
    moving = iter(sorted(means, key=lambda key: means[key]))
    return [next(moving) if key in means else key for key in row]


def _exchange(
    rows: Sequence[list[Key]], left: Mapping[Key, Sequence[Key]], right: Mapping[Key, Sequence[Key]]
) -> None:
    """Swap neighbours within layers, in place, as long as that takes crossings away."""
    for _ in range(SWEEPS):
        gained = 0
        for at, row in enumerate(rows):
            sides = [(rows[at - 1], left)] if at else []
            sides += [(rows[at + 1], right)] if at + 1 < len(rows) else []
            around = [({key: i for i, key in enumerate(near)}, links) for near, links in sides]
            for i in range(len(row) - 1):
                gain = sum(_gain(row[i], row[i + 1], place, links) for place, links in around)
                if gain > 0:
                    row[i], row[i + 1] = row[i + 1], row[i]
                    gained += gain
        if not gained:
            return


def _gain(one: Key, other: Key, place: Mapping[Key, int], links: Mapping[Key, Sequence[Key]]) -> int:
    """Return how many crossings fewer there are with ``other`` before ``one``."""
    pairs = [(place[a], place[b]) for a in links[one] for b in links[other]]
    return sum(a > b for a, b in pairs) - sum(a < b for a, b in pairs)
