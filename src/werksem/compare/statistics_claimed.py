"""Claims about respondents: levels, orders, differences and trends of means, marks and shares.

Each function returns the verdict and what decided it, None where the data lack a variable or a group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any

import numpy as np

from werksem.compare.beliefs import Belief
from werksem.compare.contrasts_claimed import bounds_of
from werksem.compare.found import Found, derived
from werksem.compare.measured import named
from werksem.compare.paths_claimed import Judged
from werksem.compare.said import interval, joined
from werksem.compare.verdicts import (
    THRESHOLDS,
    UNDECIDED,
    Limits,
    Thresholds,
    all_of,
    bounded,
    no_effect,
    sign,
)
from werksem.describe.intervals import limits as share_limits
from werksem.errors import DataError
from werksem.estimators.joint import Joint
from werksem.spec.claims import (
    Difference,
    Level,
    NoDifference,
    NoTrend,
    Order,
    OrderOfGroups,
    Statistic,
    Trend,
)

__all__ = ["apart", "levelled", "moved", "ordered", "ranked", "same", "unmoved"]

SHOWN = 6  # parts of the evidence that are written out; of more, those that decide


def levelled(claim: Level, found: Found, at: Thresholds = THRESHOLDS) -> Judged | None:
    """Judge statistics against a bound."""
    beliefs = _beliefs(found, _of_group(claim.of, claim.group))
    if beliefs is None:
        return None
    low, high = bounds_of(claim)
    level = THRESHOLDS.inside if claim.between else THRESHOLDS.level
    verdict = all_of(bounded(b.limits, low, high, len(beliefs), at) for b in beliefs)
    return verdict, joined([interval(b, level) for b in beliefs])


def apart(claim: Difference, found: Found, at: Thresholds = THRESHOLDS) -> Judged | None:
    """Judge a difference of two statistics against a bound."""
    first, second = _of_group((claim.first, claim.second), claim.group)
    difference = _difference(found, first, second)
    each = _beliefs(found, (first, second))
    if difference is None or each is None:
        return None
    low, high = bounds_of(claim)
    return bounded(difference.limits, low, high, 1, at), joined(
        [interval(difference), *(f"{b.name} {b.est:z.3f}" for b in each)]
    )


def ordered(claim: Order, found: Found, at: Thresholds = THRESHOLDS) -> Judged | None:
    """Judge statistics of the same respondents from high to low, in every group where asked."""
    groups: Sequence[str | None] = found.labels(claim.each) if claim.each else (claim.group,)
    if not groups:
        return None
    rows = [_of_group(claim.order, group, claim.each) for group in groups]
    return _steps(found, [pair for row in rows for pair in pairwise(row)], at)


def ranked(claim: OrderOfGroups, found: Found, at: Thresholds = THRESHOLDS) -> Judged | None:
    """Judge groups from high to low on a mean or share; refused where their measurement differs."""
    if claim.statistic is None:
        return None
    if not found.ranked(claim.statistic):
        return UNDECIDED, found.say("refused")
    places = [[_in_group(claim.statistic, label, claim.by) for label in rank] for rank in claim.ranks]
    pairs = [(one, other) for high, low in pairwise(places) for one in high for other in low]
    judged = _steps(found, pairs, at)
    each = _beliefs(found, [statistic for rank in places for statistic in rank])
    if judged is None or each is None:
        return None
    return judged[0], joined([", ".join(f"{b.name} {b.est:z.3f}" for b in each), judged[1]])


def same(claim: NoDifference, found: Found, at: Thresholds = THRESHOLDS) -> Judged | None:
    """Judge that groups do not differ: every two by less than a bound (two one-sided tests each)."""
    groups = claim.groups or found.labels(claim.by)
    if len(groups) < 2:
        return None
    parts: list[tuple[Belief, float]] = []
    for statistic in claim.of:
        scale, within = _scale(found, statistic, claim.within, at)
        for one, other in combinations(groups, 2):
            pair = (_in_group(statistic, one, claim.by), _in_group(statistic, other, claim.by))
            difference = None if scale is None else _difference(found, *pair, scale)
            if difference is None:
                return None
            parts.append((difference, within))
    verdicts = [no_effect(b.limits, within, len(parts), at) for b, within in parts]
    shown = sorted(parts, key=lambda part: -abs(part[0].est) / part[1])[:SHOWN]
    said = [interval(b, THRESHOLDS.inside) for b, _ in shown]
    more = [f"largest {len(shown)} of {len(parts)}"] if len(shown) < len(parts) else []
    return all_of(verdicts), joined([*said, *more])


def moved(claim: Trend, found: Found, at: Thresholds = THRESHOLDS) -> Judged | None:
    """Judge that statistics rise or fall over the waves."""
    slopes = _slopes(claim, found, None, at)
    if slopes is None:
        return UNDECIDED, found.say("one wave")
    way = 1 if claim.direction == "rises" else -1
    verdict = all_of(sign(b.limits, way, len(slopes), at) for b, _ in slopes)
    return verdict, joined([interval(b) for b, _ in slopes])


def unmoved(claim: NoTrend, found: Found, at: Thresholds = THRESHOLDS) -> Judged | None:
    """Judge that statistics move less than a bound from the first wave to the last."""
    slopes = _slopes(claim, found, claim.within, at)
    if slopes is None:
        return UNDECIDED, found.say("one wave")
    verdict = all_of(no_effect(b.limits, within, len(slopes), at) for b, within in slopes)
    return verdict, joined([interval(b, THRESHOLDS.inside) for b, _ in slopes])


def _slopes(
    claim: Trend | NoTrend, found: Found, within: float | None, at: Thresholds
) -> list[tuple[Belief, float]] | None:
    """Return each statistic's change over all waves (in SDs, or points) and its bound; None with one wave."""
    labels = _waves(claim.wave, found.labels(claim.wave), claim.id)
    if len(labels) < 2 + len(claim.breaks):
        return None
    weights = trend_weights([float(label) for label in labels], claim.breaks)
    parts = []
    for statistic in _of_group(claim.of, claim.group):
        scale, bound = _scale(found, statistic, within, at)
        joint = found.measured([_in_group(statistic, label, claim.wave) for label in labels])
        if joint is None or scale is None:
            return None
        name = f"{named(statistic)} {labels[0]}..{labels[-1]}"
        belief = derived(joint, joint.names, _weighted(weights / scale), name)
        if belief is None:
            return None
        parts.append((belief, bound))
    return parts


