"""The posterior of hierarchical regressions on scale means, from scores to tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from werksem.bayes.convergence import diagnostics, status_of
from werksem.bayes.design import Design, design, intercept_name, prior_lines
from werksem.bayes.draws import raw_draws
from werksem.bayes.effect_quantities import usable_effects
from werksem.bayes.graph import pymc_model, use_numba
from werksem.bayes.inference_data import inference_data
from werksem.bayes.pooling import between_table, pooled_share
from werksem.bayes.priors import given_priors
from werksem.bayes.quantities import Pooled
from werksem.bayes.rows import estimate_rows
from werksem.bayes.sample import sample_model, third_party_warnings
from werksem.bayes.score_quantities import scores_quantities
from werksem.bayes.statistics import group_labels, statistics
from werksem.errors import SpecError
from werksem.estimates import estimates_table
from werksem.spec.study import Bayes
from werksem.spec.types import Effect, Equation

__all__ = ["BayesResult", "fit_scores"]


@dataclass(frozen=True, slots=True)
class BayesResult:
    """What the posterior says: tables, draws, and how they came about.

    ``pooled``: the draws as quantities; ``between``: between-group SDs (``between.csv``);
    ``pooled_share``: lhs, rhs, group, value; ``idata``: InferenceData, saved by
    ``idata.to_netcdf(path, engine="h5netcdf")``; ``n``: rows complete for at least one regression;
    ``sizes``: complete rows per outcome, of ``all`` and by group; ``timings`` in seconds;
    ``priors`` and ``warnings`` as sentences.
    """

    pooled: Pooled
    estimates: pd.DataFrame
    diagnostics: pd.DataFrame
    between: pd.DataFrame
    pooled_share: pd.DataFrame
    idata: Any
    timings: Mapping[str, float]
    priors: tuple[str, ...]
    warnings: tuple[str, ...]
    n: int
    sizes: Mapping[str, Mapping[str, int]]


def fit_scores(
    equations: Sequence[Equation], scores: pd.DataFrame, group: pd.Series | None,
    weights: pd.Series | None, settings: Bayes, effects: Sequence[Effect] = (), *,
    quiet: bool = False, cores: int = 0, sampler: str = "",
) -> BayesResult:  # fmt: skip
    """Return the posterior of regressions on scale means, partially pooled over groups.

    Group g of regression e: y ~ normal(a_g + x' b_g, sigma), the coefficients that ``settings.vary``
    names normal around a typical group; residual SDs are one per regression, shared by the groups;
    regressions have no residual correlation; outcomes in ``settings.outcomes`` are latent responses
    instead (``werksem.bayes.discrete``). Rows incomplete for a regression are dropped from it.
    ``cores`` 0 takes what there is. Raises ``SpecError`` for names that are none and ``DataError``
    for data that cannot be used.
    """
    if not equations:
        raise SpecError("bayes: the model has no regressions")
    if settings.outcomes:
        from werksem.bayes.mixed import fit_mixed

        sampling = {"quiet": quiet, "cores": cores, "sampler": sampler}
        return fit_mixed(equations, scores, group, weights, settings, effects, sampling)
    model = _design(equations, scores, group, weights, settings)
    given = given_priors(_priors(settings), _parameter_names(equations))
    used, said = usable_effects(model.paths, effects, "scores")
    use_numba()
    with third_party_warnings():
        graph = pymc_model(model)
    sampled = sample_model(
        graph, chains=settings.chains, draws=settings.draws, tune=settings.tune, seed=settings.seed,
        quiet=quiet, sampler=sampler, cores=cores,
    )  # fmt: skip
    draws = raw_draws(model, sampled, settings.seed)
    n = _complete(equations, scores)
    checks = diagnostics(sampled, n)
    with third_party_warnings():
        idata = inference_data(model, draws, sampled)
    pooled = scores_quantities(model, draws, used)
    return BayesResult(
        pooled, estimates_table(estimate_rows(pooled, status_of(checks))), checks,
        between_table(model, draws), pooled_share(model, draws), idata, sampled.timings,
        prior_lines(model, given), (*said, *_said(weights)), n, _sizes(model),
    )  # fmt: skip


def _priors(settings: Bayes) -> dict[str, Any]:
    return dict(settings.priors)


def _parameter_names(equations: Sequence[Equation]) -> list[str]:
    paths = [name for equation in equations for name in equation.parameters]
    return [*dict.fromkeys(paths), *(intercept_name(equation.outcome) for equation in equations)]


def _design(
    equations: Sequence[Equation], scores: pd.DataFrame, group: pd.Series | None,
    weights: pd.Series | None, settings: Bayes,
) -> Design:  # fmt: skip
    """Return the model's arrays; without anything that varies the groups are still told apart."""
    given = given_priors(_priors(settings), _parameter_names(equations))
    labels, code = group_labels(group, len(scores))
    weight = None if weights is None else weights.to_numpy(dtype=float)
    found = [statistics(equation, scores, labels, code, weight) for equation in equations]
    return design(found, settings.vary, given)


def _complete(equations: Sequence[Equation], scores: pd.DataFrame) -> int:
    complete = [scores[[*e.predictors, e.outcome]].notna().all(axis=1).to_numpy() for e in equations]
    return int(np.any(complete, axis=0).sum())


def _sizes(model: Design) -> dict[str, dict[str, int]]:
    """Return complete rows per outcome: of ``all`` together, then by group."""
    return {
        found.equation.outcome: {"all": int(found.rows.sum())}
        | {group: int(rows) for group, rows in zip(found.groups, found.rows, strict=True) if group != "all"}
        for found in model.statistics
    }


def _said(weights: pd.Series | None) -> tuple[str, ...]:
    if weights is None:
        return ()
    return (
        "bayes: weighted, so this is a pseudo-posterior: each group counts with its effective size "
        "(sum of weights)² / (sum of squared weights)",
    )
