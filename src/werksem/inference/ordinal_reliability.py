"""Reliability of a sum of ordered items, from the model of what lies behind the answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.implied import implied_moments, standardised
from werksem.inference.reliability import construct_items
from werksem.kernels.bivariate_normal import bivariate_cdf, normal_cdf
from werksem.model import Model

__all__ = ["omega_ordinal", "sum_covariance"]

Array = NDArray[np.float64]


def omega_ordinal(model: Model, theta: Array, construct: str, group: int = 0) -> float:
    """Return omega of the sum of a construct's ordered items, answers counted 1, 2, 3 … (as semTools).

    Covariance of two answers due to the construct, over all their covariance, both summed over the
    items (Green & Yang, 2009, eq. 21): with Phi2 the bivariate normal distribution at the
    thresholds, correlation lambda_i lambda_j in the numerator, implied correlation in the denominator.
    It speaks of the answers as given; alpha of polychoric correlations speaks of what lies behind
    them and is higher. NaN for one item, or an item without thresholds.
    """
    items = construct_items(model, construct, group)
    if len(items) < 2 or not set(items) <= set(model.observed):
        return float("nan")
    at = np.array([model.observed.index(item) for item in items])
    mean, Sigma = implied_moments(model, theta, group)
    sd = np.sqrt(np.diag(Sigma))[at]
    limits = [
        (_thresholds(model, theta, item, group) - centre) / scale
        for item, centre, scale in zip(items, mean[at], sd, strict=True)
    ]
    if not all(len(part) for part in limits):
        return float("nan")
    std = standardised(model, theta, group)
    mine = [row.op == "=~" and row.lhs == construct and row.group == group for row in model.rows]
    loading = std[np.array(mine)]
    common = sum_covariance(np.outer(loading, loading), limits)
    return common / sum_covariance(Sigma[at[:, None], at] / np.outer(sd, sd), limits)


def _thresholds(model: Model, theta: Array, item: str, group: int) -> Array:
    found = [
        theta[at] if at >= 0 else row.value
        for row, at in zip(model.rows, model.free_of_row, strict=True)
        if row.op == "|" and row.lhs == item and row.group == group
    ]
    return np.array(found, dtype=float)


def sum_covariance(correlation: Array, limits: Sequence[Array]) -> float:
    """Return the variance of a sum of k ordered answers, whose normal y* have these correlations (k, k).

    An answer is 1 plus the number of ``limits`` that y* exceeds, so covariances are sums of
    P(y*_i < a, y*_j < b) - P(y*_i < a) P(y*_j < b). A diagonal below 1 gives the covariance of an
    answer with a parallel one.

    >>> median = [np.zeros(1), np.zeros(1)]
    >>> round(sum_covariance(np.eye(2), median), 6), round(sum_covariance(np.ones((2, 2)), median), 6)
    (0.5, 1.0)
    """
    total = 0.0
    for i, of_i in enumerate(limits):
        for j, of_j in enumerate(limits):
            r = float(correlation[i, j])
            for a in of_i:
                for b in of_j:
                    both = normal_cdf(min(a, b)) if r > 1 - 1e-12 else bivariate_cdf(a, b, r)
                    total += float(both - normal_cdf(a) * normal_cdf(b))
    return total
