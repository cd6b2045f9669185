"""Importance on latent variables: R² of the structural model divided by its own covariances."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bootstrap.run import run_blocks
from werksem.engines.bootstrap_job import prepare
from werksem.engines.drawn_scores import draws_of
from werksem.engines.importance import COLUMNS, asked, divided
from werksem.engines.sem import SemResult
from werksem.errors import WerksemError
from werksem.implied import latent_cov, matrices
from werksem.model import Model
from werksem.progress import progress_bar
from werksem.sem_data import SemData
from werksem.spec.study import Sem, Study
from werksem.spec.types import ModelSpec

__all__ = ["importance_of_latents", "together"]

Array = NDArray[np.float64]


def importance_of_latents(
    study: Study,
    spec: ModelSpec,
    data: SemData,
    settings: Sem,
    sem: SemResult,
    *,
    jobs: int,
    quiet: bool = True,
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return (rows of ``importance.csv`` of engine ``sem``, per group of the model; what to warn of).

    R² is that of the regression on the latent variables, from the covariances A Psi A' that the model
    implies; it is the model's own where the residual has nothing to do with the predictors. Replicates
    are refits of resamples (one-step for estimators beyond ML); inadmissible ones are left out.
    """
    if study.importance is None or not sem.fit.converged:
        return pd.DataFrame(columns=COLUMNS), ()
    said: tuple[str, ...] = ()
    try:
        drawn = _replicates(study, data, settings, sem, jobs=jobs, quiet=quiet)
    except WerksemError as problem:
        drawn, said = None, (f"importance of latent variables has no intervals: {problem.message}",)
    rows = []
    for g, label in enumerate(sem.model.groups):
        n = sem.moments[g].n if g < len(sem.moments) else sem.fit.n
        for equation in asked(study, spec):
            names = (*equation.predictors, equation.outcome)
            own = _covs(sem.model, sem.fit.theta, g, names)
            replicates = None if drawn is None else _covs(sem.model, drawn, g, names)
            rows += list(divided("sem", label, equation, study, own, replicates, n))
    return pd.DataFrame(rows).reindex(columns=COLUMNS), said


def _replicates(
    study: Study, data: SemData, settings: Sem, sem: SemResult, *, jobs: int, quiet: bool
) -> Array | None:
    """Return theta (R, q) of the resamples in order, None where the study has moments only."""
    if study.importance is None or (data.respondents is None and data.patterns is None):
        return None
    wanted = draws_of(study, study.importance.replicates, study.importance.seed)
    prepared = prepare(sem, data, settings, wanted, study.data.replicate_weights)
    with progress_bar("importance", prepared.job.replicates, quiet=quiet) as tick:
        found = run_blocks(prepared.job, jobs=jobs, tick=tick)
    return np.asarray(found.theta[found.status == "ok"], dtype=float)


def _covs(model: Model, theta: Array, group: int, names: tuple[str, ...]) -> Array:
    """Return the implied covariances (…, k, k) of some eta."""
    at = [model.eta.index(name) for name in names]
    return np.asarray(latent_cov(matrices(model, theta, group))[..., at, :][..., at], dtype=float)


def together(first: pd.DataFrame | None, second: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of two tables of importance, those that have any."""
    filled = [table for table in (first, second) if table is not None and len(table)]
    return pd.concat(filled, ignore_index=True) if filled else second
