"""Priors as numbers, without a compiler: their log-density at draws, and draws from them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.spec.priors import Prior

__all__ = ["draw_prior", "is_proper", "log_prior"]

Array = NDArray[np.float64]
# half families are these, folded at 0
FOLDED = {"halfnormal": "normal", "halfstudent_t": "student_t", "halfcauchy": "cauchy"}
FLAT = ("flat", "halfflat")


def is_proper(prior: Prior) -> bool:
    """Return whether a prior is a distribution, which a flat one is not.

    >>> from werksem.spec.priors import parse_prior
    >>> is_proper(parse_prior("flat()")), is_proper(parse_prior("normal(0, 1)"))
    (False, True)
    """
    return prior.family not in FLAT


def _distribution(prior: Prior) -> Any:
    """Return SciPy's frozen distribution of a proper prior; of a half family the one that is folded."""
    from scipy import stats

    p = prior.parameters
    match FOLDED.get(prior.family, prior.family):
        case "normal":
            return stats.norm(0.0 if prior.positive else p[0], p[-1])
        case "student_t":
            return stats.t(p[0], 0.0 if prior.positive else p[1], p[-1])
        case "cauchy":
            return stats.cauchy(0.0 if prior.positive else p[0], p[-1])
        case "uniform":
            return stats.uniform(p[0], p[1] - p[0])
        case "exponential":
            return stats.expon(scale=1 / p[0])
        case "gamma":
            return stats.gamma(p[0], scale=1 / p[1])
        case "inverse_gamma":
            return stats.invgamma(p[0], scale=p[1])
    raise ValueError(f"{prior.family} is no distribution of one number")


def log_prior(prior: Prior, values: Array) -> Array:
    """Return the log-density of a prior at values of any shape; of a flat one 0, and -inf outside.

    >>> from werksem.spec.priors import parse_prior
    >>> log_prior(parse_prior("exponential(2)"), np.array([0.0, 1.0])).round(4).tolist()
    [0.6931, -1.3069]
    """
    if is_proper(prior):
        density = np.asarray(_distribution(prior).logpdf(values))
    else:
        density = np.zeros(np.shape(values))
    if prior.family in FOLDED:
        density = density + np.log(2.0)
    return np.where(np.asarray(values) < 0, -np.inf, density) if prior.positive else density


def draw_prior(prior: Prior, size: int, rng: np.random.Generator) -> Array:
    """Return (size,) draws from a prior, NaN from a flat one.

    >>> from werksem.spec.priors import parse_prior
    >>> draw_prior(parse_prior("halfnormal(1)"), 1000, np.random.default_rng(1)).min() > 0
    np.True_
    """
    if not is_proper(prior):
        return np.full(size, np.nan)
    drawn = np.asarray(_distribution(prior).rvs(size=size, random_state=rng), dtype=float)
    return np.abs(drawn) if prior.family in FOLDED else drawn
