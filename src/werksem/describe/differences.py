"""Groups compared: each with the rest, in pairs, with one of them, or by planned contrasts."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.describe.compared import compare, comparison_rows, measured, sides
from werksem.describe.contrasts import holm
from werksem.describe.design import design_by_wave
from werksem.describe.intervals import degrees
from werksem.describe.questions import ALL
from werksem.describe.sample import Sample
from werksem.describe.slices import Slice, slices
from werksem.errors import DataError, did_you_mean
from werksem.spec.describe_more import Difference

__all__ = ["difference"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
# name of the comparison, weights of the sets, the groups compared (empty text: with all others)
Planned = list[tuple[str, dict[int, float], tuple[str, ...]]]


def difference(spec: Difference, sample: Sample) -> list[dict[str, Any]]:
    """Return the comparisons of each variable between the groups of ``by``, per wave.

    ``category`` is the comparison, as ``Rijk - rest`` or ``Rijk - Gemeenten``, or a contrast's name;
    ``group`` is empty, for it is about several. The measures are those of ``comparison_rows``, with
    intervals by t on the design's degrees of freedom and ``p_holm`` over the comparisons of one variable in
    one wave (Holm 1979). Groups that share clusters are compared with their joint covariance. Raises
    ``DataError`` for a group that is not there, and where there are fewer than two.
    """
    design = design_by_wave(sample.design, sample.wave)
    found: list[dict[str, Any]] = []
    parts = slices(sample, spec.by, total=False)
    for wave in dict.fromkeys(part.wave for part in parts):
        there = [part for part in parts if part.wave == wave]
        masks, planned = _planned(spec, there)
        for name in spec.of:
            y = measured(spec, sample, name)
            estimates = sides(y, masks, design)
            df = degrees(np.isfinite(y) & masks.any(axis=1), design)
            sizes = {part.group: int(n) for part, n in zip(there, estimates.n, strict=False)}
            compared = [compare(spec, estimates, _weights(w, masks), df, sample.level) for _, w, _ in planned]
            corrected = holm(np.array([one.raw.p for one in compared]))
            common = {"table": spec.table, "kind": spec.kind, "variable": name, "wave": wave}
            for (pair, _, of), one, p in zip(planned, compared, corrected, strict=True):
                named = common | {"category": pair, "of": of, "sizes": sizes}
                found += comparison_rows(named, one, sample.level, float(p))
    return found


def _weights(given: dict[int, float], masks: Mask) -> Array:
    weights = np.zeros(masks.shape[1])
    weights[list(given)] = list(given.values())
    return weights


def _planned(spec: Difference, parts: list[Slice]) -> tuple[Mask, Planned]:
    """Return the sets of respondents (n, S) and the comparisons between them."""
    groups = [part.group for part in parts]
    if len(groups) < 2:
        raise DataError(f"{spec.by} has fewer than two groups, nothing to compare")
    masks = [part.rows for part in parts]
    if spec.compare == "rest" and len(groups) > 2:  # of two groups the rest is the other one
        every = np.logical_or.reduce(masks)
        rest = [every & ~mask for mask in masks]
        size = len(groups)
        return np.stack([*masks, *rest], axis=1), [
            (f"{group} - rest", {i: 1.0, size + i: -1.0}, (group, ALL)) for i, group in enumerate(groups)
        ]
    return np.stack(masks, axis=1), _between(spec, groups)


def _between(spec: Difference, groups: list[str]) -> Planned:
    if spec.compare == "contrasts":
        return [
            (name, {_place(spec, groups, g): float(w) for g, w in weights.items() if w}, tuple(weights))
            for name, weights in spec.contrasts.items()
        ]
    pairs = list(combinations(range(len(groups)), 2))
    if spec.reference is not None:
        reference = _place(spec, groups, spec.reference)
        pairs = [(i, reference) for i in range(len(groups)) if i != reference]
    return [(f"{groups[i]} - {groups[j]}", {i: 1.0, j: -1.0}, (groups[i], groups[j])) for i, j in pairs]


def _place(spec: Difference, groups: list[str], name: str) -> int:
    if name not in groups:
        near = did_you_mean(name, groups)
        raise DataError(f'{spec.by} has no group "{name}"{near}; it has {", ".join(groups)}')
    return groups.index(name)
