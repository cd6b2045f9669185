"""Moments: what is left of the respondents once they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Moments", "effective_n", "moments", "select"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Moments:
    """Size, means and covariances of one group's variables.

    ``names`` (p), ``n`` respondents, ``mean`` (p,) and ``cov`` (p, p) with divisor n. ``group``
    is the group's label as in the data, ``all`` where there is one group.
    """

    names: tuple[str, ...]
    n: float
    mean: Array
    cov: Array
    group: str = "all"


def moments(
    data: Array, names: Sequence[str], *, weights: Array | None = None, group: str = "all"
) -> Moments:
    """Return the moments of complete rows (n, p), optionally weighted, with divisor n.

    Two passes (centre, then multiply), so that a large mean costs no digits.

    >>> m = moments(np.array([[1.0], [2.0], [3.0]]), ["x"])
    >>> float(m.cov[0, 0])
    0.6666666666666666
    """
    rows = np.ascontiguousarray(data, dtype=float)
    share = np.full(len(rows), 1 / len(rows)) if weights is None else weights / weights.sum()
    mean = share @ rows
    centred = rows - mean
    cov = (centred * share[:, None]).T @ centred
    return Moments(tuple(names), float(len(rows)), mean, (cov + cov.T) / 2, group)


def effective_n(weights: Array) -> float:
    """Return how many equally weighted respondents say as much of a mean: (Σw)² / Σw² (Kish, 1965).

    The size of weights (n,), of which one or more are positive, makes no difference.

    >>> effective_n(np.array([1.0, 1.0, 1.0])), effective_n(np.array([3e-200, 0.0, 0.0]))
    (3.0, 1.0)
    """
    # a power of two costs no digit
    w = np.ldexp(weights, -np.frexp(weights.max())[1])
    return float(w.sum() ** 2 / (w**2).sum())


def select(source: Moments, names: Sequence[str]) -> Moments:
    """Return the moments of some of the variables, in the given order."""
    at = [source.names.index(name) for name in names]
    return Moments(tuple(names), source.n, source.mean[at], source.cov[np.ix_(at, at)], source.group)
