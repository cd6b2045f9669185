"""Log-likelihood and gradient of joint regressions whose groups' and units' deviations are integrated out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.deviations import Level, add_slope, clear, everywhere, integrate, level
from werksem.kernels.jit import kernel
from werksem.kernels.linalg import inverse_from_cholesky, multiply

__all__ = ["group_likelihood"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


class _Unit(NamedTuple):
    """What a unit's cross-products say at gamma: Z'Q Z (K, K), Z'Q r (K,), stacked'r (K + E, E)."""

    A: Array
    m: Array
    r: Array


@kernel
def group_likelihood(
    starts: Index, n: Array, cross: Array, at: Index, cells: Index, gamma: Array, F: Array, S: Array,
    H: Array, d_gamma: Array, d_F: Array, d_S: Array, d_H: Array,
) -> float:  # fmt: skip
    """Return the log-likelihood and write its gradient into the last four arguments.

    E regressions estimated jointly, K coefficients in all, those of regression e from ``at[e]`` to ``at[e
    + 1]``;
    G groups of n (G,) rows, the units of group g from ``starts[g]`` to ``starts[g + 1]``; cross
    (units, K + E, K + E); S (E, E) with residual covariance S S', F (K, V) and H (K, V2) such that group g
    has gamma + F z_g, its unit o H z_o more. ``cells`` (cells, 2) are rows and columns, by column, where F
    may differ from 0: elsewhere its derivatives are not wanted. Without a third level H has no columns and a
    group is one unit. Formulas in ``bayes/marginal.py``, its slow twin. The gradient is the expectation, over
    the deviations given the rows, of that of the complete rows' density (Fisher's identity).
    """
    G, E, K, V2 = len(n), len(S), len(gamma), H.shape[1]
    d_gamma[:], d_F[:], d_S[:], d_H[:] = 0.0, 0.0, 0.0, 0.0
    if E == 1 and V2 == 0 and len(cross) == G and S[0, 0] > 0.0:
        return _one_regression(n, cross, level(F, cells), gamma, F, S[0, 0], d_gamma, d_F, d_S)
    Q, value = np.empty((E, E)), 0.0
    for e in range(E):
        if not S[e, e] > 0.0:
            return -np.inf
        value -= n.sum() * (0.5 * np.log(2 * np.pi) + np.log(S[e, e]))
    inverse_from_cholesky(S.T.copy(), np.empty((E, E)), Q)
    most = np.max(starts[1:] - starts[:-1])
    unit = _Unit(np.empty((K, K)), np.empty(K), np.empty((K + E, E)))
    own, up = level(H, everywhere(H)), level(F, cells)
    kept, J, z = np.empty((most, V2, V2)), np.empty((most, V2, K)), np.empty((most, V2))
    A, m, spread, c, T = np.empty((K, K)), np.empty(K), np.empty((K, K)), np.empty(K), np.zeros((E, E))
    for g in range(G):
        if n[g] == 0.0:
            continue
        clear(A)
        m[:] = 0.0
        for o in range(starts[g], starts[g + 1]):
            value -= _read(cross[o], at, gamma, Q, unit) / 2
            if V2 > 0:
                u = o - starts[g]
                value += integrate(unit.A, unit.m, H, own)
                kept[u], z[u] = own.inverse, own.q
                multiply(own.inverse, own.FA, J[u])
                _take_out(own.FA, J[u], z[u], unit)
            _add(unit, A, m)
        value += integrate(A, m, F, up)
        _at_group(m, F, up, spread, c, d_F)
        for o in range(starts[g], starts[g + 1]):
            u = o - starts[g]
            if V2 > 0 or starts[g + 1] - starts[g] > 1:
                _read(cross[o], at, gamma, Q, unit)
            cov, mean = spread, c
            if V2 > 0:
                cov, mean = _at_unit(unit, H, kept[u], J[u], z[u], spread, c, d_H)
            _add_rest(unit, mean, d_gamma)
            _residual_products(cross[o], at, gamma, unit.r, cov, mean, T)
    half, there = np.empty((E, E)), np.empty((E, E))
    multiply(Q, S, half)
    multiply(T, half, there)
    multiply(Q, there, d_S)
    d_S -= n.sum() * half
    return value


@kernel
def _one_regression(
    n: Array, cross: Array, w: Level, gamma: Array, F: Array, s: float,
    d_gamma: Array, d_F: Array, d_S: Array,
) -> float:  # fmt: skip
    """Return and write the same for one regression without a third level, in half the time.

    Everything is in units of s. The expected residual sum of squares given the rows has a closed form in what
    has been computed already: with q = M^-1 F'm it is RSS + s² (V - tr M^-1 - q'F'm - q'q).
    """
    K, V = F.shape
    r, m, t, value, inverse, q, AF = np.empty(K + 1), np.empty(K), F / s, 0.0, w.inverse, w.q, w.AF
    for g in range(len(n)):
        if n[g] == 0.0:
            continue
        for i in range(K + 1):
            r[i] = cross[g, i, K]
            for j in range(K):
                r[i] -= cross[g, i, j] * gamma[j]
        rss = r[K] / (s * s)
        for i in range(K):
            m[i] = r[i] / s
            rss -= gamma[i] * m[i] / s
        value += integrate(cross[g], m, t, w) - n[g] * (0.5 * np.log(2 * np.pi) + np.log(s)) - rss / 2
        for i in range(K):
            for v in range(V):
                m[i] -= AF[i, v] * q[v]
            d_gamma[i] += m[i] / s
        add_slope(m, w, d_F)
        for v in range(V):
            rss += 1.0 - inverse[v, v] - q[v] * (w.h[v] + q[v])
        d_S[0, 0] += (rss - n[g]) / s
    d_F /= s
    return value


@kernel
def _read(cross: Array, at: Index, gamma: Array, Q: Array, out: _Unit) -> float:
    """Write ``out``; return the sum of r'Q r."""
    A, m, r = out.A, out.m, out.r
    E, K = len(Q), len(gamma)
    for i in range(K + E):
        for f in range(E):
            r[i, f] = cross[i, K + f]
            for j in range(at[f], at[f + 1]):
                r[i, f] -= cross[i, j] * gamma[j]
    total = 0.0
    for e in range(E):
        for f in range(E):
            total += Q[e, f] * r[K + e, f]
        for i in range(at[e], at[e + 1]):
            m[i] = 0.0
            for f in range(E):
                m[i] += Q[e, f] * r[i, f]
                for j in range(at[f], at[f + 1]):
                    A[i, j] = Q[e, f] * cross[i, j]
            total -= gamma[i] * m[i]
    return total


