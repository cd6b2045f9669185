"""Casewise influence on the estimates of any estimator: who moves what, and by how much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.categorical.moments import ordinal_influence
from werksem.engines.sem import SemResult
from werksem.errors import DataError
from werksem.estimators.ls_statistics import FAMILY
from werksem.inference.covariance_influence import covariance_influence
from werksem.inference.fiml_influence import fiml_influence_blocks
from werksem.inference.least_squares import LSResult
from werksem.inference.ls_influence import ls_influence_blocks, pulls
from werksem.inference.moment_influence import moment_influence_blocks
from werksem.respondents import Respondents, answered
from werksem.sem_data import SemData
from werksem.spec.study import Sem

__all__ = ["influence_of", "respondents_of"]

Array = NDArray[np.float64]


def respondents_of(data: SemData) -> tuple[Respondents, ...]:
    """Return each group's respondents; with blanks where they are kept (FIML)."""
    if data.patterns is not None:
        none = (None,) * len(data.patterns)
        design = (data.clusters, data.strata, data.fractions, data.replicate_weights, data.places)
        parts = zip(data.patterns, *(part or none for part in design), strict=True)
        return tuple(answered(*part) for part in parts)
    if data.respondents is None:
        raise DataError("bootstrap: resampling needs respondents, the study gives moments")
    return data.respondents


def influence_of(
    sem: SemResult, data: SemData, settings: Sem, respondents: Sequence[Respondents]
) -> Iterator[tuple[int, Array]]:
    """Yield (group, influence on theta (block, q)) over each group's ``respondents``, in their order.

    Influence is n times the change in theta that counting a respondent once more makes, to first
    order, n all respondents (sum of weights); his weight is in it. Moments of fixed x move as well. It
    is exact, but that least squares with sampling weights, covariates or ordered variables beside
    numbers holds the weights of its statistics.
    """
    if sem.least_squares is not None:
        return _least_squares(sem, sem.least_squares, respondents)
    if data.patterns is not None:
        return _fiml(sem, data, respondents)
    wishart = settings.likelihood == "wishart"
    return moment_influence_blocks(sem.model, sem.moments, sem.fit, respondents, wishart=wishart)


def _least_squares(
    sem: SemResult, done: LSResult, respondents: Sequence[Respondents]
) -> Iterator[tuple[int, Array]]:
    pull, family = pulls(done.ls, done.statistics, sem.fit), FAMILY[sem.fit.estimator]
    if not done.ls.ordered:
        blocks = covariance_influence(done.statistics, respondents, sem.fit.estimator, pull)
    else:
        weights = [group.weights for group in respondents if group.weights is not None]
        blocks = ordinal_influence(
            [group.rows for group in respondents], done.ls.model.observed, done.ls.ordered, x=done.ls.x,
            groups=done.ls.model.groups, weights=weights or None, exact=True,
            pull=pull if family == "DWLS" and not weights else None,
        )  # fmt: skip
    return ls_influence_blocks(done.ls, done.statistics, sem.fit, respondents, blocks)


def _fiml(sem: SemResult, data: SemData, respondents: Sequence[Respondents]) -> Iterator[tuple[int, Array]]:
    """Yield FIML's influence in the order of the rows, where it comes pattern after pattern."""
    patterns = data.patterns or ()
    found = [np.zeros((len(group.rows), len(sem.fit.theta))) for group in respondents]
    places = [np.sort(group.order) for group in patterns]
    for g, rows, influence in fiml_influence_blocks(sem.model, patterns, sem.fit, exact=True):
        found[g][np.searchsorted(places[g], rows)] = influence
    yield from enumerate(found)
