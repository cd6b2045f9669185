"""What a posterior owes to its priors: both are raised to a power, and the draws weighted anew.

A prior (or the likelihood) raised to alpha gives the draws weights proportional to its density to
the power alpha - 1, Pareto-smoothed, so nothing is sampled again. The measure is the cumulative
Jensen–Shannon distance between the draws with and without the weights, per doubling of alpha, at
alpha = .8 and 1.25 (Kallioinen, Paananen, Bürkner and Vehtari 2024; the arithmetic is that of
``arviz_stats``).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.psis import smoothed_weights
from werksem.bayes.sample import third_party_warnings
from werksem.bayes.thresholds import CONFLICT, PARETO_K_MAX

__all__ = ["SENSITIVITY", "diagnosis", "prior_sensitivity"]

Array = NDArray[np.float64]
ALPHAS = (0.8, 1.25)
FEWEST = 100
SENSITIVITY = ("parameter", "prior", "likelihood", "diagnosis", "est", "est_half", "est_double")


def diagnosis(prior: float, likelihood: float) -> str:
    """Return in words how much prior and likelihood move a parameter.

    >>> diagnosis(0.2, 0.3), diagnosis(0.2, 0.01), diagnosis(0.01, 0.3)
    ('prior-data conflict', 'strong prior / weak likelihood', '-')
    """
    if not prior >= CONFLICT:
        return "-"
    return "prior-data conflict" if likelihood >= CONFLICT else "strong prior / weak likelihood"


def prior_sensitivity(
    names: Sequence[str], draws: Array, log_prior: Array, log_likelihood: Array
) -> pd.DataFrame:
    """Return ``prior_sensitivity.csv``: per parameter how far prior and likelihood move it.

    ``draws`` (S, k); ``log_prior`` (S, k) each parameter's own prior, or (S,) one density for all;
    ``log_likelihood`` (S,). ``prior`` and ``likelihood`` are sensitivities (0 none, from .05 on a
    sensitive one), ``diagnosis`` what they mean together, ``est`` the posterior mean, ``est_half``
    and ``est_double`` that mean with the prior's weight halved (alpha = .5) and doubled (2), empty
    where the draws cannot tell (Pareto k above .7). Fewer than 100 draws tell nothing: no rows.

    >>> mu = 2 + np.random.default_rng(1).standard_normal((4000, 1)) * 0.5**0.5
    >>> table = prior_sensitivity(["mu"], mu, -mu[:, 0] ** 2 / 2, -(mu[:, 0] - 4) ** 2 / 2)
    >>> table["diagnosis"].item()
    'prior-data conflict'
    """
    if len(draws) < FEWEST:
        return pd.DataFrame(columns=list(SENSITIVITY))
    own = np.broadcast_to(log_prior if log_prior.ndim == 2 else log_prior[:, None], draws.shape)
    data = [_weights(log_likelihood, alpha) for alpha in ALPHAS]
    rows = []
    for name, values, density in zip(names, draws.T, own.T, strict=True):
        prior = _sensitivity(values, [_weights(density, alpha) for alpha in ALPHAS])
        likelihood = _sensitivity(values, data)
        moved = [_mean(values, density, alpha) for alpha in (0.5, 2.0)]
        rows.append((name, prior, likelihood, diagnosis(prior, likelihood), values.mean(), *moved))
    return pd.DataFrame(rows, columns=list(SENSITIVITY))


def _weights(density: Array, alpha: float) -> Array:
    """Return (S,) weights of the draws with a log-density raised to alpha, summing to 1."""
    from arviz_stats.base import array_stats

    if np.ptp(density) == 0:
        return np.full(density.shape, 1 / len(density))
    with third_party_warnings():
        log_weights = np.asarray(array_stats.power_scale_lw(density, alpha=alpha))
    weights = np.exp(log_weights - log_weights.max())
    return np.asarray(weights / weights.sum())


def _sensitivity(values: Array, weights: Sequence[Array]) -> float:
    from arviz_stats.base import array_stats

    lower, upper = (part[None] for part in weights)
    low, high = ALPHAS
    with third_party_warnings():
        found = array_stats.power_scale_sense(
            values[None], lower_w=lower, upper_w=upper, lower_alpha=low, upper_alpha=high
        )
    return float(found)


def _mean(values: Array, density: Array, alpha: float) -> float:
    """Return the mean with the prior raised to alpha, NaN where the weights are too uneven to tell."""
    weights, k = smoothed_weights((alpha - 1) * density)
    return float(weights @ values) if k < PARETO_K_MAX else np.nan
