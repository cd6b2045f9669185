"""Groups' deviations around what their own answers and the other groups say, and the slopes back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.jit import kernel

__all__ = ["around", "around_back"]

Array = NDArray[np.float64]


@kernel
def around(tau: Array, pull: Array, z: Array, H: Array, d: Array, roots: Array) -> float:
    """Write deviations d (G, V) of coordinates z (G, V); return their log-density with the Jacobian.

    ``tau`` (V,) SDs between groups, ``pull`` (G, V) and ``H`` (G, V, V) the slopes at no deviation and the
    information of each group. With T = diag(tau), M = I + T H T = R'R and h = T pull: w = M⁻¹ h + R⁻¹ z,
    d = T w, and the value is sum -w'w / 2 - log|R|, -inf where M is not positive definite. Writes the upper
    factors R into ``roots`` (G, V, V), for ``around_back``. Twin: ``bayes.latent.around``.
    """
    G, V = pull.shape
    w, value = np.empty(V), 0.0
    for g in range(G):
        for i in range(V):
            w[i] = tau[i] * pull[g, i]
            for j in range(V):
                roots[g, i, j] = tau[i] * H[g, i, j] * tau[j]
            roots[g, i, i] += 1.0
        if not _factor(roots[g]):
            return -np.inf
        _forward(roots[g], w)
        for i in range(V):
            w[i] += z[g, i]
        _backward(roots[g], w)
        for i in range(V):
            value -= np.log(roots[g, i, i]) + w[i] * w[i] / 2
            d[g, i] = tau[i] * w[i]
    return value


@kernel
def _factor(R: Array) -> bool:
    """Replace a matrix by its upper factor, row by row; False where it is not positive definite."""
    V = R.shape[0]
    for i in range(V):
        _take_off(R, i, R, i, V)
        if not R[i, i] > 0.0:
            return False
        scale = 1.0 / np.sqrt(R[i, i])
        for j in range(i, V):
            R[i, j] *= scale
    return True


@kernel
def _take_off(R: Array, i: int, rows: Array, begin: int, end: int) -> None:
    """Take R_ki times row k off row i, for every k before i: four at a time, in 2/3 of the time at V = 47.

    Columns from ``begin`` to ``end``, or where that is 0 to the diagonal of row k.
    """
    k = 0
    while k + 4 <= i:
        a, b, c, d = R[k, i], R[k + 1, i], R[k + 2, i], R[k + 3, i]
        for j in range(begin, end if end > 0 else k + 4):
            rows[i, j] -= a * rows[k, j] + b * rows[k + 1, j] + c * rows[k + 2, j] + d * rows[k + 3, j]
        k += 4
    while k < i:
        for j in range(begin, end if end > 0 else k + 1):
            rows[i, j] -= R[k, i] * rows[k, j]
        k += 1


@kernel
def _forward(R: Array, x: Array) -> None:
    """Replace x by R'⁻¹ x, row by row of R."""
    for i in range(len(x)):
        x[i] /= R[i, i]
        for k in range(i + 1, len(x)):
            x[k] -= R[i, k] * x[i]


@kernel
def _backward(R: Array, x: Array) -> None:
    """Replace x by R⁻¹ x."""
    for i in range(len(x) - 1, -1, -1):
        total = x[i]
        for k in range(i + 1, len(x)):
            total -= R[i, k] * x[k]
        x[i] = total / R[i, i]


@kernel
def around_back(
    tau: Array, pull: Array, z: Array, roots: Array, d_bar: Array, v_bar: float, tau_bar: Array,
    pull_bar: Array, z_bar: Array,
) -> None:  # fmt: skip
    """Write what the slopes by d and by the value are by tau, pull and z, from the factors of ``around``.

    With m = M⁻¹ h, x = R⁻¹ z, w = m + x, W = T d_bar - v_bar w, inner = R'⁻¹ W and outer = R⁻¹ inner:
    z_bar = inner, pull_bar = T outer, and

        T tau_bar = T d_bar w + m (2 outer - W) - x W - 2 diag S - v_bar (1 - diag M⁻¹).

    S = R⁻¹ A R'⁻¹ is the slope by M of x; A has -z inner' below the diagonal and half of it on the diagonal
    (Smith 1995). The rest follows from T H T = M - I, which needs no products of V x V matrices: only the
    diagonals of S and M⁻¹ ask for R⁻¹.
    """
    G, V = pull.shape
    root = np.empty((V, V))
    x, mean, W, inner, outer = np.empty(V), np.empty(V), np.empty(V), np.empty(V), np.empty(V)
    for i in range(V):
        tau_bar[i] = 0.0
    for g in range(G):
        for i in range(V):
            inner[i] = tau[i] * pull[g, i]
        _inverse_root(roots[g], root)
        _forward(roots[g], inner)
        _combine(root, inner, mean)
        _combine(root, z[g], x)
        for i in range(V):
            W[i] = tau[i] * d_bar[g, i] - v_bar * (mean[i] + x[i])
            inner[i] = W[i]
        _forward(roots[g], inner)
        for i in range(V):
            z_bar[g, i] = inner[i]
        _combine(root, inner, outer)
        for i in range(V):
            pull_bar[g, i] = tau[i] * outer[i]
            tau_bar[i] += (
                d_bar[g, i] * (mean[i] + x[i])
                + (mean[i] * (2.0 * outer[i] - W[i]) - x[i] * W[i] - v_bar) / tau[i]
            )
        _add_diagonals(tau, z[g], inner, root, v_bar, tau_bar)


@kernel
def _inverse_root(R: Array, out: Array) -> None:
    """Write the lower triangular R'⁻¹, row by row."""
    V = R.shape[0]
    for i in range(V):
        for j in range(V):
            out[i, j] = 0.0
        out[i, i] = 1.0
        _take_off(R, i, out, 0, 0)
        scale = 1.0 / R[i, i]
        for j in range(i + 1):
            out[i, j] *= scale


@kernel
def _combine(root: Array, x: Array, out: Array) -> None:
    """Write R⁻¹ x, the sum of the rows of R'⁻¹ times x: row by row, so that it vectorises."""
    for i in range(len(x)):
        out[i] = 0.0
    for k in range(len(x)):
        for i in range(k + 1):
            out[i] += x[k] * root[k, i]


@kernel
def _add_diagonals(tau: Array, z: Array, inner: Array, root: Array, v_bar: float, tau_bar: Array) -> None:
    """Add (v_bar diag M⁻¹ - 2 diag S) / tau to the slopes by tau; ``root`` is R'⁻¹.

    S_ii = -sum_j root_ji z_j (sum_{i<=k<j} root_ki inner_k + root_ji inner_j / 2).
    """
    V = len(tau)
    below, found = np.zeros(V), np.zeros(V)
    for j in range(V):
        for i in range(j + 1):
            half = root[j, i] * inner[j] / 2.0
            twice = 2.0 * z[j] * (below[i] + half) + v_bar * root[j, i]
            found[i] += root[j, i] * twice
            below[i] += 2.0 * half
    for i in range(V):
        tau_bar[i] += found[i] / tau[i]
