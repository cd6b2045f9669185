"""Errors of a sector's own, pooled and overall betas in simulated surveys, by the study's own posterior.

Groups' true coefficients are drawn anew around a typical group, b_g ~ N(gamma, tau²), with gamma, tau and
the residuals' covariances from the study's posterior, so tau has the uncertainty it has there; answers are
drawn at the study's sizes and predictors, and the posterior of those answers is sampled as the study's is.
A sector of another size is added to a survey without another fit: given a draw of (gamma, tau, sigma) its
coefficients are exactly normal (``bayes/marginal.py``), and draws are weighted by the density of its
answers (Pareto-smoothed importance sampling, Vehtari et al. 2024). All on the common metric, whose units
are the model's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from werksem.bayes.checks.left_out_scores import only
from werksem.bayes.design import Design
from werksem.bayes.draws import ScoreDraws, further, model_units, raw_draws
from werksem.bayes.laplace import resample
from werksem.bayes.marginal import draw_groups, log_likelihood
from werksem.bayes.nested import about_means
from werksem.bayes.own import least_squares
from werksem.bayes.psis import smoothed_weights
from werksem.bayes.sample import Sampled, sampler_seed
from werksem.bayes.score_priors import part_of
from werksem.calibrate.sbc_level import thinned
from werksem.calibrate.sbc_moments import with_both, without_answers
from werksem.calibrate.sbc_scores import Ready, fitted, one_truth, simulated
from werksem.calibrate.smallest_table import GRID, SECTOR, Errors

__all__ = ["errors_of", "sector"]

Array = NDArray[np.float64]
DRAWS, KEPT, SECTORS = 500, 250, 2


def sector(design: Design, n: float) -> Design:
    """Return the design of one sector of ``n`` respondents whose predictors are the average respondent's."""
    blocks = [
        replace(part, n=np.array([n]), cross=whole.cross.sum(axis=0, keepdims=True) * n / whole.n.sum())
        for part, whole in zip(only(design, 0).blocks, design.blocks, strict=True)
    ]
    return replace(only(design, 0), blocks=tuple(blocks), groups=(SECTOR,))


def errors_of(ready: Ready, truths: Sampled, i: int, seed: int) -> Iterator[Errors]:
    """Yield the errors in survey i of every path and group, and of sectors of the sizes of GRID."""
    design, truth = ready.design, one_truth(truths, i)
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(7, i)))
    stream = int(rng.integers(2**31))
    groups = raw_draws(without_answers(design), truth, stream)
    data = with_both(design, simulated(without_answers(design), design, truth, groups, rng), observed=False)
    tune, own = ready.settings.tune // 2, sampler_seed(stream)
    found = thinned(fitted(ready, data, chains=1, draws=DRAWS, tune=tune, seed=own, cores=1), KEPT)
    flat = {name: value[0] for name, value in found.values.items()}
    pooled = draw_groups(data, *model_units(design, flat), rng, further(design, flat))
    overall = _overall(data)
    yield from _compared(data, i, about_means(design, groups.group)[0], pooled, overall)
    total = max(float(block.n.sum()) for block in design.blocks)
    if design.nested_varies.any():
        return
    for n in [size for size in GRID if size <= total] * SECTORS:
        yield from _of_sector(sector(design, float(n)), truth, flat, i, overall, rng)


def _of_sector(
    design: Design, truth: Sampled, flat: dict[str, Array], i: int, overall: Array, rng: np.random.Generator
) -> Iterator[Errors]:
    """Yield the errors of one sector that the fit behind ``flat`` did not have."""
    drawn: ScoreDraws = raw_draws(without_answers(design), truth, int(rng.integers(2**31)))
    data = with_both(design, simulated(without_answers(design), design, truth, drawn, rng), observed=False)
    at, more = model_units(design, flat), further(design, flat)
    weights, _ = smoothed_weights(log_likelihood(data, *at, more))
    some = resample(weights, len(weights), rng)
    # coefficients are drawn after the weighting, each anew: a draw that recurs still has its own
    gamma, tau, sigma = (part[some] for part in at)
    pooled = draw_groups(data, gamma, tau, sigma, rng, part_of(more, some))
    yield from _compared(data, i, about_means(design, drawn.group)[0], pooled, overall)


def _compared(data: Design, i: int, truth: Array, pooled: Array, overall: Array) -> Iterator[Errors]:
    """Yield errors per path and group; ``truth`` (E, G, K), ``pooled`` (S, E, G, K), ``overall`` (E, K)."""
    low, high = np.quantile(pooled, [0.025, 0.975], axis=0)
    mean = pooled.mean(axis=0)
    for e, found in enumerate(data.statistics):
        for g, group in enumerate(data.groups):
            n = _size(data, e, g)
            own = _own(data, e, g)
            for k, rhs in enumerate(found.equation.predictors, start=1):
                t = truth[e, g, k]
                est, half = (np.nan, np.nan) if own is None else (own[0][k], own[1][k])
                if n and np.isfinite(est):
                    yield Errors(
                        i, found.equation.outcome, rhs, group, n, est - t, mean[e, g, k] - t,
                        overall[e, k] - t, abs(est - t) <= half, low[e, g, k] <= t <= high[e, g, k],
                    )  # fmt: skip


def _size(data: Design, e: int, g: int) -> int:
    """Return the respondents of a group, of a sector what the likelihood counts with."""
    if data.groups == (SECTOR,):
        return round(float(data.blocks[0].n[0]))
    return int(data.statistics[e].rows[g])


def _parts(data: Design, e: int) -> tuple[NDArray[np.int64], Array, Array]:
    """Return the places of a regression's columns in its block, and the block's cross-products and n by
    group."""
    block = next(block for block in data.blocks if e in block.members)
    i = block.members.index(e)
    columns = np.array([*range(block.at[i], block.at[i + 1]), len(block.e) + i])
    cross = np.add.reduceat(block.cross, block.starts[:-1], axis=0)
    return columns, cross[:, columns[:, None], columns], block.n


def _own(data: Design, e: int, g: int) -> tuple[Array, Array] | None:
    """Return a group's own OLS and half the width of its 95 % intervals; None where it has none."""
    columns, cross, n = _parts(data, e)
    P = len(columns) - 1
    df = float(n[g]) - P
    done = least_squares(cross[g, :P, :P], cross[g, :P, P], float(cross[g, P, P]), df)
    return None if done is None else (done[0], done[1] * stats.t.ppf(0.975, df))


def _overall(data: Design) -> Array:
    """Return (E, K) common slopes with an intercept per group: complete pooling."""
    out = np.full(data.varies.shape, np.nan)
    for e in range(len(data.statistics)):
        _, cross, n = _parts(data, e)
        sums, size = cross[:, 0], np.where(n > 0, n, 1.0)
        within = (cross - sums[:, :, None] * sums[:, None, :] / size[:, None, None]).sum(axis=0)[1:, 1:]
        P = len(within) - 1
        done = least_squares(within[:P, :P], within[:P, P], float(within[P, P]), float(n.sum()) - len(n) - P)
        if done is not None:
            out[e, 1 : P + 1] = done[0]
    return out
