"""Which numbers to hide so that a hidden one cannot be worked out: a linear programme."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Published", "to_hide"]

Array = NDArray[np.float64]
# a change smaller than this, where the hidden number changes by 1, is none
NONE = 1e-6


@dataclass(frozen=True, slots=True)
class Published:
    """What is shown of u unknowns: sums (k, u) to hide at a ``cost`` (k,), and bases (b, u), which stay.

    The unknowns are numbers of respondents, ``sizes`` (u,) of them, never below 0; infinite where not known.
    """

    sums: Array
    bases: Array
    sizes: Array
    cost: Array


def to_hide(sought: Array, published: Published) -> list[int] | None:
    """Return the cheapest shown sums (places in k) to hide so that the sought sum (u,) is not determined.

    Empty where it is not determined as it is; None where hiding sums does not help, since the bases
    determine it. A change of the unknowns is sought that changes this sum by 1, no base, and the shown
    sums as little as can be, each weighted by its cost (Kelly, Golden & Assad, 1992, Networks 22).

    >>> two = Published(np.array([[0.0, 1.0]]), np.array([[1.0, 1.0]]), np.array([3.0, 5.0]), np.ones(1))
    >>> to_hide(np.array([1.0, 0.0]), two)
    [0]
    """
    ways = [_change(sought, published, by) for by in (1.0, -1.0)]
    found = [way for way in ways if way is not None]
    if not found:
        return None
    _, change = min(found, key=lambda way: way[0])
    return [int(j) for j in np.flatnonzero(np.abs(published.sums @ change) > NONE)]


def _change(sought: Array, published: Published, by: float) -> tuple[float, Array] | None:
    """Return what the cheapest change (u,) of the sought sum by 1 or -1 costs, and it; None without one."""
    from scipy.optimize import linprog

    k, u = published.sums.shape
    # variables: change of the unknowns (u), absolute change of every shown sum (k)
    above = np.hstack([published.sums, -np.eye(k)])
    below = np.hstack([-published.sums, -np.eye(k)])
    fixed = np.vstack([published.bases, sought])
    answer = linprog(
        np.concatenate([np.zeros(u), published.cost]),
        A_ub=np.vstack([above, below]), b_ub=np.zeros(2 * k),
        A_eq=np.hstack([fixed, np.zeros((len(fixed), k))]), b_eq=np.append(np.zeros(len(fixed) - 1), by),
        bounds=[*((-size, None) for size in published.sizes), *([(0, None)] * k)],
    )  # fmt: skip
    return (float(answer.fun), answer.x[:u]) if answer.status == 0 else None
