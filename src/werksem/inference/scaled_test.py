"""Scaled test statistics: Yuan-Bentler (MLR), Satorra-Bentler (MLM), mean and variance adjusted (MLMV).

The statistic's expectation is tr(U Gamma), Gamma the covariances of a respondent's squares and
products, U the weight V with the model's part taken out. Traces are averages over respondents, so
no p* by p* matrix is formed: with w = vech(zz' - S) and s the casewise scores of the model,

    tr(V Gamma) = mean of w'V w,    tr(V Delta E^-1 Delta'V Gamma) = mean of s'E^-1 s.

MLR takes V at the sample's moments and E observed, scores at the model's moments (Asparouhov &
Muthen, 2005); MLM takes everything at the model's moments and E expected (Satorra & Bentler, 1994).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.derivatives import Expansion
from werksem.estimators.problem import GroupProblem

__all__ = ["saturated_trace"]

Array = NDArray[np.float64]


def saturated_trace(group: GroupProblem, x: Expansion, rows: Array, means: bool, *, at_model: bool) -> float:
    """Return tr(V Gamma) of one group: the mean over its complete rows (n_g, p) of w'V w.

    V is taken at the model's moments or at the sample's; w'V w = half tr[(V(zz' - S))²], plus z'V z
    where means are modelled.
    """
    inverse = x.inverse if at_model else np.linalg.inv(group.cov)
    VS = inverse @ group.cov
    constant = float(np.einsum("ij,ji->", VS, VS))
    centred = rows / group.units - group.mean
    solved = centred @ inverse
    distance = np.einsum("ij,ij->i", solved, centred)
    cross = np.einsum("ij,ij->i", solved @ group.cov, solved)
    squares = 0.5 * (distance**2 - 2 * cross + constant)
    return float((squares + distance if means else squares).mean())
