"""Arithmetic on many replicates side by side: element ``[i, lane]`` is entry i of replicate ``lane``.

The compiler turns each loop over lanes into vector instructions, so a small matrix per replicate
costs what a few numbers cost one by one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.jit import kernel

__all__ = ["LANES", "add_dot", "add_product", "clear", "descend", "inverse", "sub_product"]

Array = NDArray[np.float64]
# a constant of 64 keeps loops vectors: the compiler unrolls shorter ones into single numbers
LANES = 64


@kernel
def clear(out: Array) -> None:
    """Set everything to 0."""
    for i in range(len(out)):
        for lane in range(LANES):
            out[i, lane] = 0.0


@kernel
def add_product(out: Array, o: int, x: Array, i: int, y: Array, j: int) -> None:
    """Add x[i] y[j] to out[o]."""
    for lane in range(LANES):
        out[o, lane] += x[i, lane] * y[j, lane]


@kernel
def sub_product(out: Array, o: int, x: Array, i: int, y: Array, j: int) -> None:
    """Subtract x[i] y[j] from out[o]."""
    for lane in range(LANES):
        out[o, lane] -= x[i, lane] * y[j, lane]


@kernel
def add_dot(
    out: Array, o: int, x: Array, i: int, x_step: int, y: Array, j: int, y_step: int, count: int
) -> None:
    """Add x[i] y[j] + x[i + x_step] y[j + y_step] + … (``count`` products) to out[o].

    Four products a pass: the sum is read and written a quarter as often.
    """
    fours = count - count % 4
    for c in range(0, fours, 4):
        a, b = i + c * x_step, j + c * y_step
        a1, b1 = a + x_step, b + y_step
        a2, b2 = a1 + x_step, b1 + y_step
        a3, b3 = a2 + x_step, b2 + y_step
        for lane in range(LANES):
            out[o, lane] += (x[a, lane] * y[b, lane] + x[a1, lane] * y[b1, lane]) + (
                x[a2, lane] * y[b2, lane] + x[a3, lane] * y[b3, lane]
            )
    for c in range(fours, count):
        add_product(out, o, x, i + c * x_step, y, j + c * y_step)


@kernel
def _scale(out: Array, o: int, x: Array, i: int) -> None:
    """Multiply out[o] by x[i]."""
    for lane in range(LANES):
        out[o, lane] *= x[i, lane]


@kernel
def descend(matrix: Array, x: Array, out: Array) -> None:
    """Write -matrix x, one (q, q) matrix for all lanes of x (q, lanes).

    As fast as a BLAS here, and free of its threads, which on two processors make it 40 times slower.
    """
    q = len(matrix)
    for i in range(q):
        for lane in range(LANES):
            out[i, lane] = 0.0
    for i in range(0, q - 1, 2):
        for j in range(0, q - 3, 4):
            a, b, c, d = matrix[i, j], matrix[i, j + 1], matrix[i, j + 2], matrix[i, j + 3]
            e, f, g, h = matrix[i + 1, j], matrix[i + 1, j + 1], matrix[i + 1, j + 2], matrix[i + 1, j + 3]
            for lane in range(LANES):
                s, t, u, v = x[j, lane], x[j + 1, lane], x[j + 2, lane], x[j + 3, lane]
                out[i, lane] -= (a * s + b * t) + (c * u + d * v)
                out[i + 1, lane] -= (e * s + f * t) + (g * u + h * v)
        _subtract(matrix, i, q - q % 4, x, out)
        _subtract(matrix, i + 1, q - q % 4, x, out)
    if q % 2:
        _subtract(matrix, q - 1, 0, x, out)


@kernel
def _subtract(matrix: Array, i: int, first: int, x: Array, out: Array) -> None:
    for j in range(first, len(matrix)):
        a = matrix[i, j]
        for lane in range(LANES):
            out[i, lane] -= a * x[j, lane]


@kernel
def inverse(a: Array, m: int, root: Array, out: Array, positive: NDArray[np.bool_]) -> None:
    """Write the inverse of symmetric matrices a (m m, lanes) by Cholesky.

    ``root`` (m m, lanes) is scratch; ``positive`` (lanes,) becomes False where a matrix is not
    positive definite, and what is written there means nothing.
    """
    for i in range(m):
        for j in range(i + 1):
            at = i * m + j
            for lane in range(LANES):
                root[at, lane] = -a[at, lane]
            add_dot(root, at, root, i * m, 1, root, j * m, 1, j)
            for lane in range(LANES):
                root[at, lane] = -root[at, lane]
            if i > j:
                _scale(root, i * m + j, root, j * m + j)
        # the diagonal keeps 1 / pivot
        at = i * m + i
        for lane in range(LANES):
            positive[lane] = positive[lane] and root[at, lane] > 0.0
        for lane in range(LANES):
            root[at, lane] = 1.0 / np.sqrt(root[at, lane])
    _invert_triangle(root, m)
    for i in range(m):
        for j in range(i + 1):
            for lane in range(LANES):
                out[i * m + j, lane] = 0.0
            add_dot(out, i * m + j, root, i * m + i, m, root, i * m + j, m, m - i)
            for lane in range(LANES):
                out[j * m + i, lane] = out[i * m + j, lane]


@kernel
def _invert_triangle(root: Array, m: int) -> None:
    """Replace the lower triangles, whose diagonals hold 1 / pivot, by their inverses."""
    for j in range(m):
        for i in range(j + 1, m):
            at = i * m + j
            for lane in range(LANES):
                root[at, lane] *= root[j * m + j, lane]
            add_dot(root, at, root, i * m + j + 1, 1, root, (j + 1) * m + j, m, i - j - 1)
            for lane in range(LANES):
                root[at, lane] *= -root[i * m + i, lane]
