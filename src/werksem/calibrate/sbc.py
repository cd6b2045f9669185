"""Simulation-based calibration of a study's posterior, at its own sizes and around its own answers.

Parameters are drawn, a survey is simulated from them, and fitted; the rank of each true value among L draws
of its posterior is uniform on 0 … L if the program draws from the posterior that it says (Talts,
Betancourt, Simpson, Vehtari and Gelman 2018). Where the parameters are drawn from decides what is learnt:

- ``posterior`` (Säilynoja, Schmitt, Bürkner and Vehtari 2025): drawn from the study's own posterior, and
  fitted to the observed *and* the simulated answers. Under p(theta | y), simulated y* ~ p(y* | theta) and
  the posterior p(theta | y, y*), ranks are uniform again. This is about the values that this study finds,
  works with flat priors, and is as fast as the study itself. The likelihood counts respondents through
  their moments, so to condition on both is to add them. It cannot see a wrong prior: that is in both
  posteriors.
- ``prior``: drawn from the study's own priors, carried to its scale, and fitted to the simulated answers
  alone. This sees a wrong prior too, yet most of what weakly informative priors draw looks like no survey.

Calibration of the posterior under its own model says that the numbers are computed right, not that the model
is: coverage for ordinal, clustered answers is what ``sbc_intervals`` is for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.sample import available_cores, sampler_seed
from werksem.calibrate.sbc_latent import latent_level
from werksem.calibrate.sbc_level import Level, checks, thinned
from werksem.calibrate.sbc_run import AnyReady, in_order, ready_posterior
from werksem.calibrate.sbc_scores import Ready, scores_level
from werksem.calibrate.sbc_table import KEPT, calibrated
from werksem.inputs import Inputs
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec

__all__ = ["RANKS", "ranked", "ranks_of", "sbc"]

Array = NDArray[np.float64]
Truths = Literal["posterior", "prior"]
RANKS = ("survey", "quantity", "group", "rank", "z", "contraction", "rhat", "ess", "divergences")
DRAWS, LONGER = 400, 4  # a chain's first length, and how much longer it becomes where its ESS falls short


def sbc(
    study: Study, model: ModelSpec, inputs: Inputs, *, posteriors: int, seed: int, jobs: int,
    tick: Callable[[], None], truths: Truths = "posterior", ready: AnyReady | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return ``sbc.csv``: per parameter of the study's posterior whether ranks of the truth are uniform.

    ``posteriors`` surveys are simulated and fitted, ``tick`` is called after each; the numbers do not
    depend on ``jobs``. Raises ``DataError`` for a study without posterior. Columns are those of
    ``sbc_table.calibrated``; ``ready`` is what ``ready_posterior`` returned.
    """
    ready = ready or ready_posterior(study, model, inputs)
    found = ranked(ready, posteriors=posteriors, seed=seed, jobs=jobs, tick=tick, truths=truths)
    return calibrated(found, ready.left)


def ranked(
    ready: AnyReady, *, posteriors: int, seed: int, jobs: int, tick: Callable[[], None],
    truths: Truths = "posterior",
) -> pd.DataFrame:  # fmt: skip
    """Return ``sbc_ranks.csv``, a row per survey and quantity, as ``ranks_of`` has it."""
    prior, cores = truths == "prior", jobs or available_cores()
    if isinstance(ready, Ready):
        level = scores_level(ready, posteriors, seed, prior=prior, cores=cores)
    else:
        level = latent_level(ready, posteriors, seed, prior=prior, cores=cores)
    return ranks_of(level, posteriors, seed, jobs, tick)


def ranks_of(
    level: Level, surveys: int, seed: int, jobs: int, tick: Callable[[], None]
) -> pd.DataFrame:  # fmt: skip
    """Return ``sbc_ranks.csv`` of a level: ``survey, quantity, group, rank, z, contraction, rhat, ess,
    divergences``.

    ``rank`` counts the draws, of KEPT thinned to be independent, that lie below the truth (ties broken at
    random); ``z`` is the posterior mean less the truth in posterior SDs, ``contraction`` 1 - the ratio of
    the posterior's variance to that of the truths. The last three are of the whole chain.
    """

    def one(i: int) -> pd.DataFrame:
        return pd.DataFrame(dict(zip(RANKS, _ranked(level, i, seed), strict=True)))

    return pd.concat(list(in_order(one, surveys, jobs, tick)), ignore_index=True)


def _ranked(level: Level, i: int, seed: int) -> tuple[object, ...]:
    """Return the columns of one survey; a chain too short for KEPT independent draws is drawn longer,
    once."""
    truth, data = level.survey(i)
    stream = sampler_seed(seed + 1 + i)
    sampled = level.fit(data, DRAWS, stream)
    went = checks(sampled)
    if went.ess < KEPT:
        sampled = level.fit(data, LONGER * DRAWS, stream)
        went = checks(sampled)
    draws = level.values(thinned(sampled, KEPT), data, stream)
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(6, i)))
    below, tied = (draws < truth).sum(axis=0), (draws == truth).sum(axis=0)
    sd = draws.std(axis=0, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        z, contraction = (draws.mean(axis=0) - truth) / sd, 1 - (sd / level.before) ** 2
    quantity, group = zip(*level.names, strict=True)
    return (i, quantity, group, below + rng.integers(0, tied + 1), z, contraction,
            went.rhat, went.ess, went.divergences)  # fmt: skip
