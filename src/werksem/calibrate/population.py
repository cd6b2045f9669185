"""The population behind a study: the model it fitted, in answers and organisations such as it has.

Normal variables have the correlations at which the *answers* covary as the fitted model implies, so the
truth of the SEM is its own estimate; regressions on scale means have theirs from the same moments. Where no
normals can do that (an inadmissible fit, columns that exclude one another), the truth is what was reached.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.calibrate.clusters import between_answers, parts_of
from werksem.calibrate.copula import answer_covariances, nearest_correlation, normal_correlations
from werksem.calibrate.marginals import Marginal, marginal
from werksem.engines.sem import SemResult
from werksem.errors import EstimationError, SpecError
from werksem.implied import implied_moments
from werksem.inputs import Inputs
from werksem.moments import Moments, moments
from werksem.spec.equations import observed_names
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec

__all__ = ["Cells", "Population", "population"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cells:
    """The respondents of one group of a joint model, or all: ``rows`` (n,) are their places in the data.

    ``columns`` (p) say how each variable is spread; ``correlation`` (p, p) is that of the normals behind
    them, of which ``within`` and ``between`` (roots, p x p) are drawn per respondent and per cluster
    (``cluster`` (n,), None without). ``moments`` are those of the answers. ``distance`` is how far a
    correlation of answers is from what the model implies, at most.
    """

    rows: NDArray[np.int64]
    columns: tuple[Marginal, ...]
    correlation: Array
    within: Array
    between: Array | None
    cluster: NDArray[np.int64] | None
    moments: Moments
    distance: float


@dataclass(frozen=True, slots=True)
class Population:
    """What surveys are drawn from: ``names`` (p), a part per group, ``blank`` (n, p) who left what open."""

    names: tuple[str, ...]
    parts: tuple[Cells, ...]
    blank: NDArray[np.bool_]


def population(study: Study, spec: ModelSpec, inputs: Inputs, sem: SemResult | None) -> Population:
    """Return the population that the fitted model implies; without a fit, that of the sample's own moments.

    Raises ``EstimationError`` where the fit did not converge, ``SpecError`` for ordered items of joint groups
    or beside covariates.
    """
    if inputs.items is None:
        raise EstimationError("calibrate: there are no respondents to simulate the like of")
    if sem is not None and not sem.fit.converged:
        raise EstimationError("calibrate: the model did not converge, so it implies no population")
    names = tuple(observed_names(spec))
    items = inputs.items[list(names)]
    joint = sem is not None and len(sem.model.groups) > 1
    if sem is not None and study.data.ordered:
        _refuse_ordered(sem)
    labels = sem.model.groups if joint and sem is not None else ("all",)
    parts = tuple(
        _cells(study, inputs, items, _rows(inputs, label, joint=joint), _implied(sem, names, number), label)
        for number, label in enumerate(labels)
    )
    return Population(names, parts, items.isna().to_numpy())


def _refuse_ordered(sem: SemResult) -> None:
    """Raise ``SpecError`` for ordered items of joint groups, and beside covariates."""
    said = "calibrate simulates items in data.ordered of one group and without covariates; found"
    if len(sem.model.groups) > 1:
        raise SpecError(f"{said} the joint groups {', '.join(sem.model.groups)}: leave out sem.multigroup")
    if sem.model.fixed_x:
        raise SpecError(
            f"{said} {', '.join(sem.model.fixed_x)}: leave data.ordered out, or what they predict"
        )


def _rows(inputs: Inputs, label: str, *, joint: bool) -> NDArray[np.int64]:
    if not joint or inputs.group is None or inputs.items is None:
        return np.arange(0 if inputs.items is None else len(inputs.items))
    return np.flatnonzero((inputs.group.astype(str) == label).to_numpy())


def _implied(sem: SemResult | None, names: tuple[str, ...], group: int) -> Array | None:
    """Return the correlations (p, p) that a fit implies, None without a fit."""
    if sem is None:
        return None
    cov = implied_moments(sem.model, sem.fit.theta, group)[1]
    at = [sem.model.observed.index(name) for name in names]
    cov = np.asarray(cov)[np.ix_(at, at)]
    sd = np.sqrt(np.diag(cov))
    return np.asarray(cov / np.outer(sd, sd))


def _cells(
    study: Study, inputs: Inputs, items: pd.DataFrame, rows: NDArray[np.int64], implied: Array | None,
    label: str,
) -> Cells:  # fmt: skip
    """Return one part of the population."""
    answers = items.iloc[rows].to_numpy(dtype=float)
    weights = None if inputs.weights is None else inputs.weights.iloc[rows].to_numpy(dtype=float)
    chosen = set(items.columns) if study.data.ordered == "all" else set(study.data.ordered)
    columns = tuple(
        marginal(str(name), answers[:, j], weights, ordered=name in chosen)
        for j, name in enumerate(items.columns)
    )
    complete = np.isfinite(answers).all(axis=1)
    if implied is None:
        cov = moments(answers[complete], list(items.columns)).cov
        implied = cov / np.sqrt(np.outer(np.diag(cov), np.diag(cov)))
    sd = np.array([1.0 if column.ordered else column.sd for column in columns])
    correlation = nearest_correlation(normal_correlations(columns, implied * np.outer(sd, sd)))
    cluster = None if inputs.cluster is None else pd.factorize(inputs.cluster.iloc[rows])[0]
    between, within = None, correlation
    if cluster is not None:
        shared = between_answers(answers[complete], cluster[complete])
        between, within = parts_of(columns, correlation, shared)
        correlation = between + within
    reached = _moments(columns, correlation, len(rows), tuple(map(str, items.columns)), label)
    return Cells(
        rows, columns, correlation, _root(within), None if between is None else _root(between), cluster,
        reached,
        _distance(columns, correlation, reached, implied),
    )  # fmt: skip


def _moments(
    columns: tuple[Marginal, ...], correlation: Array, n: int, names: tuple[str, ...], label: str
) -> Moments:
    cov = answer_covariances(columns, correlation)
    return Moments(names, float(n), np.array([column.mean for column in columns]), cov, label)


def _distance(columns: tuple[Marginal, ...], correlation: Array, reached: Moments, implied: Array) -> float:
    """Return how far a correlation is from the implied one, at most; of normals where both are ordered."""
    sd = np.sqrt(np.diag(reached.cov))
    ordered = np.array([column.ordered for column in columns])
    found = np.where(np.logical_and.outer(ordered, ordered), correlation, reached.cov / np.outer(sd, sd))
    mixed = np.logical_xor.outer(ordered, ordered)
    return float(np.abs(np.where(mixed, 0.0, found - implied)).max())


def _root(matrix: Array) -> Array:
    """Return the symmetric square root (p, p) of a positive semidefinite matrix."""
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T)
