"""Groups' deviations around what their own answers and the other groups say, and the slopes back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.jit import kernel

__all__ = ["around", "around_back"]

Array = NDArray[np.float64]


@kernel
def around(tau: Array, pull: Array, z: Array, H: Array, d: Array) -> float:
    """Write deviations d (G, V) of coordinates z (G, V); return their log-density with the Jacobian.

    ``tau`` (V,) SDs between groups, ``pull`` (G, V) and ``H`` (G, V, V) the slopes at no deviation and the
    information of each group. With T = diag(tau), M = I + T H T = L L' and h = T pull:
    w = M⁻¹ h + L'⁻¹ z, d = T w, and the value is sum -w'w / 2 - log|L|. Twin: ``bayes.latent.around``.
    """
    G, V = pull.shape
    L, w, value = np.empty((V, V)), np.empty(V), 0.0
    for g in range(G):
        logdet = _root(tau, H[g], L)
        if np.isnan(logdet):
            return -np.inf
        for i in range(V):
            w[i] = tau[i] * pull[g, i]
        _forward(L, w)
        for i in range(V):
            w[i] += z[g, i]
        _backward(L, w)
        value -= logdet
        for i in range(V):
            value -= w[i] * w[i] / 2
            d[g, i] = tau[i] * w[i]
    return value


@kernel
def _root(tau: Array, H: Array, L: Array) -> float:
    """Write the lower factor of I + T H T; return log|L|, NaN where there is none."""
    V = len(tau)
    logdet = 0.0
    for i in range(V):
        for j in range(i + 1):
            L[i, j] = tau[i] * H[i, j] * tau[j]
            L[j, i] = 0.0 if i != j else L[i, j]
        L[i, i] += 1.0
    for i in range(V):
        for j in range(i):
            total = L[i, j]
            for k in range(j):
                total -= L[i, k] * L[j, k]
            L[i, j] = total / L[j, j]
        total = L[i, i]
        for k in range(i):
            total -= L[i, k] * L[i, k]
        if not total > 0.0:
            return np.nan
        L[i, i] = np.sqrt(total)
        logdet += np.log(L[i, i])
    return logdet


@kernel
def _forward(L: Array, x: Array) -> None:
    """Replace x by L⁻¹ x."""
    for i in range(len(x)):
        total = x[i]
        for k in range(i):
            total -= L[i, k] * x[k]
        x[i] = total / L[i, i]


@kernel
def _backward(L: Array, x: Array) -> None:
    """Replace x by L'⁻¹ x, row by row of L."""
    for i in range(len(x) - 1, -1, -1):
        x[i] /= L[i, i]
        for k in range(i):
            x[k] -= L[i, k] * x[i]


@kernel
def around_back(
    tau: Array, pull: Array, z: Array, H: Array, d_bar: Array, v_bar: float, tau_bar: Array, pull_bar: Array,
    z_bar: Array,
) -> None:  # fmt: skip
    """Write what the slopes by d and by the value are by tau, pull and z.

    With W = T d_bar - v_bar w: z_bar = L⁻¹ W, pull_bar = T M⁻¹ W; M_bar follows from
    -(M⁻¹ W)(M⁻¹ h)', and through L from x = L'⁻¹ z and log|L| (Smith 1995).
    """
    G, V = pull.shape
    L, S = np.empty((V, V)), np.empty((V, V))
    x, mean, w, inner, outer = np.empty(V), np.empty(V), np.empty(V), np.empty(V), np.empty(V)
    for i in range(V):
        tau_bar[i] = 0.0
    for g in range(G):
        _root(tau, H[g], L)
        for i in range(V):
            mean[i] = tau[i] * pull[g, i]
            x[i] = z[g, i]
        _forward(L, mean)
        _backward(L, mean)
        _backward(L, x)
        for i in range(V):
            w[i] = mean[i] + x[i]
            inner[i] = tau[i] * d_bar[g, i] - v_bar * w[i]
        _forward(L, inner)
        for i in range(V):
            z_bar[g, i] = inner[i]
            outer[i] = inner[i]
        _backward(L, outer)
        _factor_slopes(L, x, inner, v_bar, S)
        for i in range(V):
            pull_bar[g, i] = tau[i] * outer[i]
            tau_bar[i] += d_bar[g, i] * w[i] + outer[i] * pull[g, i]
            for j in range(V):
                slope = S[i, j] - (outer[i] * mean[j] + outer[j] * mean[i]) / 2
                tau_bar[i] += 2.0 * slope * H[g, i, j] * tau[j]


@kernel
def _factor_slopes(L: Array, x: Array, inner: Array, v_bar: float, S: Array) -> None:
    """Write the symmetric slopes S by M of -v_bar log|L| and of inner' L^... through x = L'⁻¹ z.

    L_bar = -x inner' (lower part) - v_bar / diag(L); S = L'⁻¹ Phi(L' L_bar) L⁻¹ with Phi the lower triangle,
    its diagonal halved, made symmetric.
    """
    V = len(x)
    A = np.zeros((V, V))
    for i in range(V):
        for j in range(i + 1):
            total = 0.0
            for k in range(i, V):
                total -= L[k, i] * x[k]
            A[i, j] = total * inner[j]
        A[i, i] = (A[i, i] - v_bar) / 2
    # rows of L'⁻¹ A: back substitution, then columns by L⁻¹
    for i in range(V - 1, -1, -1):
        for j in range(V):
            A[i, j] /= L[i, i]
        for k in range(i):
            factor = L[i, k]
            for j in range(V):
                A[k, j] -= factor * A[i, j]
    for i in range(V):
        for j in range(V - 1, -1, -1):
            A[i, j] /= L[j, j]
            for k in range(j):
                A[i, k] -= A[i, j] * L[j, k]
    for i in range(V):
        for j in range(V):
            S[i, j] = (A[i, j] + A[j, i]) / 2
