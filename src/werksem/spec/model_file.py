"""The model file as it is written: checked key by key, not yet turned into statements."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, StrictFloat, StrictInt

from werksem.spec.section import Name, Number, Section

__all__ = ["Enumerate", "LabelText", "Measurement", "ModelFile", "Modifier"]


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


# what may stand before `*` in lavaan (a label, NA, start(1), c(a, b)), a number, or one entry per group
Modifier = Number | str | list[Number | str | None] | None
Names = Annotated[tuple[Name, ...], BeforeValidator(_as_list, json_schema_input_type=Name | tuple[Name, ...])]


Listed = list[Name] | dict[Name, Modifier]
Predictors = Annotated[Listed, BeforeValidator(_as_list, json_schema_input_type=Name | Listed)]


def _one_line(text: str) -> str:
    return " ".join(text.split())


Line = Annotated[str, AfterValidator(_one_line)]


class LabelText(Section):
    """A label per language."""

    nl: Line = ""
    en: Line = ""


def _label(value: object) -> object:
    return {"nl": value, "en": value} if isinstance(value, str) else value


AnyLabel = Annotated[LabelText, BeforeValidator(_label, json_schema_input_type=str | LabelText)]


class Measurement(Section):
    """One construct: its items, how they are keyed and scaled, and what readers call it.

    ``items`` may be left out where ``syntax`` has the construct's ``=~`` line. ``loadings`` gives
    items a label, a fixed value or a start; ``cross_loadings`` are items of other constructs that
    load here too, but do not count in this construct's scale mean.
    """

    label: AnyLabel = LabelText()
    items: tuple[Name, ...] = ()
    reversed: tuple[Name, ...] = ()
    scale: Annotated[tuple[Number, ...], Field(min_length=2, max_length=2)] | None = None
    min_items: Annotated[StrictInt, Field(ge=1)] | None = None
    missing_codes: tuple[Number, ...] = ()
    reliability: Annotated[StrictFloat, Field(gt=0, le=1)] | None = None
    item_labels: dict[Name, AnyLabel] = Field(default_factory=dict)
    loadings: dict[Name, Modifier] = Field(default_factory=dict)
    cross_loadings: tuple[Name, ...] = ()


class Enumerate(Section):
    """Every directed route from these variables to those."""

    sources: Names = Field(alias="from", min_length=1)
    targets: Names = Field(alias="to", min_length=1)


class ModelFile(Section):
    """The keys of a model file; statements come from the structured keys first, then from ``syntax``.

    ``cycles: true`` says that regressions are meant to run in a circle; without it they may not, except where
    ``syntax`` alone says so, path by path.
    """

    model: Name | None = None
    label: AnyLabel = LabelText()
    include: Names = ()
    measurement: dict[Name, Measurement] = Field(default_factory=dict)
    structural: dict[Name, Predictors] = Field(default_factory=dict)
    covariances: tuple[Annotated[list[Number | str], Field(min_length=2, max_length=3)], ...] = ()
    effects: dict[Name, str | Enumerate] = Field(default_factory=dict)
    constraints: tuple[str, ...] = ()
    cycles: StrictBool = False
    labels: dict[Name, AnyLabel] = Field(default_factory=dict)
    syntax: str | None = None
