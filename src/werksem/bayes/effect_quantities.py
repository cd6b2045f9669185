"""Defined effects as quantities: their formulas on the draws of the parameters they are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.quantities import Quantity, Scaled
from werksem.spec.formula import evaluate, symbols
from werksem.spec.types import Effect

__all__ = ["effect_quantities", "usable_effects"]

Array = NDArray[np.float64]
Part = Callable[[Quantity], Array | None]


def usable_effects(
    names: Sequence[str], effects: Sequence[Effect], level: str
) -> tuple[tuple[Effect, ...], tuple[str, ...]]:
    """Return the effects made of parameters in ``names``, and a sentence for each of the others."""
    usable = tuple(effect for effect in effects if set(symbols(effect.formula)) <= set(names))
    said = [
        f"bayes: effect {effect.name!r} is left out, level {level} has no "
        + ", ".join(sorted(set(symbols(effect.formula)) - set(names)))
        for effect in effects
        if effect not in usable
    ]
    return usable, tuple(said)


def effect_quantities(
    quantities: Sequence[Quantity], share: Array, effects: Sequence[Effect]
) -> tuple[Quantity, ...]:
    """Return each effect as a quantity, its formula evaluated draw by draw on ``quantities`` by name.

    Over everyone, raw and on the common metric, it is the population-weighted (``share``, (G,)) mean
    of the effects of the groups that have it; standardised, the formula of the standardised
    parameters over everyone, as OLS and SEM have it. A group has an effect where it is present in
    every quantity the effect is made of. A parameter without a value per group is the same in all.
    """
    named = {q.name: q for q in reversed(quantities)}  # the first use of a name
    return tuple(_effect(effect, quantities, named, share) for effect in effects)


def _effect(
    effect: Effect, quantities: Sequence[Quantity], named: Mapping[str, Quantity], share: Array
) -> Quantity:
    used = set(symbols(effect.formula))
    parts = [q for q in quantities if q.name in used]
    present = np.all([q.present for q in parts], axis=0) if parts else np.ones(len(share), dtype=bool)
    weight = np.where(present, share, 0.0)
    weight = weight / weight.sum() if weight.sum() > 0 else share

    def scaled(scaling: Callable[[Quantity], Scaled], mean: bool) -> Scaled:
        group = _value(effect, named, used, lambda q: _groups(scaling(q)))
        everyone = _value(effect, named, used, lambda q: scaling(q).everyone)
        return Scaled(
            group, everyone if group is None or not mean else group @ weight,
            _value(effect, named, used, lambda q: scaling(q).typical),
            _value(effect, named, used, lambda q: scaling(q).new),
        )  # fmt: skip

    return Quantity(
        effect.name, effect.name, ":=", "", "",
        scaled(lambda q: q.raw, True), scaled(lambda q: q.std, False), scaled(lambda q: q.common, True),
        np.asarray(present), any(q.varies for q in parts),
    )  # fmt: skip


def _groups(scaled: Scaled) -> Array | None:
    """Return (S, G), or (S, 1) for a parameter that is one for all groups."""
    if scaled.group is None and scaled.everyone is not None:
        return scaled.everyone[:, None]
    return scaled.group


def _value(effect: Effect, named: Mapping[str, Quantity], used: set[str], part: Part) -> Array | None:
    """Return the formula on one part of the draws, None where a parameter has no such part."""
    values = {name: part(named[name]) for name in used or list(named)[:1]}
    arrays = {name: value for name, value in values.items() if value is not None}
    if len(arrays) < len(values):
        return None
    shape = np.broadcast_shapes(*(value.shape for value in arrays.values()))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.broadcast_to(np.asarray(evaluate(effect.formula, arrays), dtype=float), shape)
