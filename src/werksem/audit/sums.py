"""Whether printed parts add up to their printed total, as far as rounding allows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from werksem.audit.table import Sum

__all__ = ["Added", "added"]


@dataclass(frozen=True, slots=True)
class Added:
    """A sum with what its parts give, how far that is off, and the most that rounding explains."""

    sum: Sum
    found: float
    off: float
    bound: float

    @property
    def consistent(self) -> bool:
        """Whether rounding explains the difference."""
        return abs(self.off) <= self.bound


def added(asked: Sum) -> Added:
    """Return whether parts add up: each is off by at most half of its last decimal, a printed total too.

    >>> found = added(Sum("row", (33.3, 33.3, 33.3), 100.0, True, 1, False))
    >>> found.off, found.bound, found.consistent
    (-0.1, 0.15, True)
    >>> added(Sum("n", (40.0, 59.0), 100.0, False, 0, True)).consistent
    False
    """
    exact = sum((Decimal(repr(float(part))) for part in asked.parts), Decimal(0))
    half = Decimal(0) if asked.counts else Decimal(5).scaleb(-asked.decimals - 1)
    bound = half * (len(asked.parts) + (not asked.exact_total))
    off = exact - Decimal(repr(float(asked.total)))
    return Added(asked, float(exact), float(off), float(bound))
