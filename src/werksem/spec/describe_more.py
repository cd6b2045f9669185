"""Tables of a study file that count answers given together, moves, waves and differences."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, StrictBool, model_validator

from werksem.errors import SpecError
from werksem.spec.filters import parse_filter
from werksem.spec.section import Count, Name, Number
from werksem.spec.table_spec import Grouping, TableSpec

__all__ = ["Difference", "MultiResponse", "OriginDestination", "Trend"]

Values = tuple[Number, ...]
# keys of YAML are text
Year = Annotated[str, BeforeValidator(str), Field(pattern=r"^\d+([.]\d+)?$")]


def _conditions(*texts: str | None) -> None:
    for text in texts:
        try:
            if text is not None:
                parse_filter(text)
        except SpecError as problem:
            raise ValueError(problem.message) from None


class MultiResponse(TableSpec):
    """Columns of 0 and 1 that respondents tick together, as shares of respondents (they add to over 1).

    ``base`` is who was asked; ``within`` are conditions of which that base is a part, for its share of
    them. ``most`` is how many one may tick; ``top`` keeps the first so many ranks; ``responses`` adds
    shares of all ticks.
    """

    all_waves: ClassVar[bool] = True
    kind: Literal["multi_response"]
    base: str | None = None
    within: tuple[Name, ...] = ()
    most: Count | None = None
    top: Count | None = None
    responses: StrictBool = False

    @model_validator(mode="after")
    def _read(self) -> MultiResponse:
        _conditions(self.base, *self.within)
        return self


class OriginDestination(TableSpec):
    """Where those who left each origin (``by``) went (``of``, one column), as shares of two bases.

    ``leavers`` is whose destinations count (everyone with a destination where it is not given);
    ``within`` are conditions of which they are a part, for the origins' totals; ``top`` as above.
    """

    kind: Literal["origin_destination"]
    of: Annotated[tuple[Name, ...], Field(min_length=1, max_length=1)]
    by: Name | Grouping
    leavers: str | None = None
    within: tuple[Name, ...] = ()
    top: Count | None = None

    @model_validator(mode="after")
    def _read(self) -> OriginDestination:
        _conditions(self.leavers, *self.within)
        return self


class _Compared(TableSpec):
    """What is compared: means, marks of 1-10, or the share that gives one of ``values`` (1 if not given).

    ``bound`` is the difference that does not matter: d .20 for means and marks, .05 for shares.
    """

    measure: Literal["mean", "mark", "share"] = "mean"
    values: Values = ()
    bound: Annotated[Number, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _shares_have_values(self) -> _Compared:
        if self.values and self.measure != "share":
            raise ValueError(f"values belong to measure: share, found measure: {self.measure}")
        return self


class Trend(_Compared):
    """An estimate per wave, its slope per year, and changes; a series breaks after each year of ``breaks``.

    ``published`` are points of a variable from elsewhere, year to value: shown beside, never tested.
    """

    all_waves: ClassVar[bool] = True
    kind: Literal["trend"]
    breaks: tuple[Number, ...] = ()
    published: dict[Name, dict[Year, Number]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _published_of_these(self) -> Trend:
        for name, points in self.published.items():
            if name not in self.of:
                raise ValueError(
                    f"published: {name} is not one of the variables, which are {', '.join(self.of)}"
                )
            if self.measure == "share" and not all(0 <= value <= 1 for value in points.values()):
                raise ValueError(
                    f"published: shares lie between 0 and 1 (75 % is 0.75), found {dict(points)}"
                )
        return self


class Difference(_Compared):
    """Groups of ``by`` compared: each with the rest, all pairs, each with a ``reference``, or ``contrasts``.

    A contrast has weights per group that add to 0, the positive ones to 1: {beleid: 1, uitvoering: -1}.
    """

    kind: Literal["difference"]
    by: Name | Grouping
    compare: Literal["rest", "pairs", "reference", "contrasts"] = "rest"
    reference: Name | None = None
    contrasts: dict[Name, dict[Name, Number]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_comparison(self) -> Difference:
        if isinstance(self.by, Grouping) and self.by.indicators:
            raise ValueError("groups of indicators overlap; a difference is between groups that do not")
        if (self.reference is not None) != (self.compare == "reference"):
            raise ValueError("reference: NAME goes with compare: reference, and only with that")
        if bool(self.contrasts) != (self.compare == "contrasts"):
            raise ValueError("contrasts: go with compare: contrasts, and only with that")
        for name, weights in self.contrasts.items():
            above = sum(w for w in weights.values() if w > 0)
            if abs(sum(weights.values())) > 1e-9 or abs(above - 1) > 1e-9:
                raise ValueError(
                    f"contrasts.{name}: weights add to 0, the positive ones to 1, found {dict(weights)}"
                )
        return self
