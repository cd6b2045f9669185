"""Measurement quality of a study's scales: reliability, discriminant validity, and item by item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.engines.items import item_table
from werksem.engines.ordinal_quality import ordinal_reliabilities
from werksem.engines.sem import SemResult
from werksem.inference.delta import complex_jacobian
from werksem.inference.htmt import construct_pairs
from werksem.inference.reliability import alpha_error, construct_items, omega_ave
from werksem.inference.resamples import Answers, pairwise_covariances, resampled
from werksem.inference.scale_quantities import Scales, scale_quantities, scales_of
from werksem.inference.vcov import standard_errors
from werksem.inputs import Inputs
from werksem.intervals.percentile import quantiles
from werksem.moments import Moments, select
from werksem.patterns import Patterns
from werksem.sem_data import SemData
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec

__all__ = ["DISCRIMINANT", "LEVEL", "REPLICATES", "Quality", "measurement_quality", "model_based_limits"]

Array = NDArray[np.float64]
Key = tuple[str, str, str]
LEVEL = 0.95
# limits of a percentile interval then vary by 0.07 standard errors
REPLICATES = 1000
SEED = 2024
# Henseler, Ringle & Sarstedt (2015)
DISCRIMINANT = 0.85
RELIABILITY = [
    "construct", "alpha", "omega", "ave", "items", "group", "alpha_ci_lower", "alpha_ci_upper",
    "alpha_ordinal", "omega_ordinal",
]  # fmt: skip
HTMT = [
    "lhs", "rhs", "group", "htmt", "htmt_ci_lower", "htmt_ci_upper", "htmt2", "htmt2_ci_lower",
    "htmt2_ci_upper", "ok", "level",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quality:
    """The tables ``reliability.csv``, ``htmt.csv`` and ``items.csv``."""

    reliability: pd.DataFrame
    htmt: pd.DataFrame
    items: pd.DataFrame


@dataclass(frozen=True, slots=True)
class _Found:
    """One group's quantities by key: the estimate and its interval, NaN where there is none."""

    group: str
    n: float
    values: Mapping[Key, tuple[float, float, float]] = field(default_factory=dict)

    def __getitem__(self, key: Key) -> tuple[float, float, float]:
        return self.values.get(key, (np.nan, np.nan, np.nan))


def measurement_quality(
    study: Study, spec: ModelSpec, inputs: Inputs, data: SemData, sem: SemResult, *, jobs: int = 1
) -> Quality:
    """Return reliability, HTMT and item tables of the constructs measured by observed items.

    Intervals of what covariances determine (alpha, item-rest correlations, HTMT) are percentiles of
    resamples; those of omega and AVE are Wald intervals of the fit, see ``model_based_limits``.
    Moments alone give alpha its interval under normality, and the others none.
    """
    found = {
        name: items
        for name in sem.model.latent
        if set(items := construct_items(sem.model, name)) <= set(sem.model.observed)
    }
    scales = scales_of(found)
    seed = study.bootstrap.seed if study.bootstrap is not None else SEED
    groups = _quantities(scales, sem.moments, _answers(data, scales), seed=seed, jobs=jobs)
    ordinal = ordinal_reliabilities(study, data, sem, found)
    rest = [
        {(name, item): group["rest", name, item] for name, items in found.items() for item in items}
        for group in groups
    ]
    return Quality(
        model_based_limits(_reliability(sem, found, groups, ordinal), sem),
        pd.DataFrame(_htmt_rows(scales, groups), columns=HTMT),
        item_table(spec, inputs, sem, found, rest),
    )


def _answers(data: SemData, scales: Scales) -> tuple[Answers, ...] | None:
    """Return each group's answers to the items of the scales, None where only moments are given."""
    if data.respondents is not None:
        at = [data.moments[0].names.index(name) for name in scales.names]
        return tuple(Answers(part.rows[:, at], part.weights, part.cluster) for part in data.respondents)
    if data.patterns is None:
        return None
    clusters = data.clusters or (None,) * len(data.patterns)
    return tuple(
        _with_blanks(part, scales, cluster) for part, cluster in zip(data.patterns, clusters, strict=True)
    )


def _with_blanks(part: Patterns, scales: Scales, cluster: NDArray[np.int64] | None) -> Answers:
    at = [part.names.index(name) for name in scales.names]
    seen = np.repeat(part.observed, np.diff(part.first), axis=0)[:, at]
    codes = None if cluster is None else np.unique(cluster[part.order], return_inverse=True)[1]
    return Answers(np.where(seen, part.rows[:, at], np.nan), part.weights, codes)


def _quantities(
    scales: Scales, moments: Sequence[Moments], answers: Sequence[Answers] | None, *, seed: int, jobs: int
) -> list[_Found]:
    if not scales.constructs:
        return [_Found(group.group, group.n) for group in moments]
    estimates = [scale_quantities(select(group, scales.names).cov, scales) for group in moments]
    if answers is None:
        limits = [_normal_limits(scales, select(group, scales.names)) for group in moments]
    else:
        draws = resampled(
            answers, lambda cov: scale_quantities(cov, scales), replicates=REPLICATES, seed=seed, jobs=jobs
        )
        limits = [
            _percentiles(scales, part, own, estimate)
            for part, own, estimate in zip(draws, answers, estimates, strict=True)
        ]
    return [
        _Found(group.group, group.n, dict(zip(scales.keys, zip(*columns, strict=True), strict=True)))
        for group, columns in zip(
            moments, ([e, *pair] for e, pair in zip(estimates, limits, strict=True)), strict=True
        )
    ]


