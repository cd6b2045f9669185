"""The likelihood of a latent-variable model in groups, in plain NumPy: the slow twin of the kernel.

Group g with n respondents, means x and covariances S (divisor n):

    -n/2 [p log 2 pi + log|Sigma| + tr Sigma⁻¹ (S + (x - mu)(x - mu)')],  Sigma = Lambda Phi Lambda' + Theta

The kernel has the same in the space of the latents. With P = Theta⁻¹ Lambda, V = (Lambda'P)⁻¹ and the
statistic t = V P'(x - nu), normal with mean A alpha and covariance K = A Psi A' + V (A = (I - B)⁻¹),

    log p = log N(t; A alpha, K) - n/2 [(p - k) log 2 pi + log|Theta| + log|Lambda'P|
            + tr Theta⁻¹ S0 - tr V P'S0 P],  S0 = S + (x - nu)(x - nu)'

(Woodbury; Lawley and Maxwell 1971, section 4), so a group costs k x k problems, and items enter once per
group as P'S P. An item without residual is its eta; an eta without items takes part through A Psi A'.

Units o of n_o respondents whose alphas are normal around the group's, with SDs omega, add to the
covariance of a unit's mean t_o: K / n_o + Omega, Omega = (A diag(omega²) A')_seen. With S the sum of
squares within the O units, the first term is

    -1/2 [(n - O)(s log 2 pi + log|K|) + tr K⁻¹ S] + sum_o [log N(t_o; mu, K / n_o + Omega) - s/2 log n_o]

(Goldstein and McDonald 1988). K and Omega are diagonalised together once per group, W K W' = I and
W Omega W' = D: then a unit costs k² by c_o = n_o / (1 + n_o D) and v_o = c_o W (t_o - mu), and slopes are

    by K: -1/2 W' [(n - O) I - W S W' + sum_o (diag(c_o) - v_o v_o') / n_o] W,
    by Omega: -1/2 W' sum_o (diag(c_o) - v_o v_o') W,  by mu: W' sum_o v_o.

Items see the units through the group's total scatter alone, and through t_o.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.latent.units import Units, moved_alphas
from werksem.implied import implied_moments, matrices
from werksem.model import Model

__all__ = ["log_likelihood", "nested_log_likelihood", "unit_spread"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


def log_likelihood(model: Model, theta: Array, n: Array, mean: Array, cov: Array) -> Array:
    """Return (G,) the groups' log-likelihoods at theta (G, q), for means (G, p) and covariances (G, p, p)."""
    mu, Sigma = implied_moments(model, theta)
    sign, logdet = np.linalg.slogdet(Sigma)
    d = mean - mu
    spread = cov + d[:, :, None] * d[:, None, :]
    trace = np.trace(np.linalg.solve(Sigma, spread), axis1=-2, axis2=-1)
    p = mean.shape[-1]
    return np.asarray(np.where(sign > 0, -n / 2 * (p * np.log(2 * np.pi) + logdet + trace), -np.inf))


def unit_spread(model: Model, at: Index, omega: Array) -> Array:
    """Return (…, eta, eta) the covariances of the units' alphas, of SDs omega (…, V) of parameters ``at``."""
    moves = moved_alphas(model, at)
    chosen = (moves[:, None] == np.arange(len(at))).astype(float)
    return np.asarray(np.einsum("iv,...v,jv->...ij", chosen, omega**2, chosen))


def nested_log_likelihood(
    model: Model, theta: Array, at: Index, omega: Array, n: Array, mean: Array, cov: Array, units: Units
) -> Array:
    """Return (G,) the groups' log-likelihoods with units whose parameters ``at`` have SDs ``omega`` (V,)."""
    mu, Sigma = implied_moments(model, theta)
    parts, p = matrices(model, theta), mean.shape[-1]
    reach = parts.Lambda @ np.linalg.inv(np.eye(len(model.eta)) - parts.B)
    between = reach @ unit_spread(model, at, omega) @ np.swapaxes(reach, -1, -2)
    out = np.empty(len(n))
    for g, size in enumerate(n):
        own = slice(units.starts[g], units.starts[g + 1])
        away, sizes = units.away[:, own], units.n[own]
        within = size * cov[g] - (away * sizes) @ away.T
        out[g] = _normal(Sigma[g], within, size - len(sizes)) - p / 2 * np.log(sizes).sum()
        for d, n_o in zip((mean[g] - mu[g] + away.T), sizes, strict=True):
            out[g] += _normal(Sigma[g] / n_o + between[g], np.outer(d, d), 1)
    return out


def _normal(cov: Array, squares: Array, count: float) -> float:
    """Return the log-density of ``count`` vectors whose squares from their means sum to ``squares``."""
    logdet = len(cov) * np.log(2 * np.pi) + np.linalg.slogdet(cov)[1]
    return float(-(count * logdet + np.trace(np.linalg.solve(cov, squares))) / 2)
