"""The objective over all groups in phi: value, gradient, Hessian, expected information.

F(phi) = sum over groups of n_g/n [log|Sigma| + tr(Sigma^-1 T) - log|S| - p].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.derivatives import (
    Expansion,
    Terms,
    cell_gradient,
    cell_hessian,
    cell_information,
    expand,
    first_order,
    group_terms,
)
from werksem.estimators.problem import Problem

__all__ = ["Point", "evaluate", "gradient", "half_first_order", "hessian", "information", "problem_terms"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Point:
    """A value of phi with every group's expansion there."""

    phi: Array
    discrepancy: float
    expansions: tuple[Expansion, ...]


def problem_terms(problem: Problem) -> tuple[Terms, ...]:
    """Return the free cells of every group."""
    return tuple(group_terms(group, problem.n_observed, problem.n_eta) for group in problem.groups)


def evaluate(problem: Problem, phi: Array) -> Point | None:
    """Return the point at phi, None where a group's Sigma is not positive definite."""
    found = []
    for group in problem.groups:
        expansion = expand(problem, group, phi)
        if expansion is None or not np.isfinite(expansion.discrepancy):
            return None
        found.append(expansion)
    value = sum(g.weight * x.discrepancy for g, x in zip(problem.groups, found, strict=True))
    return Point(phi, value, tuple(found))


def gradient(problem: Problem, terms: tuple[Terms, ...], point: Point) -> Array:
    """Return dF/dphi (q,)."""
    out = np.zeros(len(problem.scale))
    for group, term, x in zip(problem.groups, terms, point.expansions, strict=True):
        np.add.at(out, term.free, group.weight * cell_gradient(term, x))
    return out


def hessian(problem: Problem, terms: tuple[Terms, ...], point: Point) -> Array:
    """Return the Hessian of F in phi (q, q)."""
    parts = [cell_hessian(t, x) for t, x in zip(terms, point.expansions, strict=True)]
    return _assemble(problem, terms, parts)


def information(problem: Problem, terms: tuple[Terms, ...], point: Point) -> Array:
    """Return the expected information of one respondent in phi (q, q), groups weighted by n_g/n."""
    parts = [cell_information(t, x) for t, x in zip(terms, point.expansions, strict=True)]
    return _assemble(problem, terms, parts)


def half_first_order(problem: Problem, terms: tuple[Terms, ...], point: Point) -> Array:
    """Return half the Hessian without the second derivatives of Sigma and mu (q, q)."""
    parts = [first_order(t, x) / 2 for t, x in zip(terms, point.expansions, strict=True)]
    return _assemble(problem, terms, parts)


def _assemble(problem: Problem, terms: tuple[Terms, ...], parts: list[Array]) -> Array:
    q = len(problem.scale)
    out = np.zeros((q, q))
    for group, term, part in zip(problem.groups, terms, parts, strict=True):
        np.add.at(out, np.ix_(term.free, term.free), group.weight * part)
    return (out + out.T) / 2
