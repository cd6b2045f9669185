"""The normal correlations behind answers in categories, such that the answers covary as they should.

The covariance of two columns is a power series in the correlation r of the normals behind them (Mehler, 1866;
``survey/ordinal.py``), and rises with r: its derivative is the mean of the product of two rising steps'
densities. So r is found pair by pair, by halving. What pairs ask may fit no correlation matrix; the nearest
one is taken then by its eigenvalues, and everything is counted again from what was reached.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from werksem.calibrate.marginals import Marginal, coefficients
from werksem.survey.ordinal import series

__all__ = ["Link", "answer_covariances", "link_of", "nearest_correlation", "normal_correlations", "roots"]

Array = NDArray[np.float64]
Link = Callable[[Array], Array]  # from correlations (p, p) of normals to covariances (p, p) of answers
# beyond it the series of a step ends too early: .97^160 = .008, times coefficients below .001
LARGEST = 0.97
HALVINGS = 40
SMALLEST = 1e-8  # eigenvalue


def link_of(columns: tuple[Marginal, ...], *, latent: bool = False) -> Link:
    """Return how answers covary when their normals do; with ``latent`` ordered ones are their normals."""
    return partial(series, coefficients(columns, latent=latent))


def normal_correlations(columns: tuple[Marginal, ...], wanted: Array, link: Link | None = None) -> Array:
    """Return the correlations (p, p) of the normals whose answers have the covariances ``wanted`` (p, p).

    Of ordered columns ``wanted`` speaks of the normal variables themselves. Pairs that no correlation
    up to ±.97 brings that far are left at ±.97; the diagonal is 1. ``link`` is another way to covary.

    >>> from werksem.calibrate.marginals import marginal
    >>> yes = marginal("x", np.array([0.0, 1.0]))
    >>> quarter = np.array([[0.25, 1 / 12], [1 / 12, 0.25]])  # arcsin(r) / (2 pi) = 1 / 12
    >>> round(float(normal_correlations((yes, yes), quarter)[0, 1]), 6)
    0.5
    """
    found = roots(link or link_of(columns, latent=True), wanted)
    np.fill_diagonal(found, 1.0)
    return found


def roots(link: Link, wanted: Array) -> Array:
    """Return r (p, p) at which answers have the covariances ``wanted`` (p, p)."""
    low, high = np.full_like(wanted, -LARGEST), np.full_like(wanted, LARGEST)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = link(middle) > wanted
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.asarray((low + high) / 2)


def answer_covariances(columns: tuple[Marginal, ...], correlation: Array) -> Array:
    """Return the covariances (p, p) of the answers that normals with this correlation (p, p) show.

    >>> from werksem.calibrate.marginals import marginal
    >>> yes = marginal("x", np.array([0.0, 1.0]))
    >>> found = answer_covariances((yes, yes), np.array([[1.0, 0.5], [0.5, 1.0]]))
    >>> found.round(6).tolist()
    [[0.25, 0.083333], [0.083333, 0.25]]
    """
    off = np.where(np.eye(len(columns), dtype=bool), 0.0, correlation)
    found = series(coefficients(columns), off)
    np.fill_diagonal(found, [column.sd**2 for column in columns])
    return found


def nearest_correlation(matrix: Array, smallest: float = SMALLEST) -> Array:
    """Return a correlation matrix (p, p) beside a symmetric one: eigenvalues below ``smallest`` raised to it.

    The same matrix where none is; else rescaled to a diagonal of 1 (Rousseeuw & Molenberghs, 1993).

    >>> nearest_correlation(np.array([[1.0, 0.5], [0.5, 1.0]])).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    >>> nearest_correlation(np.array([[1.0, 1.2], [1.2, 1.0]])).round(6).tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    values, vectors = np.linalg.eigh(matrix)
    if values[0] >= smallest:
        return matrix
    raised = (vectors * np.maximum(values, smallest)) @ vectors.T
    size = np.sqrt(np.diag(raised))
    return np.asarray(raised / np.outer(size, size))
