"""How much of the answers respondents of one organisation share, and what of the normals that is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.calibrate.copula import roots
from werksem.calibrate.marginals import Marginal, coefficients

__all__ = ["between_answers", "parts_of"]

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


def between_answers(rows: Array, cluster: Codes) -> Array:
    """Return the covariances (p, p) of two respondents of one cluster, from complete rows (n, p).

    The estimator of the analysis of variance (Searle, Casella & McCulloch, 1992, ch. 3), matrices for
    variances: (MS between - MS within) / n0, n0 = (n - sum n_j² / n) / (J - 1).

    >>> between_answers(np.array([[0.0], [2.0], [4.0], [6.0]]), np.array([0, 0, 1, 1])).tolist()
    [[7.0]]
    """
    code = np.unique(cluster, return_inverse=True)[1]
    size = np.bincount(code).astype(float)
    n, J = len(rows), len(size)
    if J < 2 or n <= J:
        return np.zeros((rows.shape[1], rows.shape[1]))
    sums = np.zeros((J, rows.shape[1]))
    np.add.at(sums, code, rows)
    means = sums / size[:, None]
    off = means - rows.mean(axis=0)
    between = (off * size[:, None]).T @ off / (J - 1)
    deviation = rows - means[code]
    within = deviation.T @ deviation / (n - J)
    return np.asarray((between - within) / ((n - (size**2).sum() / n) / (J - 1)))


def parts_of(columns: tuple[Marginal, ...], correlation: Array, between: Array) -> tuple[Array, Array]:
    """Return what of the normals' correlation (p, p) lies between clusters, and what within; the sum has 1s.

    ``between`` (p, p) are covariances of the answers of two respondents of one cluster. Negative ones of a
    column with itself count as none. Both parts are made positive semidefinite.
    """
    shared = roots(coefficients(columns), between)
    shared[np.diag(between) <= 0] = 0.0
    shared[:, np.diag(between) <= 0] = 0.0
    shared = _not_negative((shared + shared.T) / 2)
    own = _not_negative(correlation - shared)
    size = np.sqrt(np.diag(shared + own))
    return shared / np.outer(size, size), own / np.outer(size, size)


def _not_negative(matrix: Array) -> Array:
    """Return the nearest positive semidefinite matrix (p, p)."""
    values, vectors = np.linalg.eigh(matrix)
    return matrix if values[0] >= 0 else np.asarray((vectors * np.maximum(values, 0)) @ vectors.T)
