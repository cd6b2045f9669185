"""Claims about means, marks, spreads and shares of respondents, within and between groups."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from werksem.spec.claims_base import Bounded, Claim, Groups, Positive, Ranks, Share, ranks_of
from werksem.spec.study import Name, Number, Section

__all__ = [
    "Difference", "Level", "NoDifference", "NoTrend", "Order", "OrderOfGroups", "ShareAbove", "Statistic",
    "Trend", "statistics_of",
]  # fmt: skip

KINDS = ("mean", "mark", "sd", "share")


class Statistic(Section):
    """A mean, a mark from 1 to 10, a standard deviation, or a share of the respondents, perhaps of a group.

    ``group`` is a value of ``by``, a column; without it of ``data.group``.
    """

    mean: Name | None = None
    mark: Name | None = None
    sd: Name | None = None
    share: Name | None = None
    above: Number | None = None
    at_least: Number | None = None
    below: Number | None = None
    at_most: Number | None = None
    between: tuple[Number, Number] | None = None
    group: Name | None = None
    by: Name | None = None

    @model_validator(mode="after")
    def _one(self) -> Statistic:
        if sum(getattr(self, kind) is not None for kind in KINDS) != 1:
            raise ValueError(f"a statistic is one of {', '.join(KINDS)}")
        bounds = (self.above, self.at_least, self.below, self.at_most, self.between)
        if (self.share is not None) != (sum(bound is not None for bound in bounds) == 1):
            raise ValueError("a share, and only that, has one of above, at_least, below, at_most, between")
        return self

    @property
    def kind(self) -> str:
        """Which of ``mean``, ``mark``, ``sd``, ``share`` it is."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def variable(self) -> str:
        """The variable it is of."""
        return str(getattr(self, self.kind))


class OrderOfGroups(Claim):
    """Groups from high to low, on a path, on the mean of a variable or on a statistic; a list is a tie.

    ``by`` is the column of the groups, ``data.group`` without it.
    """

    type: Literal["order of groups"]
    path: Name | None = None
    mean: Name | None = None
    of: Statistic | None = None
    by: Name | None = None
    order: Ranks

    @model_validator(mode="after")
    def _one(self) -> OrderOfGroups:
        if sum(given is not None for given in (self.path, self.mean, self.of)) != 1:
            raise ValueError("an order of groups is on a path or on a mean; give one of path, mean, of")
        if self.group is not None:
            raise ValueError("an order of groups is about several groups; leave out group")
        if self.path is not None and self.by is not None:
            raise ValueError("an order on a path is of data.group; leave out by")
        labels = [label for rank in self.ranks for label in rank]
        if len(set(labels)) < len(labels):
            raise ValueError("a group stands twice in the order")
        return self

    @property
    def ranks(self) -> tuple[tuple[str, ...], ...]:
        """The order with a tuple at every place."""
        return ranks_of(self.order)

    @property
    def statistic(self) -> Statistic | None:
        """What the respondents are put in order on, None for a path."""
        return Statistic(mean=self.mean) if self.mean is not None else self.of


class ShareAbove(Claim):
    """At least, or at most, this share of the respondents scores above a value."""

    type: Literal["share above"]
    variable: Name
    above: Number
    at_least: Share | None = None
    at_most: Share | None = None

    @model_validator(mode="after")
    def _one(self) -> ShareAbove:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("a share above is at_least or at_most a share; give one of the two")
        return self


class OfStatistics(Claim):
    """What is claimed of each of these statistics."""

    of: tuple[Statistic, ...]

    @model_validator(mode="after")
    def _some(self) -> OfStatistics:
        if not self.of:
            raise ValueError("of is at least one statistic")
        return self


class Level(OfStatistics, Bounded):
    """A statistic is at least, at most or between; where there are several, each of them."""

    type: Literal["level"]


class Order(Claim):
    """Statistics of the same respondents from high to low; ``each`` asks it of every group of a column."""

    type: Literal["order"]
    order: tuple[Statistic, ...]
    each: Name | None = None

    @model_validator(mode="after")
    def _two(self) -> Order:
        if len(self.order) < 2:
            raise ValueError("an order is of at least two statistics")
        return self


class Difference(Bounded):
    """The first statistic minus the second is at least, at most or between."""

    type: Literal["difference"]
    first: Statistic
    second: Statistic


class NoDifference(OfStatistics):
    """Groups do not differ: every two by less than ``within`` (means: in SDs, .20; shares: .05).

    ``groups`` are those compared, of column ``by`` (else ``data.group``); all of them without it.
    """

    type: Literal["no difference"]
    by: Name | None = None
    groups: Groups | None = None
    within: Positive | None = None


class Trend(OfStatistics):
    """A statistic rises or falls over waves; ``wave`` is a column of numbers.

    After each of ``breaks`` the level may have moved: only change between breaks counts.
    """

    type: Literal["trend"]
    wave: Name
    direction: Literal["rises", "falls"]
    breaks: tuple[Number, ...] = ()


class NoTrend(OfStatistics):
    """From first to last wave a statistic moves less than ``within`` (means: in SDs, .20; shares: .05)."""

    type: Literal["no trend"]
    wave: Name
    breaks: tuple[Number, ...] = ()
    within: Positive | None = None


def statistics_of(claim: Claim) -> tuple[Statistic, ...]:
    """Return the statistics that a claim names, none for one about paths."""
    if isinstance(claim, Order):
        return claim.order
    if isinstance(claim, Difference):
        return (claim.first, claim.second)
    if isinstance(claim, OrderOfGroups):
        return () if claim.statistic is None else (claim.statistic,)
    return getattr(claim, "of", ())
