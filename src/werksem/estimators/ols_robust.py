"""Robust standard errors of a regression: HC3 and clusters, from the respondents' rows.

HC3 (MacKinnon & White, 1985): (X'X)^-1 X' diag(e²/(1-h)²) X (X'X)^-1. Clusters (Liang & Zeger,
1986) with the usual factor G/(G-1) · (n-1)/(n-k-1), t with G - 1 degrees of freedom.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.estimators.ols import OlsFit, classical_vcov

__all__ = ["path_vcov", "robust"]

Array = NDArray[np.float64]


def robust(
    fit: OlsFit, X: Array, y: Array, cluster: NDArray[np.int64] | None = None, weights: Array | None = None
) -> OlsFit:
    """Return the fit with robust standard errors, t and p; HC3, or by cluster where codes are given.

    ``X`` (n, k) without a constant, ``y`` (n,), the rows the fit was made of; ``weights`` (n,) as
    the fit's moments had them: everything is then that of weighted least squares.
    """
    from scipy.special import stdtr

    share = _share(y, weights)
    vcov, df = _vcov(fit, X, y, cluster, weights)
    to_raw = np.concatenate([[1.0], -(share @ X / len(y))])
    se = np.sqrt(np.diag(vcov)[1:])
    t = fit.b / se
    return replace(
        fit, se=se, beta_se=se * _spread(X, share) / _spread(y, share), t=t,
        t_df=df, pvalue=2 * stdtr(df, -np.abs(t)),
        intercept_se=float(np.sqrt(to_raw @ vcov @ to_raw)),
    )  # fmt: skip


def _vcov(
    fit: OlsFit, X: Array, y: Array, cluster: NDArray[np.int64] | None = None, weights: Array | None = None
) -> tuple[Array, float]:
    """Return the robust covariances (k + 1, k + 1) of the mean and the paths, and the df of their t.

    The first row is that of the intercept with X centred; arguments as in ``robust``.
    """
    share = _share(y, weights)
    root = np.sqrt(share)
    centre = share @ X / len(y)
    design = np.column_stack([np.ones(len(y)), X - centre]) * root[:, None]
    bread = np.linalg.inv(design.T @ design)
    residual = root * (y - share @ y / len(y) - (X - centre) @ fit.b)
    df = fit.df
    if cluster is None:
        leverage = np.einsum("ij,jk,ik->i", design, bread, design)
        scores = design * (residual / (1 - leverage))[:, None]
        meat = scores.T @ scores
    else:
        scores = _sums(design * residual[:, None], cluster)
        count = len(scores)
        if count < 2:
            raise EstimationError(f"{fit.outcome}: cluster standard errors need two clusters, found {count}")
        meat = scores.T @ scores * count / (count - 1) * (fit.n - 1) / fit.df
        df = float(count - 1)
    return bread @ meat @ bread, df


def path_vcov(
    fit: OlsFit, cov: Array, rows: Array, *, se: str, cluster: NDArray[np.int64] | None = None,
    weights: Array | None = None,
) -> tuple[Array, float]:  # fmt: skip
    """Return the covariances (k, k) of the paths by ``se`` (classical, HC3, cluster), and the df of their t.

    ``rows`` (n, k + 1) have the outcome last, ``cov`` (k + 1, k + 1) are their covariances.
    """
    if se == "classical":
        return classical_vcov(fit, cov), fit.df
    vcov, df = _vcov(fit, rows[:, :-1], rows[:, -1], cluster if se == "cluster" else None, weights)
    return vcov[1:, 1:], df


def _share(y: Array, weights: Array | None) -> Array:
    """Return weights (n,) with mean 1."""
    return np.ones(len(y)) if weights is None else weights / weights.mean()


def _spread(values: Array, share: Array) -> Array:
    """Return weighted standard deviations, over the first axis."""
    mean = share @ values / len(share)
    return np.sqrt(share @ (values - mean) ** 2 / len(share))


def _sums(scores: Array, cluster: NDArray[np.int64]) -> Array:
    """Return the scores summed per cluster (G, k)."""
    codes, index = np.unique(cluster, return_inverse=True)
    out = np.zeros((len(codes), scores.shape[1]))
    np.add.at(out, index, scores)
    return out
