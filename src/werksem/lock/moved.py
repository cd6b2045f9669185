"""Published numbers beside today's: the same, moved and through which stage, or within their own noise."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from werksem.describe.rounding import half_up
from werksem.errors import SpecError, did_you_mean
from werksem.lock.file import Lock, Value
from werksem.lock.numbers import Found
from werksem.lock.stages import CHAINS, differing

__all__ = ["Moved", "moved", "printed"]

Numbers = Mapping[str, Mapping[str, Found]]
Marks = Mapping[str, Mapping[str, float]]

# in units of the last printed decimal: two computers differ by less, and a change that matters by more
EDGE = 1e-3
MONTE_CARLO = 3.0  # standard errors


@dataclass(frozen=True, slots=True)
class Moved:
    """A published number that is printed otherwise today.

    ``kind``: ``moved``; ``monte_carlo``, by no more than the Monte-Carlo errors of both; ``edge``, by no
    more than computers differ, across a rounding edge. ``stage`` is where the first change came in.
    """

    engine: str
    name: str
    then: str
    now: str
    difference: float
    kind: Literal["moved", "monte_carlo", "edge"]
    stage: str
    through: str


def moved(lock: Lock, numbers: Numbers, marks: Marks, engines: Sequence[str]) -> tuple[int, list[Moved]]:
    """Return how many locked values of ``engines`` were looked at, and those that are printed otherwise.

    Raises ``SpecError`` for a value that no result has by that name.
    """
    looked, found = 0, []
    for engine, values in lock.values.items():
        if engine not in engines:
            continue
        for name, value in values.items():
            looked += 1
            change = _changed(engine, name, value, _today(engine, name, numbers))
            if change is not None:
                found.append(_placed(change, lock, marks))
    return looked, found


def _today(engine: str, name: str, numbers: Numbers) -> Found:
    there = numbers.get(engine, {})
    if name not in there:
        near = did_you_mean(name, list(there)) if there else ""
        raise SpecError(f'values: {engine} has no number "{name}"{near}')
    return there[name]


def printed(value: float | str, rounding: int | None) -> str:
    """Return a value as it is printed: halves up, with all its decimals, a verdict as it is.

    >>> printed(0.145, 2), printed(-0.001, 2), printed("bevestigd", None)
    ('0.15', '0.00', 'bevestigd')
    """
    if isinstance(value, str):
        return value
    return f"{half_up(value, rounding or 0) + 0.0:.{rounding or 0}f}"


def _changed(engine: str, name: str, value: Value, today: Found) -> Moved | None:
    """Return a value's change; None where it is printed as it was."""
    then, now = printed(value.value, value.rounding), printed(today.value, value.rounding)
    if then == now:
        return None
    if isinstance(value.value, str) or isinstance(today.value, str):
        return Moved(engine, name, then, now, math.nan, "moved", "", "")
    difference = today.value - value.value
    noise = MONTE_CARLO * math.hypot(value.mcse or 0.0, today.mcse or 0.0)
    kind: Literal["moved", "monte_carlo", "edge"] = "moved"
    if abs(difference) <= EDGE * 10.0 ** -(value.rounding or 0):
        kind = "edge"
    elif value.mcse is not None and abs(difference) <= noise:
        kind = "monte_carlo"
    return Moved(engine, name, then, now, difference, kind, "", "")


def _placed(change: Moved, lock: Lock, marks: Marks) -> Moved:
    """Return a change with the first stage of which a mark differs, and that mark."""
    for stage in CHAINS.get(change.engine, ("reading", "moments")):
        then, now = lock.stages.get(stage), marks.get(stage)
        names = differing(stage, then, now) if then is not None and now is not None else []
        if names:
            if change.kind == "monte_carlo" and stage in ("reading", "moments"):
                change = replace(change, kind="moved")  # other answers, not other draws
            first = _said(names[0], then or {}, now or {})
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            return replace(change, stage=stage, through=first + more)
    nothing = "every mark of the stages before it is as it was"
    return replace(change, stage="standardisation or rounding", through=nothing)


def _said(name: str, then: Mapping[str, float], now: Mapping[str, float]) -> str:
    """Return a mark's change in words."""
    if name not in then:
        return f"{name} is new"
    if name not in now:
        return f"{name} is gone"
    return f"{name} {then[name]:.10g} -> {now[name]:.10g}"
