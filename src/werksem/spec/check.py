"""Checks of a model that need no data: what it says of itself must be possible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from werksem.errors import SpecError, did_you_mean
from werksem.spec.types import ModelSpec, Statement

__all__ = ["check_model", "group_count", "structural_cycles"]


def check_model(model: ModelSpec) -> None:
    """Raise ``SpecError`` where a model contradicts itself, naming the first place.

    Checked: something is stated; nothing measures or explains itself; constructs do not measure
    one another in a circle; ``c(…)`` has one length; enumerated effects have routes.
    """
    if not model.statements:
        raise SpecError("the model says nothing; give measurement, structural or syntax", where=model.where)
    for statement in model.statements:
        _check_self(statement, model)
    _check_groups(model)
    circle = _circle(_edges(model, "=~"))
    if circle:
        where = next(s.where for s in model.statements if s.op == "=~" and s.lhs == circle[0])
        raise SpecError(f"the constructs measure one another in a circle: {' =~ '.join(circle)}", where=where)
    _check_routes(model)


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
    for name in (*model.routes.sources, *model.routes.targets):
        if name not in known:
            near = did_you_mean(name, known)
            raise SpecError(f'effects.enumerate: "{name}" takes part in no regression{near}', where=where)
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
