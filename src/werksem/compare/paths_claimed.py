"""Claims about paths (sign, no effect, small, strong, stronger than): a verdict and what decided it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from werksem.compare.beliefs import Belief, from_draws
from werksem.compare.cells import probability
from werksem.compare.verdicts import (
    THRESHOLDS,
    all_of,
    no_effect,
    sign,
    small,
    strong,
    stronger,
)
from werksem.spec.claims import Claim, NoEffect, Sign, Small, Strong, StrongerThan

__all__ = ["Judged", "claimed_paths", "judge"]

Judged = tuple[str, str]
Say = Callable[[str], str]
DIRECTIONS = {"positive": 1, "negative": -1, None: 0}


def claimed_paths(claim: Claim) -> tuple[str, ...]:
    """Return the paths and effects a claim is about, in its order."""
    if isinstance(claim, Sign):
        return (*claim.positive, *claim.negative)
    if isinstance(claim, StrongerThan):
        return (claim.path, *claim.than)
    return claim.paths if isinstance(claim, NoEffect | Small | Strong) else ()


def judge(claim: Claim, beliefs: Sequence[Belief], say: Say) -> Judged | None:
    """Return verdict and evidence from what an engine says of each path of ``claimed_paths``.

    None for a type that is not about paths, and for a contrast without draws of both paths. ``say``
    turns a keyword into the study's language.
    """
    m = len(beliefs)
    if isinstance(claim, Sign):
        ways = [1] * len(claim.positive) + [-1] * len(claim.negative)
        verdicts = [sign(b.limits, way, m) for b, way in zip(beliefs, ways, strict=True)]
        said = [_of_sign(b, way, say) for b, way in zip(beliefs, ways, strict=True)]
        return all_of(verdicts), _evidence(said, _joint_sign(beliefs, ways))
    if isinstance(claim, NoEffect):
        rope = claim.rope or THRESHOLDS.rope
        said = [_interval(b, THRESHOLDS.inside) + _within(b, rope) for b in beliefs]
        return all_of(no_effect(b.limits, rope, m) for b in beliefs), _evidence(said)
    if isinstance(claim, Small):
        below, way = claim.below or THRESHOLDS.small, DIRECTIONS[claim.sign]
        said = [_interval(b, THRESHOLDS.inside) + _within(b, below) + _beyond(b, way) for b in beliefs]
        return all_of(small(b.limits, below, way, m) for b in beliefs), _evidence(said)
    if isinstance(claim, Strong):
        return _strong(claim, beliefs)
    return _stronger(beliefs) if isinstance(claim, StrongerThan) else None


def _strong(claim: Strong, beliefs: Sequence[Belief]) -> Judged:
    least, way = claim.least or THRESHOLDS.strong, DIRECTIONS[claim.sign]
    said = [_interval(b) + _readings(b, least, way) for b in beliefs]
    return all_of(strong(b.limits, least, way, len(beliefs)) for b in beliefs), _evidence(said)


def _stronger(beliefs: Sequence[Belief]) -> Judged | None:
    """Judge |first| - |other| per draw, for each of the others."""
    if any(b.draws is None for b in beliefs):
        return None
    draws = [np.abs(b.draws) for b in beliefs if b.draws is not None]
    found = [
        from_draws(f"|{beliefs[0].name}| - |{b.name}|", draws[0] - other)
        for b, other in zip(beliefs[1:], draws[1:], strict=True)
    ]
    said = [_interval(one) + _beyond(one, 1) for one in found]
    joint = _joint_sign(found, [1] * len(found))
    return all_of(stronger(one.limits, len(found)) for one in found), _evidence(said, joint)


def _interval(belief: Belief, level: float = THRESHOLDS.level) -> str:
    low, high = belief.limits(level)
    return f"{belief.name} {belief.est:z.3f} ({level:.0%} {low:z.3f} .. {high:z.3f})"


def _of_sign(belief: Belief, way: int, say: Say) -> str:
    low, high = belief.limits(THRESHOLDS.inside)
    tiny = low > -THRESHOLDS.rope and high < THRESHOLDS.rope
    return _interval(belief) + _beyond(belief, way) + (f", {say('negligible')}" if tiny else "")


def _beyond(belief: Belief, way: int) -> str:
    """Return the probability of the sign, where there are draws and a sign is claimed."""
    if belief.draws is None or way == 0:
        return ""
    return f", P({'>' if way > 0 else '<'} 0) {probability((way * belief.draws > 0).mean())}"


def _within(belief: Belief, bound: float) -> str:
    if belief.draws is None:
        return ""
    return f", P(|β| < {bound:g}) {probability((np.abs(belief.draws) < bound).mean())}"


def _readings(belief: Belief, least: float, way: int) -> str:
    """Return the probability of being that strong, at the bound and at those that it is read beside."""
    if belief.draws is None:
        return ""
    size = np.abs(belief.draws) if way == 0 else way * belief.draws
    name = {1: "β", -1: "-β", 0: "|β|"}[way]
    bounds = sorted({least, *THRESHOLDS.readings})
    return "".join(f", P({name} >= {bound:g}) {probability((size >= bound).mean())}" for bound in bounds)


def _joint_sign(beliefs: Sequence[Belief], ways: Sequence[int]) -> str:
    """Return the probability that every sign is as claimed at once, empty without draws or for one path."""
    if len(beliefs) < 2 or any(b.draws is None for b in beliefs):
        return ""
    right = [way * b.draws > 0 for b, way in zip(beliefs, ways, strict=True) if b.draws is not None]
    return f"P(all) {probability(np.all(right, axis=0).mean())}"


def _evidence(parts: Sequence[str], joint: str = "") -> str:
    return "; ".join([*parts, joint] if joint else parts)
