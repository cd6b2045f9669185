"""Published numbers as frozen types: betas, and other values with their place, rounding and certainty."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StrictInt, model_validator

from werksem.spec.study import Name, Number, Section

__all__ = ["Beta", "Certainty", "Outcome", "Published", "Value"]

# what older files call it, and what it is called here; a value read off a figure has a rounding of its own
SYNONYMS = {"printed": "exact", "read": "exact"}
Positive = Annotated[Number, Field(gt=0)]
Stars = Literal["", "*", "**", "***"]
Wave = StrictInt | Literal[""]


def _certainty(found: Any) -> Any:
    return SYNONYMS.get(found, found) if isinstance(found, str) else found


Certainty = Annotated[
    Literal["", "exact", "words", "lost"],
    BeforeValidator(
        _certainty, json_schema_input_type=Literal["", "exact", "words", "lost", "printed", "read"]
    ),
]


class Outcome(Section):
    """What a table prints of a whole regression: respondents, adjusted R2 and its stars."""

    n: Annotated[StrictInt, Field(ge=1)] | None = None
    adj_r2: Number | None = None
    r2: Number | None = None
    stars: Stars = ""
    place: str = ""
    note: str = ""


class Beta(Section):
    """One standardised beta as printed; ``sign`` is what the prose says where the number is lost.

    ``b``, ``se`` and ``p`` are for whoever audits the table; here they are let through.
    """

    lhs: Name
    rhs: Name
    group: Name = "all"
    beta: Annotated[Number, Field(ge=-2, le=2)] | None = None
    sign: Literal["", "+", "-", "0"] = ""
    stars: Stars | None = ""
    certainty: Certainty = ""
    rounding: Positive | None = None
    t: Number | None = None
    df: Number | None = None
    place: str = ""
    note: str = ""
    known_deviation: str = ""
    b: Any = None
    se: Any = None
    p: Any = None


class Value(Section):
    """One number of a source: what it measures, of whom, and how exactly it is known.

    ``id`` is the row of the acceptance page it belongs to. A number in words has the bounds ``low`` and
    ``high`` that the words allow; a lost one has neither, and says nothing.
    """

    id: Name
    what: Name
    place: str = ""
    variable: Name
    measure: Name
    category: str = ""
    group: Name = "all"
    wave: Wave = ""
    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    unit: Literal["percent", "pp", "mark", "scale", "count", "thousand", "r2", "rank"] = "percent"
    rounding: Positive | None = None
    certainty: Certainty = ""
    text: str = ""
    known_deviation: str = ""

    @model_validator(mode="after")
    def _says_what_it_knows(self) -> Self:
        bounds = self.low is not None and self.high is not None
        if self.certainty == "lost" and (self.value is not None or bounds):
            raise ValueError("a lost number has no value and no bounds")
        if self.certainty == "words" and not (self.text and bounds):
            raise ValueError("a number in words needs text, low and high")
        if self.certainty in ("", "exact") and self.value is None:
            raise ValueError("needs a value; a number that the text lost has certainty: lost")
        if (self.low is None) != (self.high is None) or (bounds and not self._in_order()):
            raise ValueError("low and high go together, low first")
        return self

    def _in_order(self) -> bool:
        return self.low is not None and self.high is not None and self.low <= self.high


class Published(Section):
    """A file of published numbers: ``betas`` of regressions, other ``values``, or both.

    ``certainty`` and ``rounding`` hold for every number that does not say otherwise. ``language``, ``stars``,
    ``decimals``, ``sd`` and ``totals`` are for whoever audits the table; here they are let through.
    """

    published: str = ""
    source: str = ""
    title: str = ""
    note: str = ""
    language: Any = None
    certainty: Certainty = ""
    rounding: Positive | None = None
    stars: Any = None
    decimals: Any = None
    sd: Any = None
    totals: Any = None
    outcomes: dict[Name, Outcome] = Field(default_factory=dict)
    betas: list[Beta] = Field(default_factory=list)
    values: list[Value] = Field(default_factory=list)

    @model_validator(mode="after")
    def _has_numbers(self) -> Self:
        if not self.betas and not self.values:
            raise ValueError("a file of published numbers needs betas: or values:, a list of them")
        return self
