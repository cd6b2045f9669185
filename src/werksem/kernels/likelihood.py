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
    # arrays leave their record once: inside a loop that would cost as much as the loop's own work
    kinds, rows, cols, free, coef = cells.matrix, cells.row, cells.col, cells.free, cells.coef
    fixed, Lambda, B, Psi, Theta, nu, alpha = cells.value, w.Lambda, w.B, w.Psi, w.Theta, w.nu, w.alpha
    for k in range(len(kinds)):
        at = free[k]
        value = coef[k] * phi[at] if at >= 0 else fixed[k]
        i, j, matrix = rows[k], cols[k], kinds[k]
        if matrix == LAMBDA:
            Lambda[i, j] = value
        elif matrix == BETA:
            B[i, j] = value
        elif matrix == PSI:
            Psi[i, j] = value
            Psi[j, i] = value
        elif matrix == THETA:
            Theta[i, j] = value
            Theta[j, i] = value
        elif matrix == NU:
            nu[i] = value
        else:
            alpha[i] = value


@kernel
def _latent(w: Work) -> bool:
    """Write A = (I - B)^-1, Phi = A Psi A' and the eta's mean; False where I - B is singular."""
    B, A, alpha, eta_mean = w.B, w.A, w.alpha, w.eta_mean
    m = B.shape[0]
    scratch = np.empty((m, m))
    for i in range(m):
        for j in range(m):
            scratch[i, j] = -B[i, j]
        scratch[i, i] += 1.0
    if not invert(scratch, A):
        return False
    multiply(A, w.Psi, scratch)
    multiply(scratch, A.T, w.Phi)
    for i in range(m):
        eta_mean[i] = 0.0
        for j in range(m):
            eta_mean[i] += A[i, j] * alpha[j]
    return True


@kernel
def _implied(w: Work) -> None:
    """Write the basis [I, E, L] and Sigma = L Lambda' + Theta."""
    Lambda, A, Phi, Theta, basis, Sigma = w.Lambda, w.A, w.Phi, w.Theta, w.basis, w.Sigma
    p, m = Lambda.shape
    for i in range(p):
        for j in range(p + 2 * m):
            basis[i, j] = 0.0
        basis[i, i] = 1.0
        for k in range(m):
            loading = Lambda[i, k]
            if loading != 0.0:
                for j in range(m):
                    basis[i, p + j] += loading * A[k, j]
                    basis[i, p + m + j] += loading * Phi[k, j]
    for i in range(p):
        for j in range(i + 1):
            total = Theta[i, j]
            for k in range(m):
                total += basis[i, p + m + k] * Lambda[j, k]
            Sigma[i, j] = total
            Sigma[j, i] = total


@kernel
def expand_group(cells: GroupCells, phi: Array, S: Array, mean: Array, with_means: bool, w: Work) -> float:
    """Write everything the gradient needs; return log|Sigma| + tr(Sigma^-1 T), NaN where not defined."""
    _assemble(cells, phi, w)
    if not _latent(w):
        return np.nan
    _implied(w)
    Lambda, Sigma, root, inverse, product, G = w.Lambda, w.Sigma, w.root, w.inverse, w.product, w.G
    nu, eta_mean, residual = w.nu, w.eta_mean, w.residual
    if not cholesky(Sigma, root):
        return np.nan
    p, m = Lambda.shape
    inverse_from_cholesky(root, product, inverse)
    value = 0.0
    for i in range(p):
        value += 2.0 * np.log(root[i, i])
        residual[i] = 0.0
        if with_means:
            residual[i] = mean[i] - nu[i]
            for k in range(m):
                residual[i] -= Lambda[i, k] * eta_mean[k]
    # G = Sigma^-1 - Sigma^-1 T Sigma^-1, with T = S + r r' held in Sigma's place from here on
    for i in range(p):
        for j in range(p):
            Sigma[i, j] = S[i, j] + residual[i] * residual[j]
            value += inverse[i, j] * Sigma[i, j]
    multiply(inverse, Sigma, product)
    multiply(product, inverse, G)
    for i in range(p):
        for j in range(p):
            G[i, j] = inverse[i, j] - G[i, j]
    return value


@kernel
def _means(cells: GroupCells, w: Work) -> None:
    """Write b = M'Sigma^-1 r, and d with dmu = d u."""
    inverse, residual, basis, b, d = w.inverse, w.residual, w.basis, w.b, w.d
    kinds, scale, columns, eta_mean = cells.kind, cells.scale, cells.b, w.eta_mean
    p = inverse.shape[0]
    for j in range(len(b)):
        b[j] = 0.0
    for i in range(p):
        for k in range(p):
            b[i] += inverse[i, k] * residual[k]
    for i in range(p):
        for j in range(p, len(b)):
            b[j] += basis[i, j] * b[i]
    for k in range(len(kinds)):
        kind = kinds[k]
        d[k] = 0.0
        if kind in (NU, ALPHA):
            d[k] = scale[k]
        elif kind in (LAMBDA, BETA):
            d[k] = scale[k] * eta_mean[columns[k]]


@kernel
def _table(w: Work) -> None:
    """Write u'G v for u among [I, E] and v among [I, E, L]."""
    G, basis, table = w.G, w.basis, w.table
    p, m = w.Lambda.shape
    for i in range(p):
        for j in range(p):
            table[i, j] = G[i, j]
        for j in range(p, p + 2 * m):
            table[i, j] = 0.0
        for k in range(p):
            factor = G[i, k]
            for j in range(p, p + 2 * m):
                table[i, j] += factor * basis[k, j]
    for i in range(p, p + m):
        for j in range(p, p + 2 * m):
            table[i, j] = 0.0
    for k in range(p):
        for i in range(p, p + m):
            factor = basis[k, i]
            if factor != 0.0:
                for j in range(p, p + 2 * m):
                    table[i, j] += factor * table[k, j]


@kernel
def add_gradient(cells: GroupCells, with_means: bool, w: Work, gradient: Array) -> None:
    """Add this group's weight times dF/dphi to ``gradient`` (q,); after ``expand_group``."""
    _table(w)
    u, v, c, at, weight, table = cells.u, cells.v, cells.c, cells.at, cells.weight[0], w.table
    for k in range(len(u)):
        if c[k] != 0.0:
            gradient[at[k]] += weight * 2.0 * c[k] * table[u[k], v[k]]
    if with_means:
        _means(cells, w)
        d, b = w.d, w.b
        for k in range(len(u)):
            gradient[at[k]] -= weight * 2.0 * d[k] * b[u[k]]
