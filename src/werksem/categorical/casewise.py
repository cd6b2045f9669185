"""Mixed and conditional moments, case by case: step 2 over pairs, and gamma from every case's influence.

The influence on a correlation is (n w g - A21 IF) / A22 with g its score, IF the influence on both
variables' own parameters and A21, A22 weighted sums over cases (Muthen, 1984). Covariances of
continuous variables follow from correlations and variances by the delta method.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.categorical.sparse import filled, perfect, sparse_notes
from werksem.categorical.tables import pearson
from werksem.categorical.univariate import Side, continuous_side, ordered_side
from werksem.kernels.polychoric import LIMIT, pair_table, polychoric
from werksem.kernels.polyserial import (
    fit_interval_pair,
    fit_mixed_pair,
    interval_sides,
    mixed_scores,
    mixed_side,
)
from werksem.ordinal import OrdinalMoments, pairs_of

__all__ = ["Sides", "casewise_influence", "fit_casewise"]

Array = NDArray[np.float64]
Codes = NDArray[np.uint8]
# lavaan's bound of a polyserial correlation
MIXED_LIMIT = 0.995


@dataclass(frozen=True, slots=True)
class Sides:
    """The outcomes of one group: columns of values, and codes with their number where ordered."""

    names: Sequence[str]
    ordered: Sequence[bool]
    columns: Mapping[str, list[Array]]
    coded: Mapping[str, tuple[list[Codes], int]]
    group: int


@dataclass(frozen=True, slots=True)
class Covariates:
    """The covariates (n, k), with a code for each case's row among the distinct ones."""

    values: Array
    codes: NDArray[np.int64]
    distinct: int


def covariates_of(values: Array) -> Covariates:
    """Return covariates with their distinct rows coded."""
    if not values.shape[1]:
        return Covariates(values, np.zeros(len(values), dtype=np.int64), 1)
    distinct, codes = np.unique(values, axis=0, return_inverse=True)
    return Covariates(values, codes.ravel().astype(np.int64), len(distinct))


def fit_casewise(sides: Sides, covariates: Array, x: tuple[str, ...], w: Array, group: str) -> OrdinalMoments:
    """Return one group's moments, from cases with weights that sum to n."""
    found, R, columns = casewise_influence(sides, covariates, w)
    p, k = len(found), covariates.shape[1]
    sd = np.sqrt([side.variance for side in found])
    empty: list[tuple[str, str, int, bool]] = []
    for i, j in zip(*pairs_of(sides.ordered), strict=True):
        _note_empty(empty, sides, found, i, j, w)
    counts = [np.zeros(0) if not s.ordered else np.bincount(s.codes).astype(float) for s in found]
    divisor = len(w) - 1 if np.ptp(w) == 0 else len(w)
    mean = w @ covariates / len(w)
    spread = covariates - mean
    return OrdinalMoments(
        tuple(sides.names), tuple(sides.ordered), x, float(len(w)),
        tuple(s.level if s.ordered else np.zeros(0) for s in found),
        np.array([0.0 if s.ordered else s.level[0] for s in found]),
        np.array([s.slopes for s in found]).reshape(p, k), R * np.outer(sd, sd), mean,
        (spread * w[:, None]).T @ spread / divisor, columns.T @ columns / len(w), group,
        sparse_notes(sides.names, counts, empty, group),
    )  # fmt: skip


def casewise_influence(sides: Sides, covariates: Array, w: Array) -> tuple[list[Side], Array, Array]:
    """Return each variable by itself, correlations (p, p), and influence (n, m) on every statistic.

    Columns are in the order of ``OrdinalMoments.gamma``; weights are in them.
    """
    found = [_side(sides, name, covariates, w) for name in sides.names]
    given = covariates_of(covariates)
    R = np.eye(len(found))
    rows, cols = pairs_of(sides.ordered)
    levels = [side.influence[:, : len(side.level)] for side in found]
    slopes = [
        side.influence[:, len(side.level) + j][:, None] for j in range(covariates.shape[1]) for side in found
    ]
    own = np.hstack([*levels, *slopes])
    columns = np.empty((len(w), own.shape[1] + len(rows)))
    columns[:, : own.shape[1]] = own
    for at, (i, j) in enumerate(zip(rows.tolist(), cols.tolist(), strict=True)):
        if i == j:
            columns[:, own.shape[1] + at] = found[i].influence[:, -1]
            continue
        rho, influence = _pair(found[j], found[i], given, w)
        R[i, j] = R[j, i] = rho
        columns[:, own.shape[1] + at] = _as_covariance(influence, rho, found[i], found[j])
    return found, R, columns


def _side(sides: Sides, name: str, covariates: Array, w: Array) -> Side:
    if name in sides.coded:
        codes, k = sides.coded[name]
        return ordered_side(codes[sides.group], k, covariates, w, name)
    return continuous_side(sides.columns[name][sides.group], covariates, w, name)


def _note_empty(
    empty: list[tuple[str, str, int, bool]], sides: Sides, found: Sequence[Side], i: int, j: int, w: Array
) -> None:
    if i == j or not (found[i].ordered and found[j].ordered):
        return
    table = _table(found[j], found[i], w)
    if zeros := int((table == 0).sum()):
        moved = table.shape == (2, 2) and zeros == 1 and not len(found[i].slopes)
        empty.append((sides.names[j], sides.names[i], zeros, moved))


