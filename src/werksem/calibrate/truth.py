"""What is true in a simulated population: of regressions on scale means, and of the latent-variable model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from werksem.calibrate.marginals import coefficients
from werksem.calibrate.population import Cells, Population
from werksem.engines.sem import SemResult
from werksem.errors import EstimationError
from werksem.estimators.fit import Fit
from werksem.estimators.ls import fit_ls
from werksem.estimators.ls_gamma import normal_weight
from werksem.estimators.ls_statistics import FAMILY, Statistics
from werksem.estimators.ml import fit_ml
from werksem.inference.least_squares import LSResult
from werksem.moments import Moments, select
from werksem.spec.types import Equation, ModelSpec, Scale
from werksem.survey.ordinal import series

__all__ = ["latent_truth", "score_moments", "score_truth"]

Array = NDArray[np.float64]


def latent_truth(sem: SemResult, source: Population) -> Array:
    """Return theta (q,) of the population: what the study's own estimator finds in its exact moments.

    Least squares weighs them as in the study's fit, GLS by the population's own covariances. Where normals
    can do what the model says (``distance`` 0) every estimator finds the fitted theta, weights or blanks
    notwithstanding; elsewhere FIML's optimum is that of nobody's blanks. Raises ``EstimationError`` where the
    exact moments have no solution.
    """
    if sem.least_squares is not None:
        fit = _least_squares(sem, sem.least_squares, source)
    else:
        parts = [select(part.moments, list(sem.model.observed)) for part in source.parts]
        fit = fit_ml(sem.model, parts, start=sem.fit.theta)
        if not fit.converged:
            fit = fit_ml(sem.model, parts)
    if not fit.converged:
        raise EstimationError("calibrate: the model has no solution in the population it implies")
    return fit.theta


def _least_squares(sem: SemResult, done: LSResult, source: Population) -> Fit:
    family = FAMILY[sem.fit.estimator]
    at = [source.names.index(name) for name in done.ls.model.observed]
    exact = [
        _exact(known, part, at, family) for known, part in zip(done.statistics, source.parts, strict=True)
    ]
    fit = fit_ls(done.ls, exact, sem.fit.estimator, start=sem.fit.theta)
    return fit if fit.converged else fit_ls(done.ls, exact, sem.fit.estimator)


def _exact(known: Statistics, part: Cells, at: Sequence[int], family: str) -> Statistics:
    """Return the statistics of a part of the population; ``at`` (p,) are the model's columns in it."""
    columns = tuple(part.columns[j] for j in at)
    ordered = np.array([column.ordered for column in columns])
    cov = part.moments.cov[np.ix_(at, at)]
    behind = np.where(np.eye(len(at), dtype=bool), 0.0, part.correlation[np.ix_(at, at)])
    latent = series(coefficients(columns, latent=True), behind) + np.diag(ordered.astype(float))
    cov = np.where(np.logical_or.outer(ordered, ordered), latent, cov)
    level = part.moments.mean[at][known.level]
    for j in np.flatnonzero(ordered):
        own = np.flatnonzero(known.level == j)
        # a category that no complete row has is not in the study's fit
        same = len(own) == len(columns[j].thresholds)
        level[own] = columns[j].thresholds if same else known.values[own]
    slopes = known.values[len(level) : len(level) + len(known.slope_y)]
    values = np.concatenate([level, slopes, cov[known.row, known.col]])
    weight = normal_weight(cov, known.level, known.row, known.col) if family == "GLS" else known.weight
    return replace(known, values=values, weight=weight)


def score_moments(
    source: Population, spec: ModelSpec, names: Sequence[str], weights: Array | None = None
) -> Moments:
    """Return the moments of scale means and columns over all who have each of ``names``, in the population.

    A scale mean is of the items answered, so it weighs items by what a respondent left open: covariances
    are averaged over respondents, W S W' for each way of answering, and means that differ add their spread.
    Traits of organisations that are kept are those of these very respondents, who differ in what is expected
    of them given those; S is what is left, on average over all traits.
    """
    total, mean, square = 0.0, np.zeros(len(names)), np.zeros((len(names), len(names)))
    for part in source.parts:
        open_items, place = np.unique(source.blank[part.rows], axis=0, return_inverse=True)
        inside = part.moments.cov - part.apart
        for pattern, blank in enumerate(open_items):
            W = _weights(spec, names, source.names, ~blank)
            if W is None:
                continue
            level, count = _expected(part, np.flatnonzero(place.ravel() == pattern), weights)
            centre = level @ W.T
            total += count.sum()
            mean += count @ centre
            square += centre.T @ (count[:, None] * centre) + count.sum() * (W @ inside @ W.T)
    mean /= total
    return Moments(tuple(names), total, mean, square / total - np.outer(mean, mean))


def _expected(part: Cells, rows: NDArray[np.int64], weights: Array | None) -> tuple[Array, Array]:
    """Return what is expected (U, p) of some rows of a part, per cluster, and the weight (U,) of each."""
    count = np.ones(len(rows)) if weights is None else weights[part.rows[rows]]
    if part.cluster is None:
        return part.expected, np.array([count.sum()])
    sums = np.bincount(part.cluster[rows], count, minlength=len(part.expected))
    return part.expected, sums.astype(float)


def _weights(
    spec: ModelSpec, names: Sequence[str], columns: Sequence[str], answered: NDArray[np.bool_]
) -> Array | None:
    """Return how each column (p) counts in each name, None where one of them has no score."""
    rows = []
    for name in names:
        row = _weight(spec, name, columns, answered)
        if row is None:
            return None
        rows.append(row)
    return np.array(rows)


def _weight(spec: ModelSpec, name: str, columns: Sequence[str], answered: NDArray[np.bool_]) -> Array | None:
    scale: Scale | None = spec.scale(name)
    if scale is None:
        at = columns.index(name)
        return np.eye(len(columns))[at] if answered[at] else None
    inner = [_weight(spec, item, columns, answered) for item in scale.items]
    known = [row for row in inner if row is not None]
    if not known or len(known) < scale.required:
        return None
    return np.asarray(np.mean(known, axis=0), dtype=float)


def score_truth(moments: Moments, equation: Equation) -> tuple[Array, Array]:
    """Return the paths b (k,) and betas (k,) of a regression; ``moments`` have its outcome last.

    >>> m = Moments(("x", "y"), 9.0, np.zeros(2), np.array([[4.0, 1.0], [1.0, 1.0]]))
    >>> score_truth(m, Equation("y", ("x",), ("y~x",)))
    (array([0.25]), array([0.5]))
    """
    k = len(equation.predictors)
    b = np.asarray(np.linalg.solve(moments.cov[:k, :k], moments.cov[:k, k]), dtype=float)
    sd = np.sqrt(np.diag(moments.cov))
    return b, b * sd[:k] / sd[k]
