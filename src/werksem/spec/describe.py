"""The ``describe`` section of a study file: which descriptive tables, of what, by whom, and how."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, field_validator, model_validator

from werksem.spec.describe_more import Difference, MultiResponse, OriginDestination, Trend
from werksem.spec.section import Level, Name, Number, Section
from werksem.spec.table_spec import Grouping, TableSpec, rising

__all__ = [
    "Classes", "Describe", "Enps", "Grouping", "Histogram", "Items", "Marks", "Means", "OneIn", "ShareBelow",
    "Table", "TableSpec", "ThreeWay", "Top2",
]  # fmt: skip

Rule = Literal["lineair", "knik36", "dubbel"]
Bounds = Annotated[tuple[Number, ...], Field(min_length=1)]
Positive = Annotated[Number, Field(gt=0)]


class Means(TableSpec):
    """Means and standard deviations of scales or columns."""

    kind: Literal["means"]


class Marks(TableSpec):
    """Marks of 1 to 10 from means of 1 to 5; ``direct`` answers are marks already.

    ``insufficient`` adds the share whose scale mean is below 3, which is not the share with a mark below 6.
    """

    kind: Literal["marks"]
    rule: Literal["lineair", "knik36", "dubbel", "direct"] | None = None
    insufficient: StrictBool = False


class Top2(TableSpec):
    """The share with one of the two highest answers; ``dont_know`` are answers that count in the base."""

    kind: Literal["top2"]
    dont_know: tuple[Number, ...] = ()


class ThreeWay(TableSpec):
    """The two highest answers, those between, the two lowest, and "don't know" where it has an answer."""

    kind: Literal["three_way"]
    dont_know: tuple[Number, ...] = ()


class Items(TableSpec):
    """Every answer's share, the two highest together, and the mean, per item as it was worded."""

    kind: Literal["items"]
    dont_know: tuple[Number, ...] = ()


class Classes(TableSpec):
    """Shares of scores in classes that are closed on the right: at most each bound, and above the last."""

    kind: Literal["classes"]
    at: Bounds = (2.5, 3.5)

    @field_validator("at")
    @classmethod
    def _bounds(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        return rising(value)


class Enps(TableSpec):
    """Promoters, passives and detractors, and promoters minus detractors, -100 to 100.

    ``werkonderzoek``: 8-10, 6-7, 1-5 of answers 1-10; ``standaard``: 9-10, 7-8, 0-6 of answers 0-10.
    """

    kind: Literal["enps"]
    scheme: Literal["werkonderzoek", "standaard"] = "werkonderzoek"


class Histogram(TableSpec):
    """Shares of scores in bins of equal width, closed on the left; ``below`` adds the share below a score."""

    kind: Literal["histogram"]
    width: Positive = 0.5
    below: Number | None = 3.0


class _Part(TableSpec):
    below: Number | None = None
    above: Number | None = None
    answers: tuple[Number, ...] = ()

    @model_validator(mode="after")
    def _one(self) -> _Part:
        given = [self.below is not None, self.above is not None, bool(self.answers)]
        if sum(given) != 1:
            raise ValueError("give one of below, above, answers")
        return self


class ShareBelow(_Part):
    """The share of scores below a bound, above one, or among certain answers."""

    kind: Literal["share_below"]


class OneIn(_Part):
    """The same share said as "1 in k"."""

    kind: Literal["one_in"]


Table = Annotated[
    Means
    | Marks
    | Top2
    | ThreeWay
    | Items
    | Classes
    | Enps
    | Histogram
    | ShareBelow
    | OneIn
    | MultiResponse
    | OriginDestination
    | Trend
    | Difference,
    Field(discriminator="kind"),
]


class Describe(Section):
    """Descriptive tables; without ``tables`` there are marks and items of every scale.

    ``waves`` are the files of other waves, ``wave`` names the study's own, ``breaks`` are waves after which a
    series breaks. Which cells are hidden is said in the section ``disclosure``.
    """

    marks: Rule = "lineair"
    level: Level = 0.95
    wave: Name | None = None
    waves: dict[Name, Path] = Field(default_factory=dict)
    breaks: tuple[Number, ...] = ()
    tables: tuple[Table, ...] = ()

    @field_validator("waves", mode="before", json_schema_input_type=dict[Name, Path])
    @classmethod
    def _names(cls, value: Any) -> Any:
        """Read years as names."""
        return {str(key): file for key, file in value.items()} if isinstance(value, dict) else value

    @field_validator("wave", mode="before", json_schema_input_type=Name | int | float | None)
    @classmethod
    def _text(cls, value: Any) -> Any:
        """Read a year as a name."""
        return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value

    @model_validator(mode="after")
    def _whole(self) -> Describe:
        names = [table.table for table in self.tables]
        for at, name in enumerate(names):
            if name in names[:at]:
                raise ValueError(f'two tables are called "{name}"')
        if self.waves and (self.wave is None or self.wave in self.waves):
            raise ValueError("waves are other files; wave names the study's own, such as wave: 2024")
        return self
