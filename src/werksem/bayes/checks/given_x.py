"""Fixed x in a latent-variable posterior: constants of its density, which predictive densities leave out.

The likelihood is of all observed variables together, with the moments of fixed x over all respondents as
constants: p(y, x) = p(y | x) N(x; m, S). Taking log N(x; m, S) off leaves the density of the others given x.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.latent.design import LatentDesign
from werksem.bayes.latent.links import theta_of
from werksem.implied import implied_moments

__all__ = ["fixed_x", "log_moments_of_x", "log_x"]

Array = NDArray[np.float64]
LOG_2PI = float(np.log(2 * np.pi))


def fixed_x(design: LatentDesign) -> NDArray[np.bool_]:
    """Return (p,) which observed variables are fixed x."""
    names = {row.lhs for row in design.model.rows if row.exo}
    return np.array([name in names for name in design.model.observed], dtype=bool)


def log_x(design: LatentDesign, rows: Array) -> Array:
    """Return (N,) log N(x; m, S) of respondents (N, p) about the design's centre; 0 without fixed x."""
    at, mean, S = _constants(design)
    off = rows[:, at] - mean
    distance = (off * np.linalg.solve(S, off.T).T).sum(axis=1)
    return np.asarray(-0.5 * (at.sum() * LOG_2PI + np.linalg.slogdet(S)[1] + distance))


def log_moments_of_x(design: LatentDesign, g: int) -> float:
    """Return the same summed over group ``g``, from its moments."""
    at, mean, S = _constants(design)
    found = design.moments
    off = found.mean[g, at] - mean
    spread = found.cov[g][np.ix_(at, at)] + np.outer(off, off)
    logdet = np.linalg.slogdet(S)[1]
    return float(-found.n[g] / 2 * (at.sum() * LOG_2PI + logdet + np.trace(np.linalg.solve(S, spread))))


def _constants(design: LatentDesign) -> tuple[NDArray[np.bool_], Array, Array]:
    """Return which variables are fixed x (p,), and their means and covariances in the likelihood."""
    at = fixed_x(design)
    mu, Sigma = implied_moments(design.model, theta_of(design.links, design.expansion.base, design.given[0]))
    return at, mu[at], Sigma[np.ix_(at, at)]
