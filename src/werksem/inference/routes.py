"""The routes among a model's effects: which formulas are products of paths that follow one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from werksem.model import Model
from werksem.spec.formula import Expr
from werksem.spec.types import Effect

__all__ = ["Route", "indirect_routes", "path_rows"]


@dataclass(frozen=True, slots=True)
class Route:
    """One specific indirect effect: its name, and the variables on its way, source and target included."""

    effect: str
    names: tuple[str, ...]

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """The paths on the way as (cause, outcome)."""
        return tuple(pairwise(self.names))


def indirect_routes(model: Model, effects: Sequence[Effect]) -> tuple[Route, ...]:
    """Return the effects that are one product of two or more paths in a row; sums are left out.

    >>> from werksem.spec.load import load_model
    >>> from werksem.model import build_model
    >>> spec = load_model({"syntax": "m ~ a*x; y ~ b*m + c*x; ab := a*b; all := a*b + c"})
    >>> indirect_routes(build_model(spec), spec.effects)
    (Route(effect='ab', names=('x', 'm', 'y')),)
    """
    paths = [row for row in model.rows if row.op == "~"]
    known = {f"{row.lhs}~{row.rhs}": (row.rhs, row.lhs) for row in paths}
    labels: dict[str, set[tuple[str, str]]] = {}
    for row in paths:
        if row.label:
            labels.setdefault(row.label, set()).add((row.rhs, row.lhs))
    known |= {label: next(iter(pairs)) for label, pairs in labels.items() if len(pairs) == 1}
    found = []
    for effect in effects:
        factors = _factors(effect.formula)
        steps = [known[name] for name in factors or () if name in known]
        if len(steps) > 1 and len(steps) == len(factors or ()) and (names := _chained(steps)):
            found.append(Route(effect.name, names))
    return tuple(found)


def _factors(formula: Expr) -> tuple[str, ...] | None:
    """Return the names that a formula multiplies, None where it does anything else."""
    if formula.op == "name":
        return (formula.name,)
    if formula.op != "*":
        return None
    left, right = (_factors(part) for part in formula.args)
    return None if left is None or right is None else (*left, *right)


def _chained(steps: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return the variables of steps that follow one another in some order, empty where they do not."""
    after = dict(steps)
    starts = set(after) - set(after.values())
    if len(after) < len(steps) or len(starts) != 1:
        return ()
    names = [starts.pop()]
    while names[-1] in after and len(names) <= len(steps):
        names.append(after[names[-1]])
    return tuple(names) if len(names) == len(steps) + 1 else ()


def path_rows(model: Model, group: int) -> dict[tuple[str, str], int]:
    """Return the number of the row of each path of a group, by (cause, outcome)."""
    return {
        (row.rhs, row.lhs): number
        for number, row in enumerate(model.rows)
        if row.op == "~" and row.group == group
    }
