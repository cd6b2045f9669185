"""Sufficient statistics of one regression, per group: all the posterior needs of the respondents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.errors import DataError
from werksem.spec.types import Equation

__all__ = [
    "Statistics",
    "group_cov",
    "group_labels",
    "group_mean",
    "pooled_cov",
    "scaled_weights",
    "statistics",
    "total_cov",
    "within_cross",
]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is left of the complete rows of one regression with P predictors in G groups.

    ``rows`` (G,) complete rows; ``n`` (G,) the size the likelihood counts with, equal to ``rows``
    without weights and Kish's effective size (sum w)² / sum w² with them; ``share`` (G,) each
    group's part of the population, by weights or by rows; ``centre`` (P + 1,) grand means of the
    predictors and the outcome; ``cross`` (G, P + 2, P + 2) cross-products of
    (1, x - centre, y - centre), not divided by n.
    """

    equation: Equation
    groups: tuple[str, ...]
    rows: NDArray[np.int64]
    n: Array
    share: Array
    centre: Array
    cross: Array


def group_labels(group: pd.Series | None, rows: int) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return the labels in order of appearance and each row's group (-1 where it has none).

    >>> group_labels(pd.Series(["ZBO", "Rijk", None, "ZBO"]), 4)
    (('ZBO', 'Rijk'), array([ 0,  1, -1,  0]))
    """
    if group is None:
        return ("all",), np.zeros(rows, dtype=np.int64)
    codes, labels = pd.factorize(group.to_numpy(dtype=object))
    return tuple(str(label) for label in labels), codes.astype(np.int64)


def statistics(
    equation: Equation, scores: pd.DataFrame, groups: Sequence[str], code: NDArray[np.int64],
    weights: NDArray[np.float64] | None = None,
) -> Statistics:  # fmt: skip
    """Return the statistics of an equation's complete rows; two passes, so a large mean costs no digits.

    ``code`` (n,) numbers each row's group. Raises ``DataError`` where fewer than two rows are
    complete, or a variable does not vary.
    """
    columns = [*equation.predictors, equation.outcome]
    values = scores[columns].to_numpy(dtype=float)
    keep = np.isfinite(values).all(axis=1) & (code >= 0)
    values, code = values[keep], code[keep]
    if len(values) < 2:
        raise DataError(f"bayes: {len(values)} complete rows for the regression of {equation.outcome!r}")
    for name, column in zip(columns, values.T, strict=True):
        if np.ptp(column) == 0:
            raise DataError(f"bayes: {name!r} is {column[0]:g} in all complete rows", where=name)
    G = len(groups)
    weight = scaled_weights(code, G, None if weights is None else weights[keep])
    n = np.asarray(np.bincount(code, weight, G), dtype=float)
    total = n if weights is None else np.bincount(code, weights[keep], G)
    centre = values.mean(axis=0)
    centred = np.column_stack([np.ones(len(values)), values - centre])
    cross = np.zeros((G, len(columns) + 1, len(columns) + 1))
    for g in range(G):
        rows = centred[code == g]
        cross[g] = rows.T @ (rows * weight[code == g, None])
    return Statistics(
        equation, tuple(groups), np.bincount(code, minlength=G), n, total / total.sum(), centre, cross
    )


def scaled_weights(code: NDArray[np.int64], G: int, weights: Array | None) -> Array:
    """Return (n,) weights that add up to each group's effective size (Kish 1965); ones without weights.

    >>> scaled_weights(np.array([0, 0, 0, 1]), 2, np.array([3.0, 3.0, 3.0, 7.0]))
    array([1., 1., 1., 1.])
    >>> scaled_weights(np.array([0, 0, 1]), 2, np.array([3e-200, 0.0, 7.0]))
    array([1., 0., 1.])
    """
    if weights is None:
        return np.ones(len(code))
    largest = np.zeros(G)
    np.maximum.at(largest, code, weights)
    # squares of very small weights are zero; a power of two costs no digit
    w = np.ldexp(weights, -np.frexp(largest)[1][code])
    total, squares = np.bincount(code, w, G), np.bincount(code, w**2, G)
    return np.asarray(w * np.divide(total, squares, out=np.zeros(G), where=squares > 0)[code])


def group_mean(found: Statistics) -> Array:
    """Return (G, P + 1) means of predictors and outcome, NaN for a group without rows."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(found.cross[:, 0, 1:] / found.n[:, None] + found.centre)


def within_cross(found: Statistics) -> Array:
    """Return (G, P + 1, P + 1) cross-products about each group's own means, zero without rows."""
    sums = found.cross[:, 0, 1:]
    n = np.where(found.n > 0, found.n, 1.0)
    return np.asarray(found.cross[:, 1:, 1:] - sums[:, :, None] * sums[:, None, :] / n[:, None, None])


def group_cov(found: Statistics) -> Array:
    """Return (G, P + 1, P + 1) covariances within each group, divisor n - 1; NaN below two rows."""
    df = np.where(found.rows > 1, found.n - 1, np.nan)
    with np.errstate(invalid="ignore"):
        return np.asarray(within_cross(found) / df[:, None, None])


def pooled_cov(found: Statistics) -> Array:
    """Return (P + 1, P + 1) covariances within groups, pooled; of all rows where groups have one row each.

    A variable that is constant within every group gets its variance over all rows.
    """
    overall = total_cov(found)
    df = found.n.sum() - (found.rows > 0).sum()
    if df <= 0:
        return overall
    pooled = within_cross(found).sum(axis=0) / df
    flat = np.diag(pooled) <= 1e-12 * np.diag(overall)
    pooled[np.diag_indices_from(pooled)] = np.where(flat, np.diag(overall), np.diag(pooled))
    return np.asarray(pooled)


def total_cov(found: Statistics) -> Array:
    """Return (P + 1, P + 1) covariances over all groups, each counting for its share of the population."""
    present = found.n > 0
    mean = group_mean(found)[present]
    share, size = found.share[present], found.n[present]
    within = np.einsum("g,gij->ij", share / size, within_cross(found)[present])
    off = mean - share @ mean
    N = found.n.sum()
    return np.asarray((within + np.einsum("g,gi,gj->ij", share, off, off)) * N / (N - 1))
