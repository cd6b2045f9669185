"""Standard normal deviations integrated out of a normal log-density: what groups and units have in common."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.jit import inlined, kernel
from werksem.kernels.linalg import cholesky, inverse_from_cholesky

__all__ = ["Level", "add_slope", "clear", "everywhere", "integrate", "level"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


class Level(NamedTuple):
    """Scratch for integrating V standard normal deviations z with Z F z in the mean; F is sparse as a
    rule."""

    row: Index  # where F may differ from 0
    col: Index
    apart: bool  # whether column v has one cell, number v
    FA: Array  # F'A (V, K)
    AF: Array
    M: Array  # I + F'A F
    root: Array
    work: Array
    inverse: Array
    h: Array  # F'm
    q: Array  # the deviations' conditional mean, M^-1 F'm


@kernel
def level(F: Array, cells: Index) -> Level:
    """Return the scratch of F (K, V), which may differ from 0 at ``cells`` (cells, 2): rows and columns."""
    K, V = F.shape
    row, col = cells[:, 0].copy(), cells[:, 1].copy()
    apart = len(col) == V
    for v in range(len(col)):
        apart = apart and col[v] == v
    return Level(
        row, col, apart, np.empty((V, K)), np.empty((K, V)), np.empty((V, V)),
        np.empty((V, V)), np.empty((V, V)), np.empty((V, V)), np.empty(V), np.empty(V),
    )  # fmt: skip


@kernel
def everywhere(F: Array) -> Index:
    """Return all places (K V, 2) of F."""
    K, V = F.shape
    out = np.empty((K * V, 2), np.int64)
    for i in range(K):
        for v in range(V):
            out[i * V + v, 0], out[i * V + v, 1] = i, v
    return out


@inlined
def integrate(A: Array, m: Array, F: Array, w: Level) -> float:
    """Write ``w``; return what integrating z ~ N(0, I) out adds to the log-density, nan where M is not
    one."""
    M, root, inverse, h, q = w.M, w.root, w.inverse, w.h, w.q
    V = F.shape[1]
    if w.apart:
        _products_apart(A, m, F, w)
    else:
        _products(A, m, F, w)
    if not cholesky(M, root):
        return np.nan
    inverse_from_cholesky(root, w.work, inverse)
    value = 0.0
    for v in range(V):
        q[v] = 0.0
        value -= np.log(root[v, v])
    for v in range(V):
        factor = h[v]
        for u in range(V):
            q[u] += inverse[v, u] * factor
    for v in range(V):
        value += q[v] * h[v] / 2
    return value


@inlined
def _products_apart(A: Array, m: Array, F: Array, w: Level) -> None:
    """Write F'A, A F, M and F'm where every column of F has one cell: deviations are independent."""
    FA, AF, M, h, row = w.FA, w.AF, w.M, w.h, w.row
    K, V = F.shape
    for v in range(V):
        i = row[v]
        factor = F[i, v]
        h[v] = factor * m[i]
        for j in range(K):
            FA[v, j] = factor * A[i, j]
            AF[j, v] = FA[v, j]
    for v in range(V):
        for u in range(V):
            M[v, u] = FA[v, row[u]] * F[row[u], u]
        M[v, v] += 1.0


@inlined
def _products(A: Array, m: Array, F: Array, w: Level) -> None:
    """Write F'A, A F, M = I + F'A F and h = F'm, cell by cell."""
    FA, AF, M, h, row, col = w.FA, w.AF, w.M, w.h, w.row, w.col
    K, V = F.shape
    clear(FA)
    clear(M)
    for cell in range(len(row)):
        i, v = row[cell], col[cell]
        factor = F[i, v]
        for j in range(K):
            FA[v, j] += factor * A[i, j]
    for i in range(K):
        for v in range(V):
            AF[i, v] = FA[v, i]
    for cell in range(len(row)):
        i, v = row[cell], col[cell]
        factor = F[i, v]
        for u in range(V):
            M[v, u] += factor * AF[i, u]
    for v in range(V):
        M[v, v] += 1.0
        h[v] = 0.0
    for cell in range(len(row)):
        h[col[cell]] += F[row[cell], col[cell]] * m[row[cell]]


@inlined
def add_slope(left: Array, w: Level, d_F: Array) -> None:
    """Add the gradient by F, ``left`` (K,) being Z'Q of what the deviations' mean leaves of the residuals."""
    AF, inverse, q, row, col = w.AF, w.inverse, w.q, w.row, w.col
    K, V = d_F.shape
    if 3 * len(row) > K * V:  # nearly all of them: along rows, which vectorises
        for i in range(K):
            slope = left[i]
            for v in range(V):
                d_F[i, v] += slope * q[v]
            for v in range(V):
                factor = AF[i, v]
                for u in range(V):
                    d_F[i, u] -= factor * inverse[v, u]
        return
    for cell in range(len(row)):
        i, v = row[cell], col[cell]
        slope = left[i] * q[v]
        for u in range(len(q)):
            slope -= AF[i, u] * inverse[v, u]
        d_F[i, v] += slope


@kernel
def clear(out: Array) -> None:
    """Write zeros into ``out``, a matrix."""
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = 0.0
