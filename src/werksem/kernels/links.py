"""Numbers without bounds to a model's parameters, and slopes back: the compiled ``bayes/latent/links.py``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.jit import kernel

__all__ = ["bind", "unbind"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
LOG_SD, POSITIVE, NEGATIVE = 1, 3, 4


@kernel
def bind(
    b: Array, at: Index, kind: Index, size: Index, sd: Index, given: Array, partial: Index, target: Index,
    theta: Array,
) -> None:  # fmt: skip
    """Write theta (q,) of links b (b,), leaving its fixed values as they are.

    ``at`` and ``kind`` (b,) as in ``Links``; blocks of ``size`` (blocks,) variables with ``sd`` and ``given``
    (blocks, K), ``partial`` and ``target`` (blocks, pairs), padded.
    """
    for j in range(len(b)):
        if kind[j] == LOG_SD:
            theta[at[j]] = np.exp(2.0 * b[j])
        elif kind[j] == POSITIVE or kind[j] == NEGATIVE:
            theta[at[j]] = np.exp(b[j]) * (1.0 if kind[j] == POSITIVE else -1.0)
        else:
            theta[at[j]] = b[j]
    for block in range(len(size)):
        K = size[block]
        L, z, rest, sds = np.zeros((K, K)), np.zeros((K, K)), np.ones((K, K)), np.empty(K)
        _factor(b, K, sd[block], given[block], partial[block], L, z, rest, sds)
        pair = 0
        for i in range(K):
            for j in range(i):
                total = 0.0
                for m in range(j + 1):
                    total += L[i, m] * L[j, m]
                theta[target[block, pair]] = total * sds[i] * sds[j]
                pair += 1


@kernel
def _factor(
    b: Array, K: int, sd: Index, given: Array, partial: Index, L: Array, z: Array, rest: Array, sds: Array
) -> None:
    """Write the Cholesky factor of a block's correlations, what it is made of, and the SDs."""
    pair = 0
    for i in range(K):
        sds[i] = np.exp(b[sd[i]]) if sd[i] >= 0 else given[i]
        for j in range(i):
            z[i, j] = np.tanh(b[partial[pair]])
            L[i, j] = z[i, j] * rest[i, j]
            rest[i, j + 1] = rest[i, j] * np.sqrt(1.0 - z[i, j] ** 2)
            pair += 1
        L[i, i] = rest[i, i]


@kernel
def unbind(
    b: Array, at: Index, kind: Index, size: Index, sd: Index, given: Array, partial: Index, target: Index,
    theta: Array, d_theta: Array, d_b: Array,
) -> None:  # fmt: skip
    """Write the slopes by the links (b,) from those by theta (q,)."""
    for j in range(len(b)):
        d_b[j] = d_theta[at[j]]
        if kind[j] == LOG_SD:
            d_b[j] *= 2.0 * theta[at[j]]
        elif kind[j] == POSITIVE or kind[j] == NEGATIVE:
            d_b[j] *= theta[at[j]]
    for block in range(len(size)):
        K = size[block]
        L, z, rest, sds = np.zeros((K, K)), np.zeros((K, K)), np.ones((K, K)), np.empty(K)
        _factor(b, K, sd[block], given[block], partial[block], L, z, rest, sds)
        g = np.zeros((K, K))
        pair = 0
        for i in range(K):
            for j in range(i):
                slope = d_theta[target[block, pair]]
                moved = slope * theta[target[block, pair]]
                if sd[block, i] >= 0:
                    d_b[sd[block, i]] += moved
                if sd[block, j] >= 0:
                    d_b[sd[block, j]] += moved
                for m in range(j + 1):
                    g[i, m] += slope * sds[i] * sds[j] * L[j, m]
                    g[j, m] += slope * sds[i] * sds[j] * L[i, m]
                pair += 1
        pair = 0
        for i in range(K):
            for m in range(i):
                behind = 0.0
                for j in range(m + 1, i + 1):
                    behind += g[i, j] * L[i, j]
                d_b[partial[block, pair]] = (1.0 - z[i, m] ** 2) * rest[i, m] * g[i, m] - z[i, m] * behind
                pair += 1
