"""Runs the engines a study asks for, each fed by what stands before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from werksem.engines.design import design_table
from werksem.engines.distributions import distributions
from werksem.engines.keeping import NOWHERE, Keeping
from werksem.engines.result import EngineResult
from werksem.engines.sample import sample_table
from werksem.engines.scales import scales_tables
from werksem.errors import DataError, SpecError
from werksem.inputs import Inputs
from werksem.progress import shown
from werksem.spec.equations import equations
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec
from werksem.survey.moments_input import scale_moments

__all__ = ["ENGINES", "Results", "run_engines"]

ENGINES = ("ols", "sem", "bootstrap", "bayes")


@dataclass(frozen=True, slots=True)
class Results:
    """Everything the engines found; tables that no engine made are None."""

    engines: tuple[EngineResult, ...]
    reliability: pd.DataFrame | None = None
    htmt: pd.DataFrame | None = None
    items: pd.DataFrame | None = None
    sample: pd.DataFrame | None = None
    distributions: pd.DataFrame | None = None
    bifactor: pd.DataFrame | None = None
    blocks: pd.DataFrame | None = None
    design: pd.DataFrame | None = None
    scales: pd.DataFrame | None = None
    correlations: pd.DataFrame | None = None
    modification: pd.DataFrame | None = None
    residuals: pd.DataFrame | None = None
    sensitivity: pd.DataFrame | None = None
    fragility: pd.DataFrame | None = None
    mediator_order: pd.DataFrame | None = None
    method_variance: pd.DataFrame | None = None
    robustness: pd.DataFrame | None = None
    importance: pd.DataFrame | None = None
    controls: pd.DataFrame | None = None
    controls_blocks: pd.DataFrame | None = None
    probit: pd.DataFrame | None = None
    invariance: pd.DataFrame | None = None
    partial_invariance: pd.DataFrame | None = None
    freed_items: pd.DataFrame | None = None
    freed_means: Any = ()  # werksem.bayes.quantities.Quantity, of a posterior with the worst items freed
    replicates: pd.DataFrame | None = None
    intervals: pd.DataFrame | None = None
    fingerprint: str = ""
    posterior: Any = None  # arviz.InferenceData
    between: pd.DataFrame | None = None
    pooled_share: pd.DataFrame | None = None
    pooled: Any = None  # werksem.bayes.quantities.Pooled
    own: pd.DataFrame | None = None
    fixed_effects: pd.DataFrame | None = None
    ledger: pd.DataFrame | None = None
    claims: pd.DataFrame | None = None
    claims_details: pd.DataFrame | None = None
    claims_truth: pd.DataFrame | None = None
    prior_predictive: pd.DataFrame | None = None
    prior_sensitivity: pd.DataFrame | None = None
    nested: pd.DataFrame | None = None
    predictive: pd.DataFrame | None = None
    left_out: pd.DataFrame | None = None
    loo: pd.DataFrame | None = None
    priors: tuple[str, ...] = ()
    sem: Any = None  # werksem.engines.sem.SemResult
    sem_data: Any = None  # werksem.sem_data.SemData
    passport: pd.DataFrame | None = None


def run_engines(
    study: Study, model: ModelSpec, inputs: Inputs, wanted: Sequence[str], *,
    jobs: int = 0, quiet: bool = False, keeping: Keeping = NOWHERE,
) -> Results:  # fmt: skip
    """Return the results of the wanted engines, in the order OLS, SEM, bootstrap, Bayes.

    ``keeping`` says where finished replicates and posteriors are kept, and which are taken up.
    """
    engines: list[EngineResult] = []
    with shown("answers", quiet=quiet):
        found: dict[str, Any] = {
            "design": design_table(study, inputs),
            "sample": sample_table(inputs, study.disclosure),
            "distributions": distributions(model, inputs, study.disclosure),
            **scales_tables(inputs, model, study.disclosure),
        }
    if "ols" in wanted:
        with shown("OLS", quiet=quiet):
            engines.append(_ols(study, model, inputs))
        found |= engines[-1].tables
        found |= _divided(study, model, inputs, quiet=quiet)
        if study.blocks:
            from werksem.engines.blocks import ols_blocks

            found["blocks"] = ols_blocks(study, equations(model), inputs, model)
    if "sem" in wanted or "bootstrap" in wanted:
        from werksem.engines.latent import run_latent

        engines += run_latent(study, model, inputs, wanted, found, jobs=jobs, quiet=quiet, keeping=keeping)
    if "bayes" in wanted:
        from werksem.engines.posterior import run_posterior

        with shown("posterior", quiet=quiet):
            engines.append(run_posterior(study, model, inputs, found, quiet=quiet, keep=keeping.folder))
    return Results(tuple(engines), **found)


def _ols(study: Study, model: ModelSpec, inputs: Inputs) -> EngineResult:
    from werksem.engines.ols import ols_from_moments, ols_from_scores

    regressions = equations(model)
    if not regressions:
        raise SpecError(f"ols: model {model.name!r} has no regressions")
    if inputs.scores is None:
        if inputs.given is None or study.ols is None or study.ols.se != "classical":
            raise DataError("ols: robust standard errors need respondents, the study gives moments")
        return ols_from_moments(regressions, scale_moments(inputs.given, model), inputs.n_of_outcome)
    se = study.ols.se if study.ols else "classical"
    return ols_from_scores(regressions, inputs.scores, se=se, cluster=inputs.cluster, weights=inputs.weights)


def _divided(study: Study, model: ModelSpec, inputs: Inputs, *, quiet: bool) -> dict[str, pd.DataFrame]:
    """Return the tables on which predictors carry an outcome, and what control variables change."""
    from werksem.engines.controls import controls_tables
    from werksem.engines.importance import importance_of_scores

    found = controls_tables(study, model, inputs)
    if study.importance is not None:
        found["importance"] = importance_of_scores(study, model, inputs, quiet=quiet)
    return found
