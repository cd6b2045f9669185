"""Importance weights, Pareto-smoothed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["smoothed_weights"]

Array = NDArray[np.float64]
# log-ratios within this range are no tail: k would be the shape of rounding, and no weight is large
FLAT = 0.1


def smoothed_weights(ratios: Array) -> tuple[Array, float]:
    """Return weights (S,) of log-ratios (S,), summing to 1, and Pareto k (0 where ratios hardly differ).

    Vehtari, Simpson, Gelman, Yao and Gabry (2024), as in ``arviz_stats``. The weights can be trusted
    where k is below ``thresholds.PARETO_K_MAX``.

    >>> weights, k = smoothed_weights(np.zeros(1000))
    >>> weights.max().item(), k
    (0.001, 0.0)
    """
    from arviz_stats.base import array_stats

    if np.ptp(ratios) < FLAT:
        weights = np.exp(ratios - np.max(ratios))
        return np.asarray(weights / weights.sum()), 0.0
    # psislw takes minus the log-ratios, as for leaving out a log-likelihood
    log_weights, k = array_stats.psislw(-ratios)
    weights = np.exp(np.asarray(log_weights) - np.max(log_weights))
    return np.asarray(weights / weights.sum()), float(k)
