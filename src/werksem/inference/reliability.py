"""Reliability of scales: Cronbach's alpha, McDonald's omega, and average variance extracted."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.implied import Matrices, latent_cov, matrices
from werksem.model import Model

__all__ = ["alpha", "alpha_error", "alpha_if_dropped", "construct_items", "omega_ave"]

Array = NDArray[np.float64]


def alpha(cov: Any) -> Any:
    """Return Cronbach's (1951) alpha k/(k-1) (1 - trace/sum) of covariances (…, k, k), NaN for one item.

    >>> round(float(alpha(np.array([[1.0, 0.5], [0.5, 1.0]]))), 4)
    0.6667
    """
    k = cov.shape[-1]
    if k < 2:
        return np.full(cov.shape[:-2], np.nan)
    return k / (k - 1) * (1 - np.trace(cov, axis1=-2, axis2=-1) / cov.sum(axis=(-2, -1)))


def alpha_if_dropped(cov: Array) -> Array:
    """Return alpha (…, k) of the other items, for each of k items with these covariances (…, k, k).

    NaN where fewer than two others are left.

    >>> alpha_if_dropped(np.array([[1.0, 0.5, 0.5], [0.5, 1.0, 0.2], [0.5, 0.2, 1.0]])).round(4).tolist()
    [0.3333, 0.6667, 0.6667]
    """
    k = cov.shape[-1]
    if k < 3:
        return np.full(cov.shape[:-1], np.nan)
    variance = np.diagonal(cov, axis1=-2, axis2=-1)
    total = cov.sum(axis=(-2, -1))[..., None] - 2 * cov.sum(axis=-1) + variance
    trace = variance.sum(axis=-1)[..., None] - variance
    return np.asarray((k - 1) / (k - 2) * (1 - trace / total))


def alpha_error(cov: Array, n: float) -> float:
    """Return the standard error of alpha under normality, from covariances (k, k) and n respondents.

    2 k² / ((k-1)² s³ n) (s (tr C² + tr² C) - 2 tr C 1'C²1) with s = 1'C1 (van Zyl, Neudecker &
    Nel, 2000, eq. 21). For studies that give moments only.

    >>> round(alpha_error(np.array([[1.0, 0.5], [0.5, 1.0]]), 100), 4)
    0.0667
    """
    k = len(cov)
    if k < 2:
        return float("nan")
    total, trace = float(cov.sum()), float(np.trace(cov))
    spread = total * (float((cov * cov).sum()) + trace**2) - 2 * trace * float((cov @ cov).sum())
    return float(np.sqrt(max(2 * k**2 / ((k - 1) ** 2 * total**3) * spread / n, 0.0)))


def omega_ave(model: Model, theta: Any, construct: str, group: int = 0) -> tuple[Any, Any]:
    """Return (omega, average variance extracted), each (…), of a construct at theta (…, q).

    omega = (sum of loadings)² psi / ((sum of loadings)² psi + sum of Theta) (McDonald, 1999, with
    residual covariances); AVE (Fornell & Larcker, 1981) = sum(loading² psi) / sum(loading² psi +
    theta). NaN for a construct with fewer than two items, or measured by other constructs.
    """
    theta = np.asarray(theta)
    items = construct_items(model, construct, group)
    if len(items) < 2 or not set(items) <= set(model.observed):
        return np.full(theta.shape[:-1], np.nan), np.full(theta.shape[:-1], np.nan)
    m = matrices(model, theta, group)
    loading = _loadings(model, theta, construct, group)
    at = model.eta.index(construct)
    variance = latent_cov(m)[..., at, at]
    error = _residuals(m, model, items)
    common = loading.sum(axis=-1) ** 2 * variance
    explained = (loading**2).sum(axis=-1) * variance
    unique = np.trace(error, axis1=-2, axis2=-1)
    return common / (common + error.sum(axis=(-2, -1))), explained / (explained + unique)


def construct_items(model: Model, construct: str, group: int = 0) -> tuple[str, ...]:
    """Return what loads on a construct, in the order of the model."""
    return tuple(
        row.rhs for row in model.rows if row.op == "=~" and row.lhs == construct and row.group == group
    )


def _loadings(model: Model, theta: Any, construct: str, group: int) -> Any:
    """Return the loadings (…, k); those of items that take part in regressions stand in B, so from rows."""
    found = [
        theta[..., at] if at >= 0 else np.full(theta.shape[:-1], row.value)
        for row, at in zip(model.rows, model.free_of_row, strict=True)
        if row.op == "=~" and row.lhs == construct and row.group == group
    ]
    return np.stack(found, axis=-1)


def _residuals(m: Matrices, model: Model, items: tuple[str, ...]) -> Any:
    """Return the residual covariances (…, k, k) of items; in Psi of those among the eta."""
    at = np.array([model.observed.index(item) for item in items])
    error = m.Theta[..., at[:, None], at]
    inner = np.array([i for i, item in enumerate(items) if item in model.eta], dtype=np.int64)
    eta = np.array([model.eta.index(items[i]) for i in inner], dtype=np.int64)
    error[..., inner[:, None], inner] = m.Psi[..., eta[:, None], eta]
    return error
