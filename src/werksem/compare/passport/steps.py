"""One path's rungs in order, each set beside the rung it stands on: what changed, and how surely."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.compare.passport.records import EXPLAINS, LEVEL, NOTES, ORDER, UNEXPLAINED
from werksem.compare.table import verdict

__all__ = ["Step", "step_rows"]

Array = NDArray[np.float64]
# a step's limits need this share of the resamples to have it
ENOUGH = 0.9
# how far each rung is from scale means: their covariances, without error, of latent variables
DEPTH = {"corrected": 1, "sem": 2, "full_information": 2, "least_squares": 2, "ordinal": 2}
DEEPER = ("attenuation", "measurement")


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of one path: its estimate, n, its resamples (R,), those of its base, and what to know of it.

    ``base`` names the rung it stands on, empty: the last known one before it. ``depth`` is 2 where a
    posterior is of latent variables.
    """

    name: str
    est: float
    n: float = np.nan
    drawn: Array | None = None
    against: Array | None = None
    base: str = ""
    note: str = ""
    depth: int = 0


def step_rows(steps: Sequence[Step]) -> Iterator[dict[str, Any]]:
    """Yield a row of ``passport.csv`` per rung; nothing where fewer than two rungs have an estimate.

    Steps without an estimate are told where they have a note. Every estimate is that of its base plus delta.

    >>> rows = list(step_rows([Step("published", 0.30), Step("ols", 0.31), Step("corrected", 0.38)]))
    >>> [(row["explains"], row["flag"]) for row in rows[1:]]
    [('unexplained', ''), ('attenuation', 'differ > .05')]
    """
    ordered = sorted(steps, key=lambda step: ORDER.index(step.name))
    known = {step.name: step for step in ordered if np.isfinite(step.est)}
    if len(known) < 2:
        return
    # probit betas, on another scale than the others, enter no verdict
    whole = verdict(step.est for step in known.values() if not _other_scale(step))
    last = ""
    for step in ordered:
        row: dict[str, Any] = {"rung": step.name, "verdict": whole, "note": step.note, "n": step.n}
        if step.name in known:
            base = known.get(step.base or last)
            yield row | _cells(step, base)
            # a step aside is not what the next rung stands on
            last = last if step.base and base is not None else step.name
        elif step.note:
            yield row


def _other_scale(step: Step) -> bool:
    """Return whether it is a probit: its beta is of another variable than those of the other rungs."""
    return step.name == "ordinal" and bool(step.note)


def _cells(step: Step, base: Step | None) -> dict[str, Any]:
    """Return the estimate, and the change since the rung it stands on with its limits."""
    if base is None:
        return {"std": step.est}
    said = "" if _other_scale(step) else verdict([base.est, step.est])
    return {
        "std": step.est, "base": base.name, "delta": step.est - base.est,
        "explains": _explains(step, base), "flag": "" if said == "agree" else said,
        "note": step.note or _given(base), **_limits(step, base),
    }  # fmt: skip


def _given(base: Step) -> str:
    return NOTES["given"] if base.name == "published" else ""


def _explains(step: Step, base: Step) -> str:
    """Return what changed: the name of the step, and of those that were passed over on the way."""
    if base.name == "published":
        return UNEXPLAINED
    own = EXPLAINS[step.name]
    passed = DEEPER[_depth(base) : max(_depth(step), _depth(base))]
    return "+".join(dict.fromkeys([*passed, own]))


def _depth(step: Step) -> int:
    return DEPTH.get(step.name, step.depth)


def _limits(step: Step, base: Step) -> dict[str, Any]:
    """Return percentile limits of the change over the resamples that have both rungs."""
    before = base.drawn if step.against is None else step.against
    if step.drawn is None or before is None:
        return {}
    change = step.drawn - before
    change = change[np.isfinite(change)]
    if len(change) < max(2, ENOUGH * len(step.drawn)):
        return {"replicates": len(change)}
    low, high = np.quantile(change, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return {"delta_ci_lower": low, "delta_ci_upper": high, "level": LEVEL, "replicates": len(change)}
