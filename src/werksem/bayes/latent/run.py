"""The hierarchical posterior of a latent-variable model, from items to tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from werksem.bayes.checks.latent import check_latent
from werksem.bayes.checks.respondents import Respondents
from werksem.bayes.convergence import diagnostics, status_of
from werksem.bayes.design import design
from werksem.bayes.effect_quantities import usable_effects
from werksem.bayes.graph import use_numba
from werksem.bayes.kept import kept_or_sampled
from werksem.bayes.latent.design import LatentDesign
from werksem.bayes.latent.draws import latent_draws
from werksem.bayes.latent.graph import KEPT, data_of, latent_model
from werksem.bayes.latent.inference_data import latent_inference_data
from werksem.bayes.latent.nested import nested_table
from werksem.bayes.latent.priors_said import latent_predictive, latent_sensitivity, prior_lines, sampled_as
from werksem.bayes.latent.quantities import latent_quantities
from werksem.bayes.latent.tables import between_table, own_table, pooled_share
from werksem.bayes.method import drawn
from werksem.bayes.own import NO_SLOPES, fixed_effects
from werksem.bayes.priors import Given
from werksem.bayes.quantities import Pooled
from werksem.bayes.result import BayesResult, sizes_by_group
from werksem.bayes.rows import estimate_rows
from werksem.bayes.sample import Sampled, default_sampler, sample_model, third_party_warnings
from werksem.bayes.statistics import group_labels, statistics
from werksem.errors import DataError
from werksem.estimates import estimates_table
from werksem.spec.study import Bayes
from werksem.spec.types import Effect, Equation

__all__ = ["fit_latent", "sampled_latent", "slopes_of"]

# coordinates are near normal, so small steps cost little: at .9 a few divergences in 20,000 draws of groups
# of 210 down to 1, at .95 none
TARGET_ACCEPT = 0.95


def sampled_latent(
    arrays: LatentDesign, settings: Bayes, *, quiet: bool = False, cores: int = 0, sampler: str = "",
    keep: Path | None = None,
) -> Sampled:  # fmt: skip
    """Return draws of the model by the study's method; exchangeable where groups are to be left out.

    Those that lie in the folder ``keep`` are taken up, new ones are kept there.
    """
    use_numba()
    with third_party_warnings():
        graph = latent_model(arrays, exchange="groups" in settings.leave_out)
    return drawn(
        graph, settings, quiet=quiet, cores=cores, sampler=sampler, kept=KEPT, target_accept=TARGET_ACCEPT,
        keep=keep, of=arrays,
    )  # fmt: skip


def refitted(
    sampled: Sampled, settings: Bayes, *, cores: int = 0, sampler: str = "", keep: Path | None = None
) -> Callable[[LatentDesign, int], Sampled]:
    """Return the function that samples a like design, by what was compiled where that can be had."""

    def refit(arrays: LatentDesign, stream: int) -> Sampled:
        what = ("refit", arrays, settings.model_dump(mode="json"), stream, sampler or default_sampler())
        return kept_or_sampled(keep, what, lambda: sample(arrays, stream))

    def sample(arrays: LatentDesign, stream: int) -> Sampled:
        if sampled.ready is None:
            with third_party_warnings():
                model = latent_model(arrays)
        else:
            model = sampled.ready.with_data(**data_of(arrays))
        return sample_model(
            model, chains=settings.chains, draws=settings.draws, tune=settings.tune,
            seed=settings.seed + stream, quiet=True, sampler=sampler, cores=cores, kept=KEPT,
            target_accept=TARGET_ACCEPT,
        )  # fmt: skip

    return refit


def fit_latent(
    arrays: LatentDesign, settings: Bayes, effects: Sequence[Effect] = (), *,
    slopes: pd.DataFrame | None = None, people: Respondents | None = None, said: Sequence[str] = (),
    quiet: bool = False, cores: int = 0, sampler: str = "", keep: Path | None = None,
) -> BayesResult:  # fmt: skip
    """Return the posterior of a latent-variable model whose groups are partially pooled.

    Latents are integrated out, so the cost of a gradient does not depend on the respondents. What
    ``settings.vary`` names is normal around a typical group; the measurement of items is one for all.
    ``slopes`` are OLS paths with group effects on scale means, for the ledger; ``people`` the rows that the
    moments are of, for predictive checks; ``said`` are warnings to pass on. Finished draws lie in the
    folder ``keep``.
    """
    sampled = sampled_latent(arrays, settings, quiet=quiet, cores=cores, sampler=sampler, keep=keep)
    draws = latent_draws(arrays, sampled, settings.seed)
    named = [name for name, kind in zip(arrays.names, arrays.kinds, strict=True) if kind != "intercepts"]
    used, left_out = usable_effects([*named, *_fixed_names(arrays)], effects, "latent")
    pooled = latent_quantities(arrays, draws, used)
    n = int(arrays.moments.rows.sum())
    checks = diagnostics(sampled, n)
    with third_party_warnings():
        idata = latent_inference_data(arrays, draws, pooled, sampled)
    tables = {
        "between": between_table(arrays, draws, pooled), "pooled_share": pooled_share(arrays, draws),
        "own": own_table(arrays, pooled), "fixed_effects": NO_SLOPES.copy() if slopes is None else slopes,
        "prior_predictive": latent_predictive(arrays, settings.seed),
        "prior_sensitivity": latent_sensitivity(arrays, draws),
    }  # fmt: skip
    if arrays.units is not None:
        tables["nested"] = nested_table(arrays, draws, settings.seed)
    elif people is not None:
        refit = refitted(sampled, settings, cores=cores, sampler=sampler, keep=keep)
        tables |= check_latent(
            arrays, draws, sampled, people, refit, settings.leave_out, settings.seed, quiet=quiet
        )
    warnings = (*said, *left_out, *_thin(pooled), *_without_unit(arrays, settings))
    sizes = {"all": sizes_by_group(arrays.moments.groups, arrays.moments.rows)}
    return BayesResult(
        pooled, estimates_table(estimate_rows(pooled, status_of(checks))), checks, tables, idata,
        sampled.timings, (*prior_lines(arrays), *sampled_as(arrays)), warnings, n, sizes,
    )  # fmt: skip


def _fixed_names(arrays: LatentDesign) -> list[str]:
    return [row.label or f"{row.lhs}{row.op}{row.rhs}" for row in arrays.model.rows if not row.free]


def _thin(pooled: Pooled) -> Iterator[str]:
    """Yield a sentence on groups that say nothing of their own paths."""
    small = [group for group, n in zip(pooled.groups, pooled.n, strict=True) if n < 30]
    if small and len(pooled.groups) > 1:
        yield f"bayes: fewer than 30 complete rows in {', '.join(small)}: what is said of them is borrowed"


def _without_unit(arrays: LatentDesign, settings: Bayes) -> Iterator[str]:
    """Yield a sentence on complete rows that lie in no unit."""
    units = arrays.moments.units
    if units is not None:
        yield "bayes: predictive checks do not know units within groups, so predictive.csv is left out"
    if units is not None and units.without:
        yield f"bayes: {units.without} rows without a unit of {settings.nested!r} are left out"


def slopes_of(
    equations: Sequence[Equation], scores: pd.DataFrame, group: pd.Series | None, weights: pd.Series | None
) -> pd.DataFrame:
    """Return OLS paths on scale means with an intercept per group: what the latent paths stand beside."""
    labels, code = group_labels(group, len(scores))
    weight: Any = None if weights is None else weights.to_numpy(dtype=float)
    try:
        found = [statistics(equation, scores, labels, code, weight) for equation in equations]
    except DataError:
        return NO_SLOPES.copy()
    return fixed_effects(design(found, (), Given({}, {}))) if found else NO_SLOPES.copy()
