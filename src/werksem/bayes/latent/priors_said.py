"""The priors of a latent-variable posterior: in words, before the data, and against them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.latent.around import own_weight
from werksem.bayes.latent.design import LatentDesign
from werksem.bayes.latent.draws import LatentDraws
from werksem.bayes.latent.links import link_arrays
from werksem.bayes.latent.parameters import DEFAULTS
from werksem.bayes.prior_numbers import log_prior
from werksem.bayes.prior_predictive import prior_groups, prior_predictive
from werksem.bayes.prior_sensitivity import prior_sensitivity
from werksem.bayes.priors import show
from werksem.implied import standard_deviations
from werksem.kernels.grouped_latent import linked_latent
from werksem.kernels.nested_latent import nested_latent
from werksem.spec.posterior import BETWEEN, NESTED
from werksem.spec.priors import Prior

__all__ = ["latent_predictive", "latent_sensitivity", "log_likelihoods", "prior_lines", "sampled_as"]

Array = NDArray[np.float64]


def prior_lines(design: LatentDesign) -> tuple[str, ...]:
    """Return the priors as lines of text: defaults by kind, what was given, and one line per path and between
    SD.
    """
    given = design.literal
    lines = [f"{kind}: {text} on the standardised metric (default)" for kind, text in DEFAULTS.items()
             if kind.split(" ")[0] not in given.by_kind and kind not in given.by_name]  # fmt: skip
    for source in (given.by_kind, given.by_name):
        lines += [f"{key}: {show(prior)} on the raw variables (given)" for key, prior in source.items()]
    each = zip(design.names, design.kinds, design.priors, strict=True)
    lines += [f"{name}: {show(prior)}" for name, kind, prior in each if kind == "paths" and prior is not None]
    if len(design.nested) and not {"nested_sd", f"{NESTED}means"} & {*given.by_kind, *given.by_name}:
        lines.append(f"{NESTED}means: {DEFAULTS[f'{BETWEEN}means']} on the standardised metric (default)")
    for v, prior in zip(design.nested, design.nested_priors, strict=True):
        lines.append(f"between-unit SD of {design.names[v]}: {show(prior)}")
    for v, prior in zip(design.vary, design.between, strict=True):
        lines.append(f"between-group SD of {design.names[v]}{_metric(design.names[v])}: {show(prior)}")
    return tuple(lines)


def _metric(name: str) -> str:
    left, _, right = name.partition("~~")
    if not right:
        return ""
    return " (of the log SD)" if left == right else " (of Fisher's z of the partial correlation)"


def sampled_as(design: LatentDesign) -> Iterator[str]:
    """Yield per group how its deviations are sampled: how much around its own estimates, how much not."""
    if not len(design.vary):
        return
    weight = own_weight(design.expansion.tau, design.expansion.H)
    for group, own in zip(design.moments.groups, weight, strict=True):
        low, high = design.vary[own.argmin()], design.vary[own.argmax()]
        yield (
            f"sampling of {group}: centred on its own estimates for {own.mean():.0%} on average (from "
            f"{own.min():.0%}, {design.names[low]}, to {own.max():.0%}, {design.names[high]}), "
            "non-centred for the rest"
        )


def latent_predictive(design: LatentDesign, seed: int) -> pd.DataFrame:
    """Return ``prior_predictive.csv``; betas are standardised by the SDs that the fit to everyone implies."""
    sd = {name: float(value) for name, value in standard_deviations(design.model, design.fitted).items()}
    spread = dict(zip(design.vary.tolist(), design.between, strict=True))
    paths, typical, between, units = [], [], [], []
    for j, (kind, prior) in enumerate(zip(design.kinds, design.priors, strict=True)):
        row = design.model.rows[design.model.free_of_row.index(int(design.links.at[j]))]
        if kind == "paths":
            paths.append((row.lhs, row.rhs))
            typical.append(prior if prior is not None else Prior("flat", (), positive=False))
            between.append(spread.get(j))
            units.append(sd[row.rhs] / sd[row.lhs])
    return prior_predictive(paths, prior_groups(typical, between, seed) * np.array(units))


def latent_sensitivity(design: LatentDesign, draws: LatentDraws) -> pd.DataFrame:
    """Return ``prior_sensitivity.csv`` of the paths of the typical group and of the SDs between groups
    and units.

    Each is set against its own prior, on the raw variables; names are the keys of ``bayes.priors``.
    """
    columns, densities, known = [], [], []
    for j, (name, kind, prior) in enumerate(zip(design.names, design.kinds, design.priors, strict=True)):
        if kind == "paths" and prior is not None:
            known.append(name)
            columns.append(draws.typical[:, j])
            densities.append(log_prior(prior, columns[-1]))
    for v, prior in enumerate(design.between):
        known.append(BETWEEN + design.names[design.vary[v]])
        columns.append(draws.between[:, v])
        densities.append(log_prior(prior, columns[-1]))
    for v, prior in enumerate(design.nested_priors):
        known.append(NESTED + design.names[design.nested[v]])
        columns.append(draws.nested[:, v])
        densities.append(log_prior(prior, columns[-1]))
    if not known:
        return prior_sensitivity(
            (), np.zeros((len(draws.typical), 0)), np.zeros(len(draws.typical)), np.zeros(1)
        )
    return prior_sensitivity(
        known, np.stack(columns, 1), np.stack(densities, 1), log_likelihoods(design, draws)
    )


def log_likelihoods(design: LatentDesign, draws: LatentDraws) -> Array:
    """Return (S,) the log-likelihood of every draw, by the compiled kernel."""
    found = design.moments
    arrays = (*link_arrays(design.links), found.n, found.mean, found.cov)
    slopes, by_omega = np.empty((len(found.n), len(design.names))), np.empty(len(design.nested))
    out = np.empty(len(draws.typical))
    for s, typical in enumerate(draws.typical):
        b = np.tile(typical, (len(found.n), 1))
        b[:, design.vary] += draws.deviation[s]
        if design.units is None:
            out[s] = linked_latent(b, design.given, *arrays, *design.cells, slopes)
        else:
            data = (*arrays, *design.units, *design.cells)
            out[s] = nested_latent(b, draws.nested[s], design.given, *data, slopes, by_omega)
    return out
