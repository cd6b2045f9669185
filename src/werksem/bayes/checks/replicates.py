"""Replicates of a group's sample moments under a normal, without drawing its respondents."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

__all__ = ["replicated_cov", "replicated_mean", "replicated_share", "thinned"]

Array = NDArray[np.float64]


def thinned(draws: int, most: int) -> NDArray[np.int64]:
    """Return at most ``most`` places among the draws, evenly apart.

    >>> thinned(10, 4).tolist(), thinned(3, 4).tolist()
    ([0, 3, 6, 9], [0, 1, 2])
    """
    return np.unique(np.linspace(0, draws - 1, min(draws, most)).round().astype(np.int64))


def replicated_mean(mu: Array, variance: Array, n: float, rng: np.random.Generator) -> Array:
    """Return (S, p) means of n respondents, each from its own N(mu, variance / n); both (S, p)."""
    return mu + np.sqrt(variance / n) * rng.standard_normal(mu.shape)


def replicated_cov(Sigma: Array, n: float, rng: np.random.Generator) -> Array:
    """Return (S, p, p) sample covariances, divisor n - 1, of n respondents from N(., Sigma), n > 1.

    Wishart with n - 1 degrees of freedom by Bartlett's decomposition (1933): L A A' L' / (n - 1), A lower
    triangular with chi's on its diagonal and standard normals below. Where n - 1 < p, the n - 1
    normal rows themselves, of which there are fewer.

    >>> rng = np.random.default_rng(1)
    >>> Sigma = np.array([[2.0, 1.0], [1.0, 3.0]])
    >>> replicated_cov(np.broadcast_to(Sigma, (20000, 2, 2)), 30, rng).mean(axis=0).round(1).tolist()
    [[2.0, 1.0], [1.0, 3.0]]
    """
    S, p, _ = Sigma.shape
    L = np.linalg.cholesky(Sigma)
    df = n - 1
    if df < p:
        rows = max(1, round(df))
        X = L @ rng.standard_normal((S, p, rows))
        return np.asarray(X @ np.swapaxes(X, 1, 2) / rows)
    A = np.tril(rng.standard_normal((S, p, p)), -1)
    A[:, np.arange(p), np.arange(p)] = np.sqrt(rng.chisquare(df - np.arange(p), (S, p)))
    X = L @ A
    return np.asarray(X @ np.swapaxes(X, 1, 2) / df)


def replicated_share(
    mu: Array, variance: Array, cuts: Array, n: float, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Return the shares above ``cuts`` (p,) under N(mu, variance) and those of n respondents, both (S, p).

    Replicates are binomial; a real n (of weighted respondents) is rounded. NaN where a cut is NaN.
    """
    share = ndtr((mu - cuts) / np.sqrt(variance))
    rows = max(1, round(n))
    counts = rng.binomial(rows, np.nan_to_num(share))
    return share, np.where(np.isnan(share), np.nan, counts / rows)
