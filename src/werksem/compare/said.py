"""How evidence is worded: values, intervals and probabilities, for machines and readers alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from werksem.compare.beliefs import Belief
from werksem.compare.cells import probability
from werksem.compare.found import Say
from werksem.compare.verdicts import THRESHOLDS, Thresholds

__all__ = ["beyond", "interval", "joined", "joint_sign", "of_sign", "readings", "within"]


def interval(belief: Belief, level: float = THRESHOLDS.level) -> str:
    """Return a name and its value with an interval."""
    low, high = belief.limits(level)
    return f"{belief.name} {belief.est:z.3f} ({level:.0%} {low:z.3f} .. {high:z.3f})"


def of_sign(belief: Belief, way: int, say: Say, at: Thresholds = THRESHOLDS) -> str:
    """Return a value with its interval, the probability of its sign, and whether it is negligible."""
    low, high = belief.limits(THRESHOLDS.inside)
    tiny = low > -at.rope and high < at.rope
    return interval(belief) + beyond(belief, way) + (f", {say('negligible')}" if tiny else "")


def beyond(belief: Belief, way: int) -> str:
    """Return the probability of the sign, where there are draws and a sign is claimed."""
    if belief.draws is None or way == 0:
        return ""
    return f", P({'>' if way > 0 else '<'} 0) {probability((way * belief.draws > 0).mean())}"


def within(belief: Belief, bound: float) -> str:
    """Return the probability of lying within ±bound, where there are draws."""
    if belief.draws is None:
        return ""
    return f", P(|β| < {bound:g}) {probability((np.abs(belief.draws) < bound).mean())}"


def readings(belief: Belief, least: float, way: int) -> str:
    """Return the probability of being that strong, at the bound and at those that it is read beside."""
    if belief.draws is None:
        return ""
    sizes = np.abs(belief.draws) if way == 0 else way * belief.draws
    name = {1: "β", -1: "-β", 0: "|β|"}[way]
    bounds = sorted({least, *THRESHOLDS.readings})
    return "".join(f", P({name} >= {bound:g}) {probability((sizes >= bound).mean())}" for bound in bounds)


def joint_sign(beliefs: Sequence[Belief], ways: Sequence[int]) -> str:
    """Return the probability that every sign is as claimed at once, empty without draws or for one path."""
    if len(beliefs) < 2 or any(b.draws is None for b in beliefs):
        return ""
    right = [way * b.draws > 0 for b, way in zip(beliefs, ways, strict=True) if b.draws is not None]
    return f"P(all) {probability(np.all(right, axis=0).mean())}"


def joined(parts: Sequence[str], joint: str = "") -> str:
    """Return parts of the evidence as one text."""
    return "; ".join([*parts, joint] if joint else parts)
