"""The structural side of a latent-variable likelihood: covariances and means of latents, and their slopes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.jit import kernel
from werksem.kernels.linalg import cholesky, inverse_from_cholesky, invert, multiply

__all__ = ["collect", "fill_structure", "structure"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
ALPHA, BETA, PSI = 1, 3, 4


@kernel
def structure(
    theta: Array, n: float, value: Array, where: Index, k: int, latents: int, seen: Index, T: Array, t: Array,
    g_T: Array, g_t: Array, g_V: Array, V: Array, d_theta: Array,
) -> float:  # fmt: skip
    """Return log N(t; mu, K) of n respondents with covariance T and mean t, K = (A Psi A')_seen + V.

    Writes the slopes by T and t, adds those by V (of the first ``latents``) and by theta. k eta; cells as
    in ``grouped_latent``. NaN where K is not positive definite or I - B singular.
    """
    s = len(seen)
    alpha, B, Psi = np.zeros(k), np.zeros((k, k)), np.zeros((k, k))
    fill_structure(theta, value, where, alpha, B, Psi)
    for i in range(k):
        for j in range(k):
            B[i, j] = (1.0 if i == j else 0.0) - B[i, j]
    A, PsiA, Phi, At = np.empty((k, k)), np.empty((k, k)), np.empty((k, k)), np.empty((k, k))
    if not invert(B, A):
        return np.nan
    for i in range(k):
        for j in range(k):
            At[i, j] = A[j, i]
    multiply(Psi, At, PsiA)
    multiply(A, PsiA, Phi)
    mu, K, root, work, inverse = (
        np.zeros(k), np.empty((s, s)), np.empty((s, s)), np.empty((s, s)), np.empty((s, s))
    )  # fmt: skip
    for i in range(k):
        for j in range(k):
            mu[i] += A[i, j] * alpha[j]
    for r in range(s):
        for m in range(s):
            K[r, m] = Phi[seen[r], seen[m]] + (V[r, m] if r < latents and m < latents else 0.0)
    if not cholesky(K, root):
        return np.nan
    inverse_from_cholesky(root, work, inverse)
    g_Phi, g_mu = np.zeros((k, k)), np.zeros(k)
    found = _density(n, T, t, mu, seen, root, inverse, g_T, g_t, g_Phi, g_mu)
    for r in range(latents):
        for m in range(latents):
            g_V[r, m] += g_Phi[seen[r], seen[m]]
    multiply(At, g_Phi, B)
    multiply(B, A, Phi)  # the slopes by Psi
    multiply(Phi, PsiA, B)  # half of those by B, transposed from the left
    collect(where, A, mu, g_mu, Phi, B, d_theta)
    return found


@kernel
def fill_structure(theta: Array, value: Array, where: Index, alpha: Array, B: Array, Psi: Array) -> None:
    """Write alpha, B and Psi of one group's theta, as far as cells have them."""
    for c in range(where.shape[1]):
        kind, i, j, free = where[0, c], where[1, c], where[2, c], where[3, c]
        x = theta[free] if free >= 0 else value[c]
        if kind == ALPHA:
            alpha[i] = x
        elif kind == BETA:
            B[i, j] = x
        elif kind == PSI:
            Psi[i, j] = x
            Psi[j, i] = x


@kernel
def _density(
    n: float, T: Array, t: Array, mu: Array, seen: Index, root: Array, inverse: Array, g_T: Array, g_t: Array,
    g_Phi: Array, g_mu: Array,
) -> float:  # fmt: skip
    """Return the log-density; write its slopes by T, t, and the eta's covariances and means."""
    s = len(seen)
    d, U, right = np.empty(s), np.empty((s, s)), np.empty((s, s))
    for r in range(s):
        d[r] = t[r] - mu[seen[r]]
    for r in range(s):
        for m in range(s):
            U[r, m] = T[r, m] + d[r] * d[m]
    multiply(inverse, U, right)
    multiply(right, inverse, U)
    found = s * np.log(2 * np.pi)
    for r in range(s):
        found += 2.0 * np.log(root[r, r]) + right[r, r]
        pull = 0.0
        for m in range(s):
            pull += n * inverse[r, m] * d[m]
            g_T[r, m] = -n / 2 * inverse[r, m]
            g_Phi[seen[r], seen[m]] = n / 2 * (U[r, m] - inverse[r, m])
        g_t[r] = -pull
        g_mu[seen[r]] = pull
    return -n / 2 * found


@kernel
def collect(where: Index, A: Array, mu: Array, g_mu: Array, g_Psi: Array, g_B: Array, d_theta: Array) -> None:
    """Add the slopes of the cells of alpha, B and Psi to those of theta."""
    k = len(mu)
    g_alpha = np.zeros(k)
    for i in range(k):
        for j in range(k):
            g_alpha[j] += A[i, j] * g_mu[i]
    for c in range(where.shape[1]):
        kind, i, j, free = where[0, c], where[1, c], where[2, c], where[3, c]
        if free < 0:
            continue
        if kind == ALPHA:
            d_theta[free] += g_alpha[i]
        elif kind == BETA:
            d_theta[free] += 2.0 * g_B[i, j] + g_alpha[i] * mu[j]
        elif kind == PSI:
            d_theta[free] += g_Psi[i, i] if i == j else g_Psi[i, j] + g_Psi[j, i]
