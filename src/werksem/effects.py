"""Defined effects: formulas of a model, and every directed route from cause to outcome.

An effect is a formula of parameter names, so one evaluator turns estimates, bootstrap replicates
and posterior draws into effects, raw or standardised.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from werksem.errors import SpecError, did_you_mean
from werksem.implied import standardised
from werksem.model import Model
from werksem.spec.check import MAX_ROUTES
from werksem.spec.equations import equations
from werksem.spec.formula import Expr, evaluate, product_of, sum_of, symbols
from werksem.spec.types import Effect, ModelSpec

__all__ = [
    "EffectRow", "defined_effects", "effect_rows", "effect_values", "quantities", "quantity_values", "units",
]  # fmt: skip

# as in ``inference.delta``: a complex step takes no difference, so it may be this small
STEP = 1e-20
# a second; only regressions in a circle have ways that end nowhere
MAX_STEPS = 1_000_000


def defined_effects(spec: ModelSpec) -> tuple[Effect, ...]:
    """Return a model's effects: enumerated routes first, then its own formulas.

    For each pair of source and target: every specific route ``from -> via -> to``, their sum
    ``total indirect: from -> to`` and, with the direct path, ``total: from -> to``.
    Raises ``SpecError`` for a source or target outside the regressions, or more than 20,000 routes.
    """
    found: list[Effect] = []
    if spec.routes is not None:
        paths = {
            (predictor, equation.outcome): parameter
            for equation in equations(spec)
            for predictor, parameter in zip(equation.predictors, equation.parameters, strict=True)
        }
        known = {name for pair in paths for name in pair}
        for name in (*spec.routes.sources, *spec.routes.targets):
            if name not in known:
                raise SpecError(
                    f"effects: {name!r} takes part in no regression{did_you_mean(name, known)}",
                    where=spec.routes.where,
                )
        for source in spec.routes.sources:
            for target in spec.routes.targets:
                found += _between(paths, source, target)
                if len(found) > MAX_ROUTES:
                    raise SpecError(f"effects: more than {MAX_ROUTES} routes", where=spec.routes.where)
    return (*found, *spec.effects)


def _between(paths: Mapping[tuple[str, str], str], source: str, target: str) -> list[Effect]:
    """Return the effects of one pair: specific routes, total indirect, total."""
    found = itertools.islice(_routes(paths, source, target), MAX_ROUTES + 1)
    routes = [route for route in found if len(route) > 2]
    if not routes:
        return []
    terms = [product_of([paths[step] for step in itertools.pairwise(route)]) for route in routes]
    effects = [Effect(" -> ".join(route), term) for route, term in zip(routes, terms, strict=True)]
    effects.append(Effect(f"total indirect: {source} -> {target}", sum_of(terms)))
    direct = paths.get((source, target))
    whole = [*terms, Expr("name", name=direct)] if direct else terms
    return [*effects, Effect(f"total: {source} -> {target}", sum_of(whole))]


def _routes(paths: Mapping[tuple[str, str], str], source: str, target: str) -> Iterator[tuple[str, ...]]:
    """Yield every directed route without a repeated variable, in the order of the file."""
    following: dict[str, list[str]] = {}
    for cause, outcome in paths:
        following.setdefault(cause, []).append(outcome)
    leads = _leading(paths, target)
    pending: list[tuple[str, ...]] = [(source,)]
    for _ in range(MAX_STEPS):
        if not pending:
            return
        route = pending.pop()
        if route[-1] == target:
            yield route
            continue
        pending += [
            (*route, step)
            for step in reversed(following.get(route[-1], []))
            if step in leads and step not in route
        ]
    raise SpecError(f"effects: the ways from {source} to {target} run in too many circles to be walked")


def _leading(paths: Mapping[tuple[str, str], str], target: str) -> set[str]:
    """Return every variable from which a route leads to the target, itself included."""
    before: dict[str, list[str]] = {}
    for cause, outcome in paths:
        before.setdefault(outcome, []).append(cause)
    leads, pending = {target}, [target]
    while pending:
        new = [cause for cause in before.get(pending.pop(), []) if cause not in leads]
        leads.update(new)
        pending += new
    return leads


def quantities(model: Model, effects: Sequence[Effect], theta: Any) -> Any:
    """Return (…, 2 K) of everything that is reported, for theta (…, q).

    K = rows of the parameter table + effects; first their values, then their standardised values.
    """
    raw, std = quantity_values(model, effects, theta)
    return np.concatenate([raw, std], axis=-1)


def quantity_values(model: Model, effects: Sequence[Effect], theta: Any) -> tuple[Any, Any]:
    """Return (values, standardised values), each (…, rows + effects), for theta (…, q)."""
    theta = np.asarray(theta)
    theta = theta if np.iscomplexobj(theta) else theta.astype(float)
    index = np.array(model.free_of_row)
    fixed = np.array([row.value for row in model.rows])
    raw = np.where(index >= 0, theta[..., np.maximum(index, 0)], fixed)
    std = standardised(model, theta)
    return _with_effects(model, effects, raw), _with_effects(model, effects, std)


def units(model: Model, effects: Sequence[Effect], values: Any) -> Any:
    """Return how small each of the ``quantities`` (2 K,) may be by its unit: raw / standardised, at most 1.

    What varies less than rounding of this is fixed: a path to a column in nanometres varies by 1e-9 and is
    not. An effect has what its paths' units make of it, the sum of |derivative| times unit, or 1
    where nothing moves it; what is standardised has 1.
    """
    found, rows, half = np.ones(len(values)), len(model.rows), len(values) // 2
    raw, std = np.abs(values[:rows]), np.abs(values[half : half + rows])
    np.divide(raw, std, out=found[:rows], where=np.isfinite(raw) & (std > 0))
    found = np.minimum(found, 1.0)
    if effects:
        steps = values[:rows] + 1j * STEP * np.diag(found[:rows])
        moved = np.abs(np.imag(effect_values(model, effects, steps))).sum(axis=0) / STEP
        found[rows:half] = np.where(moved > 0, np.minimum(moved, 1.0), 1.0)
    return found


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One reported effect: its name, its formula, and the groups it is of.

    ``groups`` is empty for an effect of labels alone, has one group where its paths are a group's
    own, and two for the contrast first - second.
    """

    name: str
    effect: Effect
    groups: tuple[int, ...] = ()


