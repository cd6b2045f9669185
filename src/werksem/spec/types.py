"""What a model file says, as frozen records: scales, statements, effects and constraints."""

from __future__ import annotations

from dataclasses import dataclass, field

from werksem.spec.formula import Expr

__all__ = ["Constraint", "Effect", "Equation", "Label", "ModelSpec", "Routes", "Scale", "Statement"]


@dataclass(frozen=True, slots=True)
class Label:
    """What a reader sees instead of a name, per language; empty means the name itself."""

    nl: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """A construct measured by items: who answers what, on which scale, keyed which way.

    ``scale`` is (lowest, highest) answer; ``min_items`` answered items give a scale mean (half
    of them, rounded up, where the file is silent); ``reversed`` items are recoded as
    lowest + highest - answer, for scale means and for the measurement model alike.
    """

    name: str
    items: tuple[str, ...]
    reversed: tuple[str, ...] = ()
    scale: tuple[float, float] | None = None
    min_items: int | None = None
    label: Label = Label()
    item_labels: tuple[tuple[str, Label], ...] = ()
    missing_codes: tuple[float, ...] = ()
    reliability: float | None = None
    where: str = field(default="", repr=False, compare=False)

    @property
    def required(self) -> int:
        """How many items must be answered for a scale mean."""
        return self.min_items if self.min_items is not None else -(-len(self.items) // 2)


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of a model: ``lhs op rhs`` with its modifiers, per group where there are several.

    ``op`` is one of ``=~ ~ ~~ ~1``. ``fixed``, ``label`` and ``start`` are empty, or have one
    entry for all groups, or one entry per group; None inside means "not given for this group".
    ``free`` is lavaan's ``NA*``: estimate it although a default would fix it.
    """

    lhs: str
    op: str
    rhs: str = ""
    fixed: tuple[float | None, ...] = ()
    label: tuple[str | None, ...] = ()
    start: tuple[float | None, ...] = ()
    free: bool = False
    where: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Effect:
    """A defined effect (lavaan's ``:=``): a formula of labels."""

    name: str
    formula: Expr
    text: str = ""
    where: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Constraint:
    """``left op right`` with op ``==``, ``<`` or ``>``, both sides formulas of labels."""

    left: Expr
    op: str
    right: Expr
    text: str = ""
    where: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Routes:
    """Which indirect effects to enumerate: every directed route from these to those."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    where: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Equation:
    """One regression: an outcome, its predictors, and the parameter name of each path."""

    outcome: str
    predictors: tuple[str, ...]
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model file, both forms alike: what is measured by what, and what is claimed.

    ``scales`` holds the constructs of the structured form (empty for lavaan syntax, whose
    ``=~`` lines become scales too, without keying or range). ``statements`` holds every line,
    measurement included, in the order of the file. ``notes`` are remarks on the model for reports.
    Places (``where``) are not part of what is compared: equal models are equal wherever they stand.
    """

    name: str
    scales: tuple[Scale, ...]
    statements: tuple[Statement, ...]
    effects: tuple[Effect, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    routes: Routes | None = None
    labels: tuple[tuple[str, Label], ...] = ()
    label: Label = Label()
    notes: tuple[str, ...] = field(default=(), repr=False, compare=False)
    where: str = field(default="", repr=False, compare=False)

    def scale(self, name: str) -> Scale | None:
        """Return the scale of that name, or None where the name is a column of the data."""
        return next((scale for scale in self.scales if scale.name == name), None)
