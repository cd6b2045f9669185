"""Several paths tested at once: what a block of predictors explains together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Joint", "explained", "joint_test", "slopes", "standardised_slopes"]

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
    with ``df2`` in the denominator. NaN where V says nothing, or has less behind it than there are paths
    (``df2``: clusters less one). The units of paths make no difference.

    >>> found = joint_test(np.array([2.0, 1.0]), np.diag([1.0, 0.25]))
    >>> found.wald, found.df, round(found.pvalue, 4)
    (8.0, 2.0, 0.0183)
    """
    from scipy.special import chdtrc, fdtrc

    if df2 < len(paths):
        return Joint(np.nan, float(len(paths)), df2, np.nan)
    if not np.isfinite(vcov).all():
        return Joint(np.nan, 0.0, df2, np.nan)
    # a fixed path has no standard error
    se = np.sqrt(np.maximum(np.diag(vcov), 0.0))
    unit = np.where(se > 0, se, 1.0)
    values, vectors = np.linalg.eigh(vcov / np.outer(unit, unit))
    kept = values > SINGULAR * max(float(values.max(initial=0.0)), 0.0)
    df = float(kept.sum())
    if not df:
        return Joint(np.nan, df, df2, np.nan)
    turned = vectors[:, kept].T @ (paths / unit)
    wald = float((turned**2 / values[kept]).sum())
    p = float(fdtrc(df, df2, wald / df)) if np.isfinite(df2) else float(chdtrc(df, wald))
    return Joint(wald, df, df2, p)


def slopes(cov: Array, at: Sequence[int]) -> Array:
    """Return the slopes (…, k) of the last variable on those numbered ``at``, from covariances (…, p, p)."""
    among = cov[..., at, :][..., at]
    return np.asarray(np.linalg.solve(among, cov[..., at, -1:])[..., 0], dtype=float)


def standardised_slopes(cov: Array, at: Sequence[int]) -> Array:
    """Return the slopes (…, k) of the last variable on those numbered ``at``, all with variance 1.

    >>> standardised_slopes(np.array([[4.0, 1.0], [1.0, 1.0]]), [0]).tolist()
    [0.5]
    """
    sd = np.sqrt(np.diagonal(cov, axis1=-2, axis2=-1))
    return np.asarray(slopes(cov, at) * sd[..., at] / sd[..., -1:], dtype=float)


def explained(cov: Array, at: Sequence[int]) -> Array:
    """Return R² (…) of the last variable on those numbered ``at``, from covariances (…, p, p).

    >>> R = np.array([[1.0, 0.5, 0.6], [0.5, 1.0, 0.6], [0.6, 0.6, 1.0]])
    >>> [round(float(explained(R, at)), 4) for at in ([0, 1], [0], [])]
    [0.48, 0.36, 0.0]
    """
    at = list(at)
    return np.asarray((slopes(cov, at) * cov[..., at, -1]).sum(axis=-1) / cov[..., -1, -1], dtype=float)
