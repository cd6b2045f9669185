"""The structural side with a third level: units within a group whose means of latents differ.

Formulas and notation: ``bayes/latent/likelihood.py``. Units lie along the last axis, so loops over them
run on neighbouring numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.jit import kernel
from werksem.kernels.linalg import cholesky, inverse_from_cholesky, invert, multiply
from werksem.kernels.structure import collect, fill_structure

__all__ = ["nested_structure"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
TOGETHER = 8  # factors whose product cannot overflow


@kernel
def nested_structure(
    theta: Array, omega: Array, moves: Index, n: float, size: Array, value: Array, where: Index, k: int,
    latents: int, seen: Index, T: Array, t: Array, h: Array, V: Array, g_T: Array, g_t: Array, g_h: Array,
    g_V: Array, d_theta: Array, d_omega: Array,
) -> float:  # fmt: skip
    """Return the log-density of a group's statistics: covariances T about the mean t, and units.

    ``moves`` (k,) is the SD in ``omega`` (V,) of the units' alpha of each eta, -1 where there is none;
    ``size`` (O,) the units' n, with sum n; V h their means of the statistics from t, h (s, O). Writes the
    slopes by T, t and h, adds those by V (of the first ``latents``), theta and omega. NaN where the
    covariances within units are not positive definite or I - B is singular.
    """
    s = len(seen)
    alpha, B, Psi, M = np.zeros(k), np.zeros((k, k)), np.zeros((k, k)), np.zeros((k, k))
    fill_structure(theta, value, where, alpha, B, Psi)
    for i in range(k):
        for j in range(k):
            B[i, j] = (1.0 if i == j else 0.0) - B[i, j]
            if moves[i] >= 0 and moves[i] == moves[j]:
                M[i, j] = omega[moves[i]] ** 2
    A, At, mu = np.empty((k, k)), np.empty((k, k)), np.zeros(k)
    PsiA, MA, Phi, Omega = np.empty((k, k)), np.empty((k, k)), np.empty((k, k)), np.empty((k, k))
    if not invert(B, A):
        return np.nan
    for i in range(k):
        for j in range(k):
            At[i, j] = A[j, i]
            mu[i] += A[i, j] * alpha[j]
    multiply(Psi, At, PsiA)
    multiply(A, PsiA, Phi)
    multiply(M, At, MA)
    multiply(A, MA, Omega)
    W, D = np.empty((s, s)), np.empty(s)
    logdet = _whiten(Phi, Omega, V, seen, latents, W, D)
    if np.isnan(logdet):
        return np.nan
    g_Phi, g_Omega, g_mu = np.zeros((k, k)), np.zeros((k, k)), np.zeros(k)
    found = _density(n, size, T, t, mu, h, V, seen, latents, W, D, g_T, g_t, g_h, g_V, g_Phi, g_Omega, g_mu)
    _back(where, moves, omega, A, At, PsiA, MA, mu, g_Phi, g_Omega, g_mu, d_theta, d_omega)
    return found - n / 2 * logdet


@kernel
def _whiten(Phi: Array, Omega: Array, V: Array, seen: Index, latents: int, W: Array, D: Array) -> float:
    """Write W and D with W K W' = I and W Omega W' = diag(D), K = Phi + V; return log|K|, NaN where there
    is none.
    """
    s = len(seen)
    K, root, half, inverse = np.empty((s, s)), np.empty((s, s)), np.empty((s, s)), np.empty((s, s))
    for r in range(s):
        for m in range(s):
            K[r, m] = Phi[seen[r], seen[m]] + (V[r, m] if r < latents and m < latents else 0.0)
    if not cholesky(K, root):
        return np.nan
    inverse_from_cholesky(root, half, inverse)  # half: the inverse of the lower factor
    logdet = 0.0
    for r in range(s):
        logdet += 2.0 * np.log(root[r, r])
        for m in range(s):
            K[r, m] = Omega[seen[r], seen[m]]
            inverse[r, m] = half[m, r]
    multiply(half, K, root)
    multiply(root, inverse, K)
    if not np.isfinite(K.sum()):
        return np.nan
    values, vectors = np.linalg.eigh(K)
    for r in range(s):
        D[r] = max(values[r], 0.0)
        for m in range(s):
            inverse[r, m] = vectors[m, r]
    multiply(inverse, half, W)
    return logdet


@kernel
def _density(
    n: float, size: Array, T: Array, t: Array, mu: Array, h: Array, V: Array, seen: Index, latents: int,
    W: Array, D: Array, g_T: Array, g_t: Array, g_h: Array, g_V: Array, g_Phi: Array, g_Omega: Array,
    g_mu: Array,
) -> float:  # fmt: skip
    """Return the log-density but for log|K|; write its slopes."""
    s, units = h.shape
    z, v, q = np.empty((s, units)), np.empty((s, units)), np.empty((s, units))
    WV, at = np.empty((s, s)), np.zeros(s)
    by_K, by_Omega, by_V, Wt = np.empty((s, s)), np.empty((s, s)), np.empty((s, s)), np.empty((s, s))
    work, full = np.empty((s, s)), np.empty((s, s))
    for r in range(s):
        for m in range(s):
            at[r] += W[r, m] * (t[m] - mu[seen[m]])
            Wt[r, m] = W[m, r]
    multiply(W, T, work)
    multiply(work, Wt, by_K)
    multiply(W, V, WV)
    multiply(WV, h, z)
    found = _units(n, size, h, at, D, z, v, q, by_K, by_Omega, by_V)
    multiply(Wt, by_K, work)
    multiply(work, W, by_K)
    multiply(Wt, by_Omega, work)
    multiply(work, W, by_Omega)
    multiply(Wt, by_V, full)
    multiply(Wt, W, work)
    for r in range(s):
        pull = 0.0
        for m in range(s):
            g_T[r, m] = -n / 2 * work[r, m]
            g_Phi[seen[r], seen[m]] = by_K[r, m]
            g_Omega[seen[r], seen[m]] = by_Omega[r, m]
            if r < latents and m < latents:
                g_V[r, m] += by_K[r, m] + (full[r, m] + full[m, r]) / 2
            pull += Wt[r, m] * v[m].sum()
        g_t[r] = -pull
        g_mu[seen[r]] = pull
    for r in range(s):
        for m in range(s):
            Wt[r, m] = WV[m, r]
    multiply(Wt, q, g_h)
    return found - n * s / 2 * np.log(2 * np.pi)


@kernel
def _units(
    n: float, size: Array, h: Array, at: Array, D: Array, z: Array, v: Array, q: Array, by_K: Array,
    by_Omega: Array, by_V: Array,
) -> float:  # fmt: skip
    """Return -1/2 [n tr T + sum log(1 + n_o D) + c y² - n_o z²] in the space where K is I and Omega diag(D).

    c = n_o / (1 + n_o D), y = z + ``at``. ``by_K`` comes in as T there; writes the slopes by K and Omega
    there, v = c y, q = n_o z - v and, into ``by_V``, the sum of q h'.
    """
    s, units = z.shape
    found, product = 0.0, np.ones(units)
    w, nz, ones, c_sum = np.empty((s, units)), np.empty((s, units)), np.empty(s), np.empty(s)
    for r in range(s):
        found -= n / 2 * by_K[r, r]
        ones[r] = c_sum[r] = 0.0
        for o in range(units):
            stretch = 1.0 + size[o] * D[r]
            product[o] *= stretch
            y = z[r, o] + at[r]
            w[r, o] = y / stretch
            v[r, o] = size[o] * w[r, o]
            nz[r, o] = size[o] * z[r, o]
            q[r, o] = nz[r, o] - v[r, o]
            ones[r] += 1.0 / stretch
            c_sum[r] += size[o] / stretch
            found -= (v[r, o] * y - nz[r, o] * z[r, o]) / 2
        if r % TOGETHER == TOGETHER - 1 or r == s - 1:
            for o in range(units):
                found -= np.log(product[o]) / 2
                product[o] = 1.0
    for r in range(s):
        for m in range(s):
            within, between, by_h = 0.0, 0.0, 0.0
            for o in range(units):
                within += w[r, o] * v[m, o] - nz[r, o] * z[m, o]
                between += v[r, o] * v[m, o]
                by_h += q[r, o] * h[m, o]
            by_K[r, m] = (n * by_K[r, m] + within) / 2
            by_Omega[r, m] = between / 2
            by_V[r, m] = by_h
        by_K[r, r] -= (n - units + ones[r]) / 2
        by_Omega[r, r] -= c_sum[r] / 2
    return found


@kernel
def _back(
    where: Index, moves: Index, omega: Array, A: Array, At: Array, PsiA: Array, MA: Array, mu: Array,
    g_Phi: Array, g_Omega: Array, g_mu: Array, d_theta: Array, d_omega: Array,
) -> None:  # fmt: skip
    """Add the slopes by theta and omega to what they are by Phi = A Psi A', Omega = A M A' and mu."""
    k = len(mu)
    g_Psi, g_M, half, other = np.empty((k, k)), np.empty((k, k)), np.empty((k, k)), np.empty((k, k))
    multiply(At, g_Phi, half)
    multiply(half, A, g_Psi)
    multiply(At, g_Omega, half)
    multiply(half, A, g_M)
    multiply(g_Psi, PsiA, half)
    multiply(g_M, MA, other)
    for i in range(k):
        for j in range(k):
            half[i, j] += other[i, j]
            if moves[i] >= 0 and moves[i] == moves[j]:
                d_omega[moves[i]] += 2.0 * omega[moves[i]] * g_M[i, j]
    collect(where, A, mu, g_mu, g_Psi, half, d_theta)
