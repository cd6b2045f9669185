"""What a model may not say of its own numbers: values, labels and constraints that exclude one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.errors import SpecError, shortened
from werksem.spec.formula import evaluate, symbols
from werksem.spec.types import Constraint, ModelSpec, Statement

__all__ = ["check_constraints", "check_formulas", "check_values", "refuse_constraints", "refuse_inequalities"]

# sums of squares of larger numbers keep no digit of an answer
LARGEST = 1e9
SMALL = 1e-9


def check_values(model: ModelSpec) -> None:
    """Raise ``SpecError`` for a value that no parameter can have, or a label that means two things.

    Values and starts are at most 1e9 in size and variances are not negative; parameters with one label
    are one parameter, so all are free, or all fixed at one value, in every group.
    """
    seen: dict[str, tuple[float | None, str]] = {}
    for s in model.statements:
        for value in (*s.fixed, *s.start):
            if value is not None and abs(value) > LARGEST:
                message = f"{_shown(s)}: found {value:g}, right is at most {LARGEST:g} in size"
                raise SpecError(message, where=s.where)
        lowest = min((value for value in s.fixed if value is not None), default=0.0)
        if s.op == "~~" and s.lhs == s.rhs and lowest < 0:
            message = f'the variance of "{s.lhs}" is fixed at {lowest:g}, right is at least 0'
            raise SpecError(message, where=s.where)
        for label, value in _labelled(s):
            before, where = seen.setdefault(label, (value, s.where))
            if before != value:
                first = f" at {where}" if where else " before"
                message = f'"{label}" is one parameter, {_said(value)} here and {_said(before)}{first}'
                raise SpecError(message, where=s.where)


def _labelled(s: Statement) -> Iterator[tuple[str, float | None]]:
    """Yield every label of a statement with the value it is fixed at, None where it is free."""
    for group in range(max(len(s.label), len(s.fixed))):
        label, value = (part[min(group, len(part) - 1)] if part else None for part in (s.label, s.fixed))
        if isinstance(label, str):
            yield label, value if isinstance(value, float) else None


def _shown(s: Statement) -> str:
    return f"{s.lhs} {s.op} {s.rhs}".strip()


def _said(value: float | None) -> str:
    return "free" if value is None else f"fixed at {value:g}"


def check_formulas(model: ModelSpec) -> None:
    """Raise ``SpecError`` for an effect of no parameter, or one that has no value whatever its labels are."""
    draw = np.random.default_rng(0)
    for effect in model.effects:
        names = symbols(effect.formula)
        if not names:
            raise SpecError(f'the effect "{effect.name}" names no label', where=effect.where)
        # of every size: a formula such as log(a - 20) has values, if rarely
        sizes = {name: 10 ** draw.uniform(-4, 6, 2000) for name in names}
        values = {name: size * draw.choice((-1.0, 1.0), 2000) for name, size in sizes.items()}
        if not np.isfinite(evaluate(effect.formula, values)).any():
            text = f"{shortened(effect.text)!r} is infinite or undefined"
            raise SpecError(f'the effect "{effect.name}" has no value: {text}', where=effect.where)


def check_constraints(model: ModelSpec) -> None:
    """Raise ``SpecError`` for linear equalities that contradict those before them, or follow from them.

    A constraint that follows from others counts no degree of freedom. Others than linear ones are left to
    the estimator.
    """
    fixed = {label: value for s in model.statements for label, value in _labelled(s) if value is not None}
    kept: list[NDArray[np.float64]] = []
    names = sorted({name for c in model.constraints for side in (c.left, c.right) for name in symbols(side)})
    for constraint in model.constraints:
        for name in {*symbols(constraint.left), *symbols(constraint.right)} & set(fixed):
            message = f'the constraint {shortened(constraint.text)!r} is of "{name}", which is fixed at'
            raise SpecError(f"{message} {fixed[name]:g}", where=constraint.where)
        row = _linear(constraint, names) if constraint.op == "==" else None
        if row is None:
            continue
        text = shortened(constraint.text)
        ranks = [_rank([*kept, row], end) for end in (-1, None)]
        before = [_rank(kept, end) for end in (-1, None)]
        if ranks[0] == before[0] and ranks[1] > before[1]:
            message = f"the constraint {text!r} contradicts {_before(kept)}"
            raise SpecError(message, where=constraint.where)
        if ranks[0] == before[0]:
            message = f"the constraint {text!r} follows from {_before(kept)}; take it out"
            raise SpecError(message, where=constraint.where)
        kept.append(row)


def refuse_inequalities(constraints: Sequence[Constraint]) -> None:
    """Raise ``SpecError`` for a constraint that no engine can hold to: all but ``==``."""
    for constraint in constraints:
        if constraint.op != "==":
            message = f"only == constraints are estimated, found {shortened(constraint.text)!r}"
            raise SpecError(message, where=constraint.where)


def refuse_constraints(model: ModelSpec) -> None:
    """Raise ``SpecError`` for a constraint of a model whose latents a posterior integrates out."""
    for constraint in model.constraints:
        found = f"found {shortened(constraint.text)!r}; right are equal labels, or level: scores"
        message = f"bayes: the posterior of level latent takes no constraints, {found}"
        raise SpecError(message, where=constraint.where)


def _before(kept: Sequence[NDArray[np.float64]]) -> str:
    return "the ones before it" if kept else "arithmetic"


def _rank(rows: Sequence[NDArray[np.float64]], end: int | None) -> int:
    """Return the rank of the coefficients, with (None) or without (-1) the constants behind them."""
    table = np.array([row[:end] for row in rows])
    return int(np.linalg.matrix_rank(table, tol=SMALL)) if table.size else 0


def _linear(constraint: Constraint, names: Sequence[str]) -> NDArray[np.float64] | None:
    """Return coefficients and constant (names + 1,) of left - right, None where it is not linear."""

    def gap(at: NDArray[np.float64]) -> float:
        values = dict(zip(names, at, strict=True))
        return float(evaluate(constraint.left, values) - evaluate(constraint.right, values))

    origin = np.zeros(len(names))
    constant = gap(origin)
    slopes = np.array([gap(unit) - constant for unit in np.eye(len(names))])
    points = (np.random.default_rng(0).uniform(-2, 2, len(names)) for _ in range(3))
    off = [abs(gap(point) - constant - slopes @ point) for point in points]
    row = np.append(slopes, constant)
    size = np.abs(row).max(initial=0.0)
    straight = np.isfinite(row).all() and all(one <= SMALL * (1 + size) for one in off)
    return row / size if straight and size > 0 else (row if straight else None)
