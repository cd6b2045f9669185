"""Scaled test statistics: Yuan-Bentler (MLR), Satorra-Bentler (MLM), mean and variance adjusted (MLMV).

The statistic's expectation is tr(U Gamma), Gamma the covariances of a respondent's squares and
products, U the weight V with the model's part taken out. Traces are averages over respondents, so
no p* by p* matrix is formed: with w = vech(zz' - S) and s the casewise scores of the model,

    tr(V Gamma) = mean of w'V w,    tr(V Delta E^-1 Delta'V Gamma) = mean of s'E^-1 s.

MLR takes V at the sample's moments and E observed, scores at the model's moments (Asparouhov &
Muthen, 2005); MLM takes everything at the model's moments and E expected (Satorra & Bentler, 1994).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.problem import GroupProblem
from werksem.inference.unit_sums import cluster_totals, squares
from werksem.respondents import Respondents

__all__ = ["explained_by", "projected_squares", "saturated_squares", "spread_trace", "squares_in_blocks"]

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
    found = 0.5 * (distance**2 - 2 * cross + constant)
    return found + distance if means else found


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


def squares_in_blocks(
    centred: Array, root: Array, means: bool, on_x: Array | None = None
) -> Iterator[tuple[slice, Array]]:
    """Yield (rows, their squares and products (rows, p* [+ p])), less those of what x explains."""
    for begin in range(0, len(centred), BLOCK):
        part = slice(begin, begin + BLOCK)
        found = projected_squares(centred[part], root, means)
        yield part, found if on_x is None else found - projected_squares(on_x[part], root, means)


def spread_trace(
    weight: Array, centred: Array, data: Respondents, means: bool, on_x: Array | None = None
) -> float:
    """Return tr(V Gamma) of one group: the spread of the squares, less those that fixed x explains.

    Gamma is that of sums within clusters where the respondents have clusters, times C / (C - 1).
    """
    root = np.asarray(np.linalg.cholesky(weight).T, dtype=float)
    blocks = squares_in_blocks(centred, root, means, on_x)
    n = float(len(centred) if data.weights is None else data.weights.sum())
    if data.cluster is None:
        return squares(blocks, data) / n
    sums = cluster_totals(blocks, data, centred=True)
    return float((sums**2).sum()) / n * len(sums) / (len(sums) - 1)
