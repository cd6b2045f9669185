"""The Hessian of the ML discrepancy of one group, compiled; formulas in ``estimators.derivatives``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.jit import kernel
from werksem.kernels.likelihood import ALPHA, BETA, LAMBDA, NU, PSI, GroupCells, Work
from werksem.kernels.linalg import multiply

__all__ = ["add_hessian"]

Array = NDArray[np.float64]


@kernel
def _tables(w: Work) -> None:
    """Write W = M'Sigma^-1 M and V = M'Sigma^-1 T Sigma^-1 M; T stands in Sigma's place."""
    basis = w.basis
    solved = np.empty(basis.shape)
    product = np.empty(basis.shape)
    transposed = np.empty((basis.shape[1], basis.shape[0]))
    multiply(w.inverse, basis, solved)
    for i in range(basis.shape[0]):
        for j in range(basis.shape[1]):
            transposed[j, i] = basis[i, j]
    multiply(transposed, solved, w.W)
    multiply(w.Sigma, solved, product)
    for i in range(basis.shape[0]):
        for j in range(basis.shape[1]):
            transposed[j, i] = solved[i, j]
    multiply(transposed, product, w.V)


@kernel
def _first_order(
    u: int, v: int, c: float, d: float, x: int, y: int, c2: float, d2: float, W: Array, V: Array, b: Array
) -> float:
    """Return the part made of first derivatives, of the cells (u, v, c, d) and (x, y, c2, d2)."""
    total = 0.0
    if c != 0.0 and c2 != 0.0:
        curved = W[v, x] * V[u, y] + W[u, y] * V[v, x] + W[u, x] * V[v, y] + W[v, y] * V[u, x]
        curved -= W[u, y] * W[v, x] + W[u, x] * W[v, y]
        total += 2.0 * c * c2 * curved
    if d2 != 0.0:
        total += 2.0 * c * d2 * (W[u, x] * b[v] + W[v, x] * b[u])
        total += 2.0 * d * d2 * W[u, x]
    if d != 0.0:
        total += 2.0 * c2 * d * (W[x, u] * b[y] + W[y, u] * b[x])
    return total


@kernel
def _second_order(
    kind: int, u: int, v: int, moving: int, x: int, a: int, b: int, p: int, A: Array, Phi: Array, W: Array,
    V: Array, G: Array,
) -> float:  # fmt: skip
    """Return tr(G d2Sigma) / 2: how the second cell (x; row a, column b) moves the u and v of the first."""
    m = len(A)
    v_in_L = v >= p + m
    j = v - p - m if v_in_L else v - p
    total = 0.0
    if moving in (LAMBDA, BETA):
        if kind in (BETA, PSI):
            total += A[b, u - p] * (W[v, x] - V[v, x])
        if kind == PSI:
            total += A[b, j] * (W[u, x] - V[u, x])
        if v_in_L:
            total += Phi[b, j] * (W[u, x] - V[u, x])
            if moving == BETA:
                total += A[j, a] * G[u, p + m + b]
    elif moving == PSI and v_in_L:
        half = 0.5 if a == b else 1.0
        total += half * (A[j, b] * G[u, p + a] + A[j, a] * G[u, p + b])
    return total


@kernel
def _second_order_mean(cells: GroupCells, w: Work, k: int, k2: int) -> float:
    """Return -2 r'Sigma^-1 d2mu: how cell k2 moves the u of cell k, or the eta's mean it multiplies."""
    p = w.Lambda.shape[0]
    kind, moving = cells.kind[k], cells.kind[k2]
    total = 0.0
    if kind in (BETA, ALPHA) and moving in (LAMBDA, BETA):
        total += w.A[cells.b[k2], cells.u[k] - p] * w.d[k] * w.b[cells.u[k2]]
    if kind in (LAMBDA, BETA) and moving in (BETA, ALPHA):
        by = 1.0 if moving == ALPHA else w.eta_mean[cells.b[k2]]
        total += w.A[cells.b[k], cells.a[k2]] * by * cells.scale[k] * w.b[cells.u[k]]
    return -2.0 * cells.scale[k2] * total


@kernel
def add_hessian(cells: GroupCells, with_means: bool, w: Work, hessian: Array) -> None:
    """Add this group's weight times the Hessian to ``hessian`` (q, q); after ``add_gradient``."""
    _tables(w)
    # out of the records once: in the loops below each time would cost as much as a cell does
    kind, u, v, c, a, b, at = cells.kind, cells.u, cells.v, cells.c, cells.a, cells.b, cells.at
    scale, weight, d, W, V = cells.scale, cells.weight[0], w.d, w.W, w.V
    p, A, Phi, G, on_mean = w.Lambda.shape[0], w.A, w.Phi, w.table, w.b
    for k in range(len(u)):
        mean_only = kind[k] == NU or kind[k] == ALPHA
        for k2 in range(k + 1):
            value = _first_order(u[k], v[k], c[k], d[k], u[k2], v[k2], c[k2], d[k2], W, V, on_mean)
            if not mean_only:
                moved = _second_order(kind[k], u[k], v[k], kind[k2], u[k2], a[k2], b[k2], p, A, Phi, W, V, G)
                value += 2.0 * c[k] * scale[k2] * moved
            if with_means:
                value += _second_order_mean(cells, w, k, k2)
            hessian[at[k], at[k2]] += weight * value
            if k != k2:
                hessian[at[k2], at[k]] += weight * value
