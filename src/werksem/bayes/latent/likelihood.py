"""The likelihood of a latent-variable model in groups, in plain NumPy: the slow twin of the kernel.

Group g with n respondents, means x and covariances S (divisor n):

    -n/2 [p log 2 pi + log|Sigma| + tr Sigma⁻¹ (S + (x - mu)(x - mu)')],  Sigma = Lambda Phi Lambda' + Theta

The kernel has the same in the space of the latents. With P = Theta⁻¹ Lambda, V = (Lambda'P)⁻¹ and the
statistic t = V P'(x - nu), normal with mean A alpha and covariance K = A Psi A' + V (A = (I - B)⁻¹),

    log p = log N(t; A alpha, K) - n/2 [(p - k) log 2 pi + log|Theta| + log|Lambda'P|
            + tr Theta⁻¹ S0 - tr V P'S0 P],  S0 = S + (x - nu)(x - nu)'

(Woodbury; Lawley and Maxwell 1971, section 4), so a group costs k x k problems, and items enter once per
group as P'S P. An item without residual is its eta; an eta without items takes part through A Psi A'.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.implied import implied_moments
from werksem.model import Model

__all__ = ["log_likelihood"]

Array = NDArray[np.float64]


def log_likelihood(model: Model, theta: Array, n: Array, mean: Array, cov: Array) -> Array:
    """Return (G,) the groups' log-likelihoods at theta (G, q), for means (G, p) and covariances (G, p, p)."""
    mu, Sigma = implied_moments(model, theta)
    sign, logdet = np.linalg.slogdet(Sigma)
    d = mean - mu
    spread = cov + d[:, :, None] * d[:, None, :]
    trace = np.trace(np.linalg.solve(Sigma, spread), axis1=-2, axis2=-1)
    p = mean.shape[-1]
    return np.asarray(np.where(sign > 0, -n / 2 * (p * np.log(2 * np.pi) + logdet + trace), -np.inf))
