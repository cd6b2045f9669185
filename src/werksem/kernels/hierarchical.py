"""Log-likelihood and gradient of regressions whose groups' deviations are integrated out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.jit import kernel
from werksem.kernels.linalg import cholesky, inverse_from_cholesky

__all__ = ["group_likelihood"]

Array = NDArray[np.float64]


@kernel
def group_likelihood(
    n: Array, cross: Array, gram: Array, W: Array, gamma: Array, tau: Array, sigma: Array,
    d_gamma: Array, d_tau: Array, d_sigma: Array,
) -> float:  # fmt: skip
    """Return the log-likelihood and write its gradient into the last three arguments.

    E regressions, G groups, K coefficients: n (E, G), cross (E, G, K + 1, K + 1), gram = W'GW (E, G, K, K),
    W (E, K, K), gamma and tau (E, K), sigma (E,). Formulas in ``bayes/marginal.py``, its slow twin; with
    t = tau / sigma, h = t W'r / sigma, M = I + t gram t, q = M⁻¹ h:

        d gamma = r / sigma² - G W (t q) / sigma
        d t = q (W'r / sigma - gram (t q)) - rowsums(M⁻¹ * gram t)
        d sigma = -n / sigma + RSS / sigma³ - h'q / sigma - t'(d t) / sigma,  d tau = d t / sigma
    """
    E, G = n.shape
    K = gamma.shape[1]
    r, rt, t, h, q, c = (np.empty(K + 1), np.empty(K), np.empty(K), np.empty(K), np.empty(K), np.empty(K))
    M, root, work, inverse = (np.empty((K, K)), np.empty((K, K)), np.empty((K, K)), np.empty((K, K)))
    d_gamma[:], d_tau[:], d_sigma[:] = 0.0, 0.0, 0.0
    value = 0.0
    for e in range(E):
        s = sigma[e]
        for i in range(K):
            t[i] = tau[e, i] / s
        for g in range(G):
            if n[e, g] == 0.0:
                continue
            for i in range(K + 1):
                r[i] = cross[e, g, i, K]
                for j in range(K):
                    r[i] -= cross[e, g, i, j] * gamma[e, j]
            rss = r[K]
            for i in range(K):
                rss -= gamma[e, i] * r[i]
                rt[i] = 0.0
                for j in range(K):
                    rt[i] += W[e, j, i] * r[j]
                    M[i, j] = t[i] * gram[e, g, i, j] * t[j]
                M[i, i] += 1.0
                h[i] = t[i] * rt[i] / s
            if not cholesky(M, root):
                return -np.inf
            inverse_from_cholesky(root, work, inverse)
            gained, logdet = _solve(root, inverse, h, q)
            value += (
                -n[e, g] * (0.5 * np.log(2 * np.pi) + np.log(s)) - rss / (2 * s * s) + gained / 2 - logdet
            )
            d_sigma[e] += -n[e, g] / s + rss / (s * s * s) - gained / s
            for i in range(K):
                c[i] = 0.0
                slope = q[i] * rt[i] / s
                for j in range(K):
                    c[i] += W[e, i, j] * t[j] * q[j]
                    slope -= (q[i] * q[j] + inverse[i, j]) * gram[e, g, i, j] * t[j]
                d_tau[e, i] += slope / s
                d_sigma[e] -= t[i] * slope / s
            for i in range(K):
                d_gamma[e, i] += r[i] / (s * s)
                for j in range(K):
                    d_gamma[e, i] -= cross[e, g, i, j] * c[j] / s
    return value


@kernel
def _solve(root: Array, inverse: Array, h: Array, q: Array) -> tuple[float, float]:
    """Write q = M⁻¹ h; return h'q and half of log|M|."""
    gained, logdet = 0.0, 0.0
    for i in range(h.shape[0]):
        q[i] = 0.0
        for j in range(h.shape[0]):
            q[i] += inverse[i, j] * h[j]
        gained += q[i] * h[i]
        logdet += np.log(root[i, i])
    return gained, logdet
