"""A published regression table: its cells, outcomes and sums, every number as what it was rounded from."""

from __future__ import annotations

from dataclasses import dataclass, field

from werksem.audit.rounding import EVERYTHING, UNSIGNED, Interval

__all__ = ["Cell", "Outcome", "Sum", "Table"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One coefficient; what was not printed is an interval without limits.

    ``beta`` is standardised, ``printed`` the number it stands for (NaN where lost or not standardised);
    ``se`` is of beta, ``t`` without its sign (some tables print it so), ``ratio`` the |t| of coefficient and
    standard error give, ``p`` and ``star_p`` two-sided. ``stars`` is None where the table has none, empty
    where it has them and this cell has not.
    """

    outcome: str
    predictor: str
    printed: float
    beta: Interval = EVERYTHING
    se: Interval = UNSIGNED
    ratio: Interval = UNSIGNED
    t: Interval = UNSIGNED
    p: Interval = (0.0, 1.0)
    star_p: Interval = (0.0, 1.0)
    stars: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One regression: n and R² as printed (None where not) and the R² that allows; ``k`` predictors.

    Outcomes of the same ``sample`` have the same respondents.
    """

    name: str
    n: int | None
    k: int
    r2: Interval
    printed: float | None
    adjusted: bool
    decimals: int
    sample: str = ""

    @property
    def df(self) -> int | None:
        """Degrees of freedom of t, None where n is unknown."""
        return None if self.n is None else self.n - self.k - 1


@dataclass(frozen=True, slots=True)
class Sum:
    """Numbers that should add up; ``counts`` are not rounded, others have ``decimals``."""

    name: str
    parts: tuple[float, ...]
    total: float
    exact_total: bool
    decimals: int
    counts: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read; ``decimals`` of its betas, ``language`` of what is printed about it."""

    name: str
    source: str
    language: str
    decimals: int
    outcomes: dict[str, Outcome]
    cells: tuple[Cell, ...]
    sums: tuple[Sum, ...] = field(default=())
