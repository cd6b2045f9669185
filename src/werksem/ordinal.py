"""Moments of ordered variables: thresholds, slopes and correlations of what lies behind the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["OrdinalMoments", "pairs_of"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OrdinalMoments:
    """One group's moments of normal variables y*, some seen only as ordered categories.

    ``names`` (p) outcomes, ``ordered`` (p) which are categories, ``x`` (k) covariates given which
    everything else holds. ``thresholds`` has one array per variable, empty where it is continuous;
    ``mean`` (p,) and ``slopes`` (p, k) are those of the regressions on x, ``cov`` (p, p) the
    (residual) covariances with ones for ordered variables. ``gamma`` (m, m) is n times the
    sampling covariance of the statistics in this order: per variable its thresholds or mean;
    slopes, x by x; variances of continuous variables; covariances below the diagonal, column by
    column. ``notes`` say what was done about sparse tables.
    """

    names: tuple[str, ...]
    ordered: tuple[bool, ...]
    x: tuple[str, ...]
    n: float
    thresholds: tuple[Array, ...]
    mean: Array
    slopes: Array
    cov: Array
    x_mean: Array
    x_cov: Array
    gamma: Array
    group: str = "all"
    notes: tuple[str, ...] = ()


def pairs_of(ordered: Sequence[bool]) -> tuple[Index, Index]:
    """Return (rows, columns) of the fitted covariances: continuous variances, then the lower triangle.

    >>> [index.tolist() for index in pairs_of([True, False, True])]
    [[1, 1, 2, 2], [1, 0, 0, 1]]
    """
    p = len(ordered)
    continuous = [i for i in range(p) if not ordered[i]]
    below = [(i, j) for j in range(p) for i in range(j + 1, p)]
    rows = [*continuous, *(i for i, _ in below)]
    cols = [*continuous, *(j for _, j in below)]
    return np.array(rows, dtype=np.int64), np.array(cols, dtype=np.int64)
