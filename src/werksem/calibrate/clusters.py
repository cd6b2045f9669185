"""What of the normals behind the answers an organisation shares, so that answers are as alike as found."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.calibrate.copula import Link, link_of, nearest_correlation, roots
from werksem.calibrate.marginals import Marginal

__all__ = [
    "alikeness", "constant", "drawn_alikeness", "holding", "parts_of", "root", "root_between",
]  # fmt: skip

Array = NDArray[np.float64]
SAME = 1e-10  # of a variance: rounding


def parts_of(
    columns: tuple[Marginal, ...], correlation: Array, between: Array, within: Array,
    link: Link | None = None, apart: Array | float = 0.0, traits: NDArray[np.bool_] | None = None,
) -> tuple[Array, Array]:  # fmt: skip
    """Return what of the normals' correlation (p, p) lies between clusters, and what within; the sum has 1s.

    ``between`` and ``within`` (p, p) are covariances of answers. A column keeps the share of its variance
    that lies between clusters, a negative one as none, whatever is done to the covariances so that both parts
    are positive semidefinite. What is the same for all of a cluster lies wholly between, so another column
    shares at least what these explain of it. A covariance that is NaN is as the columns correlate. ``apart``
    (p, p) is how far clusters covary by what is given of them, which is left out; ``link`` how answers do.
    ``traits`` (p,) are the same for all of a cluster though no two of one may be here to show it.
    """
    shared, same = _wanted(columns, correlation, between, within, link or link_of(columns), apart)
    same = same if traits is None else same | traits
    fixed, rest = np.flatnonzero(same), np.flatnonzero(~same)
    explained = np.zeros((len(rest), len(rest)))
    if len(fixed):
        cross = correlation[np.ix_(rest, fixed)]
        explained = cross @ np.linalg.pinv(correlation[np.ix_(fixed, fixed)], hermitian=True) @ cross.T
    wanted = shared[np.ix_(rest, rest)]
    left = _keeping(wanted - explained, np.maximum(np.diag(wanted - explained), 0.0))
    inner = explained + left
    own = _keeping(correlation[np.ix_(rest, rest)] - inner, np.maximum(1 - np.diag(inner), 0.0))
    out, apart = correlation.copy(), np.zeros_like(correlation)
    out[np.ix_(rest, rest)], apart[np.ix_(rest, rest)] = inner, own
    return out, apart


def _wanted(
    columns: tuple[Marginal, ...],
    correlation: Array,
    between: Array,
    within: Array,
    link: Link,
    apart: Array | float,
) -> tuple[Array, NDArray[np.bool_]]:
    """Return the normals' covariances (p, p) between clusters; which columns (p,) are constant in them."""
    share = alikeness(between, within)
    same = constant(share)
    none = ~(share > 0)
    sd = np.array([column.sd for column in columns])
    scale = sd / np.sqrt(np.where(none, 1.0, np.diag(between) + np.diag(within)))
    found = roots(link, np.nan_to_num(between * np.outer(scale, scale)) - apart)
    none |= ~(np.diag(found) > 0)
    size = np.sqrt(np.where(none, 0.0, np.diag(found)))
    found = np.where(np.isfinite(between), found, correlation * np.outer(size, size))
    found[none], found[:, none] = 0.0, 0.0
    return (found + found.T) / 2, same


def alikeness(between: Array, within: Array) -> Array:
    """Return ICC(1) (p,): the share of each column's variance that lies between clusters, NaN where unknown.

    >>> alikeness(np.array([[1.0]]), np.array([[3.0]])).tolist()
    [0.25]
    """
    one, other = np.diag(between), np.diag(within)
    total = one + other
    return np.divide(one, total, out=np.full(len(one), np.nan), where=total > 0)


def constant(icc: Array) -> NDArray[np.bool_]:
    """Return of which columns (p,) nothing varies within clusters, by their ICC."""
    return np.asarray(icc >= 1 - SAME)


def drawn_alikeness(
    columns: tuple[Marginal, ...], between: Array, link: Link | None = None, apart: Array | float = 0.0
) -> Array:
    """Return ICC(1) (p,) of answers whose normals share ``between`` (p, p) within a cluster.

    ``apart`` and ``link`` as in ``parts_of``.
    """
    cov = np.diag((link or link_of(columns))(between) + apart)
    return np.where(np.diag(between) >= 1, 1.0, cov / np.array([column.sd**2 for column in columns]))


def _keeping(matrix: Array, diagonal: Array) -> Array:
    """Return a positive semidefinite matrix (p, p) of this diagonal: eigenvalues below 0 raised, rescaled."""
    values, vectors = np.linalg.eigh(matrix)
    found = matrix if values.min(initial=0.0) >= 0 else (vectors * np.maximum(values, 0)) @ vectors.T
    size = np.diag(found)
    scale = np.sqrt(np.divide(diagonal, size, out=np.zeros_like(diagonal), where=size > 0))
    return np.asarray(found * np.outer(scale, scale))


def holding(matrix: Array, which: NDArray[np.bool_], block: Array) -> Array:
    """Return a correlation matrix (p, p) beside a symmetric one that has ``block`` (t, t) as it is.

    That is of ``which`` (p,), itself a correlation matrix. Where the nearest matrix moves it, what others
    covary with it is turned so that they keep what is left of them given it.

    >>> block = np.array([[1.0, 0.8], [0.8, 1.0]])
    >>> asked = np.array([[1.0, 0.0, 0.9], [0.0, 1.0, -0.9], [0.9, -0.9, 1.0]])
    >>> found = holding(asked, np.array([True, True, False]), block)
    >>> found[:2, :2].tolist() == block.tolist(), bool(np.linalg.eigvalsh(found)[0] > -1e-12)
    (True, True)
    """
    fixed, rest = np.flatnonzero(which), np.flatnonzero(~which)
    inner, across = np.ix_(fixed, fixed), np.ix_(fixed, rest)
    asked = matrix.copy()
    asked[inner] = block
    found = nearest_correlation(asked).copy()
    cross = root(block) @ np.linalg.pinv(root(found[inner]), hermitian=True) @ found[across]
    found[inner], found[across], found[np.ix_(rest, fixed)] = block, cross, cross.T
    return found


def root(matrix: Array) -> Array:
    """Return the symmetric square root (p, p) of a positive semidefinite matrix, 0 where a variance is."""
    values, vectors = np.linalg.eigh(matrix)
    found = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    none = np.diag(matrix) <= 0  # so that what no cluster varies in does not, by rounding
    found[none], found[:, none] = 0.0, 0.0
    return np.asarray(found)


def root_between(matrix: Array, traits: NDArray[np.bool_]) -> Array:
    """Return R (p, p) with R' R a positive semidefinite matrix, in which ``traits`` use rows of their own.

    So draws that all groups share make them the same in every group.

    >>> R = root_between(np.array([[0.5, 0.3], [0.3, 1.0]]), np.array([False, True]))
    >>> (R.T @ R).round(9).tolist(), R[:, 1].tolist()
    ([[0.5, 0.3], [0.3, 1.0]], [0.0, 1.0])
    """
    fixed, rest = np.flatnonzero(traits), np.flatnonzero(~traits)
    found = np.zeros_like(matrix)
    own = root(matrix[np.ix_(fixed, fixed)])
    cross = np.linalg.pinv(own, hermitian=True) @ matrix[np.ix_(fixed, rest)]
    found[np.ix_(fixed, fixed)], found[np.ix_(fixed, rest)] = own, cross
    found[np.ix_(rest, rest)] = root(matrix[np.ix_(rest, rest)] - cross.T @ cross)
    return found
