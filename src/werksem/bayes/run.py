"""The posterior of hierarchical regressions on scale means, from scores to tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

from werksem.bayes.checks.cuts import Cut
from werksem.bayes.checks.scores import check_scores
from werksem.bayes.convergence import diagnostics, status_of
from werksem.bayes.design import Design, design
from werksem.bayes.draws import raw_draws
from werksem.bayes.effect_quantities import usable_effects
from werksem.bayes.graph import pymc_model, use_numba
from werksem.bayes.inference_data import inference_data
from werksem.bayes.joint import blocks_of, joint_statistics
from werksem.bayes.method import drawn
from werksem.bayes.names import intercept_name
from werksem.bayes.nested import nested_table
from werksem.bayes.own import fixed_effects, own_estimates
from werksem.bayes.pooling import between_table, pooled_share
from werksem.bayes.prior_lines import prior_lines
from werksem.bayes.priors import Given, given_priors
from werksem.bayes.result import BayesResult, sizes_by_group
from werksem.bayes.rows import estimate_rows
from werksem.bayes.sample import third_party_warnings
from werksem.bayes.score_priors import score_predictive, score_sensitivity
from werksem.bayes.score_quantities import scores_quantities
from werksem.bayes.statistics import group_labels
from werksem.bayes.weighting import weight_sentence
from werksem.errors import SpecError
from werksem.estimates import estimates_table
from werksem.spec.study import Bayes
from werksem.spec.types import Effect, Equation

__all__ = ["fit_scores", "score_design"]


def fit_scores(
    equations: Sequence[Equation], scores: pd.DataFrame, group: pd.Series | None,
    weights: pd.Series | None, settings: Bayes, effects: Sequence[Effect] = (), *,
    cuts: Mapping[str, Cut] = MappingProxyType({}), pairs: Sequence[tuple[str, str]] = (),
    nested: pd.Series | None = None, quiet: bool = False, cores: int = 0, sampler: str = "",
    keep: Path | None = None,
) -> BayesResult:  # fmt: skip
    """Return the posterior of regressions on scale means, partially pooled over groups.

    Group g of regression e: y ~ normal(a_g + x' b_g, sigma), the coefficients that ``settings.vary``
    names normal around a typical group; residual SDs are one per regression, shared by the groups;
    outcomes in ``settings.outcomes`` are latent responses instead (``werksem.bayes.mixed``).
    ``pairs`` are outcomes whose residuals covary: regressions that they link, directly or by way of
    others, are estimated jointly (``joint.py``), on the rows complete for all of them; other rows that are
    incomplete for a regression are dropped from it. ``nested`` labels units within the groups, in which the
    coefficients of ``settings.vary_nested`` are normal around the group's. ``cuts`` says per outcome who
    agrees.
    ``cores`` 0 takes what there is; finished draws lie in the folder ``keep`` (``method.py``).
    Raises ``SpecError`` for names that are none and ``DataError``
    for data that cannot be used.
    """
    if not equations:
        raise SpecError("bayes: the model has no regressions")
    if settings.outcomes:
        from werksem.bayes.mixed import fit_mixed

        sampling = {"quiet": quiet, "cores": cores, "sampler": sampler}
        further = {"cuts": cuts, "pairs": pairs, "nested": nested, "keep": keep}
        return fit_mixed(equations, scores, group, weights, settings, effects, sampling, further)
    model = score_design(equations, scores, group, weights, settings, pairs, nested)
    given = _given(equations, settings)
    used, said = usable_effects(model.paths, effects, "scores")
    use_numba()
    with third_party_warnings():
        graph = pymc_model(model, exchange="groups" in settings.leave_out)
    sampled = drawn(graph, settings, quiet=quiet, cores=cores, sampler=sampler, keep=keep, of=model)
    draws = raw_draws(model, sampled, settings.seed)
    n = _complete(equations, scores, pairs, nested)
    checks = diagnostics(sampled, n)
    with third_party_warnings():
        idata = inference_data(model, draws, sampled)
    pooled = scores_quantities(model, draws, used)
    tables = {
        "between": between_table(model, draws), "pooled_share": pooled_share(model, draws),
        "own": own_estimates(model), "fixed_effects": fixed_effects(model),
        "prior_predictive": score_predictive(model, settings.seed),
        "prior_sensitivity": score_sensitivity(model, draws, sampled),
    }  # fmt: skip
    if nested is not None:
        tables["nested"] = nested_table(model, draws, sampled, settings.seed)
    tables |= check_scores(
        model, draws, sampled, scores, group, weights, settings, cuts, quiet=quiet, sampler=sampler,
        cores=cores, keep=keep,
    )  # fmt: skip
    rows = estimates_table(estimate_rows(pooled, status_of(checks)))
    return BayesResult(
        pooled, rows, checks, tables, idata, sampled.timings,
        prior_lines(model, given), (*said, *_said(model, group, weights, nested)), n, _sizes(model),
    )  # fmt: skip


def _given(equations: Sequence[Equation], settings: Bayes) -> Given:
    paths = [name for equation in equations for name in equation.parameters]
    outcomes = [equation.outcome for equation in equations]
    names = [*dict.fromkeys(paths), *(intercept_name(outcome) for outcome in outcomes)]
    return given_priors(settings.priors, names, outcomes)


def score_design(
    equations: Sequence[Equation], scores: pd.DataFrame, group: pd.Series | None, weights: pd.Series | None,
    settings: Bayes, pairs: Sequence[tuple[str, str]], nested: pd.Series | None,
) -> Design:  # fmt: skip
    """Return the model's arrays; without anything that varies the groups are still told apart."""
    given = _given(equations, settings)
    labels, code = group_labels(group, len(scores))
    weight = None if weights is None else weights.to_numpy(dtype=float)
    found, joints = joint_statistics(equations, scores, labels, code, weight, pairs, nested)
    return design(found, settings.vary, given, joints, () if nested is None else settings.vary_nested)


def _complete(
    equations: Sequence[Equation], scores: pd.DataFrame, pairs: Sequence[tuple[str, str]],
    nested: pd.Series | None,
) -> int:  # fmt: skip
    """Return how many rows are complete for at least one block of regressions."""
    complete = [
        scores[[name for e in block for name in (*equations[e].predictors, equations[e].outcome)]]
        .notna().all(axis=1).to_numpy()
        for block in blocks_of([equation.outcome for equation in equations], pairs)
    ]  # fmt: skip
    known = True if nested is None else nested.notna().to_numpy()
    return int((np.any(complete, axis=0) & known).sum())


def _sizes(model: Design) -> dict[str, dict[str, int]]:
    """Return complete rows per outcome: of ``all`` together, then by group."""
    return {found.equation.outcome: sizes_by_group(found.groups, found.rows) for found in model.statistics}


def _said(
    model: Design, group: pd.Series | None, weights: pd.Series | None, nested: pd.Series | None
) -> Iterator[str]:
    if nested is not None and nested.isna().any():
        yield f"bayes: {int(nested.isna().sum())} rows without a unit of {nested.name!r} are left out"
    if model.nested_varies.any():
        yield "bayes: predictive checks do not know units within groups, so predictive.csv is left out"
    if weights is not None:
        labels, code = group_labels(group, len(weights))
        largest = np.array([found.n for found in model.statistics]).max(axis=0)
        yield from weight_sentence(labels, code, weights, largest)
