"""Part of an expected information matrix: all parameters against a few, without the rest of the square."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.derivatives import Expansion, Terms, mean_factor
from werksem.estimators.objective import Point
from werksem.estimators.problem import Problem

__all__ = ["information_block"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]


def information_block(
    problem: Problem, terms: tuple[Terms, ...], point: Point, columns: Index
) -> tuple[Array, Array]:
    """Return the columns (q, k) of one respondent's expected information in phi, and its diagonal (q,).

    The same numbers as in ``objective.information``, whose square of q is not made: with tens of
    thousands of candidates it would not fit in memory. The diagonal is of parameters that stand in one
    cell; those of several have only what their cells have by themselves.
    """
    q = len(problem.scale)
    place = np.full(q, -1)
    place[columns] = np.arange(len(columns))
    block, diagonal = np.zeros((q, len(columns))), np.zeros(q)
    for group, term, x in zip(problem.groups, terms, point.expansions, strict=True):
        every = np.arange(len(term.free))
        few = np.flatnonzero(place[term.free] >= 0)
        # both halves, as W is symmetric but for the last digits
        part = (_cells(term, x, every, few) + _cells(term, x, few, every).T) / 2
        np.add.at(block, np.ix_(term.free, place[term.free[few]]), group.weight * part)
        np.add.at(diagonal, term.free, group.weight * _own(term, x))
    return block, diagonal


def _cells(terms: Terms, x: Expansion, rows: Index, columns: Index) -> Array:
    """Return ``cell_information`` (rows, columns) of some cells."""
    u, v, c, W, d = terms.u, terms.v, terms.c, x.W, mean_factor(terms, x)
    iu, iv, ju, jv = u[rows], v[rows], u[columns], v[columns]
    pairs = W[np.ix_(iu, ju)] * W[np.ix_(iv, jv)] + W[np.ix_(iu, jv)] * W[np.ix_(iv, ju)]
    return np.outer(c[rows], c[columns]) * pairs + np.outer(d[rows], d[columns]) * W[np.ix_(iu, ju)]


def _own(terms: Terms, x: Expansion) -> Array:
    """Return the diagonal (K,) of ``cell_information``."""
    u, v, c, W, d = terms.u, terms.v, terms.c, x.W, mean_factor(terms, x)
    return c * c * (W[u, u] * W[v, v] + W[u, v] * W[v, u]) + d * d * W[u, u]
