"""What ``werksem verify`` prints: lines for people, or one JSON object."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from werksem.lock.moved import Moved
from werksem.lock.run import Verified

__all__ = ["as_json", "lines"]

KINDS = {
    "moved": "moved",
    "monte_carlo": "moved within Monte-Carlo error",
    "edge": "the same to {size}, but across a rounding edge",
}


def lines(found: Verified) -> Iterator[str]:
    """Yield what a check found: one line in all, then one per number that is printed otherwise."""
    same = found.looked - len(found.moved)
    yield f"{same} of {found.looked} published numbers are the same (to their printed decimals)"
    if found.left_out:
        yield f"{found.left_out} published numbers of engines that did not run were left out"
    for change in found.moved:
        yield from _change(change)
    if found.versions and found.moved:
        yield "versions that differ from the lock's:"
        yield from (f"  {name} {then} -> {now}" for name, (then, now) in found.versions.items())
    elif found.versions:
        listed = ", ".join(f"{name} {then} -> {now}" for name, (then, now) in found.versions.items())
        yield f"although versions differ: {listed}"
    elif found.exit_code:
        yield "all versions are those of the lock: the lock was edited, or this is another kind of computer"


def _change(change: Moved) -> Iterator[str]:
    size = "" if math.isnan(change.difference) else f" (by {change.difference:+.3g})"
    kind = KINDS[change.kind].format(size=f"{abs(change.difference):.1g}")
    yield f"{change.engine}: {change.name}: {change.then} -> {change.now}{size}, {kind}"
    yield f"  through {change.stage}: {change.through}"


def as_json(found: Verified) -> dict[str, Any]:
    """Return what a check found as plain data."""
    return {
        "looked": found.looked,
        "same": found.looked - len(found.moved),
        "left_out": found.left_out,
        "moved": [
            {
                "engine": change.engine, "name": change.name, "then": change.then, "now": change.now,
                "difference": None if math.isnan(change.difference) else change.difference,
                "kind": change.kind, "stage": change.stage, "through": change.through,
            }
            for change in found.moved
        ],
        "versions": {name: {"then": then, "now": now} for name, (then, now) in found.versions.items()},
        "exit_code": found.exit_code,
    }  # fmt: skip
