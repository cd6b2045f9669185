"""Studies with outcomes that are not continuous: each regression sampled as its kind asks, one result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from werksem.bayes.convergence import diagnostics, status_of
from werksem.bayes.discrete.dataset import combined, dataset, joint_stats
from werksem.bayes.discrete.quantities import quantities
from werksem.bayes.discrete.run import DiscreteFit, check_outcomes, fit_discrete, remarks
from werksem.bayes.discrete.tables import between_rows, own_rows, prior_sentences, share_rows
from werksem.bayes.effect_quantities import effect_quantities, usable_effects
from werksem.bayes.graph import use_numba
from werksem.bayes.names import intercept_name
from werksem.bayes.own import NO_SLOPES
from werksem.bayes.priors import Given, given_priors
from werksem.bayes.quantities import Pooled
from werksem.bayes.result import BayesResult, sizes_by_group
from werksem.bayes.rows import estimate_rows
from werksem.bayes.run import fit_scores
from werksem.bayes.sample import third_party_warnings
from werksem.bayes.statistics import group_labels
from werksem.errors import SpecError, did_you_mean
from werksem.estimates import estimates_table
from werksem.spec.posterior import BETWEEN, NESTED
from werksem.spec.study import Bayes
from werksem.spec.types import Effect, Equation

__all__ = ["fit_mixed", "of_continuous", "worst"]

SUMS = ("divergences", "gradient_evaluations", "cpu_seconds")


def fit_mixed(
    equations: Sequence[Equation], scores: pd.DataFrame, group: pd.Series | None,
    weights: pd.Series | None, settings: Bayes, effects: Sequence[Effect], sampling: Mapping[str, Any],
    further: Mapping[str, Any],
) -> BayesResult:  # fmt: skip
    """Return one result of regressions of every kind; ``settings.outcomes`` says which are not continuous.

    The continuous ones go through ``fit_scores`` together, each of the others has a posterior of its
    own. They share no parameter, so draws of one joined to draws of another are draws of all.
    ``sampling`` are the sampler's arguments, ``further`` the remaining ones of ``fit_scores``.
    """
    check_outcomes(equations, settings.outcomes)
    given = _checked(equations, settings)
    labels, code = group_labels(group, len(scores))
    weight = None if weights is None else weights.to_numpy(dtype=float)
    use_numba()
    fits = [
        fit_discrete(
            equation, e, scores, labels, code, weight, settings, given, sampling, further.get("keep")
        )
        for e, equation in enumerate(equations)
        if equation.outcome in settings.outcomes
    ]
    rest = [equation for equation in equations if equation.outcome not in settings.outcomes]
    here = {equation.outcome for equation in rest}
    pairs = [pair for pair in further.get("pairs", ()) if here.issuperset(pair)]
    said = (*remarks(fits, equations, settings), *_not_there(fits, further.get("pairs", ())))
    base = None
    if rest:
        others = of_continuous(settings, [e for e in equations if e not in rest])
        base = fit_scores(rest, scores, group, weights, others, **{**further, "pairs": pairs}, **sampling)
    complete = [scores[[*e.predictors, e.outcome]].notna().all(axis=1).to_numpy() for e in equations]
    n = int(np.any(complete, axis=0).sum())
    return _joined(base, fits, [name for e in equations for name in e.parameters], effects, n, given, said)


def _own_names(equations: Sequence[Equation]) -> list[str]:
    names = [name for equation in equations for name in equation.parameters]
    return [*dict.fromkeys(names), *(intercept_name(equation.outcome) for equation in equations)]


def _checked(equations: Sequence[Equation], settings: Bayes) -> Given:
    """Return the priors; raises ``SpecError`` for names in priors, outcomes or ``vary`` that are none."""
    known, outcomes = _own_names(equations), [equation.outcome for equation in equations]
    for key, names, right in (
        ("vary", settings.vary, [*known, "paths", "means"]),
        ("outcomes", settings.outcomes, outcomes),
    ):
        for name in names:
            if name not in right:
                raise SpecError(f"unknown name {name!r}{did_you_mean(name, right)}", where=f"bayes.{key}")
    return given_priors(settings.priors, known, [y for y in outcomes if y not in settings.outcomes])


def of_continuous(settings: Bayes, others: Sequence[Equation]) -> Bayes:
    """Return the settings without what speaks of ``others`` alone."""
    names = set(_own_names(others))
    return settings.model_copy(update={
        "outcomes": {}, "vary": tuple(name for name in settings.vary if name not in names),
        "vary_nested": tuple(name for name in settings.vary_nested if name not in names),
        "priors": {k: v for k, v in settings.priors.items()
                   if k.removeprefix(BETWEEN).removeprefix(NESTED) not in names},
    })  # fmt: skip


def _joined(
    base: BayesResult | None, fits: Sequence[DiscreteFit], names: Sequence[str], effects: Sequence[Effect],
    n: int, given: Given, said: tuple[str, ...],
) -> BayesResult:  # fmt: skip
    """Return one result; ``base`` is that of the continuous regressions, None where there are none."""
    used, left = usable_effects(names, effects, "scores")
    pooled = _pooled(base, fits, used)
    checks = worst([*([base.diagnostics] if base else []), *(diagnostics(f.sampled, n) for f in fits)], n)
    parts = {
        "pooled": pooled,
        "estimates": estimates_table(estimate_rows(pooled, status_of(checks))),
        "diagnostics": checks,
        "tables": _tables(base, fits),
        "idata": _data(base, fits),
        "timings": _timings([*([base.timings] if base else []), *(f.sampled.timings for f in fits)]),
        "priors": (*(base.priors if base else ()),
                   *(line for f in fits for line in prior_sentences(f.model, given))),
        "warnings": (*left, *(base.warnings if base else ()), *said),
        "n": n,
        "sizes": (dict(base.sizes) if base else {}) | {
            f.model.outcome: sizes_by_group(f.model.statistics.groups, f.model.statistics.rows) for f in fits
        },
    }  # fmt: skip
    return replace(base, **parts) if base else BayesResult(**parts)


def _pooled(base: BayesResult | None, fits: Sequence[DiscreteFit], effects: Sequence[Effect]) -> Pooled:
    """Return all quantities, effects last; a group's share is its mean share in the regressions."""
    found = [f.model.statistics for f in fits]
    others = len(base.sizes) if base else 0
    share = np.sum([s.share for s in found], axis=0) + (base.pooled.share * others if base else 0.0)
    share = share / (len(found) + others)
    n = np.max([*([base.pooled.n] if base else []), *(s.rows for s in found)], axis=0).astype(float)
    all_of_them = [*(base.pooled.quantities if base else ())]
    all_of_them += [q for f in fits for q in quantities(f.model, f.draws)]
    all_of_them += effect_quantities(all_of_them, share, effects)
    means = base.pooled.means if base else ()
    return Pooled("scores", fits[0].draws.chains, found[0].groups, n, share, tuple(all_of_them), means)


