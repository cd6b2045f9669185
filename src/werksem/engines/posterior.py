"""The posterior of a study, on scale means or with latent variables."""

from __future__ import annotations

from typing import Any

from werksem.bayes.result import BayesResult
from werksem.effects import defined_effects
from werksem.engines.result import EngineResult, fit_rows
from werksem.errors import DataError
from werksem.inputs import Inputs
from werksem.spec.equations import equations, residual_pairs
from werksem.spec.study import Bayes, Sem, Study
from werksem.spec.types import ModelSpec

__all__ = ["run_posterior"]


def run_posterior(
    study: Study, model: ModelSpec, inputs: Inputs, found: dict[str, Any], *, quiet: bool
) -> EngineResult:
    """Return the posterior's part of the result folder; its tables go into ``found``."""
    settings = study.bayes
    if settings is None or inputs.scores is None or inputs.items is None:
        raise DataError("bayes needs respondents, the study gives moments")
    if settings.level == "latent":
        done = _latent(study, model, inputs, settings, found, quiet=quiet)
    else:
        done = _scores(model, inputs, settings, quiet=quiet)
    found |= {**done.tables, "posterior": done.idata, "priors": done.priors, "pooled": done.pooled}
    n = {outcome: sizes["all"] for outcome, sizes in done.sizes.items()}
    return EngineResult(
        "bayes", done.estimates, fit_rows("bayes", {}), done.diagnostics, n, done.warnings, done.timings
    )


def _scores(model: ModelSpec, inputs: Inputs, settings: Bayes, *, quiet: bool) -> BayesResult:
    from werksem.bayes.checks.cuts import scale_cuts
    from werksem.bayes.run import fit_scores

    assert inputs.scores is not None
    return fit_scores(
        equations(model), inputs.scores, inputs.group, inputs.weights, settings, defined_effects(model),
        cuts=scale_cuts(model), pairs=residual_pairs(model), nested=inputs.nested, quiet=quiet,
    )  # fmt: skip


def _latent(
    study: Study, model: ModelSpec, inputs: Inputs, settings: Bayes, found: dict[str, Any], *, quiet: bool
) -> BayesResult:
    from werksem.bayes.checks.cuts import item_cuts
    from werksem.bayes.checks.respondents import respondents
    from werksem.bayes.latent.prepare import prepared
    from werksem.bayes.latent.run import fit_latent, slopes_of

    assert inputs.items is not None
    assert inputs.scores is not None
    options = latent_options(study)
    arrays = prepared(model, inputs.items, inputs.group, inputs.weights, settings, options)
    slopes = slopes_of(equations(model), inputs.scores, inputs.group, inputs.weights)
    people = respondents(arrays, inputs.items, inputs.group, inputs.weights, item_cuts(model))
    return fit_latent(arrays, settings, defined_effects(model), slopes=slopes, people=people, quiet=quiet)


def latent_options(study: Study) -> Any:
    """Return how the parameter table is completed: as for the SEM, with means, groups apart."""
    from werksem.rows import Options

    settings = study.sem or Sem()
    return Options(True, settings.fixed_x, settings.scaling, ())
