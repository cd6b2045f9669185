"""What is true in a simulated population: of regressions on scale means, and of the latent-variable model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.calibrate.population import Population
from werksem.engines.sem import SemResult
from werksem.errors import EstimationError
from werksem.estimators.ml import fit_ml
from werksem.model import Model
from werksem.moments import Moments
from werksem.spec.types import Equation, ModelSpec, Scale

__all__ = ["latent_truth", "score_moments", "score_truth"]

Array = NDArray[np.float64]


def latent_truth(model: Model, sem: SemResult, parts: Sequence[Moments], *, ordered: bool) -> Array:
    """Return theta (q,) of the population: the optimum for its exact moments, one per group.

    Of ordered items it is the estimate itself, whose correlations and thresholds are the population's.
    Raises ``EstimationError`` where the exact moments have no solution.
    """
    if ordered:
        return sem.fit.theta
    fit = fit_ml(model, parts, start=sem.fit.theta)
    if not fit.converged:
        fit = fit_ml(model, parts)
    if not fit.converged:
        raise EstimationError("calibrate: the model has no solution in the population it implies")
    return fit.theta


def score_moments(
    source: Population, spec: ModelSpec, names: Sequence[str], weights: Array | None = None
) -> Moments:
    """Return the moments of scale means and columns over all who have each of ``names``, in the population.

    A scale mean is of the items answered, so it weighs items by what a respondent left open: covariances
    are averaged over respondents, W S W' for each way of answering, and means that differ add their spread.
    """
    total, mean, square = 0.0, np.zeros(len(names)), np.zeros((len(names), len(names)))
    for part in source.parts:
        open_items, place = np.unique(source.blank[part.rows], axis=0, return_inverse=True)
        count = np.bincount(
            place.ravel(), None if weights is None else weights[part.rows], minlength=len(open_items)
        )
        for blank, share in zip(open_items, count, strict=True):
            W = _weights(spec, names, source.names, ~blank)
            if W is None:
                continue
            centre, cov = W @ part.moments.mean, W @ part.moments.cov @ W.T
            total += share
            mean += share * centre
            square += share * (cov + np.outer(centre, centre))
    mean /= total
    return Moments(tuple(names), total, mean, square / total - np.outer(mean, mean))


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
