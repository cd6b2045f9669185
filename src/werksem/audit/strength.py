"""How strong a cell's t may be: from its stars, p, t, and the ratio to its standard error."""

from __future__ import annotations

from werksem.audit.rounding import Interval, meet
from werksem.audit.table import Cell

__all__ = ["critical", "strength", "strengths"]


def critical(p: float, df: int) -> float:
    """Return the |t| with this two-sided p: 0 for p = 1, infinite for p = 0.

    >>> round(critical(0.05, 4334), 3), round(critical(0.001, 4334), 3)
    (1.961, 3.293)
    """
    from scipy.special import stdtrit

    if p <= 0:
        return float("inf")
    return 0.0 if p >= 1 else float(-stdtrit(df, p / 2))


def strengths(cell: Cell, df: int | None) -> dict[str, Interval]:
    """Return the |t| that each of ``stars``, ``p``, ``t`` and ``se`` allows; the first two need df."""
    found = {"t": cell.t, "se": cell.ratio}
    if df is not None:
        for name, (low, high) in (("stars", cell.star_p), ("p", cell.p)):
            found[name] = (critical(high, df), critical(low, df))
    return found


def strength(cell: Cell, df: int | None) -> Interval:
    """Return the |t| that all of them allow; the lower end is above the upper where they contradict.

    >>> cell = Cell("y", "x", -0.024, star_p=(0.0, 0.001), stars="***")
    >>> [round(end, 2) for end in strength(cell, 4334)]
    [3.29, inf]
    """
    return meet(*strengths(cell, df).values())
