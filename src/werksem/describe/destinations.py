"""Where those who left went: origins by destinations, as shares of all and of those who left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.describe.design import design_by_wave
from werksem.describe.questions import Cell
from werksem.describe.ratios import Design
from werksem.describe.sample import Sample
from werksem.describe.slices import Slice, column, labels, slices, texts
from werksem.describe.table import row
from werksem.describe.tallies import leading, ranks, tallied, tally_row
from werksem.spec.describe_more import OriginDestination
from werksem.spec.filters import rows

__all__ = ["origin_destination"]

Mask = NDArray[np.bool_]


def origin_destination(spec: OriginDestination, sample: Sample) -> list[dict[str, Any]]:
    """Return, per wave and origin (``group``), destinations (``category``) with their two shares and rank.

    ``share`` has as base those who left the origin with a known destination, ``share_of_all`` all
    respondents of the origin; the origin without name is all of them together. Rows without a category
    are the totals: who left, as ``share_of_all``. With ``within``, rows whose ``variable`` is the text of
    ``leavers`` say which ``share`` they are of those for whom the condition in ``category`` is true.
    Raises ``DataError`` where a column is not there.
    """
    to = column(sample, spec.of[0])
    known = to.notna().to_numpy()
    left = known if spec.leavers is None else rows(spec.leavers, sample.frame)
    places, went = labels(to[left & known]), texts(to)
    to_each = (
        np.stack([went == place for place in places], axis=1) if places else np.empty((len(to), 0), bool)
    ) & left[:, None]
    ways = np.column_stack([to_each, left & ~to_each.any(axis=1), ~left])
    design = design_by_wave(sample.design, sample.wave)
    found: list[dict[str, Any]] = []
    for part in slices(sample, spec.by):
        sizes = tuple(int(n) for n in (ways & part.rows[:, None]).sum(axis=0))
        found += _totals(spec, sample, left, design, part, sizes)
        if places:
            found += _moves(spec, sample.level, places, to_each, design, part, sizes)
    return found


def _told(line: dict[str, Any], ways: Sequence[int], sizes: tuple[int, ...]) -> dict[str, Any]:
    """Return a row with its ``Cell``: the share of those who went one of the ``ways``.

    ``sizes`` (v,) are how many respondents of the row's group went each way: to each place, elsewhere or to
    no known place, and nowhere (who stayed). The base of ``share`` are those who went to a place.
    """
    places, every = range(len(sizes) - 2), range(len(sizes))
    base = tuple(map(float, places)) if line["measure"] == "share" else ()
    y = tuple(float(way in ways) for way in every)
    cell = Cell((), tuple(map(float, every)), y, line["count"], True, False, base, sizes)
    return line | {"cell": cell}


def _totals(
    spec: OriginDestination, sample: Sample, left: Mask, design: Design, part: Slice, sizes: tuple[int, ...]
) -> list[dict[str, Any]]:
    """Return which share left of all respondents of the origin, and of those of each condition."""
    among = [part.rows, *(part.rows & rows(condition, sample.frame) for condition in spec.within)]
    found = tallied(np.repeat(left[:, None], len(among), axis=1), np.stack(among, axis=1), design)
    common = _common(spec, part)
    total = tally_row(common | {"variable": spec.of[0]}, "share_of_all", found, 0, sample.level)
    others = [
        tally_row(
            common | {"variable": spec.leavers or spec.of[0], "category": condition}, "share", found, j,
            sample.level,
        )
        for j, condition in enumerate(spec.within, start=1)
    ]  # fmt: skip
    return [_told(total, range(len(sizes) - 1), sizes), *others]


def _moves(
    spec: OriginDestination, level: float, places: list[str], to_each: Mask, design: Design, part: Slice,
    sizes: tuple[int, ...],
) -> list[dict[str, Any]]:  # fmt: skip
    arrived = part.rows & to_each.any(axis=1)
    of_all = tallied(to_each, np.repeat(part.rows[:, None], len(places), axis=1), design)
    of_leavers = tallied(to_each, np.repeat(arrived[:, None], len(places), axis=1), design)
    place = ranks(of_leavers.shares.value)
    if spec.top is not None:  # where nobody went has no place among the first
        place = np.where(of_leavers.counted > 0, place, np.nan)
    found = []
    for j in leading(place, spec.top):
        here = _common(spec, part) | {"variable": spec.of[0], "category": places[j]}
        found.append(_told(tally_row(here, "share", of_leavers, j, level), (j,), sizes))
        found.append(_told(tally_row(here, "share_of_all", of_all, j, level), (j,), sizes))
        found.append(row(**here, measure="rank", value=place[j], n=int(of_leavers.shares.n[j])))
    return found


def _common(spec: OriginDestination, part: Slice) -> dict[str, Any]:
    return {"table": spec.table, "kind": spec.kind, "group": part.group, "wave": part.wave}
