"""Full refits of a few resamples with the estimator itself, which the one-step bootstrap is held to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from werksem.categorical.moments import ordinal_moments
from werksem.engines.sem import SemResult
from werksem.errors import WerksemError
from werksem.estimators.fiml import fiml_problem, fit_fiml_problem
from werksem.estimators.fit import Fit
from werksem.estimators.ls import fit_ls
from werksem.estimators.ls_statistics import continuous_statistics, ordinal_statistics
from werksem.estimators.ml import fit_ml
from werksem.inference.least_squares import LSResult
from werksem.inference.wishart import wishart_moments
from werksem.moments import Moments, moments
from werksem.patterns import patterns
from werksem.respondents import Respondents
from werksem.sem_data import SemData
from werksem.spec.study import Sem

__all__ = ["refit"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


def refit(
    sem: SemResult, data: SemData, settings: Sem, respondents: Sequence[Respondents],
    times: Sequence[Index],
) -> Array | None:  # fmt: skip
    """Return theta (q,) fitted to the respondents taken ``times`` (n_g,) each, None without a solution.

    The fit starts at the estimate of all respondents. A resample in which nobody uses a category
    has other thresholds, so no solution either.
    """
    drawn = [np.repeat(np.arange(len(each)), each) for each in times]
    resampled = [
        Respondents(group.rows[at], None if group.weights is None else group.weights[at])
        for group, at in zip(respondents, drawn, strict=True)
    ]
    try:
        fit = _fit(sem, data, settings, resampled)
    except (WerksemError, np.linalg.LinAlgError):
        return None
    return fit.theta if fit is not None and fit.converged else None


def _fit(sem: SemResult, data: SemData, settings: Sem, respondents: Sequence[Respondents]) -> Fit | None:
    model, start = sem.model, sem.fit.theta
    if sem.least_squares is not None:
        return _least_squares(sem, sem.least_squares, settings.estimator, respondents)
    if data.patterns is not None:
        found = [
            patterns(group.rows, model.observed, weights=group.weights, group=label)
            for group, label in zip(respondents, model.groups, strict=True)
        ]
        return fit_fiml_problem(model, fiml_problem(model, found), start)
    plain = _moments(model.observed, model.groups, respondents)
    return fit_ml(model, wishart_moments(plain) if settings.likelihood == "wishart" else plain, start)


def _moments(
    names: Sequence[str], groups: Sequence[str], respondents: Sequence[Respondents]
) -> tuple[Moments, ...]:
    """Return each group's moments; a weighted group counts for the sum of its weights."""
    found = []
    for part, label in zip(respondents, groups, strict=True):
        own = moments(part.rows, names, weights=part.weights, group=label)
        found.append(own if part.weights is None else replace(own, n=float(part.weights.sum())))
    return tuple(found)


def _least_squares(
    sem: SemResult, done: LSResult, estimator: str, respondents: Sequence[Respondents]
) -> Fit | None:
    ls, rows = done.ls, [group.rows for group in respondents]
    if not ls.ordered:
        plain = _moments(ls.model.observed, ls.model.groups, respondents)
        return fit_ls(ls, continuous_statistics(ls, plain, estimator, rows), estimator, sem.fit.theta)
    weights = [group.weights for group in respondents if group.weights is not None]
    found = ordinal_moments(
        rows, ls.model.observed, ls.ordered, x=ls.x, groups=ls.model.groups, weights=weights or None
    )
    count = sum(len(part) for part in found[0].thresholds)
    if count != len(ls.thresholds[0]):
        return None
    return fit_ls(ls, ordinal_statistics(ls, found, estimator), estimator, sem.fit.theta)
