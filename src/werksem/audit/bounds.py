"""What a cell says of its predictor's variance inflation factor, and whether it can be true at all.

From t = beta / sqrt((1 - R²)/(n - k - 1) · VIF): VIF = beta² (n - k - 1) / ((1 - R²) t²). Every number is
the interval it was rounded from, so a bound is the most extreme value that any of them allow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from werksem.audit.rounding import EVERYTHING, UNSIGNED, Interval, absolute, meet
from werksem.audit.strength import strength
from werksem.audit.table import Cell, Outcome

__all__ = ["Bound", "bound", "least_beta"]

SLACK = 1e-9  # relative: no proof from the last bits of a number


@dataclass(frozen=True, slots=True)
class Bound:
    """A cell with the |t| it allows and its VIF's bounds; ``reason`` is empty where it is possible.

    Reasons: ``test`` (stars, p, t and standard error contradict one another), ``vif`` (it needs
    a VIF below 1), ``share`` (alone it explains more than R²), ``range`` (its bounds of VIF contradict).
    """

    cell: Cell
    outcome: Outcome
    t: Interval
    vif: Interval
    reason: str

    @property
    def informative(self) -> bool:
        """Whether the cell bounds its VIF at all."""
        return self.vif[0] > 1 or math.isfinite(self.vif[1])


def bound(cell: Cell, outcome: Outcome) -> Bound:
    """Return the bounds of a cell's VIF and the verdict on it.

    >>> from werksem.audit.rounding import r2_interval, rounded
    >>> r2 = r2_interval(0.046, 3, adjusted=True, n=4349, k=14)
    >>> regression = Outcome("y", 4349, 14, r2, 0.046, True, 3)
    >>> found = bound(Cell("y", "x", -0.024, rounded(-0.024, 3), star_p=(0.0, 0.001)), regression)
    >>> found.reason, round(found.vif[1], 3)
    ('vif', 0.252)
    """
    t = strength(cell, outcome.df)
    sources = [UNSIGNED, _from_t(cell, outcome, t), _from_se(cell, outcome), _from_share(cell, outcome)]
    if outcome.k == 1:
        sources.append((1.0, 1.0))
    found = meet(*sources)
    vif = (max(found[0], 1.0), found[1])
    return Bound(cell, outcome, t, vif, _reason(outcome, t, vif))


def _from_t(cell: Cell, outcome: Outcome, t: Interval) -> Interval:
    low, high = absolute(cell.beta)
    if outcome.df is None:
        return UNSIGNED
    least = low**2 * outcome.df / ((1 - outcome.r2[0]) * t[1] ** 2) if 0 < t[1] < math.inf else 0.0
    room = (1 - outcome.r2[1]) * t[0] ** 2
    return least, (high**2 * outcome.df / room if room > 0 else math.inf)


def _from_se(cell: Cell, outcome: Outcome) -> Interval:
    """Return the bounds from VIF = se² (n - k - 1) / (1 - R²)."""
    low, high = cell.se
    if outcome.df is None or not math.isfinite(high):
        return UNSIGNED
    left = 1 - outcome.r2[1]
    return low**2 * outcome.df / (1 - outcome.r2[0]), high**2 * outcome.df / left if left > 0 else math.inf


def _from_share(cell: Cell, outcome: Outcome) -> Interval:
    """Return the bound from beta²/VIF, what the predictor alone adds to R², being at most R²."""
    low = absolute(cell.beta)[0]
    return (low**2 / outcome.r2[1] if outcome.r2[1] > 0 else 0.0), math.inf


def _reason(outcome: Outcome, t: Interval, vif: Interval) -> str:
    if t[0] > t[1] * (1 + SLACK):
        return "test"
    if vif[1] < 1 - SLACK:
        return "vif"
    r2 = outcome.r2[1]
    if outcome.df is not None and r2 < 1 and t[0] ** 2 > outcome.df * r2 / (1 - r2) * (1 + SLACK):
        return "share"
    return "range" if vif[0] > vif[1] * (1 + SLACK) else ""


def least_beta(found: Bound) -> float:
    """Return the smallest |beta| that has the cell's t, at VIF 1; 0 where that is unknown."""
    if found.outcome.df is None or not math.isfinite(found.t[0]) or found.cell.beta == EVERYTHING:
        return 0.0
    return found.t[0] * math.sqrt((1 - found.outcome.r2[1]) / found.outcome.df)
