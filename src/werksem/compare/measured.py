"""Means, marks, spreads and shares of respondents, together, with the covariance of their design."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.describe.intervals import degrees
from werksem.describe.marks import linear, linear_slope
from werksem.describe.ratios import Design, ratios
from werksem.estimators.joint import Joint
from werksem.spec.claims import Statistic

__all__ = ["People", "groups_in", "measured", "named"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class People:
    """The n respondents that claims are about; tables are made of a ``describe.sample.Sample``.

    ``values`` (n rows) are scale means, items and columns as numbers; ``labels`` the columns that sort
    them, as text; ``group`` is the name of ``data.group`` among these. ``spans`` are the lowest and highest
    answer of a scale, which marks need.
    """

    values: pd.DataFrame
    labels: pd.DataFrame
    design: Design = field(default_factory=Design)
    group: str | None = None
    spans: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    smallest: int = 1


def named(statistic: Statistic) -> str:
    """Return how evidence calls a statistic.

    >>> named(Statistic(share="tev_org", at_least=4, group="Rijk"))
    'share(tev_org >= 4) [Rijk]'
    """
    signs = {"above": ">", "at_least": ">=", "below": "<", "at_most": "<="}
    bound = next((f" {sign} {getattr(statistic, key):g}" for key, sign in signs.items()
                  if getattr(statistic, key) is not None), "")  # fmt: skip
    if statistic.between is not None:
        bound = " = {:g}..{:g}".format(*statistic.between)
    group = "" if statistic.group is None else f" [{statistic.group}]"
    return f"{statistic.kind}({statistic.variable}{bound}){group}"


def groups_in(sample: People, by: str | None) -> tuple[str, ...]:
    """Return the labels of a column that respondents have, in order of appearance."""
    name = by or sample.group
    if name is None or name not in sample.labels:
        return ()
    return tuple(map(str, sample.labels[name].dropna().unique()))


def measured(statistics: Sequence[Statistic], sample: People) -> Joint | None:
    """Return statistics with their joint covariance (Taylor linearisation); None where one is unknown.

    A mark is the ``linear`` one of the scale's answers. A standard deviation has divisor n, its variance by
    the delta method. Degrees of freedom are those of descriptive tables, clusters (else respondents) minus
    strata, of the statistic that has the fewest.
    """
    y = np.empty((len(sample.values), len(statistics)))
    base = np.zeros(y.shape, dtype=bool)
    for j, statistic in enumerate(statistics):
        column = _column(statistic, sample)
        if column is None:
            return None
        y[:, j], base[:, j] = column
        if _few(statistic, *column, sample.smallest):
            return None
    with np.errstate(invalid="ignore"):
        found = ratios(y, base, sample.design)
    if not np.isfinite(found.value).all() or not (found.n > 0).all():
        return None
    value, slope = found.value.copy(), np.ones(len(statistics))
    for j, statistic in enumerate(statistics):
        if statistic.kind == "sd":
            value[j] = np.sqrt(value[j])
            slope[j] = 1 / (2 * value[j]) if value[j] > 0 else 0.0
        if statistic.kind == "mark":
            low, high = sample.spans[statistic.variable]
            value[j], slope[j] = linear(value[j], low, high), linear_slope(low, high)
    free = [degrees(base[:, j], sample.design) for j in range(len(statistics))]
    names = tuple(named(statistic) for statistic in statistics)
    cov = found.cov * np.outer(slope, slope)
    return Joint(names, ("all",) * len(names), value, cov, float(found.n.max()), float(min(free)))


def _few(statistic: Statistic, y: Array, base: NDArray[np.bool_], smallest: int) -> bool:
    """Return whether fewer than ``smallest`` stand behind a statistic, or are the few that differ in it."""
    known = int(base.sum())
    given = int((y[base] > 0).sum()) if statistic.kind == "share" else known
    rest = known - given if statistic.kind == "share" else known
    return smallest > 1 and min(known, given, rest) < smallest


def _column(statistic: Statistic, sample: People) -> tuple[Array, NDArray[np.bool_]] | None:
    """Return the values (n,) whose ratio the statistic is, and whom it is about."""
    name = statistic.variable
    if name not in sample.values or (statistic.kind == "mark" and name not in sample.spans):
        return None
    x = sample.values[name].to_numpy(dtype=float)
    base = np.isfinite(x)
    if statistic.group is not None:
        by = statistic.by or sample.group
        if by is None or by not in sample.labels:
            return None
        base &= (sample.labels[by].astype(str) == statistic.group).to_numpy()
    if statistic.kind == "share":
        return _chosen(statistic, x).astype(float), base
    if statistic.kind == "sd":
        weights = np.ones(len(x)) if sample.design.weights is None else sample.design.weights
        total = weights[base].sum()
        centre = weights[base] @ x[base] / total if total > 0 else np.nan
        return (x - centre) ** 2, base
    return x, base


def _chosen(statistic: Statistic, x: Array) -> NDArray[np.bool_]:
    if statistic.above is not None:
        return x > statistic.above
    if statistic.at_least is not None:
        return x >= statistic.at_least
    if statistic.below is not None:
        return x < statistic.below
    if statistic.at_most is not None:
        return x <= statistic.at_most
    low, high = statistic.between or (np.nan, np.nan)
    return (x >= low) & (x <= high)
