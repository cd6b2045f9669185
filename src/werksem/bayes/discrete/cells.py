"""Answers in categories as counts: one cell per group and distinct row of covariates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.errors import DataError

__all__ = ["Cells", "categories", "cells"]

Array = NDArray[np.float64]
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Cells:
    """C cells of rows that are equal in group and covariates, group by group.

    ``start`` (G + 1,) where each group's cells begin; ``x`` (C, P) the covariates; ``counts`` (C, J)
    how often each category was chosen, in sums of weights where there are weights.
    """

    start: NDArray[np.int64]
    x: Array
    counts: Array


def _listed(values: Array) -> str:
    shown = ", ".join(f"{value:g}" for value in values[:SHOWN])
    return shown + (f" and {len(values) - SHOWN} more" if len(values) > SHOWN else "")


def categories(outcome: str, family: str, values: Array) -> tuple[Array, tuple[str, ...]]:
    """Return the values (J,) that were answered, lowest first, and sentences on those that were not.

    ``family`` is ``probit``, ``logit`` or ``ordered``. Raises ``DataError`` where yes or no has other
    than two values, or ordered categories are no whole numbers or fewer than three.

    >>> categories("y", "ordered", np.array([1.0, 2, 4, 2, np.nan]))
    (array([1., 2., 4.]), ("bayes: category 3 of 'y' was never answered and is dropped",))
    """
    found = np.unique(values[np.isfinite(values)])
    key = f"bayes.outcomes.{outcome}"
    if family != "ordered":
        if len(found) != 2:
            raise DataError(
                f"{key}: {family} needs exactly two values, found {_listed(found) or 'none'}; right is "
                f"an outcome coded in two values, or ordered for three or more categories", where=outcome,
            )  # fmt: skip
        return found, ()
    if (found != np.round(found)).any():
        raise DataError(
            f"{key}: ordered needs whole numbers, found {_listed(found[found != np.round(found)])}; right is "
            f"one item, not a mean of items, or no entry in bayes.outcomes", where=outcome,
        )  # fmt: skip
    if len(found) < 3:
        raise DataError(
            f"{key}: ordered needs at least three categories, found {_listed(found) or 'none'}; right is "
            f"probit for two", where=outcome,
        )  # fmt: skip
    unused = np.setdiff1d(np.arange(found[0], found[-1]), found) if np.ptp(found) < 100 else found[:0]
    said = f"bayes: category {_listed(unused)} of {outcome!r} was never answered and is dropped"
    return found, (said,) if len(unused) else ()


def cells(group: NDArray[np.int64], x: Array, category: NDArray[np.int64], weight: Array, G: int, J: int,
          *, collapse: bool = True) -> Cells:  # fmt: skip
    """Return the cells of n rows: group and category (n,) by number, x (n, P), weight (n,).

    Without ``collapse`` every row is a cell of its own.

    >>> x = np.array([[1.0], [2.0], [1.0]])
    >>> cells(np.zeros(3, int), x, np.array([0, 1, 1]), np.ones(3), 1, 2).counts
    array([[1., 1.],
           [0., 1.]])
    """
    if collapse:
        frame = pd.DataFrame(x).assign(group=group)
        number = frame.groupby(["group", *range(x.shape[1])], sort=True).ngroup().to_numpy()
    else:
        number = np.argsort(np.argsort(group, kind="stable"), kind="stable")
    C = int(number.max()) + 1
    first = np.empty(C, dtype=np.int64)
    first[number] = np.arange(len(number))
    counts = np.zeros((C, J))
    np.add.at(counts, (number, category), weight)
    start = np.searchsorted(group[first], np.arange(G + 1))
    return Cells(start.astype(np.int64), np.ascontiguousarray(x[first]), counts)