def _percentiles(scales: Scales, draws: Array, own: Answers, estimate: Array) -> tuple[Array, Array]:
    """Return percentile limits (K,); with blanks those of pairwise moments, moved to the estimate."""
    moved = np.zeros(len(estimate))
    if np.isnan(own.rows).any():
        weight = np.ones(len(own.rows)) if own.weights is None else own.weights
        pairwise = pairwise_covariances(own.rows, weight[None].astype(np.float32))
        moved = estimate - scale_quantities(pairwise, scales)[0]
    tail = np.full(len(estimate), (1 - LEVEL) / 2)
    return quantiles(draws, tail) + moved, quantiles(draws, 1 - tail) + moved


def _normal_limits(scales: Scales, moments: Moments) -> tuple[Array, Array]:
    from scipy.special import ndtri

    z = float(ndtri((1 + LEVEL) / 2))
    errors = np.full(len(scales.keys), np.nan)
    for number, at in enumerate(scales.members):
        errors[number] = alpha_error(moments.cov[np.ix_(at, at)], moments.n)
    estimate = scale_quantities(moments.cov, scales)
    return estimate - z * errors, estimate + z * errors


def _reliability(
    sem: SemResult, found: Mapping[str, tuple[str, ...]], groups: Sequence[_Found],
    ordinal: Mapping[tuple[int, str], tuple[float, float]],
) -> pd.DataFrame:  # fmt: skip
    rows = []
    for number, group in enumerate(groups):
        for construct, items in found.items():
            alpha, lower, upper = group["alpha", construct, ""]
            omega, ave = omega_ave(sem.model, sem.fit.theta, construct, number)
            behind, summed = ordinal.get((number, construct), (np.nan, np.nan))
            rows.append({
                "construct": construct, "alpha": alpha, "omega": float(omega), "ave": float(ave),
                "items": len(items), "group": group.group, "alpha_ci_lower": lower, "alpha_ci_upper": upper,
                "alpha_ordinal": behind, "omega_ordinal": summed,
            })  # fmt: skip
    return pd.DataFrame(rows, columns=RELIABILITY)


def model_based_limits(
    table: pd.DataFrame, sem: SemResult, replicates: pd.DataFrame | None = None, *,
    method: str = "bootstrap",
) -> pd.DataFrame:  # fmt: skip
    """Return the table of reliabilities with limits of omega and AVE, which need the fitted model.

    Percentiles of the bootstrap's replicates where there are (``replicates`` as in
    ``bootstrap.parquet``, ``method`` says how they were made), else Wald limits by the delta method;
    none where the fit did not converge.
    """
    draws = None if replicates is None else _solved(sem, replicates)
    limits = []
    for construct, label in zip(table["construct"], table["group"], strict=True):
        group = sem.model.groups.index(label)

        def values(theta: Any, construct: str = construct, group: int = group) -> Any:
            return np.stack(omega_ave(sem.model, theta, construct, group), axis=-1)

        known = sem.fit.converged and np.isfinite(values(sem.fit.theta)).all()
        if not known:
            limits.append((np.nan, np.nan, np.nan, np.nan))
        elif draws is None:
            limits.append(_wald(values, sem))
        else:
            tail = np.full(2, (1 - LEVEL) / 2)
            lower, upper = quantiles(values(draws), tail), quantiles(values(draws), 1 - tail)
            limits.append((lower[0], upper[0], lower[1], upper[1]))
    names = ["omega_ci_lower", "omega_ci_upper", "ave_ci_lower", "ave_ci_upper"]
    added = pd.DataFrame(limits, columns=names, index=table.index)
    methods = np.where(added["omega_ci_lower"].notna(), "delta" if draws is None else method, "")
    return table.assign(**added, omega_method=methods, level=LEVEL)


def _solved(sem: SemResult, replicates: pd.DataFrame) -> Array:
    solved = replicates["status"] != "not_converged"
    return replicates.loc[solved, list(sem.model.parameters)].to_numpy(dtype=float)


def _wald(values: Any, sem: SemResult) -> tuple[float, float, float, float]:
    from scipy.special import ndtri

    z = float(ndtri((1 + LEVEL) / 2))
    omega, ave = values(sem.fit.theta)
    error = z * standard_errors(sem.vcov, complex_jacobian(values, sem.fit.theta))
    return omega - error[0], omega + error[0], ave - error[1], ave + error[1]


def _htmt_rows(scales: Scales, groups: Sequence[_Found]) -> Iterator[tuple[Any, ...]]:
    for group in groups:
        for i, j in construct_pairs(len(scales.constructs)):
            a, b = scales.constructs[i], scales.constructs[j]
            plain, second = group["htmt", a, b], group["htmt2", a, b]
            yield (a, b, group.group, *plain, *second, bool(plain[0] < DISCRIMINANT), LEVEL)