def worst(tables: Sequence[pd.DataFrame], n: int) -> pd.DataFrame:
    """Return the diagnostics of several samplers as one table: counts added, else the worst value.

    The worst is the largest, of measures called ``ess`` or ``_min`` the smallest; what is not in order
    in one of the tables is not in order.
    """
    rows = pd.concat(tables)
    merged = []
    for measure, found in rows.groupby("measure", sort=False):
        low = str(measure).endswith("_min") or str(measure).startswith("ess")
        value = found["value"].min() if low else found["value"].max()
        value = found["value"].sum() if measure in SUMS else float(n) if measure == "n" else value
        merged.append(("bayes", measure, float(value), bool(found["ok"].all())))
    return pd.DataFrame(merged, columns=["engine", "measure", "value", "ok"])


def _not_there(fits: Sequence[DiscreteFit], pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield what the regressions of categories do not take part in."""
    names = {fit.model.outcome for fit in fits}
    listed = ", ".join(repr(name) for name in sorted(names))
    for left, right in pairs:
        if names & {left, right}:
            yield f"bayes: {left!r} ~~ {right!r}: not used, residuals covary of continuous outcomes only"
    yield (
        "bayes: sensitivity to priors, predictive checks and leave_out are of continuous outcomes only, not "
        f"of {listed}"
    )


def _tables(base: BayesResult | None, fits: Sequence[DiscreteFit]) -> dict[str, pd.DataFrame]:
    """Return the tables of the continuous regressions, and below them what the others have too."""
    found = dict(base.tables) if base else {"fixed_effects": NO_SLOPES.copy()}
    for name, rows_of in (("between", between_rows), ("pooled_share", share_rows), ("own", own_rows)):
        found[name] = _stacked(found.get(name), [rows_of(f.model, f.draws) for f in fits])
    return found


def _stacked(first: pd.DataFrame | None, others: Sequence[pd.DataFrame]) -> pd.DataFrame:
    tables = [*([] if first is None else [first]), *others]
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else tables[0]


def _data(base: BayesResult | None, fits: Sequence[DiscreteFit]) -> Any:
    posteriors = [dataset(f.model, f.draws) for f in fits]
    stats = [f.sampled.stats for f in fits]
    if base is not None:
        posteriors.insert(0, base.idata.posterior)
        given = base.idata.sample_stats
        stats.insert(0, {str(name): given[name].to_numpy() for name in given.data_vars})
    with third_party_warnings():
        return combined(
            posteriors, joint_stats(stats), {"sampler": fits[0].sampled.sampler, "level": "scores"}
        )


def _timings(timings: Sequence[Mapping[str, float]]) -> dict[str, float]:
    names = dict.fromkeys(name for part in timings for name in part)
    return {name: sum(part.get(name, 0.0) for part in timings) for name in names}
