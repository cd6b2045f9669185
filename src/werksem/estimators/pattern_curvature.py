"""Second derivatives of the FIML discrepancy in the saturated moments, by patterns.

Every number of the Hessian is a sum over patterns of a product of two entries, of K_k and K_k, of
K_k and V_k or of K_k and b_k, with the notation of ``pattern_sums``. With the entries of each
pattern's K_k and V_k as rows, all those sums are three matrix products.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.pattern_sums import Batch, solved_patterns

__all__ = ["Curvature", "complete_information", "moment_curvature", "vech_pairs"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Curvature:
    """Observed and expected information (p + p*, p + p*) of one respondent in mu, vech(Sigma)."""

    observed: Array
    expected: Array


def vech_pairs(p: int) -> tuple[Index, Index, Array]:
    """Return rows and columns (p*,) of the lower triangle, row by row, and 1, or 0.5 on the diagonal.

    >>> [part.tolist() for part in vech_pairs(2)]
    [[0, 1, 1], [0, 0, 1], [0.5, 1.0, 0.5]]
    """
    row, col = np.tril_indices(p)
    return row, col, np.where(row == col, 0.5, 1.0)


def moment_curvature(parts: Sequence[Batch], mu: Array, Sigma: Array, *, observed: bool = True) -> Curvature:
    """Return the information about mu (p,) and vech(Sigma) (p*,) at these moments.

    ``observed`` is half the Hessian of F; where it is not asked for, ``observed`` is ``expected``.
    Raises ``numpy.linalg.LinAlgError`` where Sigma is not positive definite.
    """
    p = len(mu)
    row, col, c = vech_pairs(p)
    flat, stars = row * p + col, len(row)
    K_sum, KK = np.zeros(stars), np.zeros((stars, stars))
    KV, Kb = np.zeros((stars, stars)), np.zeros((stars, p))
    for batch, K, KSK, z in solved_patterns(parts, mu, Sigma):
        inverses = K.reshape(len(K), -1)[:, flat]
        weighted = inverses * batch.share[:, None]
        K_sum += weighted.sum(axis=0)
        KK += weighted.T @ inverses
        if observed:
            Kb += weighted.T @ z
            V = z[:, row] * z[:, col]
            V[: len(KSK)] += KSK.reshape(len(KSK), p * p)[:, flat]
            KV += weighted.T @ V
    at = np.zeros((p, p), dtype=np.int64)
    at[row, col] = at[col, row] = np.arange(stars)
    curved = _pairs(KK, at, c)
    expected = _bordered(K_sum[at], np.zeros((p, stars)), curved)
    if not observed:
        return Curvature(expected, expected)
    mixed = c[:, None] * (Kb[at[col], row[:, None]] + Kb[at[row], col[:, None]])
    curved = 2 * _pairs((KV + KV.T) / 2, at, c) - curved
    return Curvature(_bordered(K_sum[at], mixed.T, curved), expected)


def complete_information(Sigma: Array) -> Array:
    """Return the information (p + p*, p + p*) of one complete respondent at these covariances.

    >>> complete_information(np.array([[2.0]])).tolist()
    [[0.5, 0.0], [0.0, 0.125]]
    """
    p = len(Sigma)
    row, col, c = vech_pairs(p)
    at = np.zeros((p, p), dtype=np.int64)
    at[row, col] = at[col, row] = np.arange(len(row))
    inverse = np.asarray(np.linalg.inv(Sigma), dtype=float)
    half = inverse[row, col]
    return _bordered(inverse, np.zeros((p, len(row))), _pairs(np.outer(half, half), at, c))


def _pairs(sums: Array, at: Index, c: Array) -> Array:
    """Return c_ab c_cd [sums(ac, bd) + sums(ad, bc)] (p*, p*) over the pairs ab, cd of the triangle."""
    row, col = np.tril_indices(len(at))
    ac, bd = at[np.ix_(row, row)], at[np.ix_(col, col)]
    ad, bc = at[np.ix_(row, col)], at[np.ix_(col, row)]
    return np.outer(c, c) * (sums[ac, bd] + sums[ad, bc])


def _bordered(mean: Array, mixed: Array, cov: Array) -> Array:
    return np.block([[mean, mixed], [mixed.T, cov]])
