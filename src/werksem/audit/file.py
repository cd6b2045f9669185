"""The keys of a published table in YAML; a CSV table is read into the same keys."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, StrictInt, field_validator, model_validator

from werksem.spec.study import Count, Name, Number, Section

__all__ = ["DecimalsPart", "Entry", "OutcomePart", "SumPart", "TableFile"]

Decimals = Annotated[StrictInt, Field(ge=0, le=15)]
Positive = Annotated[Number, Field(gt=0)]
Alpha = Annotated[Number, Field(gt=0, lt=1)]
STARS = {"*": 0.05, "**": 0.01, "***": 0.001}


class DecimalsPart(Section):
    """Decimals as printed, where the numbers themselves do not show it."""

    beta: Decimals | None = None
    b: Decimals | None = None
    r2: Decimals | None = None
    se: Decimals | None = None
    t: Decimals | None = None
    p: Decimals | None = None
    sd: Decimals | None = None


class Remarks(Section):
    """Words about a number, which an audit does not use."""

    note: Any = None
    place: Any = None
    certainty: Any = None
    known_deviation: Any = None


# squares of larger numbers, times n, are no numbers any more
Printed = Annotated[Number, Field(ge=-1e9, le=1e9)]


class OutcomePart(Remarks):
    """n and R² of one regression; its own stars, of the F test, are not used.

    Regressions with another ``sample`` are of other respondents, and not held together.
    """

    n: Count | None = None
    r2: Annotated[Number, Field(ge=0, le=1)] | None = None
    adj_r2: Annotated[Number, Field(ge=-1, le=1)] | None = None
    sample: str = ""
    stars: Any = None
    rounding: Any = None

    @model_validator(mode="after")
    def _one(self) -> OutcomePart:
        if self.r2 is not None and self.adj_r2 is not None:
            raise ValueError("right is r2 or adj_r2, not both")
        return self


class Entry(Remarks):
    """One cell: beta (standardised) or b (in units; ``sd`` of the table standardises it), and its test.

    ``rounding`` is the step the coefficient was rounded to, where not that of its decimals.
    """

    lhs: Name
    rhs: Name
    group: Literal["all"] = "all"
    beta: Printed | None = None
    b: Printed | None = None
    rounding: Positive | None = None
    sign: Any = None
    stars: str | None = None
    se: Positive | None = None
    t: Number | None = None
    df: Number | None = None
    p: Annotated[Number, Field(ge=0, le=1)] | str | None = None

    @field_validator("p")
    @classmethod
    def _below(cls, value: float | str | None) -> float | str | None:
        if isinstance(value, str) and not re.fullmatch(r"<\s*0?\.\d+", value):
            raise ValueError(f'found "{value}", right is a number or, as text, "<.001"')
        return value

    @model_validator(mode="after")
    def _one(self) -> Entry:
        if self.beta is not None and self.b is not None:
            raise ValueError("right is beta or b, not both")
        if self.lhs == self.rhs:
            raise ValueError(f'"{self.lhs}" is outcome and predictor of itself')
        return self


class SumPart(Remarks):
    """Numbers that should add up to ``total``: 100 exactly where none is printed."""

    name: Name
    parts: Annotated[tuple[Number, ...], Field(min_length=1)]
    total: Number | None = None
    decimals: Decimals | None = None
    counts: StrictBool = False


class TableFile(Remarks):
    """A published regression table; ``rounding`` is that of every cell that has none, ``values`` not used."""

    published: str = ""
    about: Any = None
    rounding: Positive | None = None
    values: Any = None
    source: str = ""
    title: str = ""
    language: Literal["nl", "en"] = "nl"
    stars: dict[Name, Alpha] = STARS
    decimals: DecimalsPart = DecimalsPart()
    sd: dict[Name, Positive] = Field(default_factory=dict)
    outcomes: dict[Name, OutcomePart] = Field(default_factory=dict)
    betas: tuple[Entry, ...] = ()
    totals: tuple[SumPart, ...] = ()

    @model_validator(mode="after")
    def _something(self) -> TableFile:
        if not self.betas and not self.totals:
            raise ValueError("there is nothing to audit; right are betas: or totals:")
        if len(set(self.stars.values())) < len(self.stars):
            raise ValueError("stars: each mark has a p of its own")
        return self
