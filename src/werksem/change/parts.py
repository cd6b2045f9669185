"""What a standardised path is made of: loadings and errors, latent spread, and the unstandardised paths.

With b the paths of one equation, Phi the covariances of its predictors, v the variance of its outcome and
c what residuals share with predictors, beta_j = b_j sqrt(Phi_jj / v). Scale means s = L eta + e have
covariances L [Phi, Phi b + c; ., v] L' + T, from which their betas follow. Any part may be another wave's.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from werksem.implied import latent_cov, matrices
from werksem.model import Model
from werksem.spec.types import Equation

__all__ = [
    "Parts", "beta_of_latents", "beta_of_scores", "parts_of", "standardised_betas",
]  # fmt: skip

Array = NDArray[np.float64]


class Parts(NamedTuple):
    """One equation's parts over R estimates: k predictors and the outcome last; s = k + 1."""

    loadings: Any  # (R, s, s) of the scale means on the variables of the equation
    errors: Any  # (R, s, s)
    spread: Any  # (R, k, k)
    outcome: Any  # (R,)
    shared: Any  # (R, k)
    paths: Any  # (R, k)


def parts_of(model: Model, theta: Array, unit: Array, weights: Array, equation: Equation) -> Parts:
    """Return an equation's parts at theta (R, q) with each eta in units of exp(-``unit``) (R, m).

    ``weights`` (s, p) say how much each item counts in the scale means of predictors and outcome.
    """
    at = [model.eta.index(name) for name in (*equation.predictors, equation.outcome)]
    m = matrices(model, theta)
    factor = np.exp(unit[:, at])
    cov = latent_cov(m)[:, at][:, :, at] * factor[:, :, None] * factor[:, None]
    b = m.B[:, at[-1], at[:-1]] * factor[:, -1:] / factor[:, :-1]
    spread = cov[:, :-1, :-1]
    return Parts(
        weights @ m.Lambda[:, :, at] / factor[:, None], weights @ m.Theta @ weights.T, spread,
        cov[:, -1, -1], cov[:, :-1, -1] - np.einsum("rij,rj->ri", spread, b), b,
    )  # fmt: skip


def beta_of_latents(measured: Parts, spread: Parts, path: Parts) -> Array:
    """Return the standardised paths (R, k) between latent variables, which loadings do not touch.

    NaN where a variance is negative.
    """
    del measured
    with np.errstate(invalid="ignore"):
        sd = np.sqrt(np.diagonal(spread.spread, axis1=1, axis2=2))
        return np.asarray(path.paths * sd / np.sqrt(spread.outcome)[:, None], dtype=float)


def beta_of_scores(measured: Parts, spread: Parts, path: Parts) -> Array:
    """Return the standardised regression (R, k) of scale means that these parts imply."""
    k = spread.shared.shape[1]
    latent = np.empty((len(spread.spread), k + 1, k + 1))
    latent[:, :-1, :-1] = spread.spread
    across = np.einsum("rij,rj->ri", spread.spread, path.paths) + spread.shared
    latent[:, :-1, -1], latent[:, -1, :-1] = across, across
    latent[:, -1, -1] = spread.outcome
    turned = np.swapaxes(measured.loadings, 1, 2)
    return standardised_betas(measured.loadings @ latent @ turned + measured.errors)


def standardised_betas(cov: Array) -> Array:
    """Return the betas (R, k) of the last variable on all others, from covariances (R, k + 1, k + 1)."""
    with np.errstate(invalid="ignore"):
        sd = np.sqrt(np.diagonal(cov, axis1=1, axis2=2))
    b = np.linalg.solve(cov[:, :-1, :-1], cov[:, :-1, -1:])[..., 0]
    return np.asarray(b * sd[:, :-1] / sd[:, -1:], dtype=float)
