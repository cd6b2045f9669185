"""Sampling covariances of means and covariances: from fourth moments (ADF), or under normality."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["adf_gamma", "normal_weight"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
BLOCK = 4096


def adf_gamma(rows: Array, level: Index, row: Index, col: Index, given: NDArray[np.bool_]) -> Array:
    """Return n times the covariances (m, m) of the means ``level`` and covariances ``row, col``.

    The mean outer product of respondents' (x_i, (x_i - m_i)(x_j - m_j)) less its mean. With fixed x
    (``given``) what the regressions on x say is taken out first, as lavaan does.
    """
    centred = rows - rows.mean(axis=0)
    fitted = _fitted(centred, given)
    sums = np.zeros(len(level) + len(row))
    total = np.zeros((len(sums), len(sums)))
    for begin in range(0, len(rows), BLOCK):
        part, hat = centred[begin : begin + BLOCK], fitted[begin : begin + BLOCK]
        block = np.empty((len(part), len(sums)))
        block[:, : len(level)] = part[:, level] - hat[:, level]
        block[:, len(level) :] = part[:, row] * part[:, col] - hat[:, row] * hat[:, col]
        sums += block.sum(axis=0)
        total += block.T @ block
    mean = sums / len(rows)
    return total / len(rows) - np.outer(mean, mean)


def _fitted(centred: Array, given: NDArray[np.bool_]) -> Array:
    """Return the part of centred rows that fixed x explain; zeros where there are none."""
    if not given.any():
        return np.zeros_like(centred)
    x = centred[:, given]
    return x @ np.linalg.lstsq(x, centred, rcond=None)[0]


def normal_weight(cov: Array, level: Index, row: Index, col: Index) -> Array:
    """Return the inverse (m, m) of gamma under normality: r'W r = tr[(S^-1 R)^2] / 2 + d'S^-1 d."""
    inverse = np.linalg.inv(cov)
    twice = np.where(row == col, 1.0, 2.0)
    crossed = inverse[np.ix_(row, row)] * inverse[np.ix_(col, col)]
    crossed += inverse[np.ix_(row, col)] * inverse[np.ix_(col, row)]
    k = len(level)
    weight = np.zeros((k + len(row), k + len(row)))
    weight[:k, :k] = inverse[np.ix_(level, level)]
    weight[k:, k:] = 0.25 * np.outer(twice, twice) * crossed
    return weight
