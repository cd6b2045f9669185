"""The rungs of latent-variable models: ML on complete rows, the study's own estimator, ordered categories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from werksem.compare.passport.measured import (
    BY_ML,
    Measured,
    path_jacobian,
    path_values,
    paths_once,
    where_solved,
)
from werksem.compare.passport.ordinal import by_wlsmv, steps_of, why_not_ordinal
from werksem.compare.passport.records import NOTES, Rung, no_rung
from werksem.compare.passport.samples import Draws, Sample, one_step
from werksem.engines.all import Results
from werksem.engines.influence_of import influence_of, respondents_of
from werksem.errors import WerksemError
from werksem.spec.study import Sem, Study
from werksem.spec.types import ModelSpec

__all__ = ["latent_rungs"]

Array = NDArray[np.float64]
Paths = Sequence[tuple[str, str]]


def latent_rungs(
    study: Study, spec: ModelSpec, results: Results, measured: Measured | None, theta: Array | None,
    sample: Sample | None, draws: Draws | None, paths: Paths,
) -> Iterator[Rung]:  # fmt: skip
    """Yield the SEM by ML, what the study's own estimator makes of it, and the SEM of ordered categories.

    ``theta`` (R, q) are refits of the resamples. The steps from ML to another estimator go by one step on
    both sides, so that what one step leaves out does not pass for a difference.
    """
    if measured is None:
        if len(results.sem.model.groups) > 1:
            yield no_rung("sem", paths, NOTES["groups"])
            return
        few = sample is None and results.sem_data.patterns is not None
        yield no_rung("sem", paths, NOTES["too_few" if few else "not_converged"])
    else:
        yield _by_ml(measured, theta, paths)
    once = None
    if measured is not None and sample is not None and draws is not None:
        once = paths_once(measured, sample, draws, paths)
    own = _own(study, results, sample, draws, paths)
    if own is not None:
        yield replace(own, base="" if measured is None else "sem", against=once)
    if measured is not None and sample is not None and (own is None or own.name != "ordinal"):
        yield from _ordered(study, spec, measured, sample, draws, paths, once)


def _by_ml(measured: Measured, theta: Array | None, paths: Paths) -> Rung:
    est = path_values(measured.model, measured.fit.theta, paths)
    notes = (NOTES["constraints"] if measured.model.constraints else "",) * len(paths)
    drawn = None
    if theta is not None:
        drawn = where_solved(measured, theta, lambda at: path_values(measured.model, at, paths))
    return Rung("sem", est, np.full(len(paths), measured.moments.n), drawn, notes=notes)


def _own(
    study: Study, results: Results, sample: Sample | None, draws: Draws | None, paths: Paths
) -> Rung | None:
    """Return the rung of the study's own estimator, None where that is ML on complete rows."""
    settings, sem, data = study.sem or Sem(), results.sem, results.sem_data
    ordered, blanks = bool(data.ordered), data.patterns is not None
    if not sem.fit.converged or not (ordered or blanks or settings.estimator not in BY_ML):
        return None
    name = "ordinal" if ordered else "full_information" if blanks else "least_squares"
    est = path_values(sem.model, sem.fit.theta, paths)
    n = float(sem.tables.n["all"])
    return Rung(name, est, np.full(len(paths), n), _steps(study, results, sample, draws, est, paths))


def _steps(
    study: Study, results: Results, sample: Sample | None, draws: Draws | None, est: Array, paths: Paths
) -> Array | None:
    """Return one-step replicates of the study's own estimator, None where nothing is resampled."""
    sem, data = results.sem, results.sem_data
    if draws is None or sample is None:
        return None
    try:
        people = respondents_of(data)
        blocks = influence_of(sem, data, study.sem or Sem(), people)
        jacobian = np.nan_to_num(path_jacobian(sem.model, sem.fit.theta, paths))
        weights, place = people[0].weights, people[0].place
        n = float(len(people[0].rows) if weights is None else weights.sum())
        # with blanks respondents say where they stand in the data, else they are the complete rows
        at = sample.at if data.patterns is None or place is None else place
        return one_step(draws, est, (block @ jacobian.T for _, block in blocks), at, n)
    except WerksemError:
        return None


def _ordered(
    study: Study, spec: ModelSpec, measured: Measured, sample: Sample, draws: Draws | None, paths: Paths,
    once: Array | None,
) -> Iterator[Rung]:  # fmt: skip
    """Yield the rung of ordered categories where the answers are some."""
    observed = measured.model.observed
    if why_not_ordinal(spec, observed, sample.rows):
        return
    found = by_wlsmv(spec, study.sem or Sem(), observed, sample)
    if found is None:
        yield no_rung("ordinal", paths, NOTES["no_ordinal"])
        return
    est = path_values(found.ls.model, found.fit.theta, paths, found.names)
    drawn = None if draws is None else steps_of(found, sample, draws, paths)
    two = {name for name, column in zip(observed, sample.rows.T, strict=True) if len(np.unique(column)) == 2}
    notes = tuple(NOTES["probit"] if found.names.get(lhs, lhs) in two else "" for lhs, _ in paths)
    n = np.full(len(paths), measured.moments.n)
    yield Rung("ordinal", est, n, drawn, once, "sem", notes)
