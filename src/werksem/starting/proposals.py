"""Scales proposed: items that go together, those that run the other way, those that do not belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.starting.factors import covariances
from werksem.starting.kinds import Column
from werksem.survey.keying import against_the_rest

__all__ = ["Proposal", "alpha_of", "proposal"]

Array = NDArray[np.float64]

BELONGS = 0.20  # item-rest correlation below which an item is left out
TOGETHER, ALPHA = 0.15, 0.50  # mean correlation and alpha below which the items are no scale
PAIR = 0.30  # correlation below which two items are no scale


@dataclass(frozen=True, slots=True)
class Proposal:
    """A scale that was found; ``source`` is stem, label or answers, and ``shared`` what they share.

    ``left_out`` and ``reversed`` have each item's correlation with the rest. ``stands`` tells whether
    the answers hang together; ``factors`` is how many subjects its items seem to have.
    """

    name: str
    items: tuple[str, ...]
    source: str
    shared: str
    label: str
    scale: tuple[float, float] | None
    told: bool
    alpha: float
    mean_r: float
    reversed: tuple[tuple[str, float], ...]
    left_out: tuple[tuple[str, float], ...]
    stands: bool
    factors: int = 1


def proposal(
    name: str, columns: Sequence[Column], source: str, shared: str = "", label: str = "", factors: int = 1
) -> Proposal:
    """Return the scale that columns would make, of those of its items that belong to it."""
    C, seen = covariances(np.column_stack([column.values for column in columns if column.values is not None]))
    n = float(np.median(seen))
    kept, left_out = _belonging(C, n)
    enough = _hang_together(_keyed(C, kept, n)[0])
    if not enough:
        kept, left_out = list(range(len(C))), []
    keyed, turned = _keyed(C, kept, n)
    items = [columns[at].name for at in kept]
    against = {item: _rest(keyed, at) for at, item in enumerate(items) if turned[at] < 0}
    scales = [column.scale for column in columns if column.scale is not None]
    one = (min(s[0] for s in scales), max(s[1] for s in scales)) if len(scales) == len(columns) else None
    return Proposal(
        name, tuple(items), source, shared, label, one, all(column.told for column in columns),
        alpha_of(keyed), _mean_r(keyed), tuple((item, -r) for item, r in against.items()),
        tuple((columns[at].name, r) for at, r in left_out), enough, factors,
    )  # fmt: skip


def _belonging(C: Array, n: float) -> tuple[list[int], list[tuple[int, float]]]:
    """Return the items that correlate with the rest, and the others, the weakest taken out first."""
    kept, left_out = list(range(len(C))), []
    while len(kept) > 2:
        keyed, turned = _keyed(C, kept, n)
        rest = [_rest(keyed, at) for at in range(len(kept))]
        worst = int(np.argmin(rest))
        if rest[worst] >= BELONGS:
            break
        left_out.append((kept.pop(worst), float(rest[worst] * turned[worst])))
    return kept, left_out


def _keyed(C: Array, kept: Sequence[int], n: float) -> tuple[Array, Array]:
    """Return the covariances of some items turned to run the same way, and -1 for those turned."""
    inner = C[np.ix_(kept, kept)]
    turned = _turned(inner, n)
    return inner * np.outer(turned, turned), turned


def _hang_together(keyed: Array) -> bool:
    mean_r = _mean_r(keyed)
    return mean_r >= PAIR if len(keyed) == 2 else mean_r >= TOGETHER and alpha_of(keyed) >= ALPHA


def _turned(C: Array, n: float) -> Array:
    """Return -1 for items that run against the others, 1 for the others (k,)."""
    against = against_the_rest(C, max(n, 1.0))
    turned = np.ones(len(C))
    # of two items that correlate negatively, the second one is taken to run the other way
    turned[[max(against)] if len(C) == 2 and against else list(against)] = -1.0
    return turned


def _rest(C: Array, at: int) -> float:
    """Return an item's correlation with the sum of the others, from covariances (k, k)."""
    others = np.arange(len(C)) != at
    spread = C[at, at] * C[np.ix_(others, others)].sum()
    return float(C[at, others].sum() / np.sqrt(spread)) if spread > 0 else 0.0


def alpha_of(C: Array) -> float:
    """Return Cronbach's (1951) alpha of keyed items from their covariances (k, k).

    >>> round(alpha_of(np.array([[1.0, 0.5], [0.5, 1.0]])), 4)
    0.6667
    """
    k, total = len(C), float(C.sum())
    return k / (k - 1) * (1 - float(np.trace(C)) / total) if k > 1 and total > 0 else 0.0


def _mean_r(C: Array) -> float:
    sd = np.sqrt(np.diag(C))
    R = C / np.outer(sd, sd)
    k = len(C)
    return float((R.sum() - k) / (k * (k - 1))) if k > 1 else 0.0
