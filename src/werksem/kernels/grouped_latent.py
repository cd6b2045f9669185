"""Log-likelihood and gradient of a latent-variable model in groups, from their means and covariances."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.jit import kernel
from werksem.kernels.links import bind, unbind
from werksem.kernels.measured import project, unproject, weigh, weigh_back
from werksem.kernels.structure import structure

__all__ = ["exact_cells", "fill_measurement", "flush", "grouped_latent", "left_over", "linked_latent"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
NU, LAMBDA, THETA = 0, 2, 5


@kernel
def grouped_latent(
    theta: Array, n: Array, mean: Array, cov: Array, value: Array, where: Index, blocks: Index,
    item: Index, column: Index, seen: Index, scale: Array, sizes: Index, d_theta: Array,
) -> float:  # fmt: skip
    """Return the log-likelihood of G groups and write its gradient into ``d_theta`` (G, q).

    ``theta`` (G, q); ``n`` (G,), ``mean`` (G, p) and ``cov`` (G, p, p) of the groups; ``value`` (cells,) and
    ``where`` (5, cells): matrix, row, column and index in theta (-1: fixed) of every cell, and for a
    loading the column of P. ``blocks``: correlated residuals; ``item`` and ``column``: the cells of P;
    ``seen`` (s,): the eta behind each column of P; ``scale`` (p,): an item without residual is that times its
    eta, else 0; ``sizes``: eta, latents that items measure, and 1 where measurement is one for all groups.
    The slow twin, with the formulas, is ``bayes/latent/likelihood.py``; -inf where a matrix is not
    positive definite.
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
    for g in range(G):
        for c in range(theta.shape[1]):
            d_theta[g, c] = 0.0
        if g == 0 or not shared:
            fill_measurement(theta[g], value, where, nu, Lambda, Theta)
            logdet = weigh(Lambda, Theta, blocks, latents, P, Theta_inv, V)
        for i in range(p):
            e[i] = mean[g, i] - nu[i]
        project(cov[g], e, P, V, item, column, Y, H, h, T, t)
        inside = structure(theta[g], n[g], value, where, k, latents, seen, T, t, g_T, g_t, g_V, V, d_theta[g])
        if np.isnan(logdet + inside):
            return -np.inf
        total += inside - n[g] / 2 * (logdet + (p - s) * np.log(2 * np.pi))
        total += left_over(n[g], cov[g], e, Theta_inv, V, H, h, blocks, latents, scale, g_inv, g_nu)
        unproject(n[g], e, P, V, Y, H, h, g_T, g_t, latents, item, column, g_P, g_V, g_h)
        for c in range(len(item)):
            g_nu[item[c]] -= P[item[c], column[c]] * g_h[column[c]]
        if g == G - 1 or not shared:
            size = n.sum() if shared else n[g]
            slopes = d_theta[0] if shared else d_theta[g]
            flush(size, Lambda, Theta, Theta_inv, P, V, blocks, latents, g_P, g_V, g_inv, g_nu, where, slopes)
    return total


@kernel
def linked_latent(
    b: Array, fixed: Array, at: Index, kind: Index, size: Index, sd: Index, given: Array, partial: Index,
    target: Index, n: Array, mean: Array, cov: Array, value: Array, where: Index, blocks: Index, item: Index,
    column: Index, seen: Index, scale: Array, sizes: Index, d_b: Array,
) -> float:  # fmt: skip
    """Return ``grouped_latent`` at the links b (G, b), and write its gradient into ``d_b``.

    ``fixed`` (G, q) are theta's fixed values; ``at`` to ``target`` as in ``kernels.links``, the rest as in
    ``grouped_latent``. The slow twin is ``bayes.latent.links.theta_of`` before ``log_likelihood``.
    """
    G, q = fixed.shape
    theta, d_theta = np.empty((G, q)), np.empty((G, q))
    for g in range(G):
        for j in range(q):
            theta[g, j] = fixed[g, j]
        bind(b[g], at, kind, size, sd, given, partial, target, theta[g])
    found = grouped_latent(
        theta, n, mean, cov, value, where, blocks, item, column, seen, scale, sizes, d_theta
    )
    for g in range(G):
        unbind(b[g], at, kind, size, sd, given, partial, target, theta[g], d_theta[g], d_b[g])
    return found


