"""The ML discrepancy of one group with gradient and Hessian, compiled.

The plain form is ``estimators.derivatives``, whose docstring has the formulas; names here are the
same. All arrays of a group come in one ``Work`` record, allocated once per thread.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.jit import kernel
from werksem.kernels.linalg import cholesky, inverse_from_cholesky, invert, multiply

__all__ = ["GroupCells", "Work", "add_gradient", "expand_group", "make_work", "one_group"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]

# the codes of werksem.model, as numbers a compiled loop may hold
NU, ALPHA, LAMBDA, BETA, PSI, THETA = range(6)


class GroupCells(NamedTuple):
    """One group's cells (all of them, then the free ones as ``Terms``) and its weight n_g / n.

    The same record with a leading dimension holds all groups; ``one_group`` takes one out. Shorter
    groups are padded: with copies of a cell among all, with cells of factor 0 among the free.
    """

    matrix: Index
    row: Index
    col: Index
    free: Index
    coef: Array
    value: Array
    kind: Index  # of the free cells, as are the next seven
    u: Index
    v: Index
    c: Array
    a: Index
    b: Index
    at: Index
    scale: Array
    weight: Array  # (1,)


class Work(NamedTuple):
    """Scratch space of one group."""

    Lambda: Array
    B: Array
    A: Array
    Psi: Array
    Phi: Array
    Theta: Array
    nu: Array
    alpha: Array
    eta_mean: Array
    residual: Array
    basis: Array  # (p, p + 2m)
    Sigma: Array
    root: Array
    inverse: Array
    product: Array  # (p, p)
    G: Array  # (p, p)
    table: Array  # (p + 2m, p + 2m): u'G v wherever a cell needs it
    W: Array  # (p + 2m, p + 2m)
    V: Array
    b: Array  # (p + 2m,)
    d: Array  # (K,)


@kernel
def one_group(cells: GroupCells, g: int) -> GroupCells:
    """Return the cells of one group from the stacked record."""
    return GroupCells(
        cells.matrix[g], cells.row[g], cells.col[g], cells.free[g], cells.coef[g], cells.value[g],
        cells.kind[g], cells.u[g], cells.v[g], cells.c[g], cells.a[g], cells.b[g], cells.at[g],
        cells.scale[g], cells.weight[g],
    )  # fmt: skip


def make_work(p: int, m: int, k: int) -> Work:
    """Return scratch space for p observed, m eta and k free cells."""
    w = p + 2 * m
    shapes: tuple[tuple[int, ...], ...] = (
        (p, m), (m, m), (m, m), (m, m), (m, m), (p, p), (p,), (m,), (m,), (p,), (p, w),
        (p, p), (p, p), (p, p), (p, p), (p, p), (w, w), (w, w), (w, w), (w,), (k,),
    )  # fmt: skip
    return Work(*(np.zeros(shape) for shape in shapes))


@kernel
def _assemble(cells: GroupCells, phi: Array, w: Work) -> None:
    """Write the matrices at phi; cells never named stay zero."""
    for k in range(len(cells.matrix)):
        at = cells.free[k]
        value = cells.coef[k] * phi[at] if at >= 0 else cells.value[k]
        i, j, matrix = cells.row[k], cells.col[k], cells.matrix[k]
        if matrix == LAMBDA:
            w.Lambda[i, j] = value
        elif matrix == BETA:
            w.B[i, j] = value
        elif matrix == PSI:
            w.Psi[i, j] = value
            w.Psi[j, i] = value
        elif matrix == THETA:
            w.Theta[i, j] = value
            w.Theta[j, i] = value
        elif matrix == NU:
            w.nu[i] = value
        else:
            w.alpha[i] = value


@kernel
def _latent(w: Work) -> bool:
    """Write A = (I - B)^-1, Phi = A Psi A' and the eta's mean; False where I - B is singular."""
    m = w.B.shape[0]
    scratch = np.empty((m, m))
    for i in range(m):
        for j in range(m):
            scratch[i, j] = -w.B[i, j]
        scratch[i, i] += 1.0
    if not invert(scratch, w.A):
        return False
    multiply(w.A, w.Psi, scratch)
    multiply(scratch, w.A.T, w.Phi)
    for i in range(m):
        w.eta_mean[i] = 0.0
        for j in range(m):
            w.eta_mean[i] += w.A[i, j] * w.alpha[j]
    return True


@kernel
def _implied(w: Work) -> None:
    """Write the basis [I, E, L] and Sigma = L Lambda' + Theta."""
    p, m = w.Lambda.shape
    for i in range(p):
        for j in range(p + 2 * m):
            w.basis[i, j] = 0.0
        w.basis[i, i] = 1.0
        for k in range(m):
            loading = w.Lambda[i, k]
            if loading != 0.0:
                for j in range(m):
                    w.basis[i, p + j] += loading * w.A[k, j]
                    w.basis[i, p + m + j] += loading * w.Phi[k, j]
    for i in range(p):
        for j in range(i + 1):
            total = w.Theta[i, j]
            for k in range(m):
                total += w.basis[i, p + m + k] * w.Lambda[j, k]
            w.Sigma[i, j] = total
            w.Sigma[j, i] = total


