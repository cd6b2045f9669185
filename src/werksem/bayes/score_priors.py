"""The priors of regressions on scale means, before the data and against them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.design import Design
from werksem.bayes.draws import ScoreDraws, further, model_units
from werksem.bayes.marginal import Further, log_likelihood
from werksem.bayes.names import intercept_name
from werksem.bayes.prior_numbers import log_prior
from werksem.bayes.prior_predictive import prior_groups, prior_predictive
from werksem.bayes.prior_sensitivity import prior_sensitivity
from werksem.bayes.priors import DEFAULTS
from werksem.bayes.sample import Sampled
from werksem.spec.posterior import BETWEEN, NESTED
from werksem.spec.priors import parse_prior

__all__ = ["log_likelihoods", "part_of", "score_predictive", "score_sensitivity"]

Array = NDArray[np.float64]
NUMBERS = 2_000_000  # per block of draws: some 16 MB, whatever the number of groups


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
    """Return ``prior_sensitivity.csv`` of all paths, intercepts, SDs and correlations.

    Each is set against its own prior, a correlation against that of its block's matrix; estimates are on
    the raw variables, names are the keys of ``bayes.priors``, of a correlation ``KIND of ONE~~OTHER``.
    """
    flat = {name: value.reshape(-1, value.shape[-1]) for name, value in sampled.values.items()}
    names = (
        *design.paths,
        *(intercept_name(outcome) for outcome in design.outcomes),
        *(f"{outcome}~~{outcome}" for outcome in design.outcomes),
        *(BETWEEN + name for name in design.varying),
        *(NESTED + name for name in design.nested_varying),
        *_correlation_names(design),
    )
    first = [tuple(np.argwhere(design.path_of == k)[0]) for k in range(len(design.paths))]
    slopes = np.column_stack([draws.typical[:, e, p + 1] for e, p in first])
    values = np.column_stack([slopes, draws.typical[..., 0], draws.sigma, draws.between, draws.nested,
                              draws.residual_correlation, draws.between_correlation,
                              draws.nested_correlation])  # fmt: skip
    return prior_sensitivity(names, values, _log_priors(design, flat), log_likelihoods(design, flat))


def _correlation_names(design: Design) -> Iterator[str]:
    residual = [(design.outcomes[e], design.outcomes[f]) for e, f in design.residual_pairs]
    for kind, pairs in (("residual", residual), ("between", design.between_pairs),
                        ("nested", design.nested_pairs)):  # fmt: skip
        yield from (f"{kind}_correlation of {one}~~{other}" for one, other in pairs)


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
    columns += [log_prior(prior, flat["nested_sd"][:, t]) for t, prior in enumerate(design.nested_priors)]
    return np.column_stack([*columns, *_correlation_priors(design, further(design, flat))])


def _correlation_priors(design: Design, more: Further) -> Iterator[Array]:
    """Yield (S,) (eta - 1) log|R| of its block's correlations, per correlation."""
    residual = [len(block.pairs) for block in design.blocks]
    between, nested = ([len(at) * (len(at) - 1) // 2 for at in places] for places in
                       ([b.varies for b in design.blocks], [b.nested for b in design.blocks]))  # fmt: skip
    for prior, sizes, roots in ((design.residual_prior, residual, more.residual),
                                (design.between_prior, between, more.between),
                                (design.between_prior, nested, more.within)):  # fmt: skip
        for size, root in zip(sizes, roots, strict=True):
            if root is not None and prior is not None:
                logdet = 2 * np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
                yield from [(prior.parameters[0] - 1) * logdet] * size


def log_likelihoods(design: Design, flat: dict[str, Array]) -> Array:
    """Return (S,) the log-likelihood of every draw, in blocks of draws."""
    gamma, tau, sigma = model_units(design, flat)
    more = further(design, flat)
    size = max(block.cross.size for block in design.blocks)
    step = max(1, NUMBERS // size)
    parts = [slice(start, start + step) for start in range(0, len(sigma), step)]
    return np.concatenate(
        [log_likelihood(design, gamma[p], tau[p], sigma[p], part_of(more, p)) for p in parts]
    )


def part_of(more: Further, p: slice | NDArray[np.int64]) -> Further:
    """Return what belongs to some of the draws."""
    residual, between, within = (
        tuple(None if root is None else root[p] for root in level)
        for level in (more.residual, more.between, more.within)
    )
    return Further(residual, between, within, None if more.nested is None else more.nested[p])
