"""The measurement side of a latent-variable likelihood: from items to statistics in the space of the latents.

With Theta the residual covariances, P = Theta⁻¹ Lambda, V = (Lambda' P)⁻¹ and an item's mean residual e:
t = V P' e has the mean of the latents and covariance Phi + V; what t leaves of the items does not depend on
the latents. Formulas and notation: ``bayes/latent/likelihood.py``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.jit import kernel
from werksem.kernels.linalg import cholesky, inverse_from_cholesky, multiply

__all__ = ["project", "unproject", "weigh", "weigh_back"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@kernel
def weigh(
    Lambda: Array, Theta: Array, blocks: Index, latents: int, P: Array, Theta_inv: Array, V: Array
) -> float:
    """Write P, Theta⁻¹ and V; return log|Theta| + log|Lambda' P|, NaN where one is not positive definite.

    ``blocks`` (b, width) are the items of each block of correlated residuals, -1 behind the last; Theta is
    zero between blocks, and items in no block have no residual: their rows of P are left alone. The
    first ``latents`` columns of Lambda (p, s) are those that items measure; V is 1 for the others.
    """
    s, width = Lambda.shape[1], blocks.shape[1]
    logdet = 0.0
    for b in range(blocks.shape[0]):
        size = 0
        while size < width and blocks[b, size] >= 0:
            size += 1
        inverse = np.empty((size, size))
        half = _inverse(_block(Theta, blocks[b], size), inverse)
        if np.isnan(half):
            return np.nan
        logdet += half
        for i in range(size):
            for r in range(latents):
                P[blocks[b, i], r] = 0.0
            for j in range(size):
                Theta_inv[blocks[b, i], blocks[b, j]] = inverse[i, j]
                for r in range(latents):
                    P[blocks[b, i], r] += inverse[i, j] * Lambda[blocks[b, j], r]
    for r in range(s):
        for m in range(s):
            V[r, m] = 1.0 if r == m else 0.0
    if latents == 0:
        return logdet
    J, inverse = np.zeros((latents, latents)), np.empty((latents, latents))
    for b in range(blocks.shape[0]):
        for i in range(width):
            if blocks[b, i] >= 0:
                for r in range(latents):
                    for m in range(latents):
                        J[r, m] += P[blocks[b, i], r] * Lambda[blocks[b, i], m]
    half = _inverse(J, inverse)
    for r in range(latents):
        for m in range(latents):
            V[r, m] = inverse[r, m]
    return logdet + half


@kernel
def _block(Theta: Array, items: Index, size: int) -> Array:
    part = np.empty((size, size))
    for i in range(size):
        for j in range(size):
            part[i, j] = Theta[items[i], items[j]]
    return part


@kernel
def _inverse(a: Array, inverse: Array) -> float:
    """Write a⁻¹ and return log|a|, NaN where a is not positive definite."""
    n = a.shape[0]
    root, work = np.empty((n, n)), np.empty((n, n))
    if not cholesky(a, root):
        return np.nan
    inverse_from_cholesky(root, work, inverse)
    logdet = 0.0
    for i in range(n):
        logdet += 2.0 * np.log(root[i, i])
    return logdet


@kernel
def project(
    S: Array, e: Array, P: Array, V: Array, item: Index, column: Index, Y: Array, H: Array, h: Array,
    T: Array, t: Array,
) -> None:  # fmt: skip
    """Write Y = P'S (s, p), H = P'S P, h = P'e and, in the space of the latents, T = V H V and t = V h.

    ``item`` and ``column`` are the cells of P that are not zero.
    """
    s, p = Y.shape
    for r in range(s):
        h[r] = 0.0
        for i in range(p):
            Y[r, i] = 0.0
        for m in range(s):
            H[r, m] = 0.0
    for c in range(len(item)):
        i, r = item[c], column[c]
        weight = P[i, r]
        h[r] += weight * e[i]
        for j in range(p):
            Y[r, j] += weight * S[i, j]
    for c in range(len(item)):
        i, r = item[c], column[c]
        weight = P[i, r]
        for m in range(s):
            H[r, m] += weight * Y[m, i]
    VH = np.empty((s, s))
    multiply(V, H, VH)
    multiply(VH, V, T)
    for r in range(s):
        t[r] = 0.0
        for m in range(s):
            t[r] += V[r, m] * h[m]


@kernel
def unproject(
    n: float, e: Array, P: Array, V: Array, Y: Array, H: Array, h: Array, g_T: Array, g_t: Array,
    latents: int, item: Index, column: Index, g_P: Array, g_V: Array, g_h: Array,
) -> None:  # fmt: skip
    """Add to g_P and g_V, and write g_h, what the slopes by T and t are by P, V and h.

    The likelihood has n/2 tr(V (H + h h')) over the latents that items measure besides what goes by T and t.
    """
    s = H.shape[0]
    VgT, g_H, gTVH, VH = np.empty((s, s)), np.empty((s, s)), np.empty((s, s)), np.empty((s, s))
    multiply(V, g_T, VgT)
    multiply(VgT, V, g_H)
    multiply(V, H, VH)
    multiply(g_T, VH, gTVH)
    for r in range(s):
        g_h[r] = 0.0
        for m in range(s):
            g_h[r] += V[r, m] * g_t[m]
            if r < latents and m < latents:
                g_h[r] += n * V[r, m] * h[m]
                g_H[r, m] += n / 2 * V[r, m]
                g_V[r, m] += gTVH[r, m] + gTVH[m, r] + (g_t[r] * h[m] + g_t[m] * h[r]) / 2
                g_V[r, m] += n / 2 * (H[r, m] + h[r] * h[m])
    for c in range(len(item)):
        i, r = item[c], column[c]
        total = e[i] * g_h[r]
        for m in range(s):
            total += 2.0 * Y[m, i] * g_H[m, r]
        g_P[i, r] += total


@kernel
def weigh_back(
    n: float, Lambda: Array, Theta: Array, Theta_inv: Array, P: Array, V: Array, blocks: Index, latents: int,
    g_P: Array, g_V: Array, g_Theta_inv: Array, g_Lambda: Array, g_Theta: Array,
) -> None:  # fmt: skip
    """Write the slopes by Lambda and Theta from those by P, V and Theta⁻¹, and -n/2 (log|Theta| + log|V⁻¹|).

    ``n`` is the size of all groups that share these matrices. Destroys g_P and g_Theta_inv.
    """
    width = blocks.shape[1]
    part, work, g_J = np.empty((latents, latents)), np.empty((latents, latents)), np.empty((latents, latents))
    left = np.empty((latents, latents))
    for r in range(latents):
        for m in range(latents):
            part[r, m] = g_V[r, m]
            left[r, m] = V[r, m]
    multiply(left, part, work)
    multiply(work, left, g_J)
    for r in range(latents):
        for m in range(latents):
            g_J[r, m] = -g_J[r, m] - n / 2 * V[r, m]
    for b in range(blocks.shape[0]):
        for a in range(width):
            i = blocks[b, a]
            if i < 0:
                break
            for r in range(latents):
                g_Lambda[i, r] = 0.0
                for m in range(latents):
                    g_Lambda[i, r] += P[i, m] * g_J[r, m]
                    g_P[i, r] += Lambda[i, m] * g_J[m, r]
    for b in range(blocks.shape[0]):
        _through_theta(n, Lambda, Theta, Theta_inv, blocks[b], latents, g_P, g_Theta_inv, g_Lambda, g_Theta)


@kernel
def _through_theta(
    n: float, Lambda: Array, Theta: Array, Theta_inv: Array, items: Index, latents: int, g_P: Array,
    g_Theta_inv: Array, g_Lambda: Array, g_Theta: Array,
) -> None:  # fmt: skip
    """Carry the slopes of one block by P = Theta⁻¹ Lambda and Theta⁻¹ to Lambda and Theta."""
    size = 0
    while size < len(items) and items[size] >= 0:
        size += 1
    g = np.empty((size, size))
    for a in range(size):
        for b in range(size):
            i, j = items[a], items[b]
            g[a, b] = g_Theta_inv[i, j] + n / 2 * Theta[i, j]
            for r in range(latents):
                g_Lambda[i, r] += Theta_inv[i, j] * g_P[j, r]
                g[a, b] += (g_P[i, r] * Lambda[j, r] + g_P[j, r] * Lambda[i, r]) / 2
    half, inverse, out = np.empty((size, size)), np.empty((size, size)), np.empty((size, size))
    for a in range(size):
        for b in range(size):
            inverse[a, b] = Theta_inv[items[a], items[b]]
    multiply(inverse, g, half)
    multiply(half, inverse, out)
    for a in range(size):
        for b in range(size):
            g_Theta[items[a], items[b]] = -out[a, b]
