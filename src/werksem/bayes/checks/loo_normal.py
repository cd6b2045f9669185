"""PSIS-LOO where a respondent's answers are normal given the group: a mean and a covariance per draw.

Per group, answers are whitened by the Cholesky factor of the mean covariance, so that the precisions of the
draws are near the identity; a log density is then a product of features (1, x, x x') with parameters of
the draw, and a block of respondents by all draws is one matrix product.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from werksem.bayes.checks.loo import MOST, loo_rows, psis_loo
from werksem.bayes.checks.replicates import thinned

__all__ = ["loo", "normal_density"]

Array = NDArray[np.float64]
LOG_2PI = float(np.log(2 * np.pi))


def loo(
    rows: Array, code: NDArray[np.int64], groups: tuple[str, ...], mu: Array, Sigma: Array
) -> pd.DataFrame:
    """Return rows of ``loo.csv`` for answers ``rows`` (N, p) in groups ``code`` (N,), -1 for none.

    Draws ``mu`` (S, G, p) and ``Sigma`` (S, G, p, p), of which at most ``MOST`` are used. A blank answer
    (NaN) is left out of its respondent's density; a respondent without answers, or group, has none.
    """
    keep = thinned(len(mu), MOST)
    order = np.argsort(code, kind="stable")  # so that a block has few groups
    density = normal_density(rows[order], code[order], mu, Sigma, keep)
    return loo_rows(psis_loo(density, len(rows)), "", groups, code[order])


def normal_density(
    rows: Array, code: NDArray[np.int64], mu: Array, Sigma: Array, keep: NDArray[np.int64]
) -> Callable[[NDArray[np.int64]], Array]:
    """Return the function that maps places of respondents (B,) to log densities per kept draw (B, S)."""
    answered = np.isfinite(rows)
    kinds, pattern = np.unique(answered, axis=0, return_inverse=True)
    pattern = pattern.ravel()
    cell = np.where((code >= 0) & answered.any(axis=1), code * len(kinds) + pattern, -1)
    latest: dict[int, tuple[Array, Array, Array]] = {}

    def density(places: NDArray[np.int64]) -> Array:
        out = np.full((len(places), len(keep)), np.nan)
        for c in np.unique(cell[places]):
            if c < 0:
                continue
            g, kind = divmod(int(c), len(kinds))
            at = kinds[kind]
            if c not in latest:
                latest.clear()
                latest[c] = _parameters(mu[keep, g][:, at], Sigma[keep, g][:, at][:, :, at])
            centre, L, parameters = latest[c]
            these = cell[places] == c
            white = solve_triangular(L, (rows[places[these]][:, at] - centre).T, lower=True).T
            out[these] = _features(white) @ parameters
        return out

    return density


def _parameters(mu: Array, Sigma: Array) -> tuple[Array, Array, Array]:
    """Return the centre (p,), the factor L (p, p) that whitens, and the draws' parameters (features, S)."""
    centre, L = mu.mean(axis=0), np.linalg.cholesky(Sigma.mean(axis=0))
    p = mu.shape[1]
    m = solve_triangular(L, (mu - centre).T, lower=True).T
    half = np.linalg.solve(L, np.swapaxes(np.linalg.solve(L, Sigma), 1, 2))
    root = np.linalg.cholesky(half)
    inverse = np.linalg.inv(root)
    precision = np.swapaxes(inverse, 1, 2) @ inverse
    logdet = 2 * (np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1) + np.log(np.diag(L)).sum())
    linear = np.einsum("sij,sj->si", precision, m)
    constant = -0.5 * (p * LOG_2PI + logdet + (linear * m).sum(axis=1))
    low = np.tril_indices(p)
    weight = np.where(low[0] == low[1], -0.5, -1.0)
    return centre, L, np.concatenate([constant[:, None], linear, precision[:, *low] * weight], axis=1).T


def _features(x: Array) -> Array:
    low = np.tril_indices(x.shape[1])
    return np.concatenate([np.ones((len(x), 1)), x, x[:, low[0]] * x[:, low[1]]], axis=1)
