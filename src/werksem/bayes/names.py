"""What the coefficients of a regression are called."""

from __future__ import annotations

from werksem.bayes.statistics import Statistics

__all__ = ["coefficient_name", "intercept_name"]


def intercept_name(outcome: str) -> str:
    """Return the name of a regression's intercept, as in ``estimates.csv``.

    >>> intercept_name("betrokkenheid")
    'betrokkenheid ~1'
    """
    return f"{outcome} ~1"


def coefficient_name(found: Statistics, k: int) -> str:
    """Return the name of coefficient ``k`` of a regression, the intercept being number 0."""
    return found.equation.parameters[k - 1] if k else intercept_name(found.equation.outcome)
