"""The population behind a study: the model it fitted, in answers and organisations such as it has.

Normal variables have the correlations at which the *answers* covary as the fitted model implies, so the
truth of the SEM is its own estimate; regressions on scale means have theirs from the same moments. Where no
normals can do that (an inadmissible fit, columns that exclude one another), the truth is what was reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.calibrate.alike import between_answers, correlations, shared_between
from werksem.calibrate.clusters import alikeness, drawn_alikeness, holding, parts_of, root, root_between
from werksem.calibrate.copula import nearest_correlation, normal_correlations
from werksem.calibrate.given import Given, Told, given_traits, nothing_given
from werksem.calibrate.marginals import Marginal, marginal
from werksem.calibrate.traits import exogenous, trait_columns, values_of_clusters
from werksem.engines.sem import SemResult
from werksem.errors import DataError, EstimationError, SpecError
from werksem.implied import implied_moments
from werksem.inputs import Inputs
from werksem.moments import Moments
from werksem.spec.equations import observed_names
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec

__all__ = ["Cells", "Population", "alike_rows", "population", "trait_names"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cells:
    """The respondents of one group of a joint model, or all: ``rows`` (n,) are their places in the data.

    ``columns`` (p) say how each variable is spread; ``correlation`` (p, p) is that of the normals behind
    them, of which ``within`` and ``between`` (roots R, p x p, R' R) are drawn per respondent and per cluster
    (``cluster`` (n,) numbers those of all groups together, None without) about ``centre`` (J, p), which the
    traits that are kept say. ``expected`` (J, p) are means of answers given those, which covary ``apart``
    (p, p) over the respondents. ``moments`` are those of the answers. ``distance`` is how far a correlation
    of answers is from what the model implies, at most.
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
    centre: Array
    expected: Array
    apart: Array
    icc: Array | None = None


@dataclass(frozen=True, slots=True)
class Population:
    """What surveys are drawn from: ``names`` (p), a part per group, ``blank`` (n, p) who left what open.

    ``shared`` (G, G) says how far a cluster that is in several groups pulls alike in them; ``traits`` (p,)
    which columns are the same for all of a cluster. Of those the ones that only predict are ``kept`` (p,): as
    they are in the data in every survey.
    """

    names: tuple[str, ...]
    parts: tuple[Cells, ...]
    blank: NDArray[np.bool_]
    shared: Array
    traits: NDArray[np.bool_]
    kept: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What all parts have in common: answers (n, p), ``codes`` (n,) of clusters, ``kept`` (p,) of traits."""

    names: tuple[str, ...]
    rows: Array
    weights: Array | None
    codes: NDArray[np.int64] | None
    traits: NDArray[np.bool_]
    kept: NDArray[np.bool_]
    ordered: NDArray[np.bool_]
    column: str


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


def trait_names(source: Population) -> dict[str, list[str]]:
    """Return the traits of clusters that are kept as observed, and those that are drawn."""
    rows = {"kept_traits": source.kept, "drawn_traits": source.traits & ~source.kept}
    return {key: [source.names[j] for j in np.flatnonzero(which)] for key, which in rows.items()}


def population(study: Study, spec: ModelSpec, inputs: Inputs, sem: SemResult | None) -> Population:
    """Return the population that the fitted model implies; without a fit, that of the sample's own moments.

    Raises ``EstimationError`` where the fit did not converge, ``SpecError`` for ordered items of joint groups
    or beside covariates.
    """
    if inputs.items is None:
        raise EstimationError("calibrate: there are no respondents to simulate the like of")
    if sem is not None and not sem.fit.converged:
        raise EstimationError("calibrate: the model did not converge, so it implies no population")
    asked = _asked(study, spec, inputs, inputs.items)
    joint = sem is not None and len(sem.model.groups) > 1
    if sem is not None and study.data.ordered:
        _refuse_ordered(sem)
    labels = sem.model.groups if joint and sem is not None else ("all",)
    rows = [_rows(inputs, label, joint=joint) for label in labels]
    implied = [_implied(sem, asked.names, number) for number in range(len(labels))]
    told = _told(asked, rows, implied)
    parts = tuple(
        _cells(asked, at, says, label, told) for at, says, label in zip(rows, implied, labels, strict=True)
    )
    shared = np.eye(1) if len(parts) == 1 or asked.codes is None else _shared(asked, asked.codes, parts)
    return Population(asked.names, parts, np.isnan(asked.rows), shared, asked.traits, asked.kept)


def _asked(study: Study, spec: ModelSpec, inputs: Inputs, items: pd.DataFrame) -> _Asked:
    names = tuple(observed_names(spec))
    rows = items[list(names)].to_numpy(dtype=float)
    weights = None if inputs.weights is None else inputs.weights.to_numpy(dtype=float)
    codes = None if inputs.cluster is None else np.asarray(pd.factorize(inputs.cluster)[0], dtype=np.int64)
    traits = np.zeros(len(names), dtype=bool) if codes is None else trait_columns(rows, codes)
    predicts, chosen = exogenous(spec), study.data.ordered
    ordered = np.array([chosen == "all" or name in chosen for name in names])
    # items in categories are refused beside covariates
    kept = traits & np.array([name in predicts for name in names]) & (not ordered.any())
    return _Asked(names, rows, weights, codes, traits, kept, ordered, str(study.data.cluster))


def _shared(asked: _Asked, codes: NDArray[np.int64], parts: tuple[Cells, ...]) -> Array:
    """Return how far clusters pull alike in each group (G, G), by columns in units of their spread.

    Traits of clusters are left out, and what those that are kept say of others: they are the same whatever
    the group. Where no pair of groups tells, an organisation is the same one in all.
    """
    rows, spread = asked.rows.copy(), []
    for part in parts:
        sd = np.array([column.sd for column in part.columns])
        rows[part.rows] = (rows[part.rows] - part.expected[codes[part.rows]]) / sd
        share = np.zeros(len(sd)) if part.icc is None else np.nan_to_num(part.icc[:, 0])
        left = np.maximum(share - np.diag(part.apart) / sd**2, 0)
        spread.append(np.sqrt(np.where(asked.traits, 0, left)))
    found = shared_between(rows, codes, tuple(part.rows for part in parts), tuple(spread), asked.weights)
    told = found[np.isfinite(found) & ~np.eye(len(found), dtype=bool)]
    unknown = told.mean() if len(told) else 1.0
    return nearest_correlation(np.where(np.isfinite(found), found, unknown))


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


def _told(asked: _Asked, rows: Sequence[NDArray[np.int64]], implied: Sequence[Array | None]) -> Told | None:
    """Return the traits that are drawn, of all groups together, so that they are the same in each.

    Of them the model implies what it does of respondents of all groups, whose means differ as in the data.
    None where there are no such traits, or one group.
    """
    which = asked.traits & ~asked.kept
    if len(rows) == 1 or asked.codes is None or not which.any():
        return None
    at = np.flatnonzero(asked.traits)
    only = replace(
        asked, names=tuple(asked.names[j] for j in at), rows=asked.rows[:, at], traits=asked.traits[at],
        kept=asked.kept[at], ordered=asked.ordered[at],
    )  # fmt: skip
    says = [found[np.ix_(at, at)] for found in implied if found is not None]
    columns = _columns(only, only.rows, only.weights)
    overall = _overall(only, rows, says)
    given = _given(only, columns, overall, asked.codes, asked.weights)
    sd, inner = np.array([column.sd for column in given.columns]), np.ix_(given.rest, given.rest)
    wanted = overall[inner] * np.outer(sd, sd) - given.apart[inner]
    correlation = nearest_correlation(normal_correlations(given.columns, wanted, given.link))
    return Told(which, given.columns, given.centre, correlation)


def _overall(asked: _Asked, rows: Sequence[NDArray[np.int64]], implied: Sequence[Array]) -> Array:
    """Return correlations (p, p) over respondents of all groups, of those that a model implies in each."""
    weights = np.ones(len(asked.rows)) if asked.weights is None else asked.weights
    share = np.array([weights[part].sum() for part in rows]) / sum(weights[part].sum() for part in rows)
    each = [
        [marginal(name, asked.rows[part, j], weights[part]) for j, name in enumerate(asked.names)]
        for part in rows
    ]
    mean, sd = (np.array([[getattr(c, key) for c in one] for one in each]) for key in ("mean", "sd"))
    off = mean - share @ mean
    cov = sum(
        w * (says * np.outer(s, s) + np.outer(o, o))
        for w, says, s, o in zip(share, implied, sd, off, strict=True)
    )
    size = np.sqrt(np.diag(cov))
    return np.asarray(cov / np.outer(size, size))


def _cells(
    asked: _Asked, rows: NDArray[np.int64], implied: Array | None, label: str, told: Told | None
) -> Cells:  # fmt: skip
    """Return one part of the population."""
    answers = asked.rows[rows]
    weights = None if asked.weights is None else asked.weights[rows]
    columns = _columns(asked, answers, weights)
    if implied is None:
        implied = _observed(answers, weights, asked.names)
    cluster = None if asked.codes is None else asked.codes[rows]
    given = _given(asked, columns, implied, cluster, weights, told)
    drawn, at = given.columns, np.ix_(given.rest, given.rest)
    sd = np.array([1.0 if column.ordered else column.sd for column in drawn])
    link = None if given.rest.all() else given.link
    wanted = implied[at] * np.outer(sd, sd) - given.apart[at]
    found = normal_correlations(drawn, wanted, link)
    correlation = (
        nearest_correlation(found) if told is None
        else holding(found, told.which[given.rest], told.correlation)
    )  # fmt: skip
    between, within, icc = np.zeros_like(correlation), correlation, None
    if cluster is not None:
        alike = between_answers(answers, cluster, weights)
        _refuse_one_cluster(alike[0], answers, cluster, asked, label)
        inner = alike[0][at], alike[1][at]
        between, within = parts_of(
            drawn, correlation, *inner, given.link, given.apart[at], asked.traits[given.rest]
        )  # fmt: skip
        reached = np.ones(len(answers[0]))
        reached[given.rest] = drawn_alikeness(drawn, between, given.link, given.apart[at])
        icc = np.column_stack([alikeness(*alike), reached])
    moments = _moments(asked.names, given, between + within, len(rows), label)
    normals, spread = _wide(between + within, given.rest, 1.0), _wide(between, given.rest)
    return Cells(
        rows, _placed(columns, given), normals,
        root(_wide(within, given.rest)), None if cluster is None else root_between(spread, asked.traits),
        cluster, moments, _distance(columns, normals, moments, implied), _wide_rows(given),
        given.expected, given.apart, icc,
    )  # fmt: skip


def _columns(asked: _Asked, answers: Array, weights: Array | None) -> tuple[Marginal, ...]:
    """Return how each column of a part is spread; a trait that is drawn as in all parts together."""
    together = asked.traits & ~asked.kept
    return tuple(
        marginal(name, asked.rows[:, j], asked.weights) if together[j]
        else marginal(name, answers[:, j], weights, ordered=bool(asked.ordered[j]))
        for j, name in enumerate(asked.names)
    )  # fmt: skip


def _given(
    asked: _Asked, columns: tuple[Marginal, ...], implied: Array, cluster: NDArray[np.int64] | None,
    weights: Array | None, told: Told | None = None,
) -> Given:  # fmt: skip
    """Return the columns of a part given the traits that are kept."""
    if cluster is None or asked.codes is None:
        return nothing_given(columns, 1)
    J = int(asked.codes.max()) + 1
    if not asked.kept.any():
        return nothing_given(columns, J)
    values = values_of_clusters(asked.rows[:, asked.kept], asked.codes)
    counts = np.bincount(cluster, weights, minlength=J).astype(float)
    described = values[np.isfinite(values).all(axis=1) & (counts > 0)]
    if not len(described) or not np.ptp(described, axis=0).all():
        names = ", ".join(name for name, one in zip(asked.names, asked.kept, strict=True) if one)
        raise DataError(
            f"calibrate: {len(described)} of {np.count_nonzero(counts)} {asked.column} have all of {names}; "
            "right are at least two, of which each of these differs: fill them in, or leave one out"
        )
    return given_traits(columns, implied, asked.kept, values, counts, told)


def _placed(columns: tuple[Marginal, ...], given: Given) -> tuple[Marginal, ...]:
    """Return all columns (p), the drawn ones given the others."""
    drawn = iter(given.columns)
    return tuple(next(drawn) if one else column for one, column in zip(given.rest, columns, strict=True))


def _wide(matrix: Array, rest: NDArray[np.bool_], diagonal: float = 0.0) -> Array:
    """Return a matrix (r, r) of the drawn columns among all (p, p)."""
    found = np.diag(np.where(rest, 0.0, diagonal))
    found[np.ix_(rest, rest)] = matrix
    return found


def _wide_rows(given: Given) -> Array:
    """Return the means of normals among all columns (J, p), 0 of what is kept."""
    found = np.zeros((len(given.centre), len(given.rest)))
    found[:, given.rest] = given.centre
    return found


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
    asked: _Asked,
    label: str,
) -> None:
    """Raise ``DataError`` for a question that several respondents of one cluster answered, and no other."""
    where = "" if label == "all" else f" of group {label}"
    for j in np.flatnonzero(np.isnan(np.diag(between))):
        code = cluster[np.isfinite(answers[:, j])]
        if len(code) > 1 and len(np.unique(code)) == 1:
            raise DataError(
                f'calibrate: "{asked.names[j]}"{where} is answered in one {asked.column} only, so how alike '
                f"the respondents of a {asked.column} are is not in the data: at least two are right, or "
                "leave data.cluster out"
            )


def _moments(names: tuple[str, ...], given: Given, correlation: Array, n: int, label: str) -> Moments:
    """Return the moments of the answers: what is given of them, and what normals add."""
    inner = given.link(np.where(np.eye(len(correlation), dtype=bool), 0.0, correlation))
    at = np.diag(given.apart)[given.rest]
    np.fill_diagonal(inner, [column.sd**2 for column in given.columns] - at)
    return Moments(names, float(n), given.mean, given.apart + _wide(inner, given.rest), label)


def _distance(columns: tuple[Marginal, ...], correlation: Array, reached: Moments, implied: Array) -> float:
    """Return how far a correlation is from the implied one, at most; of normals where both are ordered."""
    sd = np.sqrt(np.diag(reached.cov))
    ordered = np.array([column.ordered for column in columns])
    found = np.where(np.logical_and.outer(ordered, ordered), correlation, reached.cov / np.outer(sd, sd))
    mixed = np.logical_xor.outer(ordered, ordered)
    return float(np.abs(np.where(mixed, 0.0, found - implied)).max())
