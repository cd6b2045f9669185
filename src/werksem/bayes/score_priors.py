"""The priors of regressions on scale means, before the data and against them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.design import Design, intercept_name
from werksem.bayes.draws import ScoreDraws, model_units
from werksem.bayes.marginal import log_likelihood
from werksem.bayes.prior_numbers import log_prior
from werksem.bayes.prior_predictive import prior_groups, prior_predictive
from werksem.bayes.prior_sensitivity import prior_sensitivity
from werksem.bayes.priors import DEFAULTS
from werksem.bayes.sample import Sampled
from werksem.spec.posterior import BETWEEN
from werksem.spec.priors import parse_prior

__all__ = ["score_predictive", "score_sensitivity"]

Array = NDArray[np.float64]
BLOCK = 2_000_000  # numbers per block of draws: some 16 MB, whatever the number of groups


def score_predictive(design: Design, seed: int) -> pd.DataFrame:
    """Return ``prior_predictive.csv``; betas are standardised by the pooled SDs within groups."""
    between = {(e, k): design.between_priors[t] for t, (e, k) in enumerate(np.argwhere(design.varies))}
    places = [(int(e), int(p)) for e, p in np.argwhere(design.path_of >= 0)]
    typical = [design.path_priors[design.path_of[place]] for place in places]
    ratio = np.array([design.ratio[place] for place in places])
    spread = [between.get((e, p + 1)) for e, p in places]
    names = [(design.outcomes[e], design.statistics[e].equation.predictors[p]) for e, p in places]
    return prior_predictive(names, prior_groups(typical, spread, seed) * ratio)


def score_sensitivity(design: Design, draws: ScoreDraws, sampled: Sampled) -> pd.DataFrame:
    """Return ``prior_sensitivity.csv`` of all paths, intercepts, residual SDs and between-group SDs.

    Each is set against its own prior; estimates are on the raw variables, names are the keys of
    ``bayes.priors``.
    """
    flat = {name: value.reshape(-1, value.shape[-1]) for name, value in sampled.values.items()}
    names = (
        *design.paths,
        *(intercept_name(outcome) for outcome in design.outcomes),
        *(f"{outcome}~~{outcome}" for outcome in design.outcomes),
        *(BETWEEN + name for name in design.varying),
    )
    first = [tuple(np.argwhere(design.path_of == k)[0]) for k in range(len(design.paths))]
    slopes = np.column_stack([draws.typical[:, e, p + 1] for e, p in first])
    values = np.column_stack([slopes, draws.typical[..., 0], draws.sigma, draws.between])
    return prior_sensitivity(names, values, _log_priors(design, flat), _log_likelihoods(design, flat))


def _log_priors(design: Design, flat: dict[str, Array]) -> Array:
    """Return (S, parameters) the log-density of every parameter's prior, in the model's units."""
    gamma, _, _ = model_units(design, flat)
    at = gamma[..., 0] - (gamma[..., 1:] * (design.mean_x / design.scale_x)).sum(-1)
    raw = at + design.mean_y / design.scale_y
    columns = [log_prior(prior, flat["path"][:, k]) for k, prior in enumerate(design.path_priors)]
    for e, prior in enumerate(design.mean_priors):
        default = parse_prior(DEFAULTS["means"])
        columns.append(log_prior(prior, raw[:, e]) if prior else log_prior(default, gamma[:, e, 0]))
    columns += [log_prior(prior, flat["residual_sd"][:, e]) for e, prior in enumerate(design.sd_priors)]
    columns += [log_prior(prior, flat["between_sd"][:, t]) for t, prior in enumerate(design.between_priors)]
    return np.column_stack(columns)


def _log_likelihoods(design: Design, flat: dict[str, Array]) -> Array:
    """Return (S,) the log-likelihood of every draw, in blocks of draws."""
    gamma, tau, sigma = model_units(design, flat)
    E, G, K, _ = design.cross.shape
    block = max(1, BLOCK // (E * G * K * K))
    parts = [slice(start, start + block) for start in range(0, len(sigma), block)]
    return np.concatenate([log_likelihood(design, gamma[p], tau[p], sigma[p]) for p in parts])
