"""Leaving groups out of hierarchical regressions: a refit without each, and its data's density.

The refit is of the same model: priors and units stay those of all groups, only the group's respondents
go. Given (gamma, tau, sigma) the group's coefficients are integrated over their distribution in closed
form (``bayes/marginal.py``), so the fitted ones never enter. The mean over the refit's draws is taken
by a bridge to those of the fit to all groups, since few of them suit a group larger than the rest.
Complete pooling is a refit without differences between groups. Without pooling, the other groups speak
of the residual SD alone: the group's coefficients are integrated over the priors of the typical group's,
where these are normal. Densities are of all regressions together. Units within groups stay as they are: under
complete pooling, too, they differ.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.block import Block
from werksem.bayes.checks.evidence import LogMean, bridge, log_mean
from werksem.bayes.checks.left_out import left_out_table
from werksem.bayes.convergence import diagnostics
from werksem.bayes.design import Design
from werksem.bayes.draws import further, model_units
from werksem.bayes.graph import data_of, pymc_model
from werksem.bayes.kept import kept_or_sampled
from werksem.bayes.marginal import log_likelihood
from werksem.bayes.priors import DEFAULTS
from werksem.bayes.sample import Sampled, default_sampler, sample_model, third_party_warnings
from werksem.progress import Tick, progress_bar
from werksem.spec.priors import parse_prior
from werksem.spec.study import Bayes

__all__ = [
    "Fitting", "fitted_to", "group_density", "leave_groups_out", "only", "unpooled", "varying", "without",
]  # fmt: skip

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fitting:
    """How refits are made: chains, draws and seed of the study, the sampler, and its cores (0: all).

    Finished ones lie in the folder ``keep``.
    """

    settings: Bayes
    sampler: str
    cores: int = 0
    keep: Path | None = None


def without(design: Design, g: int) -> Design:
    """Return the design without the respondents of group ``g``, which the likelihood then passes over."""
    n, cross, blocks = design.n.copy(), design.cross.copy(), []
    n[:, g], cross[:, g] = 0.0, 0.0
    for block in design.blocks:
        own, units = block.n.copy(), block.cross.copy()
        own[g], units[_units(block, g)] = 0.0, 0.0
        blocks.append(replace(block, n=own, cross=units))
    return replace(design, n=n, cross=cross, blocks=tuple(blocks))


def only(design: Design, g: int) -> Design:
    """Return the design with group ``g`` alone, in the units and under the priors of all groups."""
    blocks = []
    for block in design.blocks:
        at = _units(block, g)
        cross = np.ascontiguousarray(block.cross[at])
        starts = np.array([0, len(cross)], dtype=np.int64)
        blocks.append(replace(
            block, n=block.n[[g]], cross=cross, starts=starts, labels=block.labels[at], rows=block.rows[at],
        ))  # fmt: skip
    n, cross = design.n[:, [g]], design.cross[:, [g]]
    return replace(design, groups=design.groups[g : g + 1], n=n, cross=cross, blocks=tuple(blocks))


def _units(block: Block, g: int) -> slice:
    return slice(int(block.starts[g]), int(block.starts[g + 1]))


def varying(design: Design, every: bool) -> Design:
    """Return the design with every coefficient, or none, differing between groups, independently.

    Without priors of the SDs; the intercepts' deviations are those about the grand means.
    """
    there = np.concatenate([np.ones((len(design.path_of), 1), bool), design.path_of >= 0], axis=1)
    blocks = []
    for block in design.blocks:
        K = len(block.e)
        at = np.arange(K if every else 0)
        blocks.append(replace(block, varies=at, spread=np.eye(K)[:, at]))
    return replace(design, varies=there & every, between_priors=(), blocks=tuple(blocks))


def leave_groups_out(
    design: Design, sampled: Sampled, settings: Bayes, *,
    quiet: bool = False, sampler: str = "", cores: int = 0, keep: Path | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return ``left_out.csv``; ``sampled`` is the fit to all groups, of an exchangeable model.

    Groups without complete rows have no row; with fewer than two groups the table is empty.
    """
    places = [g for g in range(len(design.groups)) if design.n[:, g].any()]
    if len(places) < 2:
        return left_out_table([], [], [], [])
    fitted = Fitting(settings, sampler or default_sampler(), cores, keep)
    pooled = varying(design, every=False)
    with progress_bar("leaving out", 2 * len(places) + 1, quiet=quiet) as tick:
        everyone = fitted_to(pooled, None, fitted)
        tick(1)
        found, alone, rhat = _each(design, places, sampled, fitted, tick)
        complete, _, _ = _each(pooled, places, everyone, fitted, tick)
    labels = [design.groups[g] for g in places]
    n = [float(design.n[:, g].max()) for g in places]
    return left_out_table(labels, n, found, rhat, complete, alone)