def _waves(column: str, labels: Sequence[str], claim: str) -> list[str]:
    """Return the waves in order; raises ``DataError`` for a column that is no numbers."""
    try:
        return sorted(labels, key=float)
    except ValueError:
        texts = ", ".join(f'"{label}"' for label in labels[:3])
        raise DataError(f'claim {claim}: waves are numbers, "{column}" has {texts}') from None


def _weighted(weights: Any) -> Any:
    return lambda values: values @ weights


def trend_weights(waves: Sequence[float], breaks: Sequence[float] = ()) -> Any:
    """Return the weights (w,) that turn the waves' values into the change from first to last wave.

    The change is the least-squares slope times the span, with a level of its own after each break: a wave
    in the year of a break is still before it, as in descriptive tables.

    >>> trend_weights([2019.0, 2022.0, 2024.0]).round(3).tolist()
    [-1.053, 0.132, 0.921]
    >>> trend_weights([2014.0, 2016.0, 2019.0, 2021.0], [2016.0]).round(3).tolist()
    [-1.75, 1.75, -1.75, 1.75]
    """
    years = np.array(waves)
    levels = [(years > point).astype(float) for point in breaks]
    design = np.column_stack([years - years.mean(), np.ones(len(years)), *levels])
    return np.linalg.pinv(design)[0] * (years[-1] - years[0])


def _scale(
    found: Found, statistic: Statistic, within: float | None, at: Thresholds
) -> tuple[float | None, float]:
    """Return what differences are divided by (a standard deviation; 1 for shares) and their bound."""
    if statistic.kind == "share":
        return 1.0, within or at.points
    spread = found.measured([Statistic(sd=statistic.variable)])
    unit = found.measured([statistic, Statistic(mean=statistic.variable)])
    if spread is None or unit is None or spread.est[0] <= 0:
        return None, within or at.difference
    # a mark is 9 / span as wide as its scale
    widths = np.sqrt(np.diag(unit.cov))
    stretch = widths[0] / widths[1] if statistic.kind == "mark" and widths[1] > 0 else 1.0
    return float(spread.est[0] * stretch), within or at.difference


def _steps(found: Found, pairs: Sequence[tuple[Statistic, Statistic]], at: Thresholds) -> Judged | None:
    """Judge that the first of each pair is higher."""
    beliefs = [_difference(found, one, other) for one, other in pairs]
    known = [belief for belief in beliefs if belief is not None]
    if len(known) < len(beliefs):
        return None
    shown = sorted(known, key=lambda b: b.est)[:SHOWN] if len(known) > SHOWN else known
    more = [f"smallest {len(shown)} of {len(known)}"] if len(shown) < len(known) else []
    verdict = all_of(sign(b.limits, 1, len(known), at) for b in known)
    return verdict, joined([*(interval(b) for b in shown), *more])


def _difference(found: Found, one: Statistic, other: Statistic, scale: float = 1.0) -> Belief | None:
    joint = found.measured([one, other])
    if joint is None:
        return None
    label = f"{named(one)} - {named(other)}" if scale == 1 else f"({named(one)} - {named(other)}) / sd"
    return derived(joint, joint.names, _weighted(np.array([1.0, -1.0]) / scale), label)


def _beliefs(found: Found, statistics: Sequence[Statistic]) -> list[Belief] | None:
    joint = found.measured(statistics)
    if joint is None:
        return None
    known = [derived(joint, [name], lambda v: v[..., 0], name) for name in joint.names]
    of_shares = [not joint.exact and statistic.kind == "share" for statistic in statistics]
    return [
        replace(belief, limits=_on_logit(joint, at)) if share else belief
        for at, (belief, share) in enumerate(zip(known, of_shares, strict=True))
        if belief is not None
    ]


def _on_logit(joint: Joint, at: int) -> Limits:
    """Return the limits of a share, by t on the logit: those of descriptive tables, within 0 and 1."""
    value, se = float(joint.est[at]), float(np.sqrt(joint.cov[at, at]))
    return lambda level: share_limits(value, se, joint.degrees, level, share=True)


def _of_group(
    statistics: Sequence[Statistic], group: str | None, by: str | None = None
) -> tuple[Statistic, ...]:
    if group is None:
        return tuple(statistics)
    return tuple(s if s.group is not None else _in_group(s, group, by) for s in statistics)


def _in_group(statistic: Statistic, group: str, by: str | None) -> Statistic:
    return statistic.model_copy(update={"group": group, "by": by})
