"""How far a correlation matrix is from giving printed stars and R², with its gradient.

A matrix is R = N N' with N lower triangular, its rows of length 1; that reaches every correlation matrix
and no other (Pinheiro and Bates, 1996). Of Y outcomes on k predictors: R² = beta'R beta, and
t² = beta² (n - k - 1) / ((1 - R²) VIF) with VIF the diagonal of R's inverse.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Wanted", "correlation_of", "misfit"]

Array = NDArray[np.float64]

R2_UNIT = 0.01  # how far R² is off counts as much as log t² being off by 1
TINY = 1e-12
RIDGE = 1e-6  # 1 - R² is kept above it where a matrix is far off
LOG_VIF_MOST = np.log(1e4)  # where a VIF has no upper bound, a singular matrix would be the way down


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a matrix has to give: betas within ``beta`` ± ``half`` (Y, k), and the rest between ends.

    ``log_t2`` and ``log_se2`` (2, Y, k) are the logs of t² and se², ``r2`` (2, Y), lower ends first;
    ``df`` (Y,), NaN where n is unknown (then its t and se have no ends).
    """

    beta: Array
    half: Array
    df: Array
    log_t2: Array
    log_se2: Array
    r2: Array


def correlation_of(root: Array) -> tuple[Array, Array]:
    """Return the matrix R (k, k) and the rows N of length 1 of a lower triangular ``root`` (k, k).

    >>> correlation_of(np.array([[2.0, 0.0], [3.0, 4.0]]))[0].tolist()
    [[1.0, 0.6], [0.6, 1.0]]
    """
    rows = root / np.linalg.norm(root, axis=1, keepdims=True)
    return rows @ rows.T, rows


def _beyond(value: Array, ends: Array) -> Array:
    """Return how far values lie outside their ends, with sign; 0 inside."""
    return np.maximum(value - ends[1], 0.0) - np.maximum(ends[0] - value, 0.0)


def misfit(root: Array, angle: Array, wanted: Wanted, pull: float) -> tuple[float, Array, Array]:
    """Return the sum of squared excesses plus ``pull`` times the squared correlations, and its gradients.

    ``root`` (k, k) is lower triangular, betas are ``beta + half sin(angle)`` (Y, k). Gradients are of root
    and of angle.
    """
    R, rows = correlation_of(root)
    half = np.linalg.inv(rows)  # R^-1 = half' half keeps VIFs positive where R is almost singular
    inverse = half.T @ half
    vif = np.diag(inverse)
    beta = wanted.beta + wanted.half * np.sin(angle)
    r2 = np.einsum("yj,jk,yk->y", beta, R, beta)
    left = np.maximum(1 - r2, RIDGE)
    df = np.where(np.isnan(wanted.df), 1.0, wanted.df)
    log_se2 = np.log(left / df)[:, None] + np.log(vif)
    over_t = _beyond(np.log(beta**2 + TINY) - log_se2, wanted.log_t2)
    over_se = _beyond(log_se2, wanted.log_se2)
    over_r2 = _beyond(r2, wanted.r2) / R2_UNIT
    over_vif = np.maximum(np.log(vif) - LOG_VIF_MOST, 0.0)
    off = R - np.eye(len(R))
    value = sum(float((over**2).sum()) for over in (over_t, over_se, over_r2, over_vif))
    by_se = 2 * (over_se - over_t)
    by_r2 = 2 * over_r2 / R2_UNIT - np.where(1 - r2 > RIDGE, by_se.sum(axis=1) / left, 0.0)
    by_R = np.einsum("y,yj,yk->jk", by_r2, beta, beta) + pull * off
    by_R -= (inverse * ((by_se.sum(axis=0) + 2 * over_vif) / vif)) @ inverse
    by_rows = 2 * by_R @ rows
    inside = by_rows - (by_rows * rows).sum(axis=1, keepdims=True) * rows
    by_root = np.tril(inside / np.linalg.norm(root, axis=1, keepdims=True))
    by_beta = 4 * over_t * beta / (beta**2 + TINY) + 2 * by_r2[:, None] * (beta @ R)
    return value + pull / 2 * float((off**2).sum()), by_root, by_beta * wanted.half * np.cos(angle)
