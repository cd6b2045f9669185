"""Log-likelihoods and gradients of answers in categories, over cells of equal covariates with counts."""

from __future__ import annotations

from math import erfc, exp, expm1, inf, log, log1p, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.jit import kernel

__all__ = ["log_normal_cdf", "log_normal_interval", "logit_cells", "probit_cells"]

Array = NDArray[np.float64]
HALF_LOG_2PI = 0.5 * log(2 * pi)
ROOT2 = sqrt(2.0)
# below this erfc loses digits to underflow and the asymptotic series has 13
FAR = -35.0
# below this width an interval's probability is its width times the density in the middle, to 9 digits
NARROW = 1e-5


@kernel
def log_normal_cdf(z: float) -> float:
    """Return log P(Z < z) of a standard normal, to 13 digits in both tails.

    Far in the lower tail by the asymptotic series (Abramowitz and Stegun 1964, 26.2.12).
    """
    if z > 0.0:
        return log1p(-0.5 * erfc(z / ROOT2))
    if z > FAR:
        return log(0.5 * erfc(-z / ROOT2))
    s = 1.0 / (z * z)
    series = 1.0 - s * (1.0 - 3.0 * s * (1.0 - 5.0 * s * (1.0 - 7.0 * s * (1.0 - 9.0 * s))))
    return -0.5 * z * z - HALF_LOG_2PI - log(-z) + log(series)


@kernel
def log_normal_interval(a: float, b: float) -> float:
    """Return log P(a < Z < b) of a standard normal, a < b, one of them possibly infinite.

    Taken in the lower tail, where differences keep their digits.
    """
    if a == -inf:
        return log_normal_cdf(b)
    if b == inf:
        return log_normal_cdf(-a)
    if b - a < NARROW:
        return -inf if b <= a else log(b - a) - 0.125 * (a + b) * (a + b) - HALF_LOG_2PI
    if a + b > 0.0:
        a, b = -b, -a
    upper = log_normal_cdf(b)
    return upper + log(-expm1(log_normal_cdf(a) - upper))


@kernel
def probit_cells(
    start: NDArray[np.int64], x: Array, counts: Array, beta: Array, cut: Array, d_beta: Array, d_cut: Array
) -> float:
    """Return the log-likelihood of the cumulative probit and write its gradient into the last two.

    C cells in G groups (those of group g from ``start[g]`` to ``start[g + 1]``), K coefficients, J
    categories: x (C, K), counts (C, J), beta and d_beta (G, K), cut and d_cut (J - 1,). With eta = x'b,
    category j has P = Phi(cut[j] - eta) - Phi(cut[j - 1] - eta), cut[-1] = -inf and cut[J - 1] = inf,
    and the slope of log P by a limit u is phi(u) / P, by a lower one its opposite. Twin:
    ``bayes/discrete/likelihood.py``.
    """
    G, K = beta.shape
    J = counts.shape[1]
    d_beta[:], d_cut[:] = 0.0, 0.0
    value = 0.0
    for g in range(G):
        for c in range(start[g], start[g + 1]):
            eta, slope = 0.0, 0.0
            for k in range(K):
                eta += x[c, k] * beta[g, k]
            for j in range(J):
                n = counts[c, j]
                if n == 0.0:
                    continue
                a = cut[j - 1] - eta if j > 0 else -inf
                b = cut[j] - eta if j < J - 1 else inf
                logp = log_normal_interval(a, b)
                value += n * logp
                if j > 0:
                    at = n * exp(-0.5 * a * a - HALF_LOG_2PI - logp)
                    d_cut[j - 1] -= at
                    slope += at
                if j < J - 1:
                    at = n * exp(-0.5 * b * b - HALF_LOG_2PI - logp)
                    d_cut[j] += at
                    slope -= at
            for k in range(K):
                d_beta[g, k] += x[c, k] * slope
    return value


@kernel
def logit_cells(
    start: NDArray[np.int64], x: Array, counts: Array, beta: Array, cut: Array, d_beta: Array, d_cut: Array
) -> float:
    """Return the log-likelihood of yes and no by the logistic and write its gradient into the last two.

    Shapes as in ``probit_cells`` with J = 2: P(yes) = 1 / (1 + exp(cut[0] - x'b)).
    """
    G, K = beta.shape
    d_beta[:], d_cut[:] = 0.0, 0.0
    value = 0.0
    for g in range(G):
        for c in range(start[g], start[g + 1]):
            eta = -cut[0]
            for k in range(K):
                eta += x[c, k] * beta[g, k]
            small = exp(-abs(eta))
            # log P(yes) is min(eta, 0) - log(1 + small), log P(no) is eta less
            value += counts[c, 1] * min(eta, 0.0) - counts[c, 0] * max(eta, 0.0)
            n = counts[c, 0] + counts[c, 1]
            value -= n * log1p(small)
            yes = 1.0 / (1.0 + small) if eta > 0.0 else small / (1.0 + small)
            slope = counts[c, 1] - n * yes
            d_cut[0] -= slope
            for k in range(K):
                d_beta[g, k] += x[c, k] * slope
    return value
