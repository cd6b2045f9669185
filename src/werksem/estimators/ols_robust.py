"""Robust standard errors of a regression: HC3 and clusters, from the respondents' rows.

HC3 (MacKinnon & White, 1985): (X'X)^-1 X' diag(e²/(1-h)²) X (X'X)^-1. Clusters (Liang & Zeger,
1986) with the usual factor G/(G-1) · (n-1)/(n-k-1), t with G - 1 degrees of freedom; or CR2 with
Satterthwaite's (``cluster_robust``). F is the Wald statistic over k, with the same covariances.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.estimators.cluster_robust import Clustered, clustered_vcov, hotelling, satterthwaite
from werksem.estimators.ols import OlsFit, classical_vcov

__all__ = ["BY_CLUSTER", "PathCov", "path_cov", "robust"]

Array = NDArray[np.float64]
# the names of standard errors that need clusters
BY_CLUSTER = ("cluster", "CR2")
# the smallest share of the largest variance of a direction in which covariances can be inverted
SINGULAR = 1e-10


@dataclass(frozen=True, slots=True)
class PathCov:
    """Covariances ``vcov`` (k, k) of paths, ``df2`` behind their joint tests, and CR2's parts where asked."""

    vcov: Array
    df2: float
    reduced: Clustered | None = None


def robust(
    fit: OlsFit, X: Array, y: Array, cluster: NDArray[np.int64] | None = None, weights: Array | None = None,
    *, reduced: bool = False,
) -> OlsFit:  # fmt: skip
    """Return the fit with robust standard errors, t, F and p; HC3, or by cluster where codes are given.

    ``X`` (n, k) without a constant, ``y`` (n,), the rows the fit was made of; ``weights`` (n,) as
    the fit's moments had them: everything is then that of weighted least squares. ``reduced`` is CR2.
    """
    from scipy.special import stdtr

    share = _share(y, weights)
    vcov, df, parts = _vcov(fit, X, y, cluster, weights, reduced=reduced)
    contrasts = np.eye(len(vcov))
    contrasts[0] = np.concatenate([[1.0], -(share @ X / len(y))])
    every = np.full(len(vcov), df) if parts is None else satterthwaite(parts, contrasts)
    own = every if reduced else np.full(len(vcov), df)
    se = np.sqrt(np.diag(vcov)[1:])
    t = fit.b / se
    f, f_df2, f_pvalue = _wald(fit.b, vcov[1:, 1:], df, parts if reduced else None)
    return replace(
        fit, se=se, beta_se=se * _spread(X, share) / _spread(y, share), t=t,
        t_df=own[1:], pvalue=2 * stdtr(own[1:], -np.abs(t)), intercept_df=float(own[0]),
        intercept_se=float(np.sqrt(contrasts[0] @ vcov @ contrasts[0])), f=f, f_df2=f_df2, f_pvalue=f_pvalue,
        clusters=0 if parts is None else parts.count, effective_df=every[1:],
        largest_cluster=fit.largest_cluster if parts is None else parts.largest[1:],
        single_cluster=fit.single_cluster if parts is None else parts.single[1:],
    )  # fmt: skip


def _wald(b: Array, vcov: Array, df: float, reduced: Clustered | None) -> tuple[float, float, float]:
    """Return F of all paths (k,), its denominator's df and p; NaN where their covariances are singular.

    Under CR2 Hotelling's T² (``cluster_robust.hotelling``).
    """
    from scipy.special import fdtrc

    k, df2, scale = len(b), df, 1.0
    if reduced is not None:
        eta = hotelling(reduced, np.eye(k + 1)[1:])
        df2 = eta - k + 1
        scale = df2 / eta
    se = np.sqrt(np.diag(vcov))
    if df < k or not df2 > 0 or not (np.isfinite(vcov).all() and (se > 0).all()):
        return float("nan"), df2, float("nan")
    values, vectors = np.linalg.eigh(vcov / np.outer(se, se))
    if values[0] <= SINGULAR * values[-1]:
        return float("nan"), df2, float("nan")
    f = scale * float(((vectors.T @ (b / se)) ** 2 / values).sum()) / k
    return f, df2, float(fdtrc(k, df2, f))


def _vcov(
    fit: OlsFit, X: Array, y: Array, cluster: NDArray[np.int64] | None, weights: Array | None, *,
    reduced: bool,
) -> tuple[Array, float, Clustered | None]:  # fmt: skip
    """Return the robust covariances (k + 1, k + 1) of the mean and the paths, df, and what clusters give.

    The first row is that of the intercept with X centred; arguments as in ``robust``. The df are n - k - 1
    or clusters less one.
    """
    share = _share(y, weights)
    centre = share @ X / len(y)
    design = np.column_stack([np.ones(len(y)), X - centre])
    residual = y - share @ y / len(y) - (X - centre) @ fit.b
    if cluster is None:
        root = np.sqrt(share)[:, None]
        weighted = design * root
        bread = np.linalg.inv(weighted.T @ weighted)
        leverage = np.einsum("ij,jk,ik->i", weighted, bread, weighted)
        scores = weighted * (root[:, 0] * residual / (1 - leverage))[:, None]
        return bread @ (scores.T @ scores) @ bread, fit.df, None
    count = len(np.unique(cluster))
    if count < 2:
        raise EstimationError(f"{fit.outcome}: cluster standard errors need two clusters, found {count}")
    parts = clustered_vcov(design, residual, cluster, None if weights is None else share, reduced=reduced)
    factor = 1.0 if reduced else count / (count - 1) * (fit.n - 1) / fit.df
    return parts.vcov * factor, float(count - 1), parts


def path_cov(
    fit: OlsFit, cov: Array, rows: Array, *, se: str, cluster: NDArray[np.int64] | None = None,
    weights: Array | None = None,
) -> PathCov:  # fmt: skip
    """Return the covariances (k, k) of the paths by ``se`` (classical, HC3, cluster, CR2).

    ``rows`` (n, k + 1) have the outcome last, ``cov`` (k + 1, k + 1) are their covariances.
    """
    if se == "classical":
        return PathCov(classical_vcov(fit, cov), fit.df)
    codes = cluster if se in BY_CLUSTER else None
    vcov, df, parts = _vcov(fit, rows[:, :-1], rows[:, -1], codes, weights, reduced=se == "CR2")
    return PathCov(vcov[1:, 1:], df, parts if se == "CR2" else None)


def _share(y: Array, weights: Array | None) -> Array:
    """Return weights (n,) with mean 1."""
    return np.ones(len(y)) if weights is None else weights / weights.mean()


def _spread(values: Array, share: Array) -> Array:
    """Return weighted standard deviations, over the first axis."""
    mean = share @ values / len(share)
    return np.sqrt(share @ (values - mean) ** 2 / len(share))
