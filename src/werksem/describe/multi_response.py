"""Answers of which a respondent may tick several: shares of respondents, ranks, shares of ticks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.describe.design import design_by_wave
from werksem.describe.questions import Cell
from werksem.describe.ratios import Design, Ratios
from werksem.describe.sample import Sample
from werksem.describe.slices import Slice, slices
from werksem.describe.table import row
from werksem.describe.tallies import leading, ranks, tallied, tally_row
from werksem.describe.variables import values
from werksem.errors import DataError
from werksem.spec.describe_more import MultiResponse
from werksem.spec.filters import rows

__all__ = ["multi_response", "of_ticks"]

Mask = NDArray[np.bool_]


def multi_response(spec: MultiResponse, sample: Sample) -> list[dict[str, Any]]:
    """Return shares of respondents, ranks and, on request, shares of ticks, per wave and group.

    A row's ``variable`` is the column ticked; ``measure`` is ``share``, ``rank`` (1 is ticked most, equal
    shares have equal ranks) or ``share_of_responses``. The base is who ``base`` is true of and who answered
    at least one of the columns; a blank beside an answer is no tick. With ``within``, rows whose
    ``variable`` is the text of ``base`` say which share of all, and of each condition in
    ``category``, that base is. Raises ``DataError`` where a column holds something else than 0 and 1, or a
    respondent ticked more than ``most``.
    """
    ticks, asked = _ticked(spec, sample)
    design = design_by_wave(sample.design, sample.wave)
    found: list[dict[str, Any]] = []
    for part in slices(sample, spec.by):
        if (asked & part.rows).any():
            base = asked & part.rows
            sizes = (int((part.rows & ~asked).sum()), int(base.sum()), *map(int, ticks[base].sum(axis=0)))
            lines = _shares(spec, sample.level, ticks, base, design, part)
            lines += _of_others(spec, sample, asked, design, part)
            found += [_told(spec, line, sizes) for line in lines]
    return found


def _told(spec: MultiResponse, line: dict[str, Any], sizes: tuple[int, ...]) -> dict[str, Any]:
    """Return a row of ``share``s with its ``Cell``; what the base is of those of a condition has none.

    ``sizes`` (k + 2,) are the respondents of the row's group who are not in the base, those in it, and those
    who ticked each column.
    """
    ticked = line["variable"] in spec.of and not line["category"]
    if line["measure"] == "rank" or not (ticked or line["category"] == ""):
        return line
    of_ticks, answers = line["measure"] == "share_of_responses", tuple(map(float, range(len(sizes))))
    at = spec.of.index(line["variable"]) + 2 if ticked else 1
    base = answers[2:] if of_ticks else answers[1:2] if ticked else answers[:2]
    y = tuple(float(answer == at) for answer in answers)
    part = of_ticks and spec.top is None
    return line | {"cell": Cell((), answers, y, line["count"], True, part, base, sizes)}


def _ticked(spec: MultiResponse, sample: Sample) -> tuple[Mask, Mask]:
    """Return the ticks (n, k) and who is in the base (n,)."""
    answers = np.stack([values(sample, name) for name in spec.of], axis=1)
    known = np.isfinite(answers)
    for name, given, seen in zip(spec.of, answers.T, known.T, strict=True):
        other = np.unique(given[seen & ~np.isin(given, (0, 1))])
        if len(other):
            raise DataError(f"{name} holds {other[0]:g}; columns ticked together hold 0 and 1")
    asked: Mask = np.any(known, axis=1)
    if spec.base is not None:
        asked = np.logical_and(asked, rows(spec.base, sample.frame))
    ticks = answers == 1
    if spec.most is not None:
        _refuse_more(spec.most, ticks[asked])
    return ticks, asked


def _refuse_more(most: int, ticks: Mask) -> None:
    count = ticks.sum(axis=1)
    over = int((count > most).sum())
    if over:
        raise DataError(
            f"{over} respondent{'s' if over > 1 else ''} ticked more than {most} of the "
            f"{ticks.shape[1]} columns (up to {count.max()}); most: {most} is what one may tick"
        )


def _shares(
    spec: MultiResponse, level: float, ticks: Mask, base: Mask, design: Design, part: Slice
) -> list[dict[str, Any]]:
    found = tallied(ticks, np.repeat(base[:, None], len(spec.of), axis=1), design)
    of_all_ticks = replace(found, shares=of_ticks(found.shares))
    place = ranks(found.shares.value)
    listed = []
    for j in leading(place, spec.top):
        here = _common(spec, part) | {"variable": spec.of[j]}
        listed.append(tally_row(here, "share", found, j, level))
        listed.append(row(**here, measure="rank", value=place[j], n=int(found.shares.n[j])))
        if spec.responses:
            listed.append(tally_row(here, "share_of_responses", of_all_ticks, j, level))
    return listed


def _of_others(
    spec: MultiResponse, sample: Sample, asked: Mask, design: Design, part: Slice
) -> list[dict[str, Any]]:
    """Return which share the base is of all respondents of the part, and of each condition."""
    if not spec.within:
        return []
    among = [part.rows, *(part.rows & rows(condition, sample.frame) for condition in spec.within)]
    found = tallied(np.repeat(asked[:, None], len(among), axis=1), np.stack(among, axis=1), design)
    common = _common(spec, part) | {"variable": spec.base or spec.table}
    return [
        tally_row(common | {"category": condition}, "share", found, j, sample.level)
        for j, condition in enumerate(("", *spec.within))
    ]


def _common(spec: MultiResponse, part: Slice) -> dict[str, Any]:
    return {"table": spec.table, "kind": spec.kind, "group": part.group, "wave": part.wave}


def of_ticks(shares: Ratios) -> Ratios:
    """Return shares of all ticks, p_j / sum(p), with covariance by the delta method; NaN without ticks.

    >>> two = Ratios(np.array([0.5, 0.3]), np.eye(2) / 100, np.array([9, 9]), np.array([9, 9]))
    >>> of_ticks(two).value.round(6).tolist()
    [0.625, 0.375]
    """
    total = shares.value.sum() or np.nan
    value = shares.value / total
    change = (np.eye(len(value)) - value[:, None]) / total  # row j: derivatives of share j
    return replace(shares, value=value, cov=change @ shares.cov @ change.T)