@kernel
def _add(unit: _Unit, A: Array, m: Array) -> None:
    """Add a unit to its group."""
    own, sums = unit.A, unit.m
    for i in range(len(m)):
        m[i] += sums[i]
        for j in range(len(m)):
            A[i, j] += own[i, j]


@kernel
def _add_rest(unit: _Unit, mean: Array, out: Array) -> None:
    """Add Z'Q of what a deviation's mean leaves of the residuals."""
    A, m = unit.A, unit.m
    for i in range(len(m)):
        out[i] += m[i]
    for j in range(len(m)):
        for i in range(len(m)):
            out[i] -= A[j, i] * mean[j]


@kernel
def _take_out(FA: Array, J: Array, z: Array, unit: _Unit) -> None:
    """Turn a unit's A and m into those with its own deviations integrated out."""
    A, m = unit.A, unit.m
    for v in range(len(z)):
        for i in range(len(m)):
            m[i] -= FA[v, i] * z[v]
            for j in range(len(m)):
                A[i, j] -= FA[v, i] * J[v, j]


@kernel
def _at_group(m: Array, F: Array, w: Level, spread: Array, c: Array, d_F: Array) -> None:
    """Write covariance and mean of a group's deviation given its rows; add to the gradient by F."""
    AF, inverse, q, half, row, col = w.AF, w.inverse, w.q, w.FA, w.row, w.col
    K, V = F.shape
    clear(spread)
    clear(half)
    left = np.empty(K)
    for i in range(K):
        c[i] = 0.0
    for cell in range(len(row)):
        i, v = row[cell], col[cell]
        factor = F[i, v]
        c[i] += factor * q[v]
        for u in range(V):
            half[u, i] += factor * inverse[v, u]
    for cell in range(len(row)):
        i, v = row[cell], col[cell]
        factor = F[i, v]
        for j in range(K):
            spread[i, j] += factor * half[v, j]
    for i in range(K):
        left[i] = m[i]
        for v in range(V):
            left[i] -= AF[i, v] * q[v]
    add_slope(left, w, d_F)


@kernel
def _at_unit(
    unit: _Unit, H: Array, inverse: Array, J: Array, z0: Array, spread: Array, c: Array, d_H: Array
) -> tuple[Array, Array]:
    """Return covariance (K, K) and mean (K,) of the deviation of a unit's coefficients; add to the
    gradient by H.

    Given the group's deviation u the unit's z is normal with mean z0 - J u and covariance ``inverse``.
    """
    K, V = H.shape
    with_u, with_w, of_z, slope = np.empty((V, K)), np.empty((V, K)), np.empty((V, V)), np.empty((V, K))
    multiply(J, spread, with_u)  # minus the covariance of z and u
    multiply(J, with_u.T.copy(), of_z)
    of_z += inverse
    cov, mean, left, z = spread.copy(), c.copy(), np.zeros(K), z0.copy()
    for v in range(V):
        for i in range(K):
            z[v] -= J[v, i] * c[i]
            with_w[v, i] = -with_u[v, i]
            for u in range(V):
                with_w[v, i] += of_z[v, u] * H[i, u]
    for i in range(K):
        for v in range(V):
            if H[i, v] != 0.0:
                mean[i] += H[i, v] * z[v]
                for j in range(K):
                    cov[j, i] -= with_u[v, j] * H[i, v]
                    cov[i, j] += H[i, v] * with_w[v, j]
    multiply(with_w, unit.A, slope)
    _add_rest(unit, mean, left)
    for i in range(K):
        for v in range(V):
            d_H[i, v] += left[i] * z[v] - slope[v, i]
    return cov, mean


@kernel
def _residual_products(
    cross: Array, at: Index, gamma: Array, r: Array, cov: Array, mean: Array, T: Array
) -> None:
    """Add the expected cross-products of a unit's residuals to T (E, E)."""
    E, K = len(T), len(gamma)
    for e in range(E):
        for f in range(E):
            total = r[K + e, f]
            for i in range(at[e], at[e + 1]):
                total -= (gamma[i] + mean[i]) * r[i, f]
                for j in range(at[f], at[f + 1]):
                    total += (cov[i, j] + mean[i] * mean[j]) * cross[i, j]
            for j in range(at[f], at[f + 1]):
                total -= mean[j] * r[j, e]
            T[e, f] += total
