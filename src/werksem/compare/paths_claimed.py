"""Claims about paths one by one: sign, no effect, small, strong, pattern, correlation.

Each function returns the verdict and what decided it, None where the engine lacks a value.
"""

from __future__ import annotations

from collections.abc import Sequence

from werksem.compare.beliefs import Belief
from werksem.compare.found import Found
from werksem.compare.said import beyond, interval, joined, joint_sign, of_sign, readings, within
from werksem.compare.verdicts import THRESHOLDS, Thresholds, all_of, bounded, no_effect, sign, small, strong
from werksem.spec.claims import Correlation, NoEffect, Pattern, Sign, Small, Strong

__all__ = [
    "DIRECTIONS", "Judged", "beliefs_of", "correlated", "negligible", "patterned", "signed", "slight",
    "sturdy",
]  # fmt: skip

Judged = tuple[str, str]
DIRECTIONS = {"positive": 1, "negative": -1, None: 0}


def beliefs_of(found: Found, paths: Sequence[str]) -> list[Belief] | None:
    """Return what an engine says of each path, None where it lacks one."""
    known = [belief for belief in map(found.belief, paths) if belief is not None]
    return known if len(known) == len(paths) else None


def signed(claim: Sign, found: Found, at: Thresholds = THRESHOLDS) -> Judged | None:
    """Judge signs: these positive, those negative."""
    beliefs = beliefs_of(found, (*claim.positive, *claim.negative))
    if beliefs is None:
        return None
    ways = [1] * len(claim.positive) + [-1] * len(claim.negative)
    verdicts = [sign(b.limits, way, len(ways), at) for b, way in zip(beliefs, ways, strict=True)]
    said = [of_sign(b, way, found.say) for b, way in zip(beliefs, ways, strict=True)]
    return all_of(verdicts), joined(said, joint_sign(beliefs, ways))


def negligible(claim: NoEffect, found: Found, at: Thresholds = THRESHOLDS) -> Judged | None:
    """Judge paths within ±rope."""
    beliefs, rope = beliefs_of(found, claim.paths), claim.rope or at.rope
    if beliefs is None:
        return None
    said = [interval(b, THRESHOLDS.inside) + within(b, rope) for b in beliefs]
    return all_of(no_effect(b.limits, rope, len(beliefs), at) for b in beliefs), joined(said)


def slight(claim: Small, found: Found, at: Thresholds = THRESHOLDS) -> Judged | None:
    """Judge paths smaller than a bound, with their sign where one is claimed."""
    beliefs, below, way = beliefs_of(found, claim.paths), claim.below or at.small, DIRECTIONS[claim.sign]
    if beliefs is None:
        return None
    said = [interval(b, THRESHOLDS.inside) + within(b, below) + beyond(b, way) for b in beliefs]
    return all_of(small(b.limits, below, way, len(beliefs), at) for b in beliefs), joined(said)


def sturdy(claim: Strong, found: Found, at: Thresholds = THRESHOLDS) -> Judged | None:
    """Judge paths at least as strong as a bound."""
    beliefs, least, way = beliefs_of(found, claim.paths), claim.least or at.strong, DIRECTIONS[claim.sign]
    if beliefs is None:
        return None
    said = [interval(b) + readings(b, least, way) for b in beliefs]
    return all_of(strong(b.limits, least, way, len(beliefs), at) for b in beliefs), joined(said)


def patterned(claim: Pattern, found: Found, at: Thresholds = THRESHOLDS) -> Judged | None:
    """Judge a pattern: signs of some paths, no effect of others."""
    ways = [1] * len(claim.positive) + [-1] * len(claim.negative)
    beliefs = beliefs_of(found, (*claim.positive, *claim.negative, *claim.no_effect))
    if beliefs is None:
        return None
    count, rope = len(beliefs), claim.rope or at.rope
    with_sign, without = beliefs[: len(ways)], beliefs[len(ways) :]
    verdicts = [sign(b.limits, way, count, at) for b, way in zip(with_sign, ways, strict=True)]
    verdicts += [no_effect(b.limits, rope, count, at) for b in without]
    said = [of_sign(b, way, found.say) for b, way in zip(with_sign, ways, strict=True)]
    said += [interval(b, THRESHOLDS.inside) + within(b, rope) for b in without]
    return all_of(verdicts), joined(said)


def correlated(claim: Correlation, found: Found, at: Thresholds = THRESHOLDS) -> Judged | None:
    """Judge correlations: positive, negative, or at most a bound.

    Errors of measurement lower the correlations of scale means, so that these prove no upper bound.
    """
    if claim.below and found.engine == "data":
        return None
    beliefs = beliefs_of(found, (*claim.positive, *claim.negative, *claim.below))
    if beliefs is None:
        return None
    ways = [1] * len(claim.positive) + [-1] * len(claim.negative)
    count, split = len(beliefs), len(ways)
    verdicts = [sign(b.limits, way, count, at) for b, way in zip(beliefs, ways, strict=False)]
    most = claim.at_most or 1.0
    verdicts += [bounded(b.limits, -float("inf"), most, count, at) for b in beliefs[split:]]
    return all_of(verdicts), joined([interval(b) for b in beliefs])