@kernel
def expand_group(cells: GroupCells, phi: Array, S: Array, mean: Array, with_means: bool, w: Work) -> float:
    """Write everything the gradient needs; return log|Sigma| + tr(Sigma^-1 T), NaN where not defined."""
    _assemble(cells, phi, w)
    if not _latent(w):
        return np.nan
    _implied(w)
    if not cholesky(w.Sigma, w.root):
        return np.nan
    p, m = w.Lambda.shape
    inverse_from_cholesky(w.root, w.product, w.inverse)
    value = 0.0
    for i in range(p):
        value += 2.0 * np.log(w.root[i, i])
        w.residual[i] = 0.0
        if with_means:
            w.residual[i] = mean[i] - w.nu[i]
            for k in range(m):
                w.residual[i] -= w.Lambda[i, k] * w.eta_mean[k]
    # G = Sigma^-1 - Sigma^-1 T Sigma^-1, with T = S + r r' held in Sigma's place from here on
    for i in range(p):
        for j in range(p):
            w.Sigma[i, j] = S[i, j] + w.residual[i] * w.residual[j]
            value += w.inverse[i, j] * w.Sigma[i, j]
    multiply(w.inverse, w.Sigma, w.product)
    multiply(w.product, w.inverse, w.G)
    for i in range(p):
        for j in range(p):
            w.G[i, j] = w.inverse[i, j] - w.G[i, j]
    return value


@kernel
def _means(cells: GroupCells, w: Work) -> None:
    """Write b = M'Sigma^-1 r, and d with dmu = d u."""
    p = w.Lambda.shape[0]
    for j in range(len(w.b)):
        w.b[j] = 0.0
    for i in range(p):
        for k in range(p):
            w.b[i] += w.inverse[i, k] * w.residual[k]
    for i in range(p):
        for j in range(p, len(w.b)):
            w.b[j] += w.basis[i, j] * w.b[i]
    for k in range(len(cells.u)):
        kind = cells.kind[k]
        w.d[k] = 0.0
        if kind in (NU, ALPHA):
            w.d[k] = cells.scale[k]
        elif kind in (LAMBDA, BETA):
            w.d[k] = cells.scale[k] * w.eta_mean[cells.b[k]]


@kernel
def _table(w: Work) -> None:
    """Write u'G v for u among [I, E] and v among [I, E, L]."""
    p, m = w.Lambda.shape
    for i in range(p):
        for j in range(p):
            w.table[i, j] = w.G[i, j]
        for j in range(p, p + 2 * m):
            w.table[i, j] = 0.0
        for k in range(p):
            factor = w.G[i, k]
            for j in range(p, p + 2 * m):
                w.table[i, j] += factor * w.basis[k, j]
    for i in range(p, p + m):
        for j in range(p, p + 2 * m):
            w.table[i, j] = 0.0
    for k in range(p):
        for i in range(p, p + m):
            factor = w.basis[k, i]
            if factor != 0.0:
                for j in range(p, p + 2 * m):
                    w.table[i, j] += factor * w.table[k, j]


@kernel
def add_gradient(cells: GroupCells, with_means: bool, w: Work, gradient: Array) -> None:
    """Add this group's weight times dF/dphi to ``gradient`` (q,); after ``expand_group``."""
    _table(w)
    weight = cells.weight[0]
    for k in range(len(cells.u)):
        if cells.c[k] != 0.0:
            gradient[cells.at[k]] += weight * 2.0 * cells.c[k] * w.table[cells.u[k], cells.v[k]]
    if with_means:
        _means(cells, w)
        for k in range(len(cells.u)):
            gradient[cells.at[k]] -= weight * 2.0 * w.d[k] * w.b[cells.u[k]]
