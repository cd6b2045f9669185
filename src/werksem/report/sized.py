"""How large each path is by the rules that judge claims, outcome by outcome: what the first screen tells."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import pandas as pd

from werksem.compare.cells import records
from werksem.compare.table import UNUSABLE
from werksem.compare.verdicts import THRESHOLDS
from werksem.report.answer import limits_of, main_groups
from werksem.report.folder import Result

__all__ = ["OutcomePaths", "SizedPath", "outcomes_of", "size_of"]

# the engine whose estimate is told: that of the constructs themselves, where there is one
TOLD = ("sem", "ols", "bayes")


@dataclass(frozen=True, slots=True)
class SizedPath:
    """A path's estimate, interval, and size: ``strong``, ``clear``, ``small``, ``negligible``, ``unsure``.

    ``open`` is the size of an estimate without an interval.
    """

    predictor: str
    value: float
    low: float
    high: float
    size: str

    @property
    def matters(self) -> bool:
        """Whether it is neither negligible nor unsure."""
        return self.size not in ("negligible", "unsure")


@dataclass(frozen=True, slots=True)
class OutcomePaths:
    """An outcome's paths, the largest first, by one engine, of one group; its outcome predicts nothing
    where ``final``."""

    outcome: str
    group: str
    engine: str
    level: float
    paths: tuple[SizedPath, ...]
    final: bool


def size_of(value: float, low: float, high: float, level: float = 0.95) -> str:
    """Return how large a standardised path is, by the thresholds of claims.

    Strong: the whole 95 % interval lies at or beyond ±.20. Small and negligible: the 90 % interval lies
    within ±.10 or ±.05. Both are the given interval, drawn in or out by normal quantiles where its level
    is another. Unsure: 0 lies inside the given one.

    >>> size_of(0.28, 0.26, 0.29), size_of(0.14, 0.11, 0.16), size_of(0.07, 0.05, 0.09)
    ('strong', 'clear', 'small')
    >>> size_of(0.03, 0.02, 0.045), size_of(0.04, -0.02, 0.10)
    ('negligible', 'unsure')
    """
    if math.isnan(low) or math.isnan(high):
        return "open"
    at = THRESHOLDS
    quantile = NormalDist().inv_cdf
    inner, outer = (
        (low, high) if wanted == level else (value + (low - value) * share, value + (high - value) * share)
        for wanted in (at.inside, at.level)
        for share in [quantile((1 + wanted) / 2) / quantile((1 + level) / 2)]
    )
    if max(abs(limit) for limit in inner) < at.rope:
        return "negligible"
    if low <= 0 <= high:
        return "unsure"
    if min(abs(limit) for limit in outer) >= at.strong and outer[0] * outer[1] > 0:
        return "strong"
    return "small" if max(abs(limit) for limit in inner) < at.small else "clear"


def outcomes_of(result: Result) -> tuple[OutcomePaths, ...]:
    """Return every outcome of all respondents, or of each group estimated by itself; final outcomes first.

    Estimates that did not converge are told only where there are no others.
    """
    rows = result.comparison
    groups = main_groups(rows)
    groups = ("all",) if "all" in groups else groups
    predictors, failed = set(rows["rhs"]), _failed(result)
    found = []
    for group in groups:
        for outcome, part in rows[rows["group"] == group].groupby("lhs", sort=False):
            engines = [name for name in TOLD if part[name].notna().any()]
            engine = next((name for name in engines if name not in failed), next(iter(engines), None))
            if engine is not None:
                found.append(_outcome(result, str(outcome), group, engine, part, predictors))
    return tuple(sorted(found, key=lambda one: not one.final))


def _failed(result: Result) -> set[str]:
    rows = result.estimates
    return set(rows.loc[(rows["op"] == "~") & rows["status"].isin(UNUSABLE), "engine"])


def _outcome(
    result: Result, outcome: str, group: str, engine: str, part: pd.DataFrame, predictors: set[str]
) -> OutcomePaths:
    level = _level(result, engine, group)
    paths = [_sized(row, engine, level) for row in records(part[part[engine].notna()])]
    paths.sort(key=lambda path: -abs(path.value))
    return OutcomePaths(outcome, group, engine, level, tuple(paths), outcome not in predictors)


def _sized(row: Mapping[Any, Any], engine: str, level: float) -> SizedPath:
    value, (low, high) = float(row[engine]), limits_of(row, engine)
    return SizedPath(str(row["rhs"]), value, low, high, size_of(value, low, high, level))


def _level(result: Result, engine: str, group: str) -> float:
    """Return the level of the intervals that are told; the bootstrap's where it gives them."""
    rows = result.estimates[(result.estimates["op"] == "~") & (result.estimates["group"] == group)]
    for name in ("bootstrap", engine) if engine == "sem" else (engine,):
        levels = rows.loc[rows["engine"] == name, "level"].dropna()
        if len(levels):
            return float(levels.iloc[0])
    return 0.95
