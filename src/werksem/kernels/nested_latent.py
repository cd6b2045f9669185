"""Log-likelihood and gradient of a latent-variable model in groups of units, these integrated out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.grouped_latent import exact_cells, fill_measurement, flush, left_over
from werksem.kernels.jit import kernel
from werksem.kernels.links import bind, unbind
from werksem.kernels.measured import project, unproject, weigh
from werksem.kernels.nested_structure import nested_structure

__all__ = ["nested_grouped", "nested_latent"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@kernel
def nested_grouped(
    theta: Array, omega: Array, n: Array, mean: Array, cov: Array, moves: Index, starts: Index,
    size: Array, away: Array, value: Array, where: Index, blocks: Index, item: Index, column: Index,
    seen: Index, scale: Array, sizes: Index, d_theta: Array, d_omega: Array,
) -> float:  # fmt: skip
    """Return ``grouped_latent`` with units, and write its gradient into ``d_theta`` (G, q) and
    ``d_omega`` (V,).

    ``omega`` (V,) are the SDs between units and ``moves`` (eta,) which of them is that of an eta's alpha,
    -1 for none. Units ``starts[g]`` to ``starts[g + 1]`` are those of group g: ``size`` (O,) their n,
    ``away`` (p, O) their means from the group's. The slow twin is
    ``bayes.latent.likelihood.nested_log_likelihood``.
    """
    G, p = mean.shape
    k, latents, shared, s = sizes[0], sizes[1], sizes[2] == 1, len(seen)
    nu, Lambda, Theta, Theta_inv = np.zeros(p), np.zeros((p, s)), np.zeros((p, p)), np.zeros((p, p))
    P, V, Y = np.zeros((p, s)), np.empty((s, s)), np.empty((s, p))
    g_nu, g_P, g_V, g_inv = np.zeros(p), np.zeros((p, s)), np.zeros((s, s)), np.zeros((p, p))
    H, h, T, t = np.empty((s, s)), np.empty(s), np.empty((s, s)), np.empty(s)
    g_T, g_t, g_h, e = np.empty((s, s)), np.empty(s), np.empty(s), np.empty(p)
    exact_cells(scale, item, column, P)
    total, logdet = 0.0, 0.0
    d_theta[:] = 0.0
    d_omega[:] = 0.0
    for g in range(G):
        if g == 0 or not shared:
            fill_measurement(theta[g], value, where, nu, Lambda, Theta)
            logdet = weigh(Lambda, Theta, blocks, latents, P, Theta_inv, V)
        for i in range(p):
            e[i] = mean[g, i] - nu[i]
        project(cov[g], e, P, V, item, column, Y, H, h, T, t)
        first, units = starts[g], starts[g + 1] - starts[g]
        own, g_own = np.zeros((s, units)), np.empty((s, units))
        _reach(P, item, column, away, first, own)
        inside = nested_structure(
            theta[g], omega, moves, n[g], size[first : first + units], value, where, k, latents, seen, T,
            t, own, V, g_T, g_t, g_own, g_V, d_theta[g], d_omega,
        )  # fmt: skip
        if np.isnan(logdet + inside):
            return -np.inf
        total += inside - n[g] / 2 * (logdet + (p - s) * np.log(2 * np.pi))
        total += left_over(n[g], cov[g], e, Theta_inv, V, H, h, blocks, latents, scale, g_inv, g_nu)
        unproject(n[g], e, P, V, Y, H, h, g_T, g_t, latents, item, column, g_P, g_V, g_h)
        _reach_back(item, column, away, first, g_own, g_P)
        for c in range(len(item)):
            g_nu[item[c]] -= P[item[c], column[c]] * g_h[column[c]]
        if g == G - 1 or not shared:
            n_all = n.sum() if shared else n[g]
            slopes = d_theta[0] if shared else d_theta[g]
            flush(
                n_all, Lambda, Theta, Theta_inv, P, V, blocks, latents, g_P, g_V, g_inv, g_nu, where, slopes
            )
    return total


@kernel
def nested_latent(
    b: Array, omega: Array, fixed: Array, at: Index, kind: Index, size: Index, sd: Index, given: Array,
    partial: Index, target: Index, n: Array, mean: Array, cov: Array, moves: Index, starts: Index,
    units: Array, away: Array, value: Array, where: Index, blocks: Index, item: Index, column: Index,
    seen: Index, scale: Array, sizes: Index, d_b: Array, d_omega: Array,
) -> float:  # fmt: skip
    """Return ``nested_grouped`` at the links b (G, b), and write its gradient into ``d_b`` and ``d_omega``.

    ``units`` (O,) are the units' n; the links as in ``linked_latent``.
    """
    G, q = fixed.shape
    theta, d_theta = np.empty((G, q)), np.empty((G, q))
    for g in range(G):
        for j in range(q):
            theta[g, j] = fixed[g, j]
        bind(b[g], at, kind, size, sd, given, partial, target, theta[g])
    found = nested_grouped(
        theta, omega, n, mean, cov, moves, starts, units, away, value, where, blocks, item, column, seen,
        scale, sizes, d_theta, d_omega,
    )  # fmt: skip
    for g in range(G):
        unbind(b[g], at, kind, size, sd, given, partial, target, theta[g], d_theta[g], d_b[g])
    return found


@kernel
def _reach(P: Array, item: Index, column: Index, away: Array, first: int, h: Array) -> None:
    """Add P' of the units' means from the group's to h (s, units)."""
    for c in range(len(item)):
        i, r = item[c], column[c]
        weight = P[i, r]
        for o in range(h.shape[1]):
            h[r, o] += weight * away[i, first + o]


@kernel
def _reach_back(item: Index, column: Index, away: Array, first: int, g_h: Array, g_P: Array) -> None:
    """Add to g_P what the slopes by h are by P."""
    for c in range(len(item)):
        i, r = item[c], column[c]
        total = 0.0
        for o in range(g_h.shape[1]):
            total += away[i, first + o] * g_h[r, o]
        g_P[i, r] += total
