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
    solved = np.empty(w.basis.shape)
    product = np.empty(w.basis.shape)
    transposed = np.empty((w.basis.shape[1], w.basis.shape[0]))
    multiply(w.inverse, w.basis, solved)
    for i in range(w.basis.shape[0]):
        for j in range(w.basis.shape[1]):
            transposed[j, i] = w.basis[i, j]
    multiply(transposed, solved, w.W)
    multiply(w.Sigma, solved, product)
    for i in range(w.basis.shape[0]):
        for j in range(w.basis.shape[1]):
            transposed[j, i] = solved[i, j]
    multiply(transposed, product, w.V)


@kernel
def _first_order(cells: GroupCells, w: Work, k: int, l: int) -> float:  # noqa: E741 (k, l as in the formulas)
    """Return the part made of first derivatives of Sigma and mu."""
    u, v, x, y = cells.u[k], cells.v[k], cells.u[l], cells.v[l]
    W, V = w.W, w.V
    total = 0.0
    if cells.c[k] != 0.0 and cells.c[l] != 0.0:
        curved = W[v, x] * V[u, y] + W[u, y] * V[v, x] + W[u, x] * V[v, y] + W[v, y] * V[u, x]
        curved -= W[u, y] * W[v, x] + W[u, x] * W[v, y]
        total += 2.0 * cells.c[k] * cells.c[l] * curved
    if w.d[l] != 0.0:
        total += 2.0 * cells.c[k] * w.d[l] * (W[u, x] * w.b[v] + W[v, x] * w.b[u])
        total += 2.0 * w.d[k] * w.d[l] * W[u, x]
    if w.d[k] != 0.0:
        total += 2.0 * cells.c[l] * w.d[k] * (W[x, u] * w.b[y] + W[y, u] * w.b[x])
    return total


@kernel
def _second_order(cells: GroupCells, w: Work, k: int, l: int) -> float:  # noqa: E741
    """Return tr(G d2Sigma): how cell l moves the u and v of cell k."""
    p, m = w.Lambda.shape
    kind, moving = cells.kind[k], cells.kind[l]
    u, v, x = cells.u[k], cells.v[k], cells.u[l]
    a, b, G = cells.a[l], cells.b[l], w.table
    v_in_L = v >= p + m
    j = v - p - m if v_in_L else v - p
    total = 0.0
    if moving in (LAMBDA, BETA):
        if kind in (BETA, PSI):
            total += w.A[b, u - p] * (w.W[v, x] - w.V[v, x])
        if kind == PSI:
            total += w.A[b, j] * (w.W[u, x] - w.V[u, x])
        if v_in_L:
            total += w.Phi[b, j] * (w.W[u, x] - w.V[u, x])
            if moving == BETA:
                total += w.A[j, a] * G[u, p + m + b]
    elif moving == PSI and v_in_L:
        half = 0.5 if a == b else 1.0
        total += half * (w.A[j, b] * G[u, p + a] + w.A[j, a] * G[u, p + b])
    return 2.0 * cells.c[k] * cells.scale[l] * total


@kernel
def _second_order_mean(cells: GroupCells, w: Work, k: int, l: int) -> float:  # noqa: E741
    """Return -2 r'Sigma^-1 d2mu: how cell l moves the u of cell k, or the eta's mean it multiplies."""
    p = w.Lambda.shape[0]
    kind, moving = cells.kind[k], cells.kind[l]
    total = 0.0
    if kind in (BETA, ALPHA) and moving in (LAMBDA, BETA):
        total += w.A[cells.b[l], cells.u[k] - p] * w.d[k] * w.b[cells.u[l]]
    if kind in (LAMBDA, BETA) and moving in (BETA, ALPHA):
        by = 1.0 if moving == ALPHA else w.eta_mean[cells.b[l]]
        total += w.A[cells.b[k], cells.a[l]] * by * cells.scale[k] * w.b[cells.u[k]]
    return -2.0 * cells.scale[l] * total


@kernel
def add_hessian(cells: GroupCells, with_means: bool, w: Work, hessian: Array) -> None:
    """Add this group's weight times the Hessian to ``hessian`` (q, q); after ``add_gradient``."""
    _tables(w)
    weight = cells.weight[0]
    for k in range(len(cells.u)):
        for l in range(k + 1):  # noqa: E741
            value = _first_order(cells, w, k, l)
            if cells.kind[k] not in (NU, ALPHA):
                value += _second_order(cells, w, k, l)
            if with_means:
                value += _second_order_mean(cells, w, k, l)
            i, j = cells.at[k], cells.at[l]
            hessian[i, j] += weight * value
            if k != l:
                hessian[j, i] += weight * value
