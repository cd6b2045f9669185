"""What cells say together: a predictor has one VIF in every regression of the same respondents on the same
predictors. Regressions with another n are of other respondents, however few: nothing is proven across."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from werksem.audit.bounds import SLACK, Bound
from werksem.audit.rounding import Interval, absolute, meet

__all__ = ["Block", "Conflict", "Excess", "blocks", "excesses"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two cells of one predictor, not both true: ``high`` needs a higher VIF than ``low`` may have."""

    predictor: str
    high: Bound
    low: Bound


@dataclass(frozen=True, slots=True)
class Block:
    """Outcomes with the same predictors; ``vif`` per predictor is what its possible cells have in common.

    Where outcomes differ in n their VIFs are only nearly the same; ``conflicts`` are of cells with one n.
    """

    predictors: tuple[str, ...]
    outcomes: tuple[str, ...]
    bounds: tuple[Bound, ...]
    vif: dict[str, Interval]
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Excess:
    """An outcome whose R² is beyond ``limit``: at least ``r2`` where ``above``, else at most."""

    outcome: str
    above: bool
    r2: float
    limit: float


def blocks(bounds: Sequence[Bound]) -> tuple[Block, ...]:
    """Return the cells in sets of outcomes with the same predictors and the same sample."""
    by_outcome: dict[str, list[Bound]] = {}
    for found in bounds:
        by_outcome.setdefault(found.cell.outcome, []).append(found)
    sets: dict[tuple[str, frozenset[str]], list[Bound]] = {}
    for cells in by_outcome.values():
        key = cells[0].outcome.sample, frozenset(found.cell.predictor for found in cells)
        sets.setdefault(key, []).extend(cells)
    return tuple(_block(cells) for cells in sets.values())


def _block(bounds: Sequence[Bound]) -> Block:
    predictors = tuple(dict.fromkeys(found.cell.predictor for found in bounds))
    outcomes = tuple(dict.fromkeys(found.cell.outcome for found in bounds))
    vif: dict[str, Interval] = {}
    conflicts: list[Conflict] = []
    for name in predictors:
        own = [found for found in bounds if found.cell.predictor == name and not found.reason]
        vif[name] = _common(own)
        for n in dict.fromkeys(found.outcome.n for found in own):
            conflicts += _conflicts(name, [found for found in own if found.outcome.n == n])
    return Block(predictors, outcomes, tuple(bounds), vif, tuple(conflicts))


def _common(cells: Sequence[Bound]) -> Interval:
    return meet((1.0, float("inf")), *(found.vif for found in cells))


def _conflicts(name: str, cells: Sequence[Bound]) -> Iterator[Conflict]:
    low, high = _common(cells)
    if low > high * (1 + SLACK):
        most, least = max(cells, key=lambda f: f.vif[0]), min(cells, key=lambda f: f.vif[1])
        yield Conflict(name, most, least)


def excesses(found: Sequence[Block]) -> tuple[Excess, ...]:
    """Return the outcomes whose R² = beta'R beta no correlations within the VIFs' bounds can give.

    A squared correlation of two predictors is at most the smaller of their 1 - 1/VIF. Outcomes with a beta
    that is unknown or a cell that is impossible are left out. VIFs are those of cells with the same n.
    """
    return tuple(excess for block in found for name in block.outcomes for excess in _excess(block, name))


def _excess(block: Block, outcome: str) -> Iterator[Excess]:
    cells = {bound.cell.predictor: bound for bound in block.bounds if bound.cell.outcome == outcome}
    sizes = np.array([absolute(cells[name].cell.beta) for name in block.predictors])
    if any(bound.reason for bound in cells.values()) or not np.isfinite(sizes).all():
        return
    n = cells[block.predictors[0]].outcome.n
    same = [bound for bound in block.bounds if bound.outcome.n == n and not bound.reason]
    vif = [_common([b for b in same if b.cell.predictor == name])[1] for name in block.predictors]
    shared = np.array([1 - 1 / max(most, 1.0) for most in vif])
    most = np.sqrt(np.minimum.outer(shared, shared))
    np.fill_diagonal(most, 0.0)
    between = float(sizes[:, 1] @ most @ sizes[:, 1])
    ends = (float((sizes[:, 0] ** 2).sum()) - between, float((sizes[:, 1] ** 2).sum()) + between)
    low, high = cells[block.predictors[0]].outcome.r2
    if low > ends[1] * (1 + SLACK):
        yield Excess(outcome, True, low, ends[1])
    if high < ends[0] * (1 - SLACK):
        yield Excess(outcome, False, high, ends[0])
