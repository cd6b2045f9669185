"""The likelihood of the regressions with the groups' deviations integrated out, in plain NumPy.

Group g has coefficients gamma + W (tau * z_g), z_g ~ N(0, I): non-centred, so that a between-group
SD near zero is no funnel. Given (gamma, tau, sigma) everything is normal, so z_g is integrated out
exactly and drawn back afterwards from its conditional normal: what is sampled are the population's
coefficients and the SDs alone, well conditioned for groups of 1 as for groups of 100,000.

With D the centred design (1, x), r = D'(y - D gamma) and M = I + T W'D'D W T / sigma², T = diag(tau):

    log p = -n/2 log(2 pi sigma²) - RSS(gamma) / (2 sigma²) - log|M| / 2 + h' M⁻¹ h / 2,  h = T W' r / sigma²
    z | y ~ N(M⁻¹ h, M⁻¹)

(Lindley and Smith 1972; Rasmussen and Williams 2006, A.3). All in units of the pooled SDs. The
compiled form (``kernels/hierarchical.py``) and the PyTensor graph (``graph.py``) are tested against
this one, and this one against the rows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.design import Design

__all__ = ["centring", "draw_groups", "log_likelihood"]

Array = NDArray[np.float64]
BLOCK = 2_000_000  # numbers per block of draws: some 16 MB, whatever the number of groups


def centring(design: Design) -> Array:
    """Return W (E, K, K): deviations of coefficients to deviations about the grand means."""
    E, P = design.lever.shape
    W = np.broadcast_to(np.eye(P + 1), (E, P + 1, P + 1)).copy()
    W[:, 0, 1:] = design.lever
    return W


def _pieces(design: Design, gamma: Array, tau: Array, sigma: Array) -> tuple[Array, Array, Array]:
    """Return RSS (S, E, G), M (S, E, G, K, K) and h (S, E, G, K) for gamma, tau (S, E, K), sigma (S, E)."""
    K = gamma.shape[-1]
    W = centring(design)
    v = np.concatenate([-gamma, np.ones((*gamma.shape[:-1], 1))], axis=-1)
    residual = np.einsum("egij,sej->segi", design.cross, v)
    rss = np.einsum("segi,sei->seg", residual, v)
    gram = np.einsum("eki,egkl,elj->egij", W, design.cross[..., :K, :K], W)
    t = (tau / sigma[..., None])[:, :, None, :]
    M = np.eye(K) + gram * t[..., :, None] * t[..., None, :]
    h = np.einsum("eki,segk->segi", W, residual[..., :K]) * t / sigma[:, :, None, None]
    return rss, M, h


def log_likelihood(design: Design, gamma: Array, tau: Array, sigma: Array) -> Array:
    """Return (S,) the log-likelihood of the raw outcomes, for S points in the model's units."""
    rss, M, h = _pieces(design, gamma, tau, sigma)
    L = np.linalg.cholesky(M)
    w = np.linalg.solve(L, h[..., None])[..., 0]
    sd = (sigma * design.scale_y)[:, :, None]
    value = -design.n / 2 * np.log(2 * np.pi * sd**2) - rss / (2 * sigma[:, :, None] ** 2)
    value = value + (w**2).sum(-1) / 2 - np.log(np.diagonal(L, axis1=-2, axis2=-1)).sum(-1)
    return np.asarray(value.sum(axis=(1, 2)))


def draw_groups(design: Design, gamma: Array, tau: Array, sigma: Array, rng: np.random.Generator) -> Array:
    """Return (S, E, G, K) the groups' coefficients about the grand means, one exact draw per point."""
    (S, E, K), G = gamma.shape, len(design.groups)
    W = centring(design)
    out = np.empty((S, E, G, K))
    block = max(1, BLOCK // (E * G * K * K))
    for start in range(0, S, block):
        part = slice(start, start + block)
        _, M, h = _pieces(design, gamma[part], tau[part], sigma[part])
        L = np.linalg.cholesky(M)
        w = np.linalg.solve(L, h[..., None])[..., 0] + rng.standard_normal(h.shape)
        z = np.linalg.solve(np.swapaxes(L, -1, -2), w[..., None])[..., 0]
        deviation = tau[part][:, :, None, :] * z
        out[part] = gamma[part][:, :, None, :] + np.einsum("eki,segi->segk", W, deviation)
    return out
