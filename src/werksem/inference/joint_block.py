"""Several paths tested at once: what a block of predictors explains together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Joint", "explained", "joint_test"]

Array = NDArray[np.float64]
# directions with less than this share of the largest variance are not counted: equal labels are one path
SINGULAR = 1e-10


@dataclass(frozen=True, slots=True)
class Joint:
    """A Wald statistic, its degrees of freedom, those of the denominator (NaN: chi-square), and p."""

    wald: float
    df: float
    df2: float
    pvalue: float


def joint_test(paths: Array, vcov: Array, df2: float = np.nan) -> Joint:
    """Return the test that all these paths (k,) are 0, from their covariances (k, k).

    W = b' V^-1 b (Wald, 1943), referred to chi-square with rank(V) degrees of freedom, or W / df to F
    with ``df2`` in the denominator. NaN where V says nothing.

    >>> found = joint_test(np.array([2.0, 1.0]), np.diag([1.0, 0.25]))
    >>> found.wald, found.df, round(found.pvalue, 4)
    (8.0, 2.0, 0.0183)
    """
    from scipy.special import chdtrc, fdtrc

    values, vectors = np.linalg.eigh(vcov)
    kept = values > SINGULAR * max(float(values.max(initial=0.0)), 0.0)
    df = float(kept.sum())
    if not df or not np.isfinite(vcov).all():
        return Joint(np.nan, df, df2, np.nan)
    turned = vectors[:, kept].T @ paths
    wald = float((turned**2 / values[kept]).sum())
    p = float(fdtrc(df, df2, wald / df)) if np.isfinite(df2) else float(chdtrc(df, wald))
    return Joint(wald, df, df2, p)


def explained(cov: Array, keep: NDArray[np.bool_]) -> float:
    """Return R² of the last variable on those of the others that ``keep`` (k,) names, from covariances.

    >>> R = np.array([[1.0, 0.5, 0.6], [0.5, 1.0, 0.6], [0.6, 0.6, 1.0]])
    >>> [round(explained(R, np.array(kept)), 4) for kept in ([True, True], [True, False], [False, False])]
    [0.48, 0.36, 0.0]
    """
    at = np.flatnonzero(keep)
    with_outcome = cov[at, -1]
    return float(with_outcome @ np.linalg.solve(cov[np.ix_(at, at)], with_outcome) / cov[-1, -1])
