"""The population behind a study: the model it fitted, in answers and organisations such as it has.

Normal variables have the correlations at which the *answers* covary as the fitted model implies, so the
truth of the SEM is its own estimate; regressions on scale means have theirs from the same moments. Where no
normals can do that (an inadmissible fit, columns that exclude one another), the truth is what was reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.calibrate.alike import between_answers, correlations, shared_between
from werksem.calibrate.clusters import alikeness, constant, drawn_alikeness, parts_of, root, root_between
from werksem.calibrate.copula import answer_covariances, nearest_correlation, normal_correlations
from werksem.calibrate.marginals import Marginal, marginal
from werksem.engines.sem import SemResult
from werksem.errors import DataError, EstimationError, SpecError
from werksem.implied import implied_moments
from werksem.inputs import Inputs
from werksem.moments import Moments
from werksem.spec.equations import observed_names
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec

__all__ = ["Cells", "Population", "alike_rows", "population"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cells:
    """The respondents of one group of a joint model, or all: ``rows`` (n,) are their places in the data.

    ``columns`` (p) say how each variable is spread; ``correlation`` (p, p) is that of the normals behind
    them, of which ``within`` and ``between`` (roots R, p x p, R' R) are drawn per respondent and per cluster
    (``cluster`` (n,) numbers those of all groups together, None without). ``moments`` are those of the
    answers. ``distance`` is how far a correlation of answers is from what the model implies, at most.
    ``icc`` (p, 2) is the share of variance between clusters in the data (NaN where no cluster has two who
    answered), and in what is drawn; None without clusters.
    """

    rows: NDArray[np.int64]
    columns: tuple[Marginal, ...]
    correlation: Array
    within: Array
    between: Array | None
    cluster: NDArray[np.int64] | None
    moments: Moments
    distance: float
    icc: Array | None = None


@dataclass(frozen=True, slots=True)
class Population:
    """What surveys are drawn from: ``names`` (p), a part per group, ``blank`` (n, p) who left what open.

    ``shared`` (G, G) says how far a cluster that is in several groups pulls alike in them; ``traits`` (p,)
    which columns are the same for all of a cluster.
    """

    names: tuple[str, ...]
    parts: tuple[Cells, ...]
    blank: NDArray[np.bool_]
    shared: Array
    traits: NDArray[np.bool_]


def alike_rows(parts: Sequence[Cells]) -> list[dict[str, Any]]:
    """Return of every column in every part its ICC in the data and as drawn; none without clusters."""
    return [
        {
            "group": part.moments.group, "name": name, "data": None if np.isnan(found) else float(found),
            "drawn": float(drawn),
        }
        for part in parts if part.icc is not None
        for name, (found, drawn) in zip(part.moments.names, part.icc, strict=True)
    ]  # fmt: skip


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
    codes = None if inputs.cluster is None else np.asarray(pd.factorize(inputs.cluster)[0], dtype=np.int64)
    parts = tuple(
        _cells(study, inputs, items, _rows(inputs, label, joint=joint), codes, _implied(sem, names, number),
               label)
        for number, label in enumerate(labels)
    )  # fmt: skip
    traits = np.all([np.zeros(len(names), dtype=bool) if part.icc is None else constant(part.icc[:, 0])
                     for part in parts], axis=0)  # fmt: skip
    shared = np.eye(1) if len(parts) == 1 or codes is None else _shared(inputs, items, codes, parts, traits)
    return Population(names, parts, items.isna().to_numpy(), shared, traits)


def _shared(
    inputs: Inputs, items: pd.DataFrame, codes: NDArray[np.int64], parts: tuple[Cells, ...],
    traits: NDArray[np.bool_],
) -> Array:  # fmt: skip
    """Return how far clusters pull alike in each group (G, G), by columns in units of their spread.

    Traits of clusters are left out: they are the same whatever the group.
    """
    weights = None if inputs.weights is None else inputs.weights.to_numpy(dtype=float)
    found = (part.icc[:, 0] for part in parts if part.icc is not None)
    spread = tuple(np.sqrt(np.where(traits, 0, np.maximum(np.nan_to_num(share), 0))) for share in found)
    units = np.ones((len(items), len(items.columns)))
    for part in parts:
        units[part.rows] = [column.sd for column in part.columns]
    rows = tuple(part.rows for part in parts)
    return nearest_correlation(
        shared_between(items.to_numpy(dtype=float) / units, codes, rows, spread, weights)
    )


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
    study: Study, inputs: Inputs, items: pd.DataFrame, rows: NDArray[np.int64],
    codes: NDArray[np.int64] | None, implied: Array | None, label: str,
) -> Cells:  # fmt: skip
    """Return one part of the population."""
    answers, names = items.iloc[rows].to_numpy(dtype=float), tuple(map(str, items.columns))
    weights = None if inputs.weights is None else inputs.weights.iloc[rows].to_numpy(dtype=float)
    chosen = set(names) if study.data.ordered == "all" else set(study.data.ordered)
    columns = tuple(
        marginal(name, answers[:, j], weights, ordered=name in chosen) for j, name in enumerate(names)
    )
    if implied is None:
        implied = _observed(answers, weights, names)
    sd = np.array([1.0 if column.ordered else column.sd for column in columns])
    correlation = nearest_correlation(normal_correlations(columns, implied * np.outer(sd, sd)))
    cluster, pull, within, icc = None if codes is None else codes[rows], None, correlation, None
    if cluster is not None:
        found = between_answers(answers, cluster, weights)
        _refuse_one_cluster(found[0], answers, cluster, names, str(study.data.cluster), label)
        between, within = parts_of(columns, correlation, *found)
        correlation = between + within
        icc = np.column_stack([alikeness(*found), drawn_alikeness(columns, between)])
        pull = root_between(between, constant(icc[:, 0]))
    reached = _moments(columns, correlation, len(rows), names, label)
    return Cells(
        rows, columns, correlation, root(within), pull, cluster, reached,
        _distance(columns, correlation, reached, implied),
        icc,
    )  # fmt: skip


def _observed(answers: Array, weights: Array | None, names: tuple[str, ...]) -> Array:
    """Return the correlations (p, p) of the answers; raises ``DataError`` where two have no respondent."""
    found = correlations(answers, weights)
    for j, k in np.argwhere(np.isnan(found)):
        raise DataError(
            f'calibrate: no respondents answered both "{names[j]}" and "{names[k]}" (or all alike), and '
            "there is no fitted model that says how they covary"
        )
    return found


def _refuse_one_cluster(
    between: Array,
    answers: Array,
    cluster: NDArray[np.int64],
    names: tuple[str, ...],
    column: str,
    label: str,
) -> None:
    """Raise ``DataError`` for a question that several respondents of one cluster answered, and no other."""
    where = "" if label == "all" else f" of group {label}"
    for j in np.flatnonzero(np.isnan(np.diag(between))):
        code = cluster[np.isfinite(answers[:, j])]
        if len(code) > 1 and len(np.unique(code)) == 1:
            raise DataError(
                f'calibrate: "{names[j]}"{where} is answered in one {column} only, so how alike the '
                f"respondents of a {column} are is not in the data: at least two are right, or leave "
                "data.cluster out"
            )


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
