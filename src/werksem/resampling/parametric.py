"""Parametric resamples by their moments: no rows are drawn, so the cost does not depend on n.

Of n normal rows the covariances (divisor n) are Wishart(n - 1, Sigma) / n, and the means, independent of
them, N(mu, Sigma / n). Bartlett (1933): Wishart(k, Sigma) = L A A' L' with Sigma = L L', A lower
triangular with A_ii^2 ~ chi-square(k - i + 1) and A_ij ~ N(0, 1) below the diagonal.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError

__all__ = ["parametric_moments"]

Array = NDArray[np.float64]


def parametric_moments(
    seed: int, first: int, replicates: int, mean: Array, cov: Array, n: float, group: int = 0
) -> tuple[Array, Array]:
    """Return means (R, p) and covariances (R, p, p), divisor n, of samples of n from N(mean, cov).

    Replicate r of group g has a stream of its own, keyed by (seed, first + r, g) (Philox; Salmon et
    al., 2011), so it is the same alone and among others. Raises ``EstimationError`` where n ≤ p, or
    ``cov`` is not positive definite.

    >>> means, covs = parametric_moments(1, 0, 2, np.zeros(2), np.eye(2), 50.0)
    >>> alone = parametric_moments(1, 1, 1, np.zeros(2), np.eye(2), 50.0)
    >>> means.shape, covs.shape, bool((covs[1] == alone[1][0]).all())
    ((2, 2), (2, 2, 2), True)
    """
    p = len(mean)
    if n <= p:
        raise EstimationError(f"a parametric resample of {n:g} rows has no covariances of {p} variables")
    try:
        L = np.linalg.cholesky(cov) / np.sqrt(n)
    except np.linalg.LinAlgError:
        raise EstimationError("the implied covariance matrix is not positive definite") from None
    freedom, below = n - 1 - np.arange(p), np.ravel_multi_index(np.tril_indices(p, -1), (p, p))
    A, normals = np.zeros((p, p)), np.empty(p + len(below))
    means, covs = np.empty((replicates, p)), np.empty((replicates, p, p))
    for r in range(replicates):
        stream = _stream(seed, first + r, group)
        A.flat[:: p + 1] = np.sqrt(stream.chisquare(freedom))
        stream.standard_normal(out=normals)
        A.ravel()[below] = normals[p:]
        F = L @ A
        means[r], covs[r] = mean + L @ normals[:p], F @ F.T
    return means, covs


def _stream(seed: int, replicate: int, group: int) -> np.random.Generator:
    key = np.array([seed, replicate], dtype=np.uint64)
    # the last word of the counter is the group's: no stream is that long
    return np.random.Generator(np.random.Philox(key=key, counter=np.array([0, 0, 0, group], np.uint64)))
