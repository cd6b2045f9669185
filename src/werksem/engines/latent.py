"""The latent-variable engines on one page: the SEM, what follows from it, and its bootstrap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any

import pandas as pd

from werksem.bootstrap.run import available_jobs
from werksem.engines.bifactor import bifactor_table
from werksem.engines.bootstrap import BootstrapResult, run_bootstrap
from werksem.engines.distributions import without_small_cells
from werksem.engines.few_clusters import few_clusters_of_sem
from werksem.engines.fragility import fragility_table
from werksem.engines.invariance import invariance_ladder
from werksem.engines.items import keying_warnings
from werksem.engines.keeping import NOWHERE, Keeping
from werksem.engines.ladder_groups import groups_that_fit
from werksem.engines.latent_importance import importance_of_latents, together
from werksem.engines.main_routes import routes_said
from werksem.engines.mediator_order import mediator_order
from werksem.engines.method_variance import method_variance_table
from werksem.engines.overlap import joint_blocks
from werksem.engines.probit import probit_twins
from werksem.engines.quality import Quality, measurement_quality, model_based_limits
from werksem.engines.resampling_of import refuse_split_clusters
from werksem.engines.result import EngineResult
from werksem.engines.sem import SemResult, fit_sem
from werksem.engines.sem_joint import sem_joint
from werksem.engines.sensitivity import reliability_sensitivity
from werksem.inference.admissible import inadmissible
from werksem.inference.model_fit import residual_correlations
from werksem.inference.modification import modification_indices
from werksem.inference.routes import indirect_routes
from werksem.inference.units import sampling_as_asked
from werksem.inputs import Inputs
from werksem.progress import shown
from werksem.sem_data import SemData, sem_data, sem_options
from werksem.spec.errors_asked import latent_settings
from werksem.spec.study import Sem, Study
from werksem.spec.support import LEAST_SQUARES
from werksem.spec.types import ModelSpec

__all__ = ["run_latent"]

# tables by name, and what a reader must know of them
Beside = tuple[dict[str, Any], tuple[str, ...]]


def run_latent(
    study: Study, spec: ModelSpec, inputs: Inputs, wanted: Sequence[str], found: dict[str, Any], *,
    jobs: int, quiet: bool, keeping: Keeping = NOWHERE,
) -> Iterator[EngineResult]:  # fmt: skip
    """Yield the SEM (where wanted) and its bootstrap, which starts from the SEM in any case.

    Tables beside the estimates go into ``found``.
    """
    settings = latent_settings(study)
    jobs = jobs or available_jobs()
    if "bootstrap" in wanted:
        refuse_split_clusters(study, inputs)
    data = sem_data(study, spec, inputs, by_group=settings.multigroup)
    with shown("SEM", quiet=quiet):
        sem = fit_sem(spec, data, settings, sem_options(study))
    found |= {"sem": sem, "sem_data": data}
    timings = dict(sem.tables.timings)
    with _timed(timings, "quality"), shown("measurement", quiet=quiet):
        quality = measurement_quality(study, spec, inputs, data, sem, jobs=jobs)
        said = _measured(study, spec, inputs, sem, quality, found)
        method = str(sem.tables.estimates["method"].iloc[0])
        said = (*said, *few_clusters_of_sem(data, method, sem.model.npar))
    if "sem" in wanted:
        for stage, tables in _beside(study, spec, inputs, data, sem, settings, found, jobs, quiet):
            with _timed(timings, stage), shown(stage, quiet=quiet):
                made, why = tables()
            found |= made
            said = (*said, *why)
        joint = partial(sem_joint, sem) if sem.fit.converged else None
        yield replace(sem.tables, warnings=(*sem.tables.warnings, *said), timings=timings, joint=joint)
    if "bootstrap" in wanted and study.bootstrap is not None:
        done = run_bootstrap(
            sem, data, settings, study.bootstrap, jobs=jobs, quiet=quiet, keeping=keeping,
            weights=study.data.replicate_weights,
        )  # fmt: skip
        yield _resampled(done, sem, quality, found)


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    began = perf_counter()
    yield
    timings[stage] = timings.get(stage, 0.0) + perf_counter() - began


def _measured(
    study: Study, spec: ModelSpec, inputs: Inputs, sem: SemResult, quality: Quality, found: dict[str, Any]
) -> tuple[str, ...]:
    """Put the tables of the measurement into ``found``; return what a reader must know of it."""
    items = without_small_cells(quality.items, found.get("distributions"), study.disclosure)
    found |= {"reliability": quality.reliability, "htmt": quality.htmt, "items": items}
    found["bifactor"] = bifactor_table(sem)
    found["blocks"], overlaps = joint_blocks(study, spec, sem, quality.htmt, found.get("blocks"))
    said = inadmissible(sem.model, sem.fit.theta) if sem.fit.converged else ()
    keying = keying_warnings(quality.items) if inputs.survey is None else ()
    return (*said, *overlaps, *keying)


def _beside(
    study: Study, spec: ModelSpec, inputs: Inputs, data: SemData, sem: SemResult, settings: Sem,
    found: dict[str, Any], jobs: int, quiet: bool,
) -> Iterator[tuple[str, Callable[[], Beside]]]:  # fmt: skip
    """Yield stages that make tables beside the estimates, each by its name and how to run it."""
    if data.patterns is None and settings.estimator not in LEAST_SQUARES:
        yield "modification", lambda: _misfit(spec, data, sem)
        yield "fragility", lambda: (_fragility(study, spec, settings, data, sem), _routes_said(sem))
    if study.importance is not None:
        yield "importance", lambda: _importance(study, spec, data, settings, sem, found, jobs, quiet)
    if not data.ordered:
        yield "residuals", lambda: ({"residuals": residual_table(sem)}, ())
    if study.invariance is not None:
        yield "invariance", lambda: _ladder(study, spec, inputs, settings)
    if study.sem is not None:
        yield "probit", lambda: _probit(study, spec, inputs)


def _misfit(spec: ModelSpec, data: SemData, sem: SemResult) -> Beside:
    return {
        "modification": modification_indices(sem.model, sem.moments, sem.fit),
        "sensitivity": reliability_sensitivity(spec, sem.model, data),
    }, ()


def _ladder(study: Study, spec: ModelSpec, inputs: Inputs, settings: Sem) -> Beside:
    grouped, said = groups_that_fit(spec, sem_data(study, spec, inputs, by_group=True), settings)
    ladder = invariance_ladder(spec, grouped, settings, study.invariance or ())
    return {"invariance": ladder.table, "partial_invariance": ladder.suggestions}, said


def _importance(
    study: Study, spec: ModelSpec, data: SemData, settings: Sem, sem: SemResult, found: dict[str, Any],
    jobs: int, quiet: bool,
) -> Beside:  # fmt: skip
    """Return the importance of latents, below that of scale means where it was found."""
    rows, said = importance_of_latents(study, spec, data, settings, sem, jobs=jobs, quiet=quiet)
    return {"importance": together(found.get("importance"), rows)}, said


def _probit(study: Study, spec: ModelSpec, inputs: Inputs) -> Beside:
    twins = probit_twins(study, spec, inputs)
    return ({}, ()) if twins is None else ({"probit": twins.table}, twins.warnings)


def _resampled(
    done: BootstrapResult, sem: SemResult, quality: Quality, found: dict[str, Any]
) -> EngineResult:
    """Put what the replicates say beside the estimates into ``found``; return the estimates."""
    found |= {"replicates": done.replicates, "intervals": done.intervals, "fingerprint": done.fingerprint}
    if done.replicates is not None:
        one_step = done.tables.estimates["method"].astype(str).str.startswith("one-step").any()
        found["reliability"] = model_based_limits(
            quality.reliability, sem, done.replicates, method="one-step" if one_step else "bootstrap"
        )
    return done.tables


def _routes_said(sem: SemResult) -> tuple[str, ...]:
    return routes_said(sem) if sem.fit.converged else ()


def _fragility(
    study: Study, spec: ModelSpec, settings: Sem, data: SemData, sem: SemResult
) -> dict[str, pd.DataFrame | None]:
    """Return the tables of what would undo the estimates: other residual correlations, a common method."""
    asked = study.sensitivity.method_variance if study.sensitivity else ()
    if not sem.fit.converged or not (asked or indirect_routes(sem.model, sem.effects)):
        return {}
    sampling = sampling_as_asked(sem.model, sem.moments, settings, data.respondents)
    return {
        "fragility": fragility_table(sem, sampling),
        "mediator_order": mediator_order(sem, sampling),
        "method_variance": method_variance_table(spec, sem, sampling, asked) if asked else None,
    }


def residual_table(sem: SemResult) -> pd.DataFrame:
    """Return the residual correlations of every pair of observed variables, largest first."""
    rows = []
    for number, label in enumerate(sem.model.groups):
        residual = residual_correlations(sem.model, sem.moments, sem.fit.theta, number)
        for i, left in enumerate(sem.model.observed):
            rows += [(label, sem.model.observed[j], left, residual[i, j]) for j in range(i)]
    table = pd.DataFrame(rows, columns=["group", "lhs", "rhs", "residual"])
    order = table["residual"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)
