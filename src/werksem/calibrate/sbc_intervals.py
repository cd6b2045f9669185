"""Posterior intervals of simulated respondents: does a normal-theory posterior cover ordinal, clustered
answers?

Calibration under the model's own simulated moments says that the posterior is computed right; that its
intervals cover the truth of answers of 1 to 5, alike within organisations, takes surveys of such answers.
They come from outside, as items or scale means per respondent; the model is compiled once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.block import Block
from werksem.bayes.design import Design
from werksem.bayes.draws import raw_draws
from werksem.bayes.latent.design import with_moments
from werksem.bayes.latent.draws import latent_draws
from werksem.bayes.latent.groups import group_moments
from werksem.bayes.latent.quantities import latent_quantities
from werksem.bayes.rows import estimate_rows
from werksem.bayes.run import score_design
from werksem.bayes.sample import Sampled, sampler_seed
from werksem.bayes.score_quantities import scores_quantities
from werksem.bayes.statistics import group_labels
from werksem.calibrate.sbc_latent import ReadyLatent, fitted_latent
from werksem.calibrate.sbc_level import checks, went_wrong
from werksem.calibrate.sbc_run import AnyReady, in_order
from werksem.calibrate.sbc_scores import Ready, fitted
from werksem.errors import DataError
from werksem.estimates import estimates_table
from werksem.inputs import Inputs

__all__ = ["in_units_of", "posterior_intervals"]

Array = NDArray[np.float64]
DRAWS = 1000


def posterior_intervals(
    ready: AnyReady, survey: Callable[[int], Inputs], *, surveys: int, seed: int, jobs: int,
    tick: Callable[[], None],
) -> pd.DataFrame:  # fmt: skip
    """Return the posterior's rows of ``estimates.csv`` for every survey, with its number in column
    ``survey``.

    ``survey(i)`` returns the study's inputs with other answers (``scores`` at level scores, ``items`` at
    level latent) of the same groups in the same rows. One chain of 1,000 draws each; ``status`` is
    ``not_converged`` where it says nothing (``sbc_level.went_wrong``), else ``ok``. Priors keep the scale
    that the study's own answers gave them. The numbers do not depend on ``jobs``.
    """

    def one(i: int) -> pd.DataFrame:
        stream = sampler_seed(seed + 1 + i)
        rows = _latent(ready, survey(i), stream) if isinstance(ready, ReadyLatent) else _scores(
            ready, survey(i), stream)  # fmt: skip
        return rows.assign(survey=i)

    return pd.concat(list(in_order(one, surveys, jobs, tick)), ignore_index=True)


def _status(chain: Sampled) -> str:
    return "not_converged" if went_wrong(checks(chain)) else "ok"


def _scores(ready: Ready, inputs: Inputs, seed: int) -> pd.DataFrame:
    old = ready.design
    if inputs.scores is None:
        raise DataError("calibrate: a simulated survey has no scale means")
    equations = [found.equation for found in old.statistics]
    pairs = [(old.outcomes[e], old.outcomes[f]) for e, f in old.residual_pairs]
    new = score_design(
        equations, inputs.scores, inputs.group, inputs.weights, ready.settings, pairs, inputs.nested
    )
    data = in_units_of(old, new)
    chain = fitted(ready, data, chains=1, draws=DRAWS, tune=ready.settings.tune // 2, seed=seed, cores=1)
    pooled = scores_quantities(new, raw_draws(data, chain, seed), ready.effects)
    return estimates_table(estimate_rows(pooled, _status(chain)))


def in_units_of(old: Design, new: Design) -> Design:
    """Return ``old`` with the respondents of ``new``, whose cross-products are in units of their own.

    Raises ``DataError`` where the groups are others.
    """
    if old.groups != new.groups:
        raise DataError("calibrate: a simulated survey has other groups than the study")
    blocks = []
    for block, found in zip(old.blocks, new.blocks, strict=True):
        T = _between(old, new, block)
        cross = np.ascontiguousarray(T @ found.cross @ T.T)
        blocks.append(replace(block, n=found.n, cross=cross, rows=found.rows))
    return replace(old, blocks=tuple(blocks))


def _between(old: Design, new: Design, block: Block) -> Array:
    """Return T with the columns (1, x, …, y, …) of a block in the old units and about the old means."""
    K = len(block.e)
    T = np.eye(K + len(block.members))
    for i, (e, k) in enumerate(zip(block.e.tolist(), block.k.tolist(), strict=True)):
        if k:
            T[i, i] = new.scale_x[e, k - 1] / old.scale_x[e, k - 1]
            T[i, 0] = (new.mean_x[e, k - 1] - old.mean_x[e, k - 1]) / old.scale_x[e, k - 1]
    for i, e in enumerate(block.members, start=K):
        T[i, i] = new.scale_y[e] / old.scale_y[e]
        T[i, 0] = (new.mean_y[e] - old.mean_y[e]) / old.scale_y[e]
    return T


def _latent(ready: ReadyLatent, inputs: Inputs, seed: int) -> pd.DataFrame:
    design = ready.design
    if inputs.items is None:
        raise DataError("calibrate: a simulated survey has no items")
    values = inputs.items[list(design.model.observed)].to_numpy(dtype=float)
    labels, code = group_labels(inputs.group, len(values))
    keep = np.isfinite(values).all(axis=1) & (code >= 0)
    weight = None if inputs.weights is None else inputs.weights.to_numpy(dtype=float)[keep]
    found = group_moments(values[keep], labels, code[keep], weight)
    if found.groups != design.moments.groups:
        raise DataError("calibrate: a simulated survey has other groups with complete rows than the study")
    data = with_moments(design, found)
    chain = fitted_latent(
        ready, data, chains=1, draws=DRAWS, tune=ready.settings.tune // 2, seed=seed, cores=1
    )
    pooled = latent_quantities(data, latent_draws(data, chain, seed), ready.effects)
    return estimates_table(estimate_rows(pooled, _status(chain)))
