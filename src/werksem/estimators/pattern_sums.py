"""Sums over missing-data patterns: everything of the data that the FIML likelihood depends on.

With K_k the inverse of the covariances of what pattern k observed, padded with zeros,
T_k = S_k + r_k r_k' about mu and w_k the pattern's share of respondents,

    F = sum w_k [log|Sigma_k| + tr(K_k T_k)],  K = sum w_k K_k,  V = sum w_k K_k T_k K_k,
    b = sum w_k K_k r_k.

The gradient is that of complete data with K, V and b in the places of Sigma^-1, Sigma^-1 T Sigma^-1
and Sigma^-1 r. So is an EM step: mu + Sigma b and Sigma - Sigma (K - V) Sigma - (Sigma b)(Sigma b)'.
K_k comes from Sigma^-1 = W by taking the m blanks out, W - W_m W_mm^-1 W_m', which costs p² m.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from werksem.patterns import Patterns

__all__ = ["Batch", "Sums", "batches", "pattern_sums", "solved_patterns"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
# how many numbers a (B, p, p) stack of one batch may hold: 16 MB, about a core's cache
STACK = 2_000_000


class Batch(NamedTuple):
    """Patterns (B of them) with equally many blanks m, in rescaled units.

    ``number`` (B,) their place among the group's patterns, ``blank`` (B, m) which variables they
    lack, ``share`` (B,) their share of the group, ``mean`` (B, p) and ``cov`` (C, p, p) as in
    ``Patterns``: the first C have covariances, the others are single respondents.
    """

    number: Index
    blank: Index
    observed: Array
    share: Array
    mean: Array
    cov: Array


@dataclass(frozen=True, slots=True)
class Sums:
    """F, K (p, p), V (p, p) and b (p,) of the module's docstring."""

    value: float
    K: Array
    V: Array
    b: Array


def batches(data: Patterns, units: Array) -> tuple[Batch, ...]:
    """Return a group's patterns as batches, each variable divided by its unit (p,)."""
    p = len(units)
    blanks = p - data.observed.sum(axis=1)
    limit = max(1, STACK // (p * p))
    found = []
    for m in np.unique(blanks):
        alike = np.flatnonzero(blanks == m)
        for begin in range(0, len(alike), limit):
            at = alike[begin : begin + limit]
            blank = np.nonzero(~data.observed[at])[1].reshape(len(at), m)
            cov = data.cov[at[at < len(data.cov)]] / np.outer(units, units)
            observed = data.observed[at].astype(float)
            found.append(Batch(at, blank, observed, data.size[at] / data.n, data.mean[at] / units, cov))
    return tuple(found)


class _Solved(NamedTuple):
    """Of one batch: W_m (B, m, p), W_mm^-1 W_m (B, m, p), log|Sigma_k| (B,), r_k and K_k r_k (B, p)."""

    rows: Array
    solved: Array
    log_det: Array
    residual: Array
    z: Array


def _solve(batch: Batch, mu: Array, W: Array, log_det: float) -> _Solved:
    residual = (batch.mean - mu) * batch.observed
    rows = W[batch.blank]
    z = residual @ W
    if not batch.blank.shape[1]:
        return _Solved(rows, rows, np.full(len(z), log_det), residual, z)
    block = W[batch.blank[:, :, None], batch.blank[:, None, :]]
    solved = np.asarray(np.linalg.solve(block, rows), dtype=float)
    taken = np.einsum("bmp,bp->bm", solved, residual)
    z = (z - np.einsum("bmp,bm->bp", rows, taken)) * batch.observed
    return _Solved(rows, solved, np.asarray(log_det + np.linalg.slogdet(block)[1], dtype=float), residual, z)


def _inverses(batch: Batch, found: _Solved, W: Array, count: int) -> Array:
    """Return K_k (count, p, p) of a batch's first patterns, exactly zero where blank."""
    seen = batch.observed[:count]
    if not batch.blank.shape[1]:
        return np.broadcast_to(W, (count, *W.shape))
    out = W - found.rows[:count].transpose(0, 2, 1) @ found.solved[:count]
    out *= seen[:, :, None]
    out *= seen[:, None, :]
    return out


def _inverse(Sigma: Array) -> tuple[Array, float]:
    """Return Sigma^-1 and log|Sigma|; raises ``LinAlgError`` where Sigma is not positive definite."""
    root = np.linalg.inv(np.linalg.cholesky(Sigma))
    return root.T @ root, -2 * float(np.log(np.diag(root)).sum())


def pattern_sums(parts: Sequence[Batch], mu: Array, Sigma: Array) -> Sums:
    """Return the sums at mu (p,) and Sigma (p, p).

    Raises ``numpy.linalg.LinAlgError`` where Sigma is not positive definite.
    """
    W, log_det = _inverse(Sigma)
    K, V, b, value = np.zeros_like(W), np.zeros_like(W), np.zeros(len(W)), 0.0
    for batch in parts:
        found = _solve(batch, mu, W, log_det)
        p, count = len(W), len(batch.cov)
        weighted = found.rows * batch.share[:, None, None]
        K += batch.share.sum() * W - weighted.reshape(-1, p).T @ found.solved.reshape(-1, p)
        V += (found.z * batch.share[:, None]).T @ found.z
        b += batch.share @ found.z
        value += float(batch.share @ (found.log_det + np.einsum("bp,bp->b", found.z, found.residual)))
        if count:
            inverse = _inverses(batch, found, W, count)
            product = inverse @ batch.cov
            value += float(batch.share[:count] @ np.einsum("bii->b", product))
            V += np.tensordot(batch.share[:count], product @ inverse, 1)
    return Sums(value, (K + K.T) / 2, (V + V.T) / 2, b)


def solved_patterns(
    parts: Sequence[Batch], mu: Array, Sigma: Array
) -> Iterator[tuple[Batch, Array, Array, Array]]:
    """Yield each batch with K_k (B, p, p), K_k S_k K_k (C, p, p) and K_k r_k (B, p)."""
    W, log_det = _inverse(Sigma)
    for batch in parts:
        found = _solve(batch, mu, W, log_det)
        inverse = _inverses(batch, found, W, len(batch.share))
        some = inverse[: len(batch.cov)]
        yield batch, inverse, some @ batch.cov @ some, found.z
