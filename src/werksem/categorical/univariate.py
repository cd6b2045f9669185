"""Step 1: each variable by itself, given the covariates, with every case's influence on its parameters.

An ordered variable is a probit regression (thresholds, slopes), a continuous one a normal regression
(intercept, slopes, residual variance). Influence is n A^-1 score with A the sum of outer products.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.categorical.categories import shares, thresholds_of
from werksem.errors import EstimationError

__all__ = ["Side", "continuous_side", "ordered_side"]

Array = NDArray[np.float64]
Codes = NDArray[np.uint8]
STEPS = 100


@dataclass(frozen=True, slots=True)
class Side:
    """One variable given the covariates.

    ``level`` are thresholds, or the intercept; ``slopes`` (k,); ``variance`` 1 where ordered.
    Cases: ``codes`` with interval ``low, high`` where ordered, else ``z``, the standardised
    residual. ``influence`` (n, a) on level, slopes and (continuous) variance, weights included.
    """

    level: Array
    slopes: Array
    variance: float
    influence: Array
    ordered: bool
    codes: Codes
    low: Array
    high: Array
    z: Array


def continuous_side(y: Array, x: Array, w: Array, name: str) -> Side:
    """Return the regression of a continuous variable on the covariates."""
    X = np.column_stack([np.ones(len(y)), x])
    root = np.sqrt(w)
    beta, _, rank, _ = np.linalg.lstsq(X * root[:, None], y * root, rcond=None)
    if rank < X.shape[1]:
        raise EstimationError(f"{name}: the covariates are constant or copies of each other")
    residual = y - X @ beta
    variance = float((w * residual**2).sum() / w.sum())
    # what is left of a constant is rounding
    if not variance > 1e-24 * float((w * y**2).sum() / w.sum()):
        raise EstimationError(f"no variance: {name}")
    scores = np.column_stack(
        [X * (residual / variance)[:, None], (residual**2 / variance - 1) / (2 * variance)]
    )
    empty, codes = np.zeros(0), np.zeros(0, dtype=np.uint8)
    z = residual / np.sqrt(variance)
    return Side(beta[:1], beta[1:], variance, _influence(scores, w), False, codes, empty, empty, z)


def ordered_side(codes: Codes, k: int, x: Array, w: Array, name: str) -> Side:
    """Return the probit regression of an ordered variable with k categories on the covariates."""
    thresholds = thresholds_of(shares(codes, w, k))
    theta = np.concatenate([thresholds, np.zeros(x.shape[1])])
    upper, lower = _designs(codes, k, x)
    scores, size = _probit(theta, upper, lower, codes, k)[0], 1.0
    for _ in range(STEPS if x.shape[1] else 0):
        scores, curvature = _probit(theta, upper, lower, codes, k, w)
        step = np.linalg.lstsq(curvature, w @ scores, rcond=None)[0]
        step *= min(1.0, 1.0 / max(float(np.abs(step).max()), 1e-300))
        theta = theta + step
        size = float(np.abs(step).max())
        if size < 1e-10:
            break
    if x.shape[1] and size > 1e-6:
        raise EstimationError(
            f"probit regression of {name} did not converge: a covariate separates its categories"
        )
    scores = _probit(theta, upper, lower, codes, k)[0]
    low, high = _limits(theta, upper, lower, codes, k)
    cut = k - 1
    return Side(theta[:cut], theta[cut:], 1.0, _influence(scores, w), True, codes, low, high, np.zeros(0))


def _designs(codes: Codes, k: int, x: Array) -> tuple[Array, Array]:
    """Return the rows by which theta makes the upper and lower limit of each case."""
    steps = np.arange(k - 1)
    upper = (codes[:, None] == steps).astype(float)
    lower = (codes[:, None] == steps + 1).astype(float)
    return np.hstack([upper, -x]), np.hstack([lower, -x])


def _limits(theta: Array, upper: Array, lower: Array, codes: Codes, k: int) -> tuple[Array, Array]:
    high = np.where(codes == k - 1, np.inf, upper @ theta)
    low = np.where(codes == 0, -np.inf, lower @ theta)
    return low, high


def _probit(
    theta: Array, upper: Array, lower: Array, codes: Codes, k: int, w: Array | None = None
) -> tuple[Array, Array]:
    """Return the scores (n, a) and, with weights, minus the Hessian (a, a) of the log-likelihood."""
    from scipy.special import ndtr

    low, high = _limits(theta, upper, lower, codes, k)
    chance = np.maximum(ndtr(high) - ndtr(low), 1e-300)
    u = np.exp(-0.5 * high**2) / np.sqrt(2 * np.pi) / chance
    v = -np.exp(-0.5 * low**2) / np.sqrt(2 * np.pi) / chance
    scores = upper * u[:, None] + lower * v[:, None]
    if w is None:
        return scores, np.zeros((0, 0))
    u_bend = np.where(np.isfinite(high), np.where(np.isfinite(high), high, 0.0) * u, 0.0)
    v_bend = np.where(np.isfinite(low), np.where(np.isfinite(low), low, 0.0) * v, 0.0)
    H = (upper * (w * u_bend)[:, None]).T @ upper + (lower * (w * v_bend)[:, None]).T @ lower
    return scores, H + (scores * w[:, None]).T @ scores


def _influence(scores: Array, w: Array) -> Array:
    A = (scores * w[:, None]).T @ scores
    return np.asarray(w.sum() * np.linalg.solve(A, (scores * w[:, None]).T).T)
