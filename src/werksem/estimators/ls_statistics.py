"""The statistics that least squares fits, with their weights: one record per group.

ULS weighs each alike, DWLS by the inverse of its sampling variance, WLS by the inverse of all
sampling covariances gamma (ADF for continuous variables, Browne 1984), GLS by the inverse of
gamma under normality. Continuous covariances have divisor n - 1, as in lavaan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.estimators.ls_gamma import adf_gamma, normal_weight
from werksem.estimators.ls_model import LSModel
from werksem.moments import Moments, select
from werksem.ordinal import OrdinalMoments, pairs_of

__all__ = ["FAMILY", "Statistics", "continuous_statistics", "ordinal_statistics"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
FAMILY = {
    "ULS": "ULS", "GLS": "GLS", "WLS": "WLS", "DWLS": "DWLS", "ULSM": "ULS", "ULSMV": "ULS", "ULSMVS": "ULS",
    "WLSM": "DWLS", "WLSMV": "DWLS", "WLSMVS": "DWLS",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statistics:
    """One group's statistics s (m,), in the order levels, slopes, covariances.

    Statistic k of the levels is the mean of variable ``level[k]``, or a threshold minus it where
    ``threshold[k]`` gives one's place in theta (else -1). A slope is of variable ``slope_y`` on
    ``slope_x``, a covariance of ``row`` with ``col``; all are places among the model's observed.
    ``weight`` is (m,) or (m, m); ``gamma`` (m, m) is there where robust inference needs it.
    ``start`` are moments of all observed variables for start values and units.
    """

    n: float
    values: Array
    level: Index
    threshold: Index
    slope_y: Index
    slope_x: Index
    row: Index
    col: Index
    weight: Array
    gamma: Array | None
    start: Moments
    notes: tuple[str, ...] = ()


def continuous_statistics(
    ls: LSModel, moments: Sequence[Moments], estimator: str, rows: Sequence[Array] | None = None,
    *, robust: bool = False,
) -> tuple[Statistics, ...]:  # fmt: skip
    """Return the statistics of continuous variables.

    ``rows`` (complete, columns as ``ls.model.observed``) are needed by WLS, DWLS and whatever is
    robust; raises ``EstimationError`` where they are absent, or gamma is singular.
    """
    family = FAMILY[estimator]
    robust = robust or estimator != family
    if rows is None and (robust or family in ("WLS", "DWLS")):
        raise EstimationError(f"{estimator} needs the respondents' rows, not only their moments")
    return tuple(
        _continuous(ls, group, family, None if rows is None else rows[g], robust)
        for g, group in enumerate(moments)
    )


def _continuous(ls: LSModel, group: Moments, family: str, rows: Array | None, robust: bool) -> Statistics:
    model = ls.model
    data = select(group, model.observed)
    cov = data.cov * data.n / (data.n - 1)
    p = len(model.observed)
    given = [name in model.fixed_x for name in model.observed]
    levels = [i for i in range(p) if model.mean_structure and not given[i]]
    pairs = [(i, j) for j in range(p) for i in range(j, p) if not (given[i] and given[j])]
    level, row, col = (np.array(a, dtype=np.int64) for a in (levels, *zip(*pairs, strict=True)))
    values = np.concatenate([data.mean[level], cov[row, col]])
    gamma = None
    if rows is not None and (robust or family in ("WLS", "DWLS")):
        gamma = adf_gamma(rows, level, row, col, np.array(given))
    none = np.zeros(0, dtype=np.int64)
    weight = normal_weight(cov, level, row, col) if family == "GLS" else _weight(family, gamma, len(values))
    start = Moments(model.observed, data.n, data.mean, cov, data.group)
    return Statistics(
        data.n, values, level, np.full(len(level), -1), none, none, row, col, weight, gamma, start
    )


def _weight(family: str, gamma: Array | None, m: int) -> Array:
    if family == "ULS" or gamma is None:
        return np.ones(m)
    if family == "DWLS":
        variances = np.diag(gamma)
        return np.where(variances > 0, 1 / np.where(variances > 0, variances, 1.0), 0.0)
    values, vectors = np.linalg.eigh(gamma / np.outer(*2 * (np.sqrt(np.diag(gamma)),)))
    if values[0] < 1e-10 * values[-1]:
        raise EstimationError(
            f"WLS needs an invertible weight matrix: {m} statistics, but the respondents' influences span "
            f"{int((values > 1e-10 * values[-1]).sum())} dimensions; use DWLS (WLSMV) or more respondents"
        )
    size = np.sqrt(np.diag(gamma))
    return (vectors / values) @ vectors.T / np.outer(size, size)


def ordinal_statistics(ls: LSModel, data: Sequence[OrdinalMoments], estimator: str) -> tuple[Statistics, ...]:
    """Return the statistics of ordered (and continuous) variables; GLS is not defined for them."""
    family = FAMILY[estimator]
    if family == "GLS":
        raise EstimationError("GLS is not defined for ordered variables; use DWLS, WLS or ULS")
    return tuple(_ordinal(ls, group, g, family) for g, group in enumerate(data))


def _ordinal(ls: LSModel, data: OrdinalMoments, g: int, family: str) -> Statistics:
    at = {name: i for i, name in enumerate(ls.model.observed)}
    place = np.array([at[name] for name in data.names])
    level, threshold, values = [], [], []
    for i, name in enumerate(data.names):
        if data.ordered[i]:
            count = len(data.thresholds[i])
            level += [at[name]] * count
            threshold += [ls.thresholds[g][name, t] for t in range(count)]
            values += list(data.thresholds[i])
        else:
            level, threshold, values = [*level, at[name]], [*threshold, -1], [*values, float(data.mean[i])]
    k = len(data.x)
    slope_x = np.repeat([at[name] for name in data.x], len(data.names)).astype(np.int64)
    row, col = pairs_of(data.ordered)
    s = np.concatenate([values, data.slopes.T.ravel(), data.cov[row, col]])
    return Statistics(
        data.n, s, np.array(level), np.array(threshold), np.tile(place, k), slope_x, place[row], place[col],
        _weight(family, data.gamma, len(s)), data.gamma, _joint(ls, data), data.notes,
    )  # fmt: skip


def _joint(ls: LSModel, data: OrdinalMoments) -> Moments:
    """Return moments of outcomes and covariates together, y* of unit variance, made positive definite."""
    names = (*data.names, *data.x)
    p = len(data.names)
    cov = np.block([
        [data.slopes @ data.x_cov @ data.slopes.T + data.cov, data.slopes @ data.x_cov],
        [data.x_cov @ data.slopes.T, data.x_cov],
    ])  # fmt: skip
    size = np.sqrt(np.diag(cov))
    R = cov / np.outer(size, size)
    smallest = np.linalg.eigvalsh(R)[0]
    if smallest < 1e-3:
        R = (R + (1e-3 - smallest) * np.eye(len(R))) / (1 + 1e-3 - smallest)
    size[:p] = np.where(data.ordered, 1.0, size[:p])
    mean = np.concatenate([data.mean + data.slopes @ data.x_mean, data.x_mean])
    joint = Moments(names, data.n, mean, R * np.outer(size, size), data.group)
    return select(joint, ls.model.observed)
