"""What cells say together: a predictor has one VIF in every regression on the same predictors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    """Outcomes with the same predictors; ``vif`` per predictor is what its possible cells have in common."""

    predictors: tuple[str, ...]
    outcomes: tuple[str, ...]
    bounds: tuple[Bound, ...]
    vif: dict[str, Interval]
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Excess:
    """An outcome whose R² is above ``most``, (sum of |beta|)², which no correlations can exceed."""

    outcome: str
    r2: float
    most: float


def blocks(bounds: Sequence[Bound]) -> tuple[Block, ...]:
    """Return the cells in sets of outcomes with the same predictors, the same respondents assumed."""
    by_outcome: dict[str, list[Bound]] = {}
    for found in bounds:
        by_outcome.setdefault(found.cell.outcome, []).append(found)
    sets: dict[frozenset[str], list[Bound]] = {}
    for cells in by_outcome.values():
        sets.setdefault(frozenset(found.cell.predictor for found in cells), []).extend(cells)
    return tuple(_block(cells) for cells in sets.values())


def _block(bounds: Sequence[Bound]) -> Block:
    predictors = tuple(dict.fromkeys(found.cell.predictor for found in bounds))
    outcomes = tuple(dict.fromkeys(found.cell.outcome for found in bounds))
    vif, conflicts = {}, []
    for name in predictors:
        own = [found for found in bounds if found.cell.predictor == name and not found.reason]
        vif[name] = meet((1.0, float("inf")), *(found.vif for found in own))
        if vif[name][0] > vif[name][1] * (1 + SLACK):
            high = max(own, key=lambda found: found.vif[0])
            conflicts.append(Conflict(name, high, min(own, key=lambda found: found.vif[1])))
    return Block(predictors, outcomes, tuple(bounds), vif, tuple(conflicts))


def excesses(bounds: Sequence[Bound]) -> tuple[Excess, ...]:
    """Return the outcomes whose R² = beta'R beta is above (sum of |beta|)², its value if all correlated 1."""
    total: dict[str, float] = {}
    for found in bounds:
        most = absolute(found.cell.beta)[1]
        total[found.cell.outcome] = total.get(found.cell.outcome, 0.0) + most
    outcomes = {found.cell.outcome: found.outcome for found in bounds}
    return tuple(
        Excess(name, outcome.r2[0], total[name] ** 2)
        for name, outcome in outcomes.items()
        if outcome.r2[0] > total[name] ** 2 * (1 + SLACK)
    )
