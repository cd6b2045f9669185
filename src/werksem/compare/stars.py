"""Stars as the sources define them."""

from __future__ import annotations

__all__ = ["stars"]

STAR_RULE = ((0.001, "***"), (0.01, "**"), (0.05, "*"))


def stars(pvalue: float) -> str:
    """Return ``*`` for p ≤ .05, ``**`` for p ≤ .01, ``***`` for p ≤ .001, else nothing; NaN has none.

    >>> stars(0.05), stars(0.0501), stars(0.001)
    ('*', '', '***')
    """
    return next((mark for bound, mark in STAR_RULE if pvalue <= bound), "")
