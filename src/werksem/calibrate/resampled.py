"""All intervals of one survey's bootstrap, from one set of resamples: full refits, and one step each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.bootstrap.linear import Linear
from werksem.bootstrap.replicates import Replicates
from werksem.bootstrap.run import Job, build_job, run_blocks
from werksem.calibrate.sem_fit import Fitted
from werksem.effects import quantities
from werksem.engines.bootstrap_job import prepare
from werksem.engines.influence_of import influence_of
from werksem.intervals import INTERVALS
from werksem.resampling.influence import acceleration_of, unit_influence
from werksem.sem_data import SemData
from werksem.spec.study import Bootstrap, Sem

__all__ = ["REPLICATED", "Resampling", "resampled", "resampling_kinds"]

Array = NDArray[np.float64]
REPLICATED = tuple(kind for kind in INTERVALS if kind != "monte_carlo")
ONE_STEP = "one-step "
CHUNK = 512


@dataclass(frozen=True, slots=True)
class Resampling:
    """What is asked of replicates: ``places`` (L,) among the quantities, and the kinds of interval."""

    places: NDArray[np.int64]
    kinds: tuple[str, ...]


def resampling_kinds(fit: Fitted, data: SemData, settings: Sem, wanted: Bootstrap) -> tuple[str, ...]:
    """Return the kinds of interval of this bootstrap: of refits and of one step, or of one step alone."""
    prepared = prepare(fit.sem, data, settings, wanted.model_copy(update={"replicates": 1}))
    stepped = tuple(f"{ONE_STEP}{kind}" for kind in REPLICATED)
    if prepared.one_step:
        return stepped
    plain = prepared.job.resampling.kind != "parametric" and not prepared.job.resampling.targets
    return (*REPLICATED, *(stepped if plain else ()))


def resampled(
    fit: Fitted, data: SemData, settings: Sem, wanted: Bootstrap, asked: Resampling, jacobian: Array
) -> Array:  # fmt: skip
    """Return estimate, error and limits (kinds x L, 4), kind by kind; ``jacobian`` (L, q) of the quantities.

    One-step replicates are of the very resamples that the refits are of. Replicates without a solution are
    left out, as the bootstrap's own tables do; with fewer than two there is no interval (NaN).
    """
    prepared = prepare(fit.sem, data, settings, wanted)
    job, theta = prepared.job, fit.sem.fit.theta
    blocks = fit.influence or tuple(influence_of(fit.sem, data, settings, prepared.respondents))
    units = unit_influence(blocks, job.resampling.groups, len(theta))
    bend = acceleration_of(units, jacobian)
    estimate = quantities(fit.sem.model, fit.sem.effects, theta)[asked.places]
    sources: dict[str, Array] = {}
    if not prepared.one_step:
        sources[""] = _drawn(fit, job, asked)
    if any(kind.startswith(ONE_STEP) for kind in asked.kinds):
        size = float(sum(len(g.rows) if g.weights is None else g.weights.sum() for g in prepared.respondents))
        linear = build_job(fit.sem.model, Linear(theta, units, size), job.resampling, job.replicates)
        sources[ONE_STEP] = _drawn(fit, linear, asked)
    return np.concatenate([_limits(sources, kind, estimate, wanted.level, bend) for kind in asked.kinds])


def _drawn(fit: Fitted, job: Job, asked: Resampling) -> Array:
    """Return the quantities (R, L) of the replicates that have a solution."""
    found: Replicates = run_blocks(job, jobs=1)
    theta = found.theta[found.status != "not_converged"]
    parts = (theta[at : at + CHUNK] for at in range(0, len(theta), CHUNK))
    sem = fit.sem
    found_of = [quantities(sem.model, sem.effects, part)[:, asked.places] for part in parts]
    return np.concatenate([np.zeros((0, len(asked.places))), *found_of])


def _limits(sources: dict[str, Array], kind: str, estimate: Array, level: float, bend: Array) -> Array:
    """Return estimate, standard deviation of replicates and limits (L, 4) of one kind."""
    prefix = ONE_STEP if kind.startswith(ONE_STEP) else ""
    values = sources[prefix]
    if len(values) < 2:
        return np.full((len(estimate), 4), np.nan)
    lower, upper = INTERVALS[kind.removeprefix(ONE_STEP)](values, estimate, level, bend)
    return np.column_stack([estimate, np.nanstd(values, axis=0, ddof=1), lower, upper])
