"""Reliability of scales: Cronbach's alpha, McDonald's omega, and average variance extracted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.implied import latent_cov, matrices
from werksem.model import Model

__all__ = ["alpha", "omega_ave"]

Array = NDArray[np.float64]


def alpha(cov: Array) -> float:
    """Return Cronbach's alpha k/(k-1) (1 - trace/sum) of items with this covariance matrix (k, k).

    >>> round(alpha(np.array([[1.0, 0.5], [0.5, 1.0]])), 4)
    0.6667
    """
    k = len(cov)
    if k < 2:
        return float("nan")
    return float(k / (k - 1) * (1 - np.trace(cov) / cov.sum()))


def omega_ave(model: Model, theta: Array, construct: str, group: int = 0) -> tuple[float, float]:
    """Return (omega, average variance extracted) of a construct measured by observed items.

    omega = (sum of loadings)² psi / ((sum of loadings)² psi + sum of Theta) (McDonald, 1999, with
    residual covariances); AVE (Fornell & Larcker, 1981) = sum(loading² psi) / sum(loading² psi + theta).
    """
    m = matrices(model, theta, group)
    at = model.eta.index(construct)
    items = np.flatnonzero(m.Lambda[:, at] != 0)
    if len(items) < 2:
        return float("nan"), float("nan")
    loading = m.Lambda[items, at]
    variance = float(latent_cov(m)[at, at])
    error = m.Theta[np.ix_(items, items)]
    common = float(loading.sum() ** 2 * variance)
    explained = float((loading**2).sum() * variance)
    return common / (common + float(error.sum())), explained / (explained + float(np.trace(error)))


def construct_items(model: Model, construct: str) -> Sequence[str]:
    """Return the observed items that load on a construct."""
    return [row.rhs for row in model.rows if row.op == "=~" and row.lhs == construct and row.group == 0]
