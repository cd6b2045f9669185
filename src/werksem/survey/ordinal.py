"""Exact moments of ordinal columns and of their means, from the latent normal variables behind them.

A column shows the value ``v_c`` where its standard normal response lies between two thresholds.
Two responses with correlation r are bivariate normal, and Mehler's formula turns the integrals
over their cells into a power series:

    cov(x, y) = sum over k >= 1 of  a_k b_k r^k
    a_k = sum over thresholds t of  (value above t - value below t) phi(t) h_(k-1)(t) / sqrt(k)

with h_k the normalised Hermite polynomials (Mehler 1866; Kendall & Stuart, vol. 2, section 26.27, the
tetrachoric series). A mean of items that share one latent variable has the mean of its items'
coefficients, each times its loading to the power k, so the covariance of two scales costs one sum.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "cell_probabilities", "hermite_coefficients", "series"]

Array = NDArray[np.float64]


def cell_probabilities(thresholds: Array) -> Array:
    """Return the probability of each cell (..., T + 1) between standard normal thresholds (..., T).

    >>> cell_probabilities(np.array([0.0])).tolist()
    [0.5, 0.5]
    """
    from scipy.special import ndtr

    below = ndtr(thresholds)
    edge = np.zeros((*thresholds.shape[:-1], 1))
    return np.diff(np.concatenate([edge, below, edge + 1], axis=-1), axis=-1)


def hermite_coefficients(thresholds: Array, values: Sequence[float], terms: int) -> Array:
    """Return a_1 … a_K (..., K) of a step function of a standard normal variable.

    ``thresholds`` (..., T) ascending, ``values`` T + 1 numbers; the sum of squares of all
    coefficients is the variance of the column.

    >>> a = hermite_coefficients(np.array([0.0]), (0, 1), 4000)
    >>> round(float((a**2).sum()), 3)
    0.248
    """
    steps = np.diff(np.asarray(values, dtype=float)) * np.exp(-(thresholds**2) / 2) / np.sqrt(2 * np.pi)
    before, now = np.zeros_like(thresholds), np.ones_like(thresholds)
    coefficients = np.empty((*thresholds.shape[:-1], terms))
    for k in range(1, terms + 1):
        coefficients[..., k - 1] = (steps * now).sum(axis=-1) / np.sqrt(k)
        before, now = now, (thresholds * now - np.sqrt(k - 1) * before) / np.sqrt(k)
    return coefficients


def series(coefficients: Array, correlation: Array) -> Array:
    """Return the sum over k of A[a, k] A[b, k] r[a, b]^k, elementwise in the correlations.

    ``coefficients`` (..., q, K) and ``correlation`` (..., q, q); terms run from k = 1.

    >>> series(np.array([[1.0, 0.5], [1.0, 0.5]]), np.array([[1.0, 0.5], [0.5, 1.0]])).tolist()
    [[1.25, 0.5625], [0.5625, 1.25]]
    """
    total = np.zeros_like(correlation)
    for k in range(coefficients.shape[-1] - 1, -1, -1):  # Horner, from the highest power down
        a = coefficients[..., k]
        total = (total + a[..., :, None] * a[..., None, :]) * correlation
    return total
