"""Arithmetic on many replicates side by side: element ``[i, lane]`` is entry i of replicate ``lane``.

The compiler turns each loop over lanes into vector instructions, so a small matrix per replicate
costs what a few numbers cost one by one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.jit import kernel

__all__ = ["LANES", "add_product", "clear", "inverse", "scale", "sub_product"]

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
def scale(out: Array, o: int, x: Array, i: int) -> None:
    """Multiply out[o] by x[i]."""
    for lane in range(LANES):
        out[o, lane] *= x[i, lane]


@kernel
def inverse(a: Array, m: int, root: Array, out: Array, positive: NDArray[np.bool_]) -> None:
    """Write the inverse of symmetric matrices a (m m, lanes) by Cholesky.

    ``root`` (m m, lanes) is scratch; ``positive`` (lanes,) becomes False where a matrix is not
    positive definite, and what is written there means nothing.
    """
    for i in range(m):
        for j in range(i + 1):
            for lane in range(LANES):
                root[i * m + j, lane] = a[i * m + j, lane]
            for k in range(j):
                sub_product(root, i * m + j, root, i * m + k, root, j * m + k)
            if i > j:
                scale(root, i * m + j, root, j * m + j)
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
            for k in range(i, m):
                add_product(out, i * m + j, root, k * m + i, root, k * m + j)
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
            for k in range(j + 1, i):
                add_product(root, at, root, i * m + k, root, k * m + j)
            for lane in range(LANES):
                root[at, lane] *= -root[i * m + i, lane]
