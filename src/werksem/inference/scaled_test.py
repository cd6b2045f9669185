"""Scaled test statistics: Yuan-Bentler (MLR), Satorra-Bentler (MLM), mean and variance adjusted (MLMV).

The statistic's expectation is tr(U Gamma), Gamma the covariances of a respondent's squares and
products, U the weight V with the model's part taken out. Traces are averages over respondents, so
no p* by p* matrix is formed: with w = vech(zz' - S) and s the casewise scores of the model,

    tr(V Gamma) = mean of w'V w,    tr(V Delta E^-1 Delta'V Gamma) = mean of s'E^-1 s.

MLR takes V at the sample's moments and E observed, scores at the model's moments (Asparouhov &
Muthen, 2005); MLM takes everything at the model's moments and E expected (Satorra & Bentler, 1994).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.problem import GroupProblem

__all__ = ["conditional_trace", "explained_by", "projected_squares", "saturated_squares", "saturated_sums"]

Array = NDArray[np.float64]
BLOCK = 4096


def saturated_squares(S: Array, weight: Array, centred: Array, means: bool) -> Array:
    """Return w'V w (n,) of deviations from the mean (n, p), V made of ``weight`` (p, p).

    w'V w = half tr[(weight (zz' - S))²], plus z'weight z where means are modelled.
    """
    VS = weight @ S
    constant = float(np.einsum("ij,ji->", VS, VS))
    solved = centred @ weight
    distance = np.einsum("ij,ij->i", solved, centred)
    cross = np.einsum("ij,ij->i", solved @ S, solved)
    squares = 0.5 * (distance**2 - 2 * cross + constant)
    return squares + distance if means else squares


def saturated_sums(
    S: Array, weight: Array, centred: Array, means: bool, cluster: NDArray[np.int64], sampling: Array
) -> Array:
    """Return the sums (clusters, p*) of w over each cluster's respondents, times sampling weights.

    In coordinates where V is the identity: with weight = R'R and y = R z, the entries of w are
    y_a y_b - s_ab below the diagonal and (y_a² - s_aa)/sqrt 2 on it, then y itself for the means.
    """
    root = np.asarray(np.linalg.cholesky(weight).T, dtype=float)
    target = projected_squares(np.zeros((1, len(S))), root, means)[0]
    i, j = np.tril_indices(len(S))
    target[: len(i)] = (root @ S @ root.T)[i, j] * np.where(i == j, np.sqrt(0.5), 1.0)
    out = np.zeros((int(cluster.max()) + 1, len(target)))
    for begin in range(0, len(centred), BLOCK):
        part = slice(begin, begin + BLOCK)
        w = projected_squares(centred[part], root, means) - target
        np.add.at(out, cluster[part], w * sampling[part, None])
    return out


def projected_squares(centred: Array, root: Array, means: bool) -> Array:
    """Return vech(yy') with its diagonal over sqrt 2, and y where means are modelled; y = R z."""
    y = centred @ root.T
    i, j = np.tril_indices(len(root))
    products = y[:, i] * y[:, j] * np.where(i == j, np.sqrt(0.5), 1.0)
    return np.hstack([products, y]) if means else products


def explained_by(group: GroupProblem, rows: Array, given: list[int]) -> Array:
    """Return what the columns ``given`` explain of the deviations from the mean (n_g, p), themselves kept."""
    centred = rows / group.units - group.mean
    slopes = np.linalg.solve(group.cov[np.ix_(given, given)], group.cov[given])
    return np.asarray(centred[:, given] @ slopes, dtype=float)


def conditional_trace(weight: Array, centred: Array, on_x: Array, means: bool) -> float:
    """Return tr(V Gamma) where x is fixed: the spread of the squares less those that x explains."""
    root = np.asarray(np.linalg.cholesky(weight).T, dtype=float)
    total, mean = 0.0, 0.0
    for begin in range(0, len(centred), BLOCK):
        part = slice(begin, begin + BLOCK)
        w = projected_squares(centred[part], root, means) - projected_squares(on_x[part], root, means)
        total += float((w**2).sum())
        mean = mean + w.sum(axis=0) / len(centred)
    return total / len(centred) - float(np.sum(mean**2))
