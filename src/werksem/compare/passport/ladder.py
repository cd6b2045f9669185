"""From a study's respondents to its ladder: every estimate of every path, in the same resamples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from werksem.compare.passport.latent import latent_rungs
from werksem.compare.passport.measured import Measured, by_ml, omegas, refitted
from werksem.compare.passport.records import NOTES, REPLICATES, SEED, Ladder, Rung, no_rung
from werksem.compare.passport.regressions import corrected
from werksem.compare.passport.samples import Drawn, Draws, Sample, draws_for, resampled, sample_of
from werksem.compare.passport.scores import Covs, Regression, of_covs, of_items, of_own_rows, reliabilities
from werksem.engines.all import Results
from werksem.inputs import Inputs
from werksem.moments import Moments, moments
from werksem.resampling.products import squares
from werksem.spec.equations import equations, observed_names
from werksem.spec.predictor_blocks import controls_of
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec

__all__ = ["ladder_of", "regressions_of"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Rows:
    """The complete rows of all items: their moments and covariances, the resamples' moments, and the rows.

    Where moments were given there are neither resamples nor rows.
    """

    found: Moments
    items: Covs
    drawn: Drawn | None = None
    sample: Sample | None = None


def regressions_of(
    study: Study, spec: ModelSpec, published: Sequence[tuple[str, str]] = ()
) -> tuple[Regression, ...]:
    """Return the regressions with what a publication is taken to have used: all predictors but the controls.

    With the controls where ``published`` has a beta (outcome, predictor) of one of them.
    """
    controls, found = set(controls_of(study)), []
    for equation in equations(spec):
        printed = {rhs for lhs, rhs in published if lhs == equation.outcome} & controls
        kept = tuple(p for p in equation.predictors if p not in controls or printed)
        found.append(Regression(equation.outcome, equation.predictors, kept or equation.predictors))
    return tuple(found)


def ladder_of(
    study: Study, spec: ModelSpec, inputs: Inputs, results: Results,
    published: Sequence[tuple[str, str]] = (), replicates: int = REPLICATES,
) -> Ladder:  # fmt: skip
    """Return what can be computed of every path: regressions, without error, SEM, ordered categories.

    ``published`` are the paths (outcome, predictor) that a publication has a beta of. Resamples are those of
    the study's design; from moments there are none.
    """
    regressions = regressions_of(study, spec, published)
    paths = tuple((r.outcome, predictor) for r in regressions for predictor in r.predictors)
    seed = study.bootstrap.seed if study.bootstrap is not None else SEED
    draws = draws_for(study, inputs, replicates, seed)
    rungs, own = _regressions(inputs, regressions, draws)
    rows = _same_rows(spec, inputs, results, draws)
    measured = theta = sample = None
    if rows is None:
        rungs.append(no_rung("rows", paths, NOTES["too_few"]))
    else:
        sample, scores = rows.sample, of_items(rows.items, spec)
        rungs += _on_same_rows(inputs, regressions, rows, scores, own)
        if results.sem is not None:
            measured = by_ml(study, spec, results.sem, results.sem_data, rows.found)
        if measured is not None and rows.drawn is not None:
            theta = refitted(measured, rows.drawn)
        rungs.append(_without_error(spec, regressions, rows.items, scores, measured, theta))
    if results.sem is not None:
        rungs += latent_rungs(study, spec, results, measured, theta, sample, draws, paths)
    return Ladder(paths, tuple(rungs))


def _regressions(
    inputs: Inputs, regressions: Sequence[Regression], draws: Draws | None
) -> tuple[list[Rung], tuple[Sample, ...]]:
    """Return the rungs of regressions on their own rows, unweighted first, and those rows."""
    if inputs.scores is None:
        return [], ()
    rungs = []
    if inputs.weights is not None:
        rungs.append(of_own_rows("ols_unweighted", inputs, regressions, draws, weighted=False)[0])
    rung, own = of_own_rows("ols", inputs, regressions, draws)
    return [*rungs, rung], own


def _same_rows(spec: ModelSpec, inputs: Inputs, results: Results, draws: Draws | None) -> _Rows | None:
    """Return the rows that answer everything, or the moments that were given; None where they are too few."""
    if inputs.given is not None:
        found = inputs.given
        return _Rows(found, _covs(found))
    names = observed_names(spec) if results.sem is None else results.sem.model.observed
    if inputs.items is None:
        return None
    sample = sample_of(inputs, inputs.items[list(names)].to_numpy(dtype=float))
    if len(sample.rows) <= len(names):
        return None
    found = moments(sample.rows, names, weights=sample.weights)
    if draws is None:
        return _Rows(found, _covs(found), sample=sample)
    (drawn,) = resampled(draws, [sample])
    return _Rows(found, _covs(found, squares(drawn[1], np.tril_indices(len(names)))), drawn, sample)


def _covs(found: Moments, drawn: Array | None = None) -> Covs:
    return Covs(found.names, found.cov, drawn, found.n)


def _on_same_rows(
    inputs: Inputs, regressions: Sequence[Regression], rows: _Rows, scores: Covs, own: Sequence[Sample]
) -> Iterator[Rung]:
    """Yield regressions on the rows that answer everything, then with the controls as well.

    A regression that stood on those rows already, or has no controls, has no such rung.
    """
    if rows.sample is None:
        rung = of_covs("ols", regressions, scores, first=True)
        sizes = [float(inputs.n_of_outcome.get(r.outcome, rows.items.n)) for r in regressions]
        yield replace(rung, n=_per_path(regressions, sizes))
    else:
        same = [np.array_equal(part.at, rows.sample.at) for part in own]
        yield _only(of_covs("rows", regressions, scores, first=True), regressions, [not one for one in same])
    more = [r.first != r.predictors for r in regressions]
    if any(more):
        yield _only(of_covs("predictors", regressions, scores, first=False), regressions, more)


def _without_error(
    spec: ModelSpec, regressions: Sequence[Regression], items: Covs, scores: Covs,
    measured: Measured | None, theta: Array | None,
) -> Rung:  # fmt: skip
    """Return the rung without errors of measurement; a regression without any has no such rung."""
    reliability, again = _reliability(spec, items, scores.names, measured, theta)
    drawn = None if again is None or scores.drawn is None else corrected(scores.drawn, again)
    true = Covs(scores.names, corrected(scores.cov, reliability), drawn, scores.n)
    rung = of_covs("corrected", regressions, true, first=False)
    notes, keep = [], []
    for r in regressions:
        names = (*r.predictors, r.outcome)
        own = reliability[[scores.names.index(name) for name in names]]
        why = "" if ((own > 0) & (own <= 1)).all() else "unreliable"
        why = "overlap" if _share_items(spec, names) else why
        keep.append(not why and bool((own < 1).any()))
        here = [k for k, (lhs, _) in enumerate(_paths(regressions)) if lhs == r.outcome]
        if keep[-1] and np.isnan(rung.est[here]).any():
            why = "not_definite"
        notes += [NOTES.get(why, "")] * len(r.predictors)
    return replace(_only(rung, regressions, keep), notes=tuple(notes))


def _reliability(
    spec: ModelSpec, items: Covs, names: Sequence[str], measured: Measured | None, theta: Array | None
) -> tuple[Array, Array | None]:
    """Return reliabilities (s,) and those of the resamples (R, s): omega where there is one, else alpha."""
    alphas = reliabilities(items, items.cov, names, spec)
    again = None if items.drawn is None else reliabilities(items, items.drawn, names, spec)
    if measured is None:
        return alphas, again
    omega = omegas(measured, measured.fit.theta, names)
    known = np.isfinite(omega)
    if again is not None:
        again = None if theta is None else np.where(known, omegas(measured, theta, names), again)
    return np.where(known, omega, alphas), again


def _share_items(spec: ModelSpec, names: Sequence[str]) -> bool:
    """Return whether two of these scales have an item in common."""
    items = [item for name in names if (scale := spec.scale(name)) for item in scale.items]
    return len(set(items)) < len(items)


def _paths(regressions: Sequence[Regression]) -> list[tuple[str, str]]:
    return [(r.outcome, predictor) for r in regressions for predictor in r.predictors]


def _per_path(regressions: Sequence[Regression], values: Sequence[float]) -> Array:
    return np.repeat(np.asarray(values, dtype=float), [len(r.predictors) for r in regressions])


def _only(rung: Rung, regressions: Sequence[Regression], keep: Sequence[bool]) -> Rung:
    """Return the rung with the paths of some regressions only."""
    kept = _per_path(regressions, [float(one) for one in keep]) > 0
    return replace(rung, est=np.where(kept, rung.est, np.nan))
