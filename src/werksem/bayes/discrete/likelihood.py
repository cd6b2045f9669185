"""The likelihood of answers in categories in plain NumPy: what the compiled kernels are held to.

A latent response z = x'b_g + e of group g falls into category j where cut[j - 1] < z < cut[j]; e is
standard normal, or standard logistic for ``logit`` (McKelvey and Zavoina 1975). Yes or no is J = 2.
"""

from __future__ import annotations

from math import pi

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_expit, log_ndtr

from werksem.bayes.discrete.cells import Cells

__all__ = ["RESIDUAL", "log_likelihood", "log_probabilities"]

Array = NDArray[np.float64]
# the variance of the latent response's residual
RESIDUAL = {"probit": 1.0, "ordered": 1.0, "logit": pi**2 / 3}


def log_probabilities(family: str, eta: Array, cut: Array) -> Array:
    """Return (C, J) log-probabilities of the categories for eta (C,) and rising cut (J - 1,).

    An interval on the right is turned to the left, where differences of probabilities keep their digits.

    >>> np.exp(log_probabilities("probit", np.zeros(1), np.array([-1.0, 1.0]))).round(4)
    array([[0.1587, 0.6827, 0.1587]])
    """
    low = np.concatenate([[-np.inf], cut]) - eta[:, None]
    high = np.concatenate([cut, [np.inf]]) - eta[:, None]
    turned = low + high > 0
    low, high = np.where(turned, -high, low), np.where(turned, -low, high)
    log_cdf = log_expit if family == "logit" else log_ndtr
    upper = log_cdf(high)
    with np.errstate(divide="ignore"):
        return np.asarray(upper + np.log(-np.expm1(log_cdf(low) - upper)))


def log_likelihood(found: Cells, x: Array, family: str, beta: Array, cut: Array) -> float:
    """Return the log-likelihood of counts for x (C, K), coefficients beta (G, K) and cut (J - 1,)."""
    group = np.repeat(np.arange(len(beta)), np.diff(found.start))
    eta = (x * beta[group]).sum(axis=1)
    logp = log_probabilities(family, eta, cut)
    return float(np.where(found.counts > 0, found.counts * logp, 0.0).sum())
