"""Checks of a model that need no data: what it says of itself must be possible."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from werksem.errors import SpecError, did_you_mean
from werksem.spec.contradictions import check_constraints, check_formulas, check_values
from werksem.spec.types import ModelSpec, Statement

__all__ = ["MAX_ROUTES", "check_model", "group_count", "structural_cycles"]

MAX_ROUTES = 20_000

# what a replicate has beside its parameters and effects
OWN_COLUMNS = ("status", "gradient_max")


def check_model(model: ModelSpec) -> None:
    """Raise ``SpecError`` where a model contradicts itself, naming the first place.

    Checked: something is stated; nothing measures or explains itself; values, labels and constraints do
    not exclude one another; ``c(…)`` has one length; constructs do not measure one another in a circle and
    have names of their own; enumerated effects have routes.
    """
    if not model.statements:
        raise SpecError("the model says nothing; give measurement, structural or syntax", where=model.where)
    for statement in model.statements:
        _check_self(statement, model)
    check_values(model)
    check_formulas(model)
    check_constraints(model)
    _check_groups(model)
    circle = _circle(_edges(model, "=~"))
    if circle:
        where = next(s.where for s in model.statements if s.op == "=~" and s.lhs == circle[0])
        raise SpecError(f"the constructs measure one another in a circle: {' =~ '.join(circle)}", where=where)
    _check_names(model)
    _check_routes(model)


def _check_names(model: ModelSpec) -> None:
    """Raise ``SpecError`` for constructs that only case or look tells apart, and for names of our own."""
    seen: dict[str, str] = {}
    for scale in model.scales:
        other = seen.setdefault(unicodedata.normalize("NFKC", scale.name).casefold(), scale.name)
        if other != scale.name:
            message = f'the constructs "{other}" and "{scale.name}" look the same but for case or spelling'
            raise SpecError(f"{message}; give one another name", where=scale.where)
    named = [(effect.name, effect.where) for effect in model.effects]
    named += [(label, s.where) for s in model.statements for label in s.label if label]
    for name, where in named:
        if name in OWN_COLUMNS:
            raise SpecError(
                f'"{name}" is a column of bootstrap.parquet already; take another name', where=where
            )
        if " -> " in name:
            raise SpecError(f'"{name}": names with -> are those of enumerated effects', where=where)


def _check_self(statement: Statement, model: ModelSpec) -> None:
    if statement.lhs != statement.rhs or statement.op == "~~":
        return
    if statement.op == "~":
        raise SpecError(
            f'"{statement.lhs}" explains itself (~); take it out of its predictors', where=statement.where
        )
    alone = sum(s.op == "=~" and s.lhs == statement.lhs for s in model.statements) == 1
    remedy = (
        "a column needs no construct: leave it out of the measurement, or give the construct another name"
        if alone
        else "give the construct another name than its item"
    )
    raise SpecError(f'the construct "{statement.lhs}" has itself as an item; {remedy}', where=statement.where)


def group_count(model: ModelSpec) -> int:
    """Return how many groups the model's ``c(…)`` modifiers speak of, 1 where there are none."""
    return max((len(part) for s in model.statements for part in (s.fixed, s.label, s.start)), default=1) or 1


def _check_groups(model: ModelSpec) -> None:
    first: tuple[int, str] | None = None
    for s in model.statements:
        for part in (s.fixed, s.label, s.start):
            if len(part) < 2:
                continue
            first = first or (len(part), s.where)
            if len(part) != first[0]:
                before = f" and {first[0]} at {first[1]}" if first[1] else f" and {first[0]} before"
                message = f"c(…) has {len(part)} entries here{before}; it takes one per group"
                raise SpecError(message, where=s.where)


