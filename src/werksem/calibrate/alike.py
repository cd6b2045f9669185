"""How alike the answers of one organisation are: covariances of two respondents, from rows with blanks.

Every pair of questions is estimated from who answered them, so that questions that nobody is asked together
have their part too; what the data do not say is NaN, never nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

__all__ = ["between_answers", "correlations", "shared_between"]

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
NONE = 1e-9  # of a count of respondents: rounding


def between_answers(rows: Array, cluster: Codes, weights: Array | None = None) -> tuple[Array, Array]:
    """Return covariances (p, p) between clusters and within them, of answers (n, p) with blanks.

    The estimator of the analysis of variance (Searle, Casella & McCulloch, 1992, ch. 3), matrices for
    variances, with ``weights`` (n,) for counts. Within: pooled over the rows that have both of a pair.
    Between: from clusters' means of j and of k, weighing u = (W_j W_k)^½, less what the respondents with
    both bring into it. With complete rows that is (MS between - MS within) / n0. NaN where no two clusters
    answered both, or the rows with both tell nothing of the covariance within.

    >>> between, within = between_answers(np.array([[0.0], [2.0], [4.0], [6.0]]), np.array([0, 0, 1, 1]))
    >>> between.tolist(), within.tolist()
    ([[7.0]], [[2.0]])
    """
    p = rows.shape[1]
    within, freedom, u1, u2, mean, product, shared, both = (np.zeros((p, p)) for _ in range(8))
    for A, X, v in _clusters(rows, cluster, weights):
        W, total = A.T @ (v * A), X.T @ (v * A)  # (j, k): of j, over the rows that have k
        squares = A.T @ (v * v * A)
        own = np.diag(W)
        average = _ratio(np.diag(total), own)
        u = np.sqrt(np.outer(own, own))
        within += X.T @ (v * X) - _ratio(total * total.T, W)
        freedom += W - _ratio(squares, W)
        u1, u2, mean = u1 + u, u2 + u * u, mean + u * average[:, None]
        product += u * np.outer(average, average)
        shared, both = shared + _ratio(squares, u), both + squares
    inside = _told(within, freedom)
    noise = shared - _ratio(both, u1)
    less = np.where(noise > NONE, inside * noise, 0.0)
    return _told(product - _ratio(mean * mean.T, u1) - less, u1 - _ratio(u2, u1)), inside


def _clusters(
    rows: Array, cluster: Codes, weights: Array | None
) -> Iterator[tuple[Array, Array, Array]]:  # fmt: skip
    """Yield of each cluster who answered what (m, p), answers from their means (m, p) and weights (m, 1)."""
    known = np.isfinite(rows)
    v = np.ones(len(rows)) if weights is None else weights
    off = _centred(rows, known, v)
    order = np.argsort(cluster, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(cluster[order])) + 1):
        yield known[part].astype(float), off[part], v[part, None]


def _centred(rows: Array, known: NDArray[np.bool_], v: Array) -> Array:
    """Return answers less the mean of who answered, 0 where blank."""
    filled = np.where(known, rows, 0.0)
    return np.where(known, filled - _ratio(v @ filled, v @ known), 0.0)


def _ratio(a: Array, b: Array) -> Array:
    """Return a / b, 0 where b is 0."""
    return np.divide(a, b, out=np.zeros(np.broadcast_shapes(a.shape, b.shape)), where=b != 0)


def _told(a: Array, b: Array) -> Array:
    """Return a / b, NaN where b is 0 but for rounding."""
    return np.divide(a, b, out=np.full(a.shape, np.nan), where=b > NONE)


def correlations(rows: Array, weights: Array | None = None) -> Array:
    """Return correlations (p, p) of answers (n, p), each pair from the rows that have both; NaN without such.

    >>> correlations(np.array([[1.0, 2.0], [2.0, 4.0], [9.0, np.nan]])).round(6).tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    known = np.isfinite(rows)
    A = known.astype(float)
    v = np.ones(len(rows)) if weights is None else weights
    off = _centred(rows, known, v)
    weighted = v[:, None] * off
    W, total = A.T @ (v[:, None] * A), weighted.T @ A
    cov = off.T @ weighted - _ratio(total * total.T, W)
    square = (off * weighted).T @ A - _ratio(total**2, W)  # (j, k): of j, over the rows that have k
    return _told(cov, np.sqrt(np.maximum(square * square.T, 0.0)))


def shared_between(
    rows: Array, cluster: Codes, parts: tuple[Codes, ...], spread: tuple[Array, ...],
    weights: Array | None = None,
) -> Array:  # fmt: skip
    """Return how far clusters pull alike in each group (G, G): 1 where they do the same in both, 0 apart.

    ``parts`` are the rows of each group, ``spread`` (p,) the standard deviations between clusters within
    each. The covariance of a cluster's means in two groups, which have no respondent in common, over the
    product of the spreads; one number for all columns, between 0 and 1. NaN where no two clusters are in
    both, or none varies.
    """
    found = np.eye(len(parts))
    v = np.ones(len(rows)) if weights is None else weights
    means = [_means(rows[part], cluster[part], v[part], int(cluster.max()) + 1) for part in parts]
    for g, (one, count) in enumerate(means):
        for h, (other, of_other) in enumerate(means[:g]):
            u = np.sqrt(count * of_other)  # (J, p)
            total = u.sum(axis=0)
            product = (u * one * other).sum(axis=0) - _ratio(
                (u * one).sum(axis=0) * (u * other).sum(axis=0), total
            )
            cov = _told(product, total - _ratio((u * u).sum(axis=0), total))
            size = np.where(np.isfinite(cov), spread[g] * spread[h], 0.0)
            share = np.where(size > 0, cov, 0.0).sum() / size.sum() if size.sum() > 0 else np.nan
            found[g, h] = found[h, g] = np.clip(share, 0.0, 1.0)
    return found


def _means(rows: Array, cluster: Codes, v: Array, J: int) -> tuple[Array, Array]:
    """Return clusters' means (J, p) about that of all, and the weight (J, p) of who answered."""
    known = np.isfinite(rows)
    total, count = np.zeros((J, rows.shape[1])), np.zeros((J, rows.shape[1]))
    np.add.at(total, cluster, v[:, None] * _centred(rows, known, v))
    np.add.at(count, cluster, v[:, None] * known)
    return _ratio(total, count), count
