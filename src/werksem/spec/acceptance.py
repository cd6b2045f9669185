"""The keys of a page that sets published numbers beside those of runs: studies, rows and their evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, StrictInt, model_validator

from werksem.spec.study import Name, Number, Section

__all__ = ["Acceptance", "Evidence", "Row", "Run"]

Cells = dict[Name, str | StrictInt]


class Run(Section):
    """A study that the page needs, and what is typed after ``werksem`` to run it."""

    config: Path
    command: Literal["fit", "describe"] = "fit"
    args: tuple[str, ...] = ()


class Evidence(Section):
    """Where our number stands for the row's published ones that have the cells ``of`` (all without it).

    From ``file`` of a ``study``: the row whose cells are those of the published value, but for ``where``,
    which may name them as in {category}; the rows with cells ``plus`` are added, those with ``minus``
    subtracted. ``claim`` is a tested sentence with its parts, ``betas`` a published table of the study's
    regressions (``show: stars`` counts its stars). ``rule`` is a rule of the source that a run applied, where
    its rows can be found. ``compute`` takes published numbers only. ``note`` stands behind the verdict,
    ``gap`` only behind that of what is not reproduced: why it cannot be.
    """

    of: Cells = Field(default_factory=dict)
    study: Name | None = None
    file: Name = "tables.csv"
    column: Name = "value"
    where: Cells = Field(default_factory=dict)
    plus: tuple[Cells, ...] = ()
    minus: tuple[Cells, ...] = ()
    claim: Name | None = None
    betas: Name | None = None
    engine: Name = "ols"
    show: Literal["betas", "stars"] = "betas"
    rule: Name | None = None
    compute: Literal["change", "growth", "mark"] | None = None
    inputs: tuple[Cells, ...] = ()
    start: Number | None = None
    note: str = ""
    gap: str = ""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.study is None) == (self.compute is None):
            raise ValueError("evidence is of a study, or compute: of published numbers; give one of the two")
        if sum(found is not None for found in (self.claim, self.betas, self.rule)) > 1:
            raise ValueError("give one of claim, betas, rule")
        allowed = {"change": (2,), "growth": (1,), "mark": (0, 1)}.get(self.compute or "", (0,))
        if len(self.inputs) not in allowed or (self.compute == "growth") != (self.start is not None):
            raise ValueError("change has two inputs, growth one and a start, mark at most one")
        return self


class Row(Section):
    """One row of acceptance: what the source has, what the software must do, and what shows that it does.

    ``lost`` says what stood in a figure or in words only; ``out`` why numbers without evidence are not ours.
    """

    id: Name
    source: Name
    place: str = ""
    what: Name
    software: str = ""
    lost: str = ""
    out: str = ""
    evidence: tuple[Evidence, ...] = ()


class Acceptance(Section):
    """The whole page; ``measures`` are the cells of a published measure in tables, {category} filled in."""

    opening: str = ""
    published: tuple[Name, ...]
    studies: dict[Name, Run]
    measures: dict[Name, dict[Name, str]] = Field(default_factory=dict)
    rows: tuple[Row, ...]