def _check_routes(model: ModelSpec) -> None:
    if model.routes is None:
        return
    edges = _edges(model, "~", backwards=True)
    known = {name for s in model.statements if s.op == "~" for name in (s.lhs, s.rhs)}
    where = model.routes.where
    for key, names in (("from", model.routes.sources), ("to", model.routes.targets)):
        again = [name for at, name in enumerate(names) if name in names[:at]]
        if again:
            raise SpecError(f'effects.enumerate.{key}: "{again[0]}" stands twice', where=where)
    for name in (*model.routes.sources, *model.routes.targets):
        if name not in known:
            near = did_you_mean(name, known)
            raise SpecError(f'effects.enumerate: "{name}" takes part in no regression{near}', where=where)
    _count_routes(model, edges)
    reach = {source: _reachable(source, edges) for source in model.routes.sources}
    for source, reached in reach.items():
        if not reached & set(model.routes.targets):
            targets = ", ".join(model.routes.targets)
            raise SpecError(
                f'effects.enumerate: no directed route leads from "{source}" to {targets}', where=where
            )
    for target in model.routes.targets:
        if not any(target in reached for reached in reach.values()):
            sources = ", ".join(model.routes.sources)
            raise SpecError(
                f'effects.enumerate: no directed route leads to "{target}" from {sources}', where=where
            )


def _count_routes(model: ModelSpec, edges: Mapping[str, Sequence[str]]) -> None:
    """Raise ``SpecError`` for more routes than can be reported, counted without walking them.

    Where regressions run in a circle they are counted while they are walked.
    """
    routes = model.routes
    if routes is None or structural_cycles(model):
        return
    ways: dict[str, int] = {}
    for name in _last_first(edges):
        steps = edges.get(name, ())
        ways[name] = sum(1 if step in routes.targets else 0 for step in steps) + sum(
            ways.get(s, 0) for s in steps
        )
    found = sum(ways.get(source, 0) for source in routes.sources)
    if found > MAX_ROUTES:
        message = f"effects.enumerate: there are {found} routes, at most {MAX_ROUTES} can be shown"
        raise SpecError(f"{message}; name fewer variables under from and to", where=routes.where)


def _last_first(edges: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the names of a graph without circles, each behind everything that it leads to."""
    done: dict[str, None] = {}
    for start in edges:
        pending = [(start, False)]
        while pending:
            name, leaving = pending.pop()
            if leaving:
                done[name] = None
            elif name not in done:
                pending.append((name, True))
                pending += [(step, False) for step in edges.get(name, ())]
    return list(done)


def structural_cycles(model: ModelSpec) -> tuple[str, ...]:
    """Return one directed circle of regressions as names, first = last; empty where there is none.

    >>> from werksem.spec.load import load_model
    >>> structural_cycles(load_model({"syntax": "y ~ x + z; z ~ y"}))
    ('y', 'z', 'y')
    """
    return _circle(_edges(model, "~", backwards=True))


def _edges(model: ModelSpec, op: str, *, backwards: bool = False) -> dict[str, list[str]]:
    edges: dict[str, list[str]] = {}
    for s in model.statements:
        if s.op == op:
            start, end = (s.rhs, s.lhs) if backwards else (s.lhs, s.rhs)
            edges.setdefault(start, []).append(end)
    return edges


def _reachable(source: str, edges: Mapping[str, Iterable[str]]) -> set[str]:
    """Return what lies ahead of a name; the name itself only where a circle leads back."""
    found: set[str] = set()
    pending = list(edges.get(source, ()))
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += edges.get(name, ())
    return found


def _circle(edges: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Return a directed circle, walking depth first without recursion; empty where there is none."""
    finished: set[str] = set()
    for start in edges:
        path: list[str] = []
        pending: list[tuple[str, bool]] = [(start, False)]
        while pending:
            name, leaving = pending.pop()
            if leaving:
                finished.add(path.pop())
            elif name in path:
                return (*path[path.index(name) :], name)
            elif name not in finished:
                path.append(name)
                pending.append((name, True))
                pending += [(follower, False) for follower in reversed(edges.get(name, []))]
    return ()