def _each(
    design: Design, places: list[int], sampled: Sampled, fitting: Fitting, tick: Tick
) -> tuple[list[LogMean], list[LogMean], list[float]]:
    """Return per group its density given the others, that without pooling, and the largest R-hat."""
    found, alone, rhat = [], [], []
    for g in places:
        rest = fitted_to(without(design, g), sampled.ready, fitting, stream=g + 1)
        found.append(bridge(group_density(design, g, rest), group_density(design, g, sampled)))
        alone.append(log_mean(unpooled(design, g, rest)))
        checked = diagnostics(rest, 0)
        rhat.append(float(checked.loc[checked["measure"] == "rhat_max", "value"].iloc[0]))
        tick(1)
    return found, alone, rhat


def fitted_to(design: Design, ready: Any, fitting: Fitting, stream: int = 0) -> Sampled:
    """Return draws for a design, with a compiled model of the same shape where there is one.

    Fits of different ``stream`` are independent: a bridge between them takes them so.
    """
    settings = fitting.settings

    def sample() -> Sampled:
        if ready is None:
            with third_party_warnings():
                model = pymc_model(design, exchange=True)
        else:
            model = ready.with_data(**data_of(design))
        return sample_model(
            model, chains=settings.chains, draws=settings.draws, tune=settings.tune,
            seed=settings.seed + stream, quiet=True, sampler=fitting.sampler, cores=fitting.cores,
        )  # fmt: skip

    what = ("refit", design, settings.model_dump(mode="json"), stream, fitting.sampler)
    return kept_or_sampled(fitting.keep, what, sample)


def group_density(design: Design, g: int, fit: Sampled) -> Array:
    """Return (chains, draws) the log densities of group ``g``'s outcomes, its coefficients integrated out."""
    values = {name: value.reshape(-1, value.shape[-1]) for name, value in fit.values.items()}
    found = log_likelihood(only(design, g), *model_units(design, values), further(design, values))
    return found.reshape(fit.values["path"].shape[:2])


def unpooled(design: Design, g: int, fit: Sampled) -> Array:
    """Return the same with the group's coefficients drawn from the typical group's priors.

    NaN where these are not normal, or where one label holds several paths equal.
    """
    values = {name: value.reshape(-1, value.shape[-1]) for name, value in fit.values.items()}
    sigma, more = values["residual_sd"], further(design, values)
    shape = fit.values["path"].shape[:2]
    known = design.path_of >= 0
    other = any(p.family != "normal" for p in design.path_priors) or any(design.mean_priors)
    if other or design.lever.any() or known.sum() > len(design.paths):
        return np.full(shape, np.nan)
    centre, spread = np.array([prior.parameters for prior in design.path_priors]).T
    mean, sd = parse_prior(DEFAULTS["means"]).parameters
    place, ratio = np.where(known, design.path_of, 0), design.ratio * known
    E = len(ratio)
    gamma = np.concatenate([np.full((E, 1), mean), centre[place] * ratio], axis=1)
    tau = np.concatenate([np.full((E, 1), sd), spread[place] * np.abs(ratio)], axis=1)
    S = len(sigma)
    gamma, tau = (np.broadcast_to(part, (S, *part.shape)) for part in (gamma, tau))
    free = only(varying(design, every=True), g)
    return log_likelihood(free, gamma, tau, sigma, replace(more, between=())).reshape(shape)
