"""How much respondents of one organisation or group are alike, and what it costs in precision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Likeness", "likeness"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike respondents of one unit are in one variable.

    ``n`` respondents in ``units``; ``size`` their mean number per unit, ``size_weighted`` the size
    of the unit of a random respondent; ``icc1`` the share of variance between units, ``icc2`` the
    reliability of unit means; ``design_effect`` the factor by which it enlarges sampling variances.
    """

    n: int
    units: int
    size: float
    size_weighted: float
    icc1: float
    icc2: float
    design_effect: float


def likeness(values: Array, codes: NDArray[np.int64]) -> Likeness:
    """Return the likeness of answers (n,) within units (codes 0 …), blanks left out.

    One-way analysis of variance with n0 = (n - sum(n_j²)/n) / (J - 1) for unequal units: ICC(1) =
    (MSB - MSW) / (MSB + (n0 - 1) MSW) (Searle, Casella & McCulloch, 1992), ICC(2) = (MSB - MSW) / MSB;
    design effect 1 + (m - 1) ICC(1) with m = sum(n_j²) / n (Kish, 1965), a negative ICC(1) counting as
    zero there. NaN for one unit, or units of one respondent.

    >>> found = likeness(np.array([1.0, 2.0, 4.0, 5.0]), np.array([0, 0, 1, 1]))
    >>> round(found.icc1, 4), round(found.icc2, 4), round(found.design_effect, 4)
    (0.8947, 0.9444, 1.8947)
    """
    known = np.isfinite(values)
    y, unit = values[known], np.unique(codes[known], return_inverse=True)[1]
    sizes = np.bincount(unit).astype(float)
    n, units = len(y), len(sizes)
    if units < 2 or n <= units:
        nan = float("nan")
        return Likeness(n, units, n / max(units, 1), nan, nan, nan, nan)
    y = y - y.mean()
    means = np.bincount(unit, weights=y) / sizes
    between = float(sizes @ means**2) / (units - 1)
    within = float(((y - means[unit]) ** 2).sum()) / (n - units)
    weighted = float((sizes**2).sum()) / n
    n0 = (n - weighted) / (units - 1)
    spread = between + (n0 - 1) * within
    icc1 = (between - within) / spread if spread > 0 else float("nan")
    icc2 = (between - within) / between if between > 0 else float("nan")
    return Likeness(n, units, n / units, weighted, icc1, icc2, 1 + (weighted - 1) * max(icc1, 0.0))
