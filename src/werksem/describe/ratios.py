"""Weighted means and shares of any part of a survey, with their joint design-based covariance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Design", "Ratios", "clusters", "ratios"]

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Design:
    """How the n respondents were drawn: weights (n,), codes of cluster and stratum (n,), None where simple.

    ``fraction`` (n,) is the sampling fraction of the row's stratum. Clusters lie within strata.
    """

    weights: Array | None = None
    cluster: Codes | None = None
    stratum: Codes | None = None
    fraction: Array | None = None


@dataclass(frozen=True, slots=True)
class Ratios:
    """k weighted ratios: ``value`` (k,), ``cov`` (k, k), and ``n`` (k,) respondents in each one's base.

    ``units`` (k,) are the clusters (else respondents) in each base. NaN where a base is empty.
    """

    value: Array
    cov: Array
    n: Codes
    units: Codes

    @property
    def se(self) -> Array:
        """Standard errors (k,)."""
        return np.sqrt(np.diag(self.cov))


def ratios(y: Array, base: NDArray[np.bool_], design: Design) -> Ratios:
    """Return sum(w y_j) / sum(w base_j) for each column j, with Taylor-linearised covariances.

    ``y`` (n, k) are values, read as 0 outside ``base`` (n, k), the respondents that ratio is about: a mean
    has all who answered as base, a share too with y of 0 and 1, a group's mean those of the group. The
    covariance is that of R's ``survey::svyratio`` and ``svyby(covmat=TRUE)``: influences
    w (y - R base) / sum(w base), summed by cluster, about their stratum's mean, times m / (m - 1) and
    (1 - fraction). All respondents stay in the design, also where a base is a part of them.

    >>> found = ratios(np.array([[1.0], [0.0], [1.0], [1.0]]), np.ones((4, 1), dtype=bool), Design())
    >>> found.value.tolist(), [round(float(se), 6) for se in found.se]
    ([0.75], [0.25])
    """
    inside = base & np.isfinite(y)
    weights = np.ones(len(y)) if design.weights is None else design.weights
    total = weights @ inside
    safe = np.where(total > 0, total, np.nan)
    known = np.where(inside, y, 0.0)
    value = (weights @ known) / safe
    influence = weights[:, None] * (known - np.where(inside, value, 0.0)) / safe
    units = np.arange(len(y)) if design.cluster is None else clusters(design)
    cov = _covariance(np.nan_to_num(influence), units, design)
    empty = ~(total > 0)
    cov[empty, :] = cov[:, empty] = np.nan
    present = inside & (weights > 0)[:, None]
    counts = np.array([len(np.unique(units[column])) for column in present.T], dtype=np.int64)
    return Ratios(value, cov, present.sum(axis=0).astype(np.int64), counts)


def clusters(design: Design) -> Codes:
    """Return each row's cluster (n,): where there are strata, a cluster's code counts within its stratum.

    Raises ``ValueError`` where the design has no clusters.

    >>> clusters(Design(cluster=np.array([0, 1, 0]), stratum=np.array([0, 0, 1]))).tolist()
    [0, 1, 2]
    """
    if design.cluster is None:
        raise ValueError("the design has no clusters")
    if design.stratum is None:
        return design.cluster
    return design.stratum * (design.cluster.max(initial=0) + 1) + design.cluster


def _covariance(influence: Array, units: NDArray[np.int64], design: Design) -> Array:
    """Return the covariance (k, k) of the sums of influences; a stratum of one unit adds nothing."""
    n = len(influence)
    stratum = np.zeros(n, dtype=np.int64) if design.stratum is None else design.stratum
    _, first, unit = np.unique(units, return_index=True, return_inverse=True)
    sums = np.zeros((len(first), influence.shape[1]))
    np.add.at(sums, unit.reshape(-1), influence)
    of = np.unique(stratum[first], return_inverse=True)[1]
    m = np.bincount(of)
    mean = np.zeros((len(m), sums.shape[1]))
    np.add.at(mean, of, sums)
    mean /= m[:, None]
    kept = np.ones(n) if design.fraction is None else 1 - design.fraction
    scale = kept[first] * np.where(m > 1, m / np.maximum(m - 1, 1), 0.0)[of]
    centred = sums - mean[of]
    return (centred * scale[:, None]).T @ centred