@kernel
def exact_cells(scale: Array, item: Index, column: Index, P: Array) -> None:
    """Write the cells of P of items without residual, which give their eta as it is."""
    for c in range(len(item)):
        if scale[item[c]] != 0.0:
            P[item[c], column[c]] = 1.0 / scale[item[c]]


@kernel
def fill_measurement(
    theta: Array, value: Array, where: Index, nu: Array, Lambda: Array, Theta: Array
) -> None:
    """Write nu, Lambda and Theta of one group's theta, as far as cells have them."""
    for c in range(where.shape[1]):
        kind, i, j, free = where[0, c], where[1, c], where[2, c], where[3, c]
        x = theta[free] if free >= 0 else value[c]
        if kind == NU:
            nu[i] = x
        elif kind == LAMBDA:
            Lambda[i, where[4, c]] = x
        elif kind == THETA:
            Theta[i, j] = x
            Theta[j, i] = x


@kernel
def left_over(
    n: float, S: Array, e: Array, Theta_inv: Array, V: Array, H: Array, h: Array, blocks: Index, latents: int,
    scale: Array, g_inv: Array, g_nu: Array,
) -> float:  # fmt: skip
    """Return -n/2 [tr Theta⁻¹(S + e e') - tr V(H + h h')] and the Jacobian; add slopes by Theta⁻¹ and nu."""
    found = 0.0
    for b in range(blocks.shape[0]):
        for a in range(blocks.shape[1]):
            i = blocks[b, a]
            if i < 0:
                break
            for c in range(blocks.shape[1]):
                j = blocks[b, c]
                if j < 0:
                    break
                spread = S[i, j] + e[i] * e[j]
                found -= n / 2 * Theta_inv[i, j] * spread
                g_inv[i, j] -= n / 2 * spread
                g_nu[i] += n * Theta_inv[i, j] * e[j]
    for r in range(latents):
        for m in range(latents):
            found += n / 2 * V[r, m] * (H[r, m] + h[r] * h[m])
    for i in range(len(scale)):
        if scale[i] != 0.0:
            found -= n * np.log(abs(scale[i]))
    return found


@kernel
def flush(
    n: float, Lambda: Array, Theta: Array, Theta_inv: Array, P: Array, V: Array, blocks: Index, latents: int,
    g_P: Array, g_V: Array, g_inv: Array, g_nu: Array, where: Index, slopes: Array,
) -> None:  # fmt: skip
    """Add the slopes of the cells of nu, Lambda and Theta to those of theta, and begin anew."""
    p, s = P.shape
    g_Lambda, g_Theta = np.zeros((p, s)), np.zeros((p, p))
    weigh_back(n, Lambda, Theta, Theta_inv, P, V, blocks, latents, g_P, g_V, g_inv, g_Lambda, g_Theta)
    for c in range(where.shape[1]):
        kind, i, j, free = where[0, c], where[1, c], where[2, c], where[3, c]
        if free < 0:
            continue
        if kind == NU:
            slopes[free] += g_nu[i]
        elif kind == LAMBDA:
            slopes[free] += g_Lambda[i, where[4, c]]
        elif kind == THETA:
            slopes[free] += g_Theta[i, i] if i == j else g_Theta[i, j] + g_Theta[j, i]
    for i in range(p):
        g_nu[i] = 0.0
        for r in range(s):
            g_P[i, r] = 0.0
        for j in range(p):
            g_inv[i, j] = 0.0
    for r in range(s):
        for m in range(s):
            g_V[r, m] = 0.0
