"""Small dense linear algebra as plain loops, written for matrices of 5 to 200 rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.jit import kernel

__all__ = [
    "cholesky", "copy", "inverse_from_cholesky", "invert", "multiply", "positive_definite", "solve_cholesky",
]  # fmt: skip

Array = NDArray[np.float64]


@kernel
def multiply(a: Array, b: Array, out: Array) -> None:
    """Write a b into ``out``; the inner loop runs along rows, so it vectorises."""
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            out[i, j] = 0.0
        for k in range(a.shape[1]):
            factor = a[i, k]
            if factor != 0.0:
                for j in range(b.shape[1]):
                    out[i, j] += factor * b[k, j]


@kernel
def copy(x: Array, out: Array) -> None:
    """Write x (n,) into ``out``: an assignment of arrays would compile a message about shapes with it."""
    for i in range(len(x)):
        out[i] = x[i]


@kernel
def cholesky(a: Array, root: Array) -> bool:
    """Write the upper factor R with R'R = a into ``root``; False where a is not positive definite."""
    n = a.shape[0]
    for i in range(n):
        for j in range(i, n):
            root[i, j] = a[i, j]
    for k in range(n):
        pivot = root[k, k]
        if not pivot > 0.0:
            return False
        scale = 1.0 / np.sqrt(pivot)
        for j in range(k, n):
            root[k, j] *= scale
        for i in range(k + 1, n):
            factor = root[k, i]
            for j in range(i, n):
                root[i, j] -= factor * root[k, j]
    return True


@kernel
def inverse_from_cholesky(root: Array, work: Array, out: Array) -> None:
    """Write (R'R)^-1 into ``out``: invert the triangle, then multiply it by its transpose."""
    n = root.shape[0]
    for i in range(n):
        for j in range(n):
            work[i, j] = 0.0
        work[i, i] = 1.0
    # rows of R^-T: forward substitution with R', row by row
    for k in range(n):
        scale = 1.0 / root[k, k]
        for j in range(k + 1):
            work[k, j] *= scale
        for i in range(k + 1, n):
            factor = root[k, i]
            for j in range(k + 1):
                work[i, j] -= factor * work[k, j]
    for i in range(n):
        for j in range(n):
            out[i, j] = 0.0
    for k in range(n):
        for i in range(k + 1):
            factor = work[k, i]
            for j in range(k + 1):
                out[i, j] += factor * work[k, j]


@kernel
def solve_cholesky(root: Array, b: Array) -> None:
    """Replace b by (R'R)^-1 b."""
    n = root.shape[0]
    for i in range(n):
        b[i] /= root[i, i]
        for j in range(i + 1, n):
            b[j] -= root[i, j] * b[i]
    for i in range(n - 1, -1, -1):
        total = b[i]
        for j in range(i + 1, n):
            total -= root[i, j] * b[j]
        b[i] = total / root[i, i]


@kernel
def invert(a: Array, out: Array) -> bool:
    """Write a^-1 into ``out`` by Gauss-Jordan with row pivots, destroying a; False where singular."""
    n = a.shape[0]
    for i in range(n):
        for j in range(n):
            out[i, j] = 0.0
        out[i, i] = 1.0
    for k in range(n):
        pivot = k
        for i in range(k + 1, n):
            if abs(a[i, k]) > abs(a[pivot, k]):
                pivot = i
        if a[pivot, k] == 0.0:
            return False
        if pivot != k:
            for j in range(n):
                a[k, j], a[pivot, j] = a[pivot, j], a[k, j]
                out[k, j], out[pivot, j] = out[pivot, j], out[k, j]
        scale = 1.0 / a[k, k]
        for j in range(n):
            a[k, j] *= scale
            out[k, j] *= scale
        for i in range(n):
            factor = a[i, k]
            if i != k and factor != 0.0:
                for j in range(n):
                    a[i, j] -= factor * a[k, j]
                    out[i, j] -= factor * out[k, j]
    return True


@kernel
def positive_definite(matrices: Array, slack: float) -> NDArray[np.bool_]:
    """Return which of symmetric matrices (R, k, k) have no eigenvalue below -slack, by Cholesky."""
    R, k = matrices.shape[0], matrices.shape[1]
    root, shifted = np.empty((k, k)), np.empty((k, k))
    found = np.empty(R, dtype=np.bool_)
    for r in range(R):
        for i in range(k):
            for j in range(k):
                shifted[i, j] = matrices[r, i, j] + (slack if i == j else 0.0)
        found[r] = cholesky(shifted, root)
    return found
