"""Which rule judges which type of claim, and which engines can."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werksem.compare import contrasts_claimed, paths_claimed, statistics_claimed
from werksem.compare.paths_claimed import Judged
from werksem.spec.claims import (
    R2,
    AsStrongAs,
    Claim,
    Correlation,
    DeltaR2,
    Difference,
    Level,
    NoDifference,
    NoEffect,
    NoTradeOff,
    NoTrend,
    Order,
    OrderOfGroups,
    Pattern,
    Sign,
    Small,
    Strong,
    StrongerThan,
    Suppression,
    Trend,
    WeakerThan,
)

__all__ = ["JUDGES", "Judge"]

ROWS = ("ols", "sem", "bootstrap")
MODELS = (*ROWS, "bayes")
DATA = ("data",)


@dataclass(frozen=True, slots=True)
class Judge:
    """A rule ``(claim, found, thresholds)`` for verdict and evidence, and the engines it asks."""

    rule: Callable[[Any, Any, Any], Judged | None]
    engines: tuple[str, ...] = MODELS


JUDGES: dict[type[Claim], Judge] = {
    Sign: Judge(paths_claimed.signed),
    NoEffect: Judge(paths_claimed.negligible),
    Small: Judge(paths_claimed.slight),
    Strong: Judge(paths_claimed.sturdy),
    Pattern: Judge(paths_claimed.patterned),
    StrongerThan: Judge(contrasts_claimed.surpassed),
    WeakerThan: Judge(contrasts_claimed.surpassed),
    AsStrongAs: Judge(contrasts_claimed.alike),
    NoTradeOff: Judge(contrasts_claimed.traded),
    Suppression: Judge(contrasts_claimed.suppressed, ROWS),
    R2: Judge(contrasts_claimed.explained, ROWS),
    DeltaR2: Judge(contrasts_claimed.explained, ROWS),
    Correlation: Judge(paths_claimed.correlated, ("data", "sem", "bootstrap")),
    Level: Judge(statistics_claimed.levelled, DATA),
    Order: Judge(statistics_claimed.ordered, DATA),
    OrderOfGroups: Judge(statistics_claimed.ranked, DATA),
    Difference: Judge(statistics_claimed.apart, DATA),
    NoDifference: Judge(statistics_claimed.same, DATA),
    Trend: Judge(statistics_claimed.moved, DATA),
    NoTrend: Judge(statistics_claimed.unmoved, DATA),
}
