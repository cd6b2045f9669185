"""The Monte-Carlo interval: percentiles of quantities of draws theta* ~ N(theta, V)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.intervals.percentile import percentile

__all__ = ["monte_carlo", "normal_draws"]

Array = NDArray[np.float64]
# a correlation matrix that came out of an inverse may miss positive semidefiniteness by this much
NEGATIVE = 1e-6
# one advance of Philox gives four words of 64 bits
WORDS = 4
# rows of one matrix product: products of other shapes may differ in the last bit
BLOCK = 128


def monte_carlo(replicates: Array, estimate: Array, level: float, acceleration: Array) -> tuple[Array, Array]:
    """Return the Monte-Carlo interval (MacKinnon, Lockwood & Williams, 2004; Preacher & Selig, 2012).

    The replicates (R, k) are the quantities of ``normal_draws``, not of resamples; their
    (1 ± level)/2 quantiles are the limits.

    >>> lower, upper = monte_carlo(np.arange(1.0, 100.0)[:, None], np.zeros(1), 0.9, np.zeros(1))
    >>> round(float(lower[0]), 9), round(float(upper[0]), 9)
    (5.0, 95.0)
    """
    return percentile(replicates, estimate, level, acceleration)


def normal_draws(theta: Array, vcov: Array, replicates: int, seed: int) -> Array:
    """Return draws (R, q) from N(theta (q,), vcov (q, q)); draw r is the same however many are asked.

    Words of a counter-based generator keyed by the seed (Philox; Salmon et al., 2011) become
    standard normals by the inverse distribution function, a fixed number of words per draw, and the
    symmetric square root of vcov, which is unique, gives them their covariances. vcov may be
    positive semidefinite; a parameter with variance zero stays at theta. A vcov that is no
    covariance matrix is an EstimationError.

    >>> draws = normal_draws(np.array([1.0, 2.0]), np.diag([4.0, 0.0]), 1000, 2024)
    >>> draws.shape, draws[:, 1].min(), draws[:, 1].max()
    ((1000, 2), np.float64(2.0), np.float64(2.0))
    >>> bool((normal_draws(np.array([1.0, 2.0]), np.diag([4.0, 0.0]), 10, 2024) == draws[:10]).all())
    True
    """
    free = _free(vcov)
    sd = np.sqrt(np.diag(vcov)[free])
    out = np.tile(np.asarray(theta, dtype=float), (replicates, 1))
    normals = _standard_normals(-(-replicates // BLOCK) * BLOCK, len(theta), seed)[:, free]
    root = _root(vcov[np.ix_(free, free)] / np.outer(sd, sd)) * sd
    # a block whole at a time, also where only a part of it is asked
    for start in range(0, replicates, BLOCK):
        block = normals[start : start + BLOCK] @ root
        out[start : start + BLOCK, free] += block[: replicates - start]
    return out


def _free(vcov: Array) -> NDArray[np.bool_]:
    """Return which parameters vary (q,); refuse what cannot be a covariance matrix by its diagonal."""
    if not np.isfinite(vcov).all():
        raise EstimationError(
            "the covariance matrix of the estimates has values that are not finite; "
            "draws need standard errors of every parameter"
        )
    free = np.diag(vcov) != 0
    if (np.diag(vcov) < 0).any() or vcov[~free].any() or vcov[:, ~free].any():
        raise EstimationError(
            f"the covariance matrix of the estimates has a variance of {np.diag(vcov).min():.3g} "
            "(negative, or zero with covariances); draws need a positive semidefinite matrix"
        )
    return free


def _root(correlation: Array) -> Array:
    """Return the symmetric square root of a positive semidefinite correlation matrix (f, f)."""
    values, vectors = np.linalg.eigh((correlation + correlation.T) / 2)
    if values.min(initial=0) < -NEGATIVE:
        raise EstimationError(
            f"the correlation matrix of the estimates has an eigenvalue of {values.min():.3g}; "
            "draws need a positive semidefinite matrix"
        )
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T


def _standard_normals(rows: int, columns: int, seed: int) -> Array:
    """Return standard normals (rows, columns); row r comes from words r w to (r + 1) w of the stream."""
    from scipy.special import ndtri

    # whole advances per row, so that one row can be made alone
    width = -(-columns // WORDS) * WORDS
    words = np.random.Philox(key=seed).random_raw(rows * width).reshape(rows, width)[:, :columns]
    # the middle of one of 2^53 equal parts: never 0 or 1
    return ndtri(((words >> np.uint64(11)).astype(float) + 0.5) * 2.0**-53)
