"""The bootstrap of a model's test: resamples of data in which the model is true (Bollen & Stine, 1992).

Rows become z = Sigma^1/2 S^-1/2 (x - xbar) + mu with symmetric roots, as in lavaan, so their moments are
the implied ones. By moments: with T = Sigma^1/2 S^-1/2, a resample of x with S* and xbar* becomes T S* T'
and mu + T (xbar* - xbar).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError

__all__ = ["bollen_stine_moments", "bollen_stine_pvalue", "bollen_stine_transform"]

Array = NDArray[np.float64]


def bollen_stine_transform(cov: Array, implied: Array) -> Array:
    """Return T = Sigma^1/2 S^-1/2 (p, p), for which T S T' = Sigma; both matrices have divisor n.

    Raises ``EstimationError`` where one of them is not positive definite.

    >>> bollen_stine_transform(np.diag([4.0, 1.0]), np.diag([1.0, 9.0])).tolist()
    [[0.5, 0.0], [0.0, 3.0]]
    """
    return _power(implied, 0.5) @ _power(cov, -0.5)


def _power(matrix: Array, power: float) -> Array:
    values, vectors = np.linalg.eigh(matrix)
    if values[0] <= 0:
        raise EstimationError("the Bollen-Stine bootstrap needs positive definite covariances")
    return (vectors * values**power) @ vectors.T


def bollen_stine_moments(
    means: Array, covs: Array, transform: Array, mean: Array, implied_mean: Array
) -> tuple[Array, Array]:
    """Return the means (R, p) and covariances (R, p, p) of transformed resamples.

    ``means`` and ``covs`` are of the resamples of the rows as they are, ``mean`` of the whole sample.
    """
    # replicate by replicate: one product over all would round otherwise for another R
    moved = np.einsum("ij,rj->ri", transform, means - mean)
    return implied_mean + moved, transform @ covs @ transform.T


def bollen_stine_pvalue(chisq: float, replicates: Array) -> float:
    """Return the share of replicates (R,) with a larger chi-square; those that are NaN are left out.

    As in lavaan's ``test = "bollen.stine"``; NaN where no replicate has a value.

    >>> bollen_stine_pvalue(3.0, np.array([1.0, 2.0, 4.0, 5.0, np.nan]))
    0.5
    """
    solved = replicates[np.isfinite(replicates)]
    return float(np.mean(solved > chisq)) if len(solved) else float("nan")
