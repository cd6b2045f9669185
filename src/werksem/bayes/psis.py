"""Importance weights, Pareto-smoothed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["smoothed_weights"]

Array = NDArray[np.float64]
FLAT = 1e-6  # log-ratios that differ less are rounding: nothing is to be weighted


def smoothed_weights(ratios: Array) -> tuple[Array, float]:
    """Return weights (S,) of log-ratios (S,), summing to 1, and Pareto k (0 where ratios are equal).

    Vehtari, Simpson, Gelman, Yao and Gabry (2024), as in ``arviz_stats``. The weights can be trusted
    where k is below ``thresholds.PARETO_K_MAX``.

    >>> weights, k = smoothed_weights(np.zeros(1000))
    >>> weights.max().item(), k
    (0.001, 0.0)
    """
    from arviz_stats.base import array_stats

    if np.ptp(ratios) < FLAT:
        return np.full(len(ratios), 1 / len(ratios)), 0.0
    # psislw takes minus the log-ratios, as for leaving out a log-likelihood
    log_weights, k = array_stats.psislw(-ratios)
    weights = np.exp(np.asarray(log_weights) - np.max(log_weights))
    return np.asarray(weights / weights.sum()), float(k)
