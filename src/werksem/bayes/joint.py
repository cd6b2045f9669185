"""Which regressions are estimated jointly, and the cross-products that joint estimation needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.linked import linked
from werksem.bayes.statistics import Statistics, scaled_weights, statistics
from werksem.errors import SpecError
from werksem.spec.types import Equation

__all__ = ["Joint", "alone", "blocks_of", "joint_statistics"]

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Joint:
    """E regressions on the same rows, with K coefficients in all, in G groups of one or more units.

    ``members`` (E,) their numbers; ``pairs`` which of them, by place, have residuals that covary. ``cross``
    (units, K + E, K + E) holds cross-products of (1, x_1 - centre, 1, x_2 - centre, …, y_1 - centre, …), the
    units of group g from ``starts[g]`` to ``starts[g + 1]``, with their ``labels`` and ``rows``. Without a
    third
    level every group is one unit.
    """

    members: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]
    cross: Array
    starts: Codes
    labels: tuple[str, ...]
    rows: Codes


def blocks_of(outcomes: Sequence[str], pairs: Sequence[tuple[str, str]]) -> tuple[tuple[int, ...], ...]:
    """Return the regressions by number, those whose residuals covary, directly or by way of others, together.

    >>> blocks_of(["a", "b", "c"], [("c", "a")])
    ((0, 2), (1,))
    """
    number = {name: i for i, name in enumerate(outcomes)}
    return linked(range(len(outcomes)), ((number[left], number[right]) for left, right in pairs))


def alone(e: int, found: Statistics) -> Joint:
    """Return a regression by itself, without a third level."""
    starts = np.arange(len(found.groups) + 1)
    return Joint((e,), (), found.cross, starts, found.groups, found.rows)


def joint_statistics(
    equations: Sequence[Equation], scores: pd.DataFrame, groups: Sequence[str], code: Codes,
    weights: Array | None, pairs: Sequence[tuple[str, str]], units: pd.Series | None,
) -> tuple[tuple[Statistics, ...], tuple[Joint, ...]]:  # fmt: skip
    """Return every regression's statistics and the blocks; a block uses rows that all its regressions have.

    ``units`` (n,) labels the third level within each group, blank where unknown: such rows are left
    out. Raises ``SpecError`` for residuals that covary along a circle of paths.
    """
    outcomes = [equation.outcome for equation in equations]
    found: dict[int, Statistics] = {}
    joints = []
    for members in blocks_of(outcomes, pairs):
        _refuse_circles(equations, members)
        block = [equations[e] for e in members]
        columns = list(dict.fromkeys(name for e in block for name in (*e.predictors, e.outcome)))
        complete = np.isfinite(scores[columns].to_numpy(dtype=float)).all(axis=1)
        if units is not None:
            complete &= units.notna().to_numpy()
        at = np.where(complete, code, -1)
        own = [statistics(equation, scores, groups, at, weights) for equation in block]
        found |= dict(zip(members, own, strict=True))
        here = {frozenset(pair) for pair in pairs}
        linked = tuple((i, j) for i, j in combinations(range(len(block)), 2)
                       if {block[i].outcome, block[j].outcome} in here)  # fmt: skip
        joints.append(_joint(members, linked, own, scores, at, weights, units))
    return tuple(found[e] for e in range(len(equations))), tuple(joints)


def _joint(
    members: tuple[int, ...], pairs: tuple[tuple[int, int], ...], own: Sequence[Statistics],
    scores: pd.DataFrame, code: Codes, weights: Array | None, units: pd.Series | None,
) -> Joint:  # fmt: skip
    if len(members) == 1 and units is None:
        return alone(members[0], own[0])
    keep = np.flatnonzero(code >= 0)
    group = code[keep]
    weight = scaled_weights(group, len(own[0].groups), None if weights is None else weights[keep])
    predictors, outcomes = [], []
    for found in own:
        names = [*found.equation.predictors, found.equation.outcome]
        centred = scores[names].to_numpy(dtype=float)[keep] - found.centre
        predictors += [np.ones((len(keep), 1)), centred[:, :-1]]
        outcomes.append(centred[:, -1:])
    stacked = np.concatenate([*predictors, *outcomes], axis=1)
    if units is None:
        unit, labels, starts = group, own[0].groups, np.arange(len(own[0].groups) + 1)
    else:
        unit, labels, starts = _units(units.to_numpy(dtype=object)[keep], group, len(own[0].groups))
    order = np.argsort(unit, kind="stable")
    rows = np.bincount(unit, minlength=len(labels))
    parts = np.split(order, np.cumsum(rows)[:-1])
    cross = np.stack([stacked[part].T @ (stacked[part] * weight[part, None]) for part in parts])
    return Joint(members, pairs, cross, starts, labels, rows)


def _units(names: NDArray[np.object_], group: Codes, G: int) -> tuple[Codes, tuple[str, ...], Codes]:
    """Return each row's unit, the units' labels and the first unit of each group; labels may recur."""
    name, labels = pd.factorize(names)
    key, unit = np.unique(group * len(labels) + name, return_inverse=True)
    starts = np.searchsorted(key // len(labels), np.arange(G + 1))
    return unit.astype(np.int64), tuple(str(labels[k]) for k in key % len(labels)), starts.astype(np.int64)


def _refuse_circles(equations: Sequence[Equation], members: Sequence[int]) -> None:
    """Raise where an outcome of a joint block leads back to itself: then rows have another density."""
    causes = {equation.outcome: set(equation.predictors) for equation in equations}
    for e in members if len(members) > 1 else ():
        seen: set[str] = set()
        ahead = set(causes[equations[e].outcome])
        while ahead:
            seen |= ahead
            ahead = set().union(*(causes.get(name, set()) for name in ahead)) - seen
        if equations[e].outcome in seen:
            raise SpecError(
                f"bayes: paths lead from {equations[e].outcome!r} back to itself, and its residual covaries "
                "with others; level scores takes paths without circles there"
            )
