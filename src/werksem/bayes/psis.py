"""Importance weights, Pareto-smoothed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["smoothed_weights"]

Array = NDArray[np.float64]
# where the largest log-ratios lie within this range there is no tail: weights are bounded, k would be the
# shape of rounding (a tail of shape k spreads them over about k log(size))
FLAT = 0.1


def smoothed_weights(ratios: Array) -> tuple[Array, float]:
    """Return weights (S,) of log-ratios (S,), summing to 1, and Pareto k (0 where there is no tail).

    Vehtari, Simpson, Gelman, Yao and Gabry (2024), as in ``arviz_stats``. The weights can be trusted
    where k is below ``thresholds.PARETO_K_MAX``.

    >>> weights, k = smoothed_weights(np.zeros(1000))
    >>> weights.max().item(), k
    (0.001, 0.0)
    """
    from arviz_stats.base import array_stats

    size = int(min(len(ratios) / 5, 3 * len(ratios) ** 0.5))
    if np.ptp(np.sort(ratios)[-max(size, 1) :]) < FLAT:
        weights = np.exp(ratios - np.max(ratios))
        return np.asarray(weights / weights.sum()), 0.0
    # psislw takes minus the log-ratios, as for leaving out a log-likelihood
    log_weights, k = array_stats.psislw(-ratios)
    weights = np.exp(np.asarray(log_weights) - np.max(log_weights))
    return np.asarray(weights / weights.sum()), float(k)
