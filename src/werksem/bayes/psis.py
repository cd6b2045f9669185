"""Importance weights, Pareto-smoothed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.sample import third_party_warnings

__all__ = ["smoothed_weights"]

Array = NDArray[np.float64]
# where the largest log-ratios lie within this range there is no tail: weights are bounded, k would be the
# shape of rounding (a tail of shape k spreads them over about k log(size))
FLAT = 0.1
TAIL = 5  # fewest ratios that a generalised Pareto distribution is fitted to


def smoothed_weights(ratios: Array) -> tuple[Array, float]:
    """Return weights (S,) of log-ratios (S,), summing to 1, and Pareto k.

    k is 0 where there is no tail, infinite where there are too few ratios (25) to see one.
    Vehtari, Simpson, Gelman, Yao and Gabry (2024), as in ``arviz_stats``. The weights can be trusted
    where k is below ``thresholds.PARETO_K_MAX``. A ratio that is not a number gets no weight.

    >>> weights, k = smoothed_weights(np.zeros(1000))
    >>> weights.max().item(), k
    (0.001, 0.0)
    """
    from arviz_stats.base import array_stats

    ratios = np.where(np.isnan(ratios), -np.inf, ratios)
    size = int(min(len(ratios) / 5, 3 * len(ratios) ** 0.5))
    flat = np.ptp(np.sort(ratios)[-size:] if size >= TAIL else ratios) < FLAT
    if flat or size < TAIL:
        weights = np.exp(ratios - np.max(ratios))
        return np.asarray(weights / weights.sum()), 0.0 if flat else np.inf
    # psislw takes minus the log-ratios, as for leaving out a log-likelihood
    with third_party_warnings():
        log_weights, k = array_stats.psislw(-ratios)
    weights = np.exp(np.asarray(log_weights) - np.max(log_weights))
    return np.asarray(weights / weights.sum()), float(k)
