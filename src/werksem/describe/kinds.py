"""The kinds of table: what each asks of its variables. One function per kind, and one registry."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.describe.asking import NEAR, among, between, itself, rows_of
from werksem.describe.destinations import origin_destination
from werksem.describe.differences import difference
from werksem.describe.item_kinds import items, three_way, top2
from werksem.describe.marks import mark, slope
from werksem.describe.multi_response import multi_response
from werksem.describe.questions import Question
from werksem.describe.sample import Sample
from werksem.describe.trends import trend
from werksem.describe.variables import values
from werksem.errors import DataError
from werksem.spec.describe import (
    Classes,
    Enps,
    Histogram,
    Marks,
    Means,
    OneIn,
    ShareBelow,
)

__all__ = ["KINDS", "Kind", "interval_name"]

Array = NDArray[np.float64]
Rows = list[dict[str, Any]]
Kind = Callable[[Any, Sample], Rows]
# more bins are no histogram, and their pages and sums no longer fit in memory
MOST_BINS = 200
SCHEMES = {"werkonderzoek": (1.0, 6.0, 8.0, 10.0), "standaard": (0.0, 7.0, 9.0, 10.0)}


def means(spec: Means, sample: Sample) -> Rows:
    """Return the mean and the standard deviation of every variable."""
    questions = (Question("mean", "", itself), Question("square", "", np.square))
    return _with_sd([line for name in spec.of for line in rows_of(spec, sample, name, questions)])


def _with_sd(rows: Rows) -> Rows:
    """Return the rows with standard deviations, n - 1 in the denominator, where mean squares were."""
    found: Rows = []
    for line in rows:
        if line["measure"] == "square":
            n, value = line["n"], line["value"] - found[-1]["value"] ** 2
            sd = math.sqrt(max(value, 0.0) * n / (n - 1)) if n > 1 else math.nan
            line = line | {
                "measure": "sd",
                "value": sd,
                "se": math.nan,
                "ci_lower": math.nan,
                "ci_upper": math.nan,
            }
        found.append(line)
    return found


def marks(spec: Marks, sample: Sample) -> Rows:
    """Return the mark of every variable's mean, with the mean's interval carried over.

    The share ``insufficient`` has a scale mean below 3 (not a mark below 6: 3 is a 5.5 by ``lineair``).
    """
    rule = spec.rule or "lineair"
    shown, steep = partial(mark, rule=rule), partial(slope, rule=rule)
    questions = [Question("mark", "", itself, shown=shown, slope=steep)]
    if spec.insufficient:
        questions.append(Question("share", "insufficient", partial(between, low=-math.inf, high=3), True))
    found: Rows = []
    for name in spec.of:
        x = values(sample, name)
        lowest, highest = (1, 10) if rule == "direct" else (1, 5)
        if ((x < lowest) | (x > highest)).any():
            raise DataError(f'"{name}" runs from {np.nanmin(x):g} to {np.nanmax(x):g}; {_right(rule)}')
        found += rows_of(spec, sample, name, questions)
    return found


def _right(rule: str) -> str:
    if rule == "direct":
        return "direct marks run from 1 to 10"
    return "marks come from means of 1 to 5 (rule: direct where answers are marks themselves)"


def classes(spec: Classes, sample: Sample) -> Rows:
    """Return the shares of scores in classes closed on the right."""
    ends = (-math.inf, *spec.at, math.inf)
    questions = [
        Question("share", interval_name(low, high), partial(_class, low=low, high=high), True, True)
        for low, high in pairwise(ends)
    ]
    return [line for name in spec.of for line in rows_of(spec, sample, name, questions)]


def _class(x: Array, low: float, high: float) -> Array:
    """Return 1 where low < x <= high, else 0."""
    return ((x > low + NEAR) & (x <= high + NEAR)).astype(float)


def interval_name(low: float, high: float) -> str:
    """Return what a class closed on the right is called in tables.csv.

    >>> interval_name(-math.inf, 2.5), interval_name(2.5, 3.5), interval_name(3.5, math.inf)
    ('<= 2.5', '2.5 - 3.5', '> 3.5')
    """
    if math.isinf(low):
        return f"<= {high:g}"
    return f"> {low:g}" if math.isinf(high) else f"{low:g} - {high:g}"


def enps(spec: Enps, sample: Sample) -> Rows:
    """Return promoters, passives, detractors and the score, 100 (promoters - detractors)."""
    lowest, passive, promoter, highest = SCHEMES[spec.scheme]
    ends = {"promoter": (promoter, 11.0), "passive": (passive, promoter), "detractor": (-1.0, passive)}
    questions = [
        Question("share", name, partial(between, low=low, high=high), True, True)
        for name, (low, high) in ends.items()
    ]
    questions.append(Question("score", "", partial(_net, passive=passive, promoter=promoter)))
    found: Rows = []
    for name in spec.of:
        x = values(sample, name)
        if ((x < lowest) | (x > highest)).any():
            raise DataError(
                f'"{name}" runs from {np.nanmin(x):g} to {np.nanmax(x):g}; '
                f"scheme {spec.scheme} takes answers from {lowest:g} to {highest:g}"
            )
        found += rows_of(spec, sample, name, questions)
    return found


def _net(x: Array, passive: float, promoter: float) -> Array:
    return 100.0 * ((x >= promoter).astype(float) - (x < passive).astype(float))


def histogram(spec: Histogram, sample: Sample) -> Rows:
    """Return the shares of scores in bins closed on the left (the last on both sides), and below a score."""
    found: Rows = []
    for name in spec.of:
        x = values(sample, name)
        low, high = sample.limits.get(name) or (math.floor(np.nanmin(x)), math.ceil(np.nanmax(x)))
        bins = max(1, round((high - low) / spec.width))
        if bins > MOST_BINS:
            raise DataError(
                f'"{name}" runs from {low:g} to {high:g}, so a width of {spec.width:g} makes {bins} bins; '
                f"at most {MOST_BINS} can be shown"
            )
        ends = [low + at * spec.width for at in range(bins)] + [max(high, low + bins * spec.width)]
        questions = [
            Question("share", f"{a:g} - {b:g}", partial(between, low=a, high=_closed(b, ends)), True, True)
            for a, b in pairwise(ends)
        ]
        if spec.below is not None:
            below = partial(between, low=-math.inf, high=spec.below)
            questions.append(Question("share", f"< {spec.below:g}", below, True))
        found += rows_of(spec, sample, name, questions)
    return found


def _closed(end: float, ends: Sequence[float]) -> float:
    """Return the upper end of a bin, which the last bin has inside."""
    return end + 2 * NEAR if end == ends[-1] else end


def share_below(spec: ShareBelow, sample: Sample) -> Rows:
    """Return the share below a bound, above one, or among certain answers."""
    question = _part(spec)
    return [line for name in spec.of for line in rows_of(spec, sample, name, [question])]


def one_in(spec: OneIn, sample: Sample) -> Rows:
    """Return a share, and how many respondents there are to each of them: 1 in k, k = 1 / share."""
    share = _part(spec)
    per = Question("one_in", share.category, share.y, True, shown=_inverse, slope=lambda p: _inverse(p) ** 2)
    return [line for name in spec.of for line in rows_of(spec, sample, name, [share, per])]


def _inverse(share: float) -> float:
    return 1 / share if share > 0 else math.nan


def _part(spec: ShareBelow | OneIn) -> Question:
    if spec.below is not None:
        return Question("share", f"< {spec.below:g}", partial(between, low=-math.inf, high=spec.below), True)
    if spec.above is not None:
        above = partial(_class, low=spec.above, high=math.inf)
        return Question("share", f"> {spec.above:g}", above, True)
    named = ", ".join(f"{answer:g}" for answer in spec.answers)
    return Question("share", named, partial(among, those=spec.answers), True)


KINDS: Mapping[str, Kind] = {
    "means": means, "marks": marks, "top2": top2, "three_way": three_way, "items": items,
    "classes": classes, "enps": enps, "histogram": histogram, "share_below": share_below, "one_in": one_in,
    "multi_response": multi_response, "origin_destination": origin_destination, "trend": trend,
    "difference": difference,
}  # fmt: skip