def effect_rows(model: Model, effects: Sequence[Effect]) -> tuple[EffectRow, ...]:
    """Return every effect to report: of the whole model, or per group with contrasts of the groups.

    An effect of labels alone (``c(a1, a2)`` gives each group its own) is of the whole model; of a label that
    groups share, its standardised value is that of the first group, as in lavaan.
    """
    if len(model.groups) == 1:
        return tuple(EffectRow(effect.name, effect) for effect in effects)
    labels = {row.label for row in model.rows if row.label}
    numbers = range(len(model.groups))
    out: list[EffectRow] = []
    for effect in effects:
        if all(symbol in labels for symbol in symbols(effect.formula)):
            out.append(EffectRow(effect.name, effect))
            continue
        out += [EffectRow(effect.name, effect, (group,)) for group in numbers]
        out += [
            EffectRow(f"{effect.name}: {model.groups[g]} - {model.groups[h]}", effect, (g, h))
            for g, h in combinations(numbers, 2)
        ]
    return tuple(out)


def _with_effects(model: Model, effects: Sequence[Effect], values: Any) -> Any:
    """Return the values of the rows followed by those of the effects."""
    if not effects:
        return values
    return np.concatenate([values, effect_values(model, effects, values)], axis=-1)


def effect_values(model: Model, effects: Sequence[Effect], values: Any) -> Any:
    """Return the effects (…, their rows) from the values (…, rows of the parameter table)."""
    rows = effect_rows(model, effects)
    used = {group for row in rows for group in row.groups} or {0}
    # a column beside the next is read from memory many times faster than one in every row
    columns = np.ascontiguousarray(np.moveaxis(values, -1, 0))
    named = {group: _names_of(model, group, columns) for group in used}
    shape = values.shape[:-1]

    def value(row: EffectRow) -> Any:
        parts = [evaluate(row.effect.formula, named[group]) for group in row.groups or (min(used),)]
        return np.broadcast_to(parts[0] - parts[1] if len(parts) == 2 else parts[0], shape)

    return np.stack([value(row) for row in rows], axis=-1)


def _names_of(model: Model, group: int, values: Any) -> dict[str, Any]:
    """Return the values (rows, …) by label and by ``lhs~rhs``, a group's own rows before those of others."""
    order = sorted(range(len(model.rows)), key=lambda number: model.rows[number].group != group)
    named: dict[str, Any] = {}
    for number in order:
        row = model.rows[number]
        for name in (row.label, f"{row.lhs}{row.op}{row.rhs}"):
            if name:
                named.setdefault(name, values[number])
    return named
