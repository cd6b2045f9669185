"""From the lines of either form to a ``ModelSpec``: duplicates, ``equal()``, formulas with their symbols."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from werksem.errors import SpecError, did_you_mean, shortened
from werksem.spec.formula import Expr, parse, symbols
from werksem.spec.lavaan import Definition, Line, Lines, Relation
from werksem.spec.types import Constraint, Effect, Label, ModelSpec, Routes, Scale, Statement

__all__ = ["Parts", "assemble"]

MAX_FORMULA = 100_000
MAX_DEPTH = 200  # of formulas written out; Python walks a tree 1,000 deep
NO_LABEL = Label()


@dataclass(frozen=True, slots=True)
class Parts:
    """What a model file says beside its lines."""

    name: str
    scales: tuple[Scale, ...] = ()
    routes: Routes | None = None
    labels: tuple[tuple[str, Label], ...] = ()
    label: Label = NO_LABEL
    notes: tuple[str, ...] = ()
    where: str = ""


def assemble(lines: Lines, parts: Parts) -> ModelSpec:
    """Return a model; raises ``SpecError`` for duplicates, unknown labels and circular definitions."""
    _refuse_duplicates(lines)
    statements = _with_equal(lines.terms)
    labels = {label: None for statement in statements for label in statement.label if label is not None}
    effects = _effects(lines.definitions, labels)
    constraints = _constraints(lines.relations, labels, effects)
    return ModelSpec(
        parts.name, parts.scales, statements, tuple(effects.values()), constraints,
        parts.routes, parts.labels, parts.label, parts.notes, parts.where,
    )  # fmt: skip


def _refuse_duplicates(lines: Lines) -> None:
    seen: dict[tuple[str, str, str], Line] = {}
    for line in lines.terms:
        first = seen.setdefault(line.key, line)
        if first is not line:
            shown = f"{line.lhs} {line.op} {line.rhs}".strip()
            raise SpecError(f'"{shown}" is stated twice{_first(first.where)}', where=line.where)
    names: dict[str, Definition] = {}
    for definition in lines.definitions:
        found = names.setdefault(definition.name, definition)
        if found is not definition:
            raise SpecError(
                f'"{definition.name}" is defined twice{_first(found.where)}', where=definition.where
            )


def _first(where: str) -> str:
    return f", first at {where}" if where else ""


def _statement(line: Line) -> Statement:
    modifier = line.modifier
    return Statement(
        line.lhs, line.op, line.rhs, modifier.fixed, modifier.label, modifier.start, modifier.free, line.where
    )


def _with_equal(lines: Sequence[Line]) -> tuple[Statement, ...]:
    """Return statements in which ``equal("f=~x1")`` became one label on both parameters."""
    statements = {line.key: _statement(line) for line in lines}
    names = {f"{s.lhs}{s.op}{s.rhs}": key for key, s in statements.items()}
    for line in lines:
        wanted = re.sub(r"\s", "", line.modifier.equal)
        if not wanted:
            continue
        own = {label for s in statements.values() for label in s.label if label}
        target = names.get(wanted)
        if target is None and wanted not in own:
            near = did_you_mean(wanted, [*(name for name, key in names.items() if key != line.key), *own])
            raise SpecError(
                f'equal("{line.modifier.equal}"): no such parameter in the model{near}', where=line.where
            )
        shared: tuple[str | None, ...] = (wanted,)
        if target is not None:
            shared = statements[target].label or shared
            statements[target] = replace(statements[target], label=shared)
        statements[line.key] = replace(statements[line.key], label=shared)
    return tuple(statements.values())


def _effects(definitions: Iterable[Definition], labels: Mapping[str, None]) -> dict[str, Effect]:
    """Return effects by name, each a formula of parameter labels: effects inside effects are written out."""
    raw = {d.name: (parse(d.formula, d.where), d) for d in definitions}
    for name, (_, definition) in raw.items():
        if name in labels:
            message = f'"{name}" is a label of a parameter already; give the effect another name'
            raise SpecError(message, where=definition.where)
    done: dict[str, Expr] = {}
    for name in raw:
        _write_out(name, raw, labels, done, ())
    return {name: Effect(name, done[name], d.formula, d.where) for name, (_, d) in raw.items()}


def _write_out(
    name: str, raw: Mapping[str, tuple[Expr, Definition]], labels: Mapping[str, None],
    done: dict[str, Expr], above: tuple[str, ...],
) -> None:  # fmt: skip
    if name in done:
        return
    formula, definition = raw[name]
    if len(above) > MAX_DEPTH:
        raise SpecError(
            f"effects are built on one another more than {MAX_DEPTH} deep", where=definition.where
        )
    if name in above:
        circle = " -> ".join((*above[above.index(name) :], name))
        raise SpecError(f"the effects define one another in a circle: {circle}", where=definition.where)
    for symbol in symbols(formula):
        if symbol in raw:
            _write_out(symbol, raw, labels, done, (*above, name))
        elif symbol not in labels:
            raise SpecError(_unknown_label(symbol, definition.formula, labels, raw), where=definition.where)
    done[name] = _substituted(formula, done)
    if _depth(done[name], {}) > MAX_DEPTH:
        message = f'written out, the formula of "{name}" is nested more than {MAX_DEPTH} deep'
        raise SpecError(message, where=definition.where)
    if _size(done[name], {}) > MAX_FORMULA:
        raise SpecError(f'written out, the formula of "{name}" is too long', where=definition.where)


def _unknown_label(symbol: str, formula: str, labels: Iterable[str], effects: Iterable[str]) -> str:
    known = list(labels)
    near = did_you_mean(symbol, [*known, *effects])
    if not near:
        near = f"; labels are {', '.join(known[:10])}" if known else "; the model has no labels (write a*x)"
    return f'the formula {shortened(formula)!r} uses "{symbol}", which labels no parameter{near}'


def _substituted(expr: Expr, done: Mapping[str, Expr]) -> Expr:
    if expr.op == "name":
        return done.get(expr.name, expr)
    return replace(expr, args=tuple(_substituted(arg, done) for arg in expr.args))


def _depth(expr: Expr, known: dict[int, int]) -> int:
    """Return how many levels a formula has."""
    if id(expr) not in known:
        known[id(expr)] = 1 + max((_depth(arg, known) for arg in expr.args), default=0)
    return known[id(expr)]


def _size(expr: Expr, known: dict[int, int]) -> int:
    """Return how many nodes a formula has, shared parts counted each time they are evaluated."""
    if id(expr) not in known:
        known[id(expr)] = 1 + sum(_size(arg, known) for arg in expr.args)
    return known[id(expr)]


def _constraints(
    relations: Iterable[Relation], labels: Mapping[str, None], effects: Mapping[str, Effect]
) -> tuple[Constraint, ...]:
    formulas = {name: effect.formula for name, effect in effects.items()}
    found = []
    for relation in relations:
        sides = [parse(side, relation.where) for side in (relation.left, relation.right)]
        text = f"{relation.left} {relation.op} {relation.right}"
        used = [symbol for side in sides for symbol in symbols(side)]
        for symbol in used:
            if symbol not in labels and symbol not in effects:
                raise SpecError(_unknown_label(symbol, text, labels, effects), where=relation.where)
        if not used:
            raise SpecError(f"the constraint {text!r} names no label", where=relation.where)
        left, right = (_substituted(side, formulas) for side in sides)
        found.append(Constraint(left, relation.op, right, text, relation.where))
    return tuple(found)
