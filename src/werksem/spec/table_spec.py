"""What every descriptive table of a study file has: its name, what it is of, its groups and rows."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from werksem.spec.model_file import AnyLabel, LabelText
from werksem.spec.section import Name, Number, Section

__all__ = ["WAVE", "Grouping", "TableSpec", "rising"]

# what tables and claims call the waves of a study with several, as groups
WAVE = "wave"

Names = Annotated[tuple[Name, ...], Field(min_length=1)]


def rising(bounds: tuple[float, ...]) -> tuple[float, ...]:
    """Return bounds that rise; raises ``ValueError`` for others."""
    if list(bounds) != sorted(set(bounds)):
        raise ValueError(f"bounds rise and each stands once, found {list(bounds)}")
    return bounds


class Grouping(Section):
    """Groups that are no column: classes of a score (at most each bound), or who has a 1 on an indicator.

    Respondents may be in several groups of ``indicators``, so these have no total.
    """

    classes: Name | None = None
    at: tuple[Number, ...] = ()
    labels: tuple[Name, ...] = ()
    indicators: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _one(self) -> Grouping:
        if (self.classes is None) == (not self.indicators):
            raise ValueError("groups are classes of one score, or indicators; give one of the two")
        if (self.classes is None) != (not self.at):
            raise ValueError("classes of a score need at, their upper bounds such as [2.5, 3.5]")
        if self.labels and len(self.labels) != (len(self.at) + 1 if self.classes else len(self.indicators)):
            groups = len(self.at) + 1 if self.classes else len(self.indicators)
            raise ValueError(f"there are {groups} groups and {len(self.labels)} labels")
        for names in (self.labels, self.indicators):
            if len(set(names)) < len(names):
                raise ValueError(f"every group has a name of its own, found {', '.join(names)}")
        rising(self.at)
        return self


class TableSpec(Section):
    """What all tables have: a name, what they are about, perhaps groups, a row filter, title and place."""

    all_waves: ClassVar[bool] = False
    kind: str
    table: Annotated[str, Field(pattern=r"^\w[\w .+-]*$")]
    title: AnyLabel = LabelText()
    source: str = ""
    of: Names
    by: Name | Grouping | None = None
    where: str | None = None
