"""What all claims share, and the ways a claim may bound a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, model_validator

from werksem.spec.study import Name, Number, Section

__all__ = ["Bounded", "Claim", "Direction", "Groups", "Paths", "Positive", "Ranks", "Share", "tidy"]

Positive = Annotated[Number, Field(gt=0)]
Share = Annotated[Number, Field(ge=0, le=1)]
Paths = Annotated[tuple[Name, ...], Field(min_length=1)]
Direction = Literal["positive", "negative"]
Rank = Name | tuple[Name, ...]
Groups = Annotated[tuple[Name, ...], Field(min_length=2)]
Ranks = Annotated[tuple[Rank, ...], Field(min_length=2)]


class Claim(Section):
    """What all claims share: an id, the sentence, where it stands, and perhaps the one group it is about.

    ``finding`` puts claims together that are parts of one finding; without it the id does. ``note`` is what
    a reader must know of it; ``known_deviation`` where its sources contradict themselves.
    """

    id: Name
    statement: Name
    source: str = ""
    group: Name | None = None
    finding: str = ""
    note: str = ""
    known_deviation: str = ""


class Bounded(Claim):
    """A number is at least, at most, or between."""

    at_least: Number | None = None
    at_most: Number | None = None
    between: tuple[Number, Number] | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> Bounded:
        given = [bound is not None for bound in (self.at_least, self.at_most, self.between)]
        if sum(given) != 1:
            raise ValueError("a number is claimed to be at_least, at_most or between; give one of the three")
        if self.between is not None and self.between[0] >= self.between[1]:
            raise ValueError("between runs from low to high")
        return self


def ranks_of(order: Sequence[Rank]) -> tuple[tuple[str, ...], ...]:
    """Return an order with a tuple at every place.

    >>> ranks_of(["Rijk", ("GR", "ZBO")])
    (('Rijk',), ('GR', 'ZBO'))
    """
    return tuple((rank,) if isinstance(rank, str) else tuple(rank) for rank in order)


def tidy(path: str) -> str:
    """Return a path with one blank on either side of ``~``, a correlation with its names in order.

    >>> tidy("y~x"), tidy("y~~x")
    ('y ~ x', 'x ~~ y')
    """
    if "~~" in path:
        return " ~~ ".join(sorted(part.strip() for part in path.split("~~")))
    return " ~ ".join(part.strip() for part in path.split("~"))
