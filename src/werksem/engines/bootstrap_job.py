"""From a fit to its bootstrap as data: full refits of ML by moments, one step for every other estimator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.bootstrap.linear import Linear
from werksem.bootstrap.refit import build_refitter
from werksem.bootstrap.run import Job, build_job
from werksem.engines.influence_of import influence_of, respondents_of
from werksem.engines.resampling_of import resampling_of, total_replicates
from werksem.engines.sem import SemResult
from werksem.resampling.influence import acceleration_of, unit_influence
from werksem.respondents import Respondents
from werksem.sem_data import SemData
from werksem.spec.study import Bootstrap, ReplicateWeights, Sem

__all__ = ["START", "Prepared", "bend_of", "prepare"]

Array = NDArray[np.float64]
START = 1024  # replicates that ``auto`` begins with


@dataclass(frozen=True, slots=True)
class Prepared:
    """A bootstrap ready to run, with what its intervals and checks need of the data."""

    job: Job
    sem: SemResult
    data: SemData
    settings: Sem
    wanted: Bootstrap
    design: ReplicateWeights | None
    respondents: tuple[Respondents, ...]

    @property
    def one_step(self) -> bool:
        """Whether replicates are linear steps and not refits."""
        return isinstance(self.job.solver, Linear)


def prepare(
    sem: SemResult, data: SemData, settings: Sem, wanted: Bootstrap, weights: ReplicateWeights | None = None
) -> Prepared:
    """Return the bootstrap that the study asks for; ``weights`` are the study's replicate weights.

    Raises ``EstimationError`` where the scheme does not go with the estimator.
    """
    respondents = tuple(respondents_of(data))
    by_moments = data.patterns is None and sem.least_squares is None and settings.likelihood == "normal"
    refits = by_moments and not sem.model.constraints
    resampling = resampling_of(sem, respondents, wanted, sums=refits)
    total = total_replicates(resampling, START if wanted.replicates == "auto" else wanted.replicates)
    if refits:
        job = build_job(
            sem.model, build_refitter(sem.model, sem.moments, sem.fit), resampling, total,
            chisq=wanted.scheme == "bollen-stine",
        )  # fmt: skip
    else:
        blocks = influence_of(sem, data, settings, respondents)
        influence = unit_influence(blocks, resampling.groups, len(sem.fit.theta))
        job = build_job(sem.model, Linear(sem.fit.theta, influence, _size(respondents)), resampling, total)
    design = weights if wanted.scheme == "replicate_weights" and wanted.indices is None else None
    return Prepared(job, sem, data, settings, wanted, design, respondents)


def _size(respondents: tuple[Respondents, ...]) -> float:
    """Return how many respondents there are, or the sum of their weights."""
    return float(sum(len(g.rows) if g.weights is None else g.weights.sum() for g in respondents))


def bend_of(prepared: Prepared, jacobian: Array) -> Array:
    """Return BCa's acceleration (k,) of quantities with this jacobian (k, q), over the units drawn."""
    solver, groups = prepared.job.solver, prepared.job.resampling.groups
    if isinstance(solver, Linear):
        return acceleration_of(solver.influence, jacobian)
    blocks = influence_of(prepared.sem, prepared.data, prepared.settings, prepared.respondents)
    if any(group.count < len(group.unit) for group in groups):
        return acceleration_of(unit_influence(blocks, groups, jacobian.shape[1]), jacobian)
    # block by block: the influence of all respondents may not fit into memory
    return acceleration_of((block for _, block in blocks), jacobian)
