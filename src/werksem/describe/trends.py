"""Waves compared: an estimate in each, its slope over the waves, and changes, never across a break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.describe.compared import Compared, Sides, compare, comparison_rows, contrast, measured, sides
from werksem.describe.design import design_by_wave
from werksem.describe.intervals import degrees, estimated
from werksem.describe.sample import Sample
from werksem.describe.slices import Slice, slices
from werksem.describe.table import row
from werksem.errors import DataError
from werksem.spec.describe_more import Trend

__all__ = ["slope_weights", "stretches", "trend"]

Array = NDArray[np.float64]


def trend(spec: Trend, sample: Sample) -> list[dict[str, Any]]:
    """Return, per variable and group, an estimate per wave, published points, slopes, changes and breaks.

    Rows by ``category``: empty, the estimate in ``wave``; ``published``, a point from elsewhere; ``slope``,
    the linear contrast of a stretch of waves without a break (``wave`` is ``2019-2024``), per year, its
    p-value and whether the change it gives from first to last wave is within the bound; ``change``,
    each wave less the one before, and the last less the first, with the measures of
    ``comparison_rows``; ``break``, with ``value`` the year after which the series breaks. Waves are
    independent samples. Raises ``DataError`` where there are no waves, or they are no numbers.
    """
    if sample.wave is None:
        raise DataError("a trend is over waves, and these data have none")
    design = design_by_wave(sample.design, sample.wave)
    parts = slices(sample, spec.by)
    found: list[dict[str, Any]] = []
    for name in spec.of:
        y = measured(spec, sample, name)
        for group in dict.fromkeys(part.group for part in parts):
            here = [p for p in parts if p.group == group and (p.rows & np.isfinite(y)).any()]
            if not here:
                continue
            here.sort(key=lambda p: _year(spec, p.wave))
            estimates = sides(y, np.stack([part.rows for part in here], axis=1), design)
            common = {"table": spec.table, "kind": spec.kind, "variable": name, "group": group}
            df = tuple(degrees(part.rows & np.isfinite(y), design) for part in here)
            series = _Series(spec, common, estimates, tuple(here), df, sample.level)
            found += [*_levels(series), *_breaks_and_published(series)]
            for start, end in stretches(_years(series), spec.breaks):
                found += [*_slope(series, start, end), *_changes(series, start, end)]
    return found


@dataclass(frozen=True, slots=True)
class _Series:
    """One variable of one group over the waves that have it, with each wave's degrees of freedom."""

    spec: Trend
    common: dict[str, Any]
    of: Sides
    waves: tuple[Slice, ...]
    df: tuple[int, ...]
    level: float


def _years(series: _Series) -> list[float]:
    return [float(part.wave) for part in series.waves]


def _df(series: _Series, weights: Array) -> int:
    """Return the degrees of freedom of the waves that have a weight: they add up, being independent."""
    return sum(df for df, w in zip(series.df, weights, strict=True) if w)


def _compared(series: _Series, weights: Array) -> Compared:
    return compare(series.spec, series.of, weights, _df(series, weights), series.level)


def _year(spec: Trend, wave: str) -> float:
    try:
        return float(wave)
    except ValueError:
        raise DataError(f'waves are years or other numbers, found "{wave}"') from None


def stretches(years: Sequence[float], breaks: Sequence[float]) -> list[tuple[int, int]]:
    """Return from which to before which wave there is no break; one of a single wave is left out.

    >>> stretches([2012, 2014, 2016, 2019, 2022], [2016])
    [(0, 3), (3, 5)]
    """
    side = [sum(year > at for at in breaks) for year in years]
    starts = [i for i in range(len(years)) if i == 0 or side[i] != side[i - 1]]
    ends = [*starts[1:], len(years)]
    return [(a, b) for a, b in zip(starts, ends, strict=True) if b - a > 1]


def slope_weights(years: Sequence[float]) -> Array:
    """Return the weights of the least-squares slope per year, all waves counting alike.

    >>> slope_weights([2019, 2021, 2023]).tolist()
    [-0.25, 0.0, 0.25]
    """
    centred = np.array(years, dtype=float) - np.mean(years)
    return centred / (centred @ centred)


def _levels(series: _Series) -> list[dict[str, Any]]:
    found = []
    for j, part in enumerate(series.waves):
        only = np.eye(len(series.waves))[j]
        value, se = contrast(series.of, only)
        measure, n = series.spec.measure, int(series.of.n[j])
        cells = estimated(value, se, series.df[j], series.level, share=measure == "share")
        found.append(
            row(**series.common, wave=part.wave, measure=measure, **cells, n=n) | {"all_answers": True}
        )
    return found


def _breaks_and_published(series: _Series) -> list[dict[str, Any]]:
    """Return the published points (of all respondents together), and the breaks among all points."""
    spec, common = series.spec, series.common
    points = spec.published.get(common["variable"], {}) if common["group"] == "" else {}
    found = [
        row(**common, category="published", wave=year, measure=spec.measure, value=value, n=None)
        for year, value in sorted(points.items(), key=lambda point: float(point[0]))
    ]
    years = sorted({*map(float, points), *_years(series)})
    for at in sorted(spec.breaks):
        before, after = [y for y in years if y <= at], [y for y in years if y > at]
        if before and after:
            between = f"{before[-1]:g}-{after[0]:g}"
            found.append(row(**common, category="break", wave=between, measure="break", value=at, n=None))
    return found


def _named(series: _Series, category: str, first: int, last: int) -> dict[str, Any]:
    between = f"{series.waves[first].wave}-{series.waves[last].wave}"
    return series.common | {"category": category, "wave": between}


def _changes(series: _Series, start: int, end: int) -> list[dict[str, Any]]:
    """Return each wave less the one before, and the last less the first, from ``start`` to before ``end``."""
    pairs = [(i, i + 1) for i in range(start, end - 1)]
    pairs += [(start, end - 1)] if end - start > 2 else []
    found = []
    for first, last in pairs:
        weights = np.zeros(len(series.waves))
        weights[[first, last]] = -1.0, 1.0
        named = _named(series, "change", first, last)
        found += comparison_rows(named, _compared(series, weights), series.level)
    return found


def _slope(series: _Series, start: int, end: int) -> list[dict[str, Any]]:
    """Return the slope per year, and the tests of the change it gives over the stretch."""
    years = _years(series)[start:end]
    weights = np.zeros(len(series.waves))
    weights[start:end] = slope_weights(years)
    value, se = contrast(series.of, weights)
    cells = estimated(value, se, _df(series, weights), series.level, share=False)
    over = _compared(series, weights * (years[-1] - years[0]))
    named = _named(series, "slope", start, end - 1)
    first = row(**named, measure="slope", **cells, n=over.n)
    tests = [r for r in comparison_rows(named, over, series.level) if r["measure"] not in ("difference", "d")]
    return [first, *tests]
