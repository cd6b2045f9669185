"""The latent-variable engines on one page: the SEM, what follows from it, and its bootstrap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any

import pandas as pd

from werksem.bootstrap.run import available_jobs
from werksem.engines.bifactor import bifactor_table
from werksem.engines.bootstrap import run_bootstrap
from werksem.engines.estimate import LEAST_SQUARES
from werksem.engines.fragility import fragility_table
from werksem.engines.invariance import invariance_ladder
from werksem.engines.items import keying_warnings
from werksem.engines.keeping import NOWHERE, Keeping
from werksem.engines.latent_importance import importance_of_latents, together
from werksem.engines.mediator_order import mediator_order
from werksem.engines.method_variance import method_variance_table
from werksem.engines.overlap import joint_blocks
from werksem.engines.probit import probit_twins
from werksem.engines.quality import measurement_quality, model_based_limits
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
from werksem.sem_data import SemData, sem_data, sem_options
from werksem.spec.study import Sem, Study
from werksem.spec.types import ModelSpec

__all__ = ["run_latent"]


def run_latent(
    study: Study, spec: ModelSpec, inputs: Inputs, wanted: Sequence[str], found: dict[str, Any], *,
    jobs: int, quiet: bool, keeping: Keeping = NOWHERE,
) -> Iterator[EngineResult]:  # fmt: skip
    """Yield the SEM (where wanted) and its bootstrap, which starts from the SEM in any case.

    Tables beside the estimates go into ``found``.
    """
    settings = study.sem or Sem()
    if "bootstrap" in wanted:
        refuse_split_clusters(study, inputs)
    data = sem_data(study, spec, inputs, by_group=settings.multigroup)
    sem = fit_sem(spec, data, settings, sem_options(study))
    began = perf_counter()
    quality = measurement_quality(study, spec, inputs, data, sem, jobs=jobs or available_jobs())
    found |= {"reliability": quality.reliability, "htmt": quality.htmt, "items": quality.items}
    said = inadmissible(sem.model, sem.fit.theta) if sem.fit.converged else ()
    found["bifactor"] = bifactor_table(sem)
    found["blocks"], overlaps = joint_blocks(study, spec, sem, quality.htmt, found.get("blocks"))
    said = (*said, *overlaps)
    if inputs.survey is None:
        said = (*said, *keying_warnings(quality.items))
    timings = {**sem.tables.timings, "quality": perf_counter() - began}
    if "sem" in wanted:
        by_moments = data.patterns is None and settings.estimator not in LEAST_SQUARES
        if by_moments:
            found["modification"] = modification_indices(sem.model, sem.moments, sem.fit)
            found["sensitivity"] = reliability_sensitivity(spec, sem.model, data)
            began = perf_counter()
            undone = _fragility(study, spec, settings, data, sem)
            if undone:
                found |= undone
                timings["fragility"] = perf_counter() - began
        if study.importance is not None:
            began = perf_counter()
            rows, why = importance_of_latents(study, spec, data, settings, sem, jobs=jobs or available_jobs())
            found["importance"] = together(found.get("importance"), rows)
            said, timings["importance"] = (*said, *why), perf_counter() - began
        if not data.ordered:
            found["residuals"] = residual_table(sem)
        if study.invariance is not None:
            grouped = sem_data(study, spec, inputs, by_group=True)
            ladder = invariance_ladder(spec, grouped, settings, study.invariance)
            found["invariance"], found["partial_invariance"] = ladder.table, ladder.suggestions
        began = perf_counter()
        probit = probit_twins(study, spec, inputs) if study.sem is not None else None
        if probit is not None:
            found["probit"], said = probit.table, (*said, *probit.warnings)
            timings["probit"] = perf_counter() - began
        joint = partial(sem_joint, sem) if sem.fit.converged else None
        yield replace(sem.tables, warnings=(*sem.tables.warnings, *said), timings=timings, joint=joint)
    if "bootstrap" in wanted and study.bootstrap is not None:
        done = run_bootstrap(
            sem, data, settings, study.bootstrap, jobs=jobs or available_jobs(), quiet=quiet,
            keeping=keeping, weights=study.data.replicate_weights,
        )  # fmt: skip
        found |= {"replicates": done.replicates, "intervals": done.intervals, "fingerprint": done.fingerprint}
        if done.replicates is None:
            yield done.tables
            return
        one_step = done.tables.estimates["method"].astype(str).str.startswith("one-step").any()
        found["reliability"] = model_based_limits(
            quality.reliability, sem, done.replicates, method="one-step" if one_step else "bootstrap"
        )
        yield done.tables


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