def _table(a: Side, b: Side, w: Array) -> Array:
    table = np.empty((len(a.level) + 1, len(b.level) + 1))
    pair_table(a.codes, b.codes, w, table)
    return table


def _pair(a: Side, b: Side, x: Covariates, w: Array) -> tuple[float, Array]:
    """Return the correlation of two variables and every case's influence on it."""
    g = np.empty(len(w))
    if a.ordered and b.ordered:
        rho, crossed = _ordered_pair(a, b, x, w, g)
    elif not a.ordered and not b.ordered:
        rho, crossed = _continuous_pair(a, b, x.values, w, g)
    elif not a.ordered:
        rho, crossed = _mixed_pair(a, b, x.values, w, g)
    else:
        rho, (second, first) = _mixed_pair(b, a, x.values, w, g)
        crossed = (first, second)
    n = w.sum()
    through = a.influence @ crossed[0] + b.influence @ crossed[1]
    return rho, (n * w * g - through) / float(w @ g**2)


def _as_covariance(influence: Array, rho: float, a: Side, b: Side) -> Array:
    """Return the influence on a covariance where a variable is continuous, from that on the correlation."""
    out = influence * np.sqrt(a.variance * b.variance)
    for one, other in ((a, b), (b, a)):
        if not one.ordered:
            out += 0.5 * rho * np.sqrt(other.variance / one.variance) * one.influence[:, -1]
    return out


def _ordered_pair(a: Side, b: Side, x: Covariates, w: Array, g: Array) -> tuple[float, tuple[Array, Array]]:
    """Return (rho, A21 of both); cases alike in both categories and covariates are taken together."""
    table = _table(a, b, w)
    start = min(max(pearson(table), -0.9), 0.9)
    cell = (x.codes * table.shape[0] + a.codes) * table.shape[1] + b.codes
    first = np.full(x.distinct * table.size, -1)
    first[cell] = np.arange(len(w))
    used = np.flatnonzero(first >= 0)
    intervals = tuple(part[first[used]] for part in (a.low, a.high, b.low, b.high))
    case = np.searchsorted(used, cell)
    scores, sides = np.empty(len(used)), np.empty((4, len(used)))
    if x.values.shape[1]:
        rho = float(fit_interval_pair(*intervals, np.bincount(case, w), start, LIMIT, scores))
    else:
        cuts = [np.concatenate([[-np.inf], side.level, [np.inf]]) for side in (a, b)]
        known = perfect(table)
        rho = float(polychoric(*cuts, filled(table), start)) if known is None else known
    interval_sides(*intervals, min(max(rho, -LIMIT), LIMIT), scores, sides)
    g[:] = scores[case]
    weighted = w * g * sides[:, case]
    return rho, (_through_limits(a, x.values, *weighted[:2]), _through_limits(b, x.values, *weighted[2:]))


def _mixed_pair(a: Side, b: Side, x: Array, w: Array, g: Array) -> tuple[float, tuple[Array, Array]]:
    """Return (rho, A21 of both) of a continuous and an ordered variable, in that order."""
    codes = np.asarray(b.codes, dtype=float)
    density = np.exp(-0.5 * b.level**2).sum() / np.sqrt(2 * np.pi)
    start = float(np.corrcoef(a.z, codes)[0, 1]) * codes.std() / density
    start = start / 2 if abs(start) > 0.9 else start
    rho = float(fit_mixed_pair(a.z, b.low, b.high, w, start, MIXED_LIMIT, g))
    mixed_scores(a.z, b.low, b.high, rho, g)
    upper, lower, mean, var = (np.empty(len(w)) for _ in range(4))
    mixed_side(a.z, b.low, b.high, rho, upper, lower, mean, var)
    first = _through_moments(a, x, w * g * mean, w * g * var)
    return rho, (first, _through_limits(b, x, w * g * upper, w * g * lower))


def _continuous_pair(a: Side, b: Side, x: Array, w: Array, g: Array) -> tuple[float, tuple[Array, Array]]:
    rho = float(w @ (a.z * b.z) / np.sqrt((w @ a.z**2) * (w @ b.z**2)))
    rest = 1 - rho**2
    squares = a.z**2 - 2 * rho * a.z * b.z + b.z**2
    g[:] = rho / rest + a.z * b.z / rest - rho * squares / rest**2
    crossed = []
    for one, other in ((a, b), (b, a)):
        mean = (one.z - rho * other.z) / rest
        var = 0.5 * (one.z * mean - 1)
        crossed.append(_through_moments(one, x, w * g * mean, w * g * var))
    return rho, (crossed[0], crossed[1])


def _through_limits(side: Side, x: Array, upper: Array, lower: Array) -> Array:
    """Return the sums of g times derivatives to thresholds and slopes, from those to the limits."""
    k = len(side.level) + 1
    thresholds = np.bincount(side.codes, upper, k)[:-1] - np.bincount(side.codes, lower, k)[1:]
    return np.concatenate([thresholds, x.T @ (lower - upper)])


def _through_moments(side: Side, x: Array, mean: Array, var: Array) -> Array:
    """Return the sums of g times derivatives to intercept, slopes and variance."""
    sd = np.sqrt(side.variance)
    return np.concatenate([[mean.sum() / sd], x.T @ mean / sd, [var.sum() / side.variance]])
