"""From replicates to tables: estimates with one interval, every other interval, the audit of failures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bootstrap.replicates import Replicates
from werksem.effects import effect_rows, quantities, quantity_values, units
from werksem.engines.bootstrap_job import Prepared, bend_of
from werksem.engines.limits import CHUNK, Limits, limits_of, normal_slices, slices
from werksem.engines.sem import SemResult, parameter_rows
from werksem.engines.sem_joint import replicate_joint
from werksem.estimates import estimates_table
from werksem.estimators.joint import Joint
from werksem.inference.delta import complex_jacobian
from werksem.intervals import INTERVALS
from werksem.intervals.band import band, band_pvalues
from werksem.intervals.places import ROUNDING
from werksem.intervals.precision import limit_errors
from werksem.resampling.replicate_weights import (
    design_degrees,
    replicate_interval,
    replicate_scales,
    replicate_standard_errors,
)

__all__ = [
    "FEW_SHARE", "Drawn", "drawn", "estimates", "interval_table", "joint_replicates", "printed_errors",
    "replicate_table",
]  # fmt: skip

Array = NDArray[np.float64]
FEW_SHARE = 0.05
PREFIX, STUDENT = "one-step ", "t"


@dataclass(frozen=True, slots=True)
class Drawn:
    """Quantities of the replicates that have a solution: raw, then standardised (R, 2 K).

    ``estimate``, ``unit`` (``effects.units``), ``bend`` (BCa's acceleration) and ``varying`` are (2 K,);
    ``effects`` marks defined effects, ``kept`` (all replicates,) those that are here, ``admissible`` (R,)
    those without a Heywood case.
    """

    values: Array
    estimate: Array
    unit: Array
    bend: Array
    varying: NDArray[np.bool_]
    effects: NDArray[np.bool_]
    kept: NDArray[np.bool_]
    admissible: NDArray[np.bool_]


def drawn(prepared: Prepared, found: Replicates) -> Drawn:
    """Return the quantities of the replicates; those without a solution are left out, and counted."""
    sem, kept = prepared.sem, found.status != "not_converged"
    theta = found.theta[kept]
    values = _quantities(sem, theta)
    estimate = quantities(sem.model, sem.effects, sem.fit.theta)
    several = len(values) > 1
    values[~np.isfinite(values)] = np.nan
    unit = units(sem.model, sem.effects, estimate)
    varying = _spread(values, 0) > ROUNDING * unit if several else np.zeros(len(estimate), dtype=bool)
    jacobian = complex_jacobian(lambda t: quantities(sem.model, sem.effects, t), sem.fit.theta)
    effects = np.tile(np.arange(len(estimate) // 2) >= len(sem.model.rows), 2)
    return Drawn(
        values, estimate, unit, bend_of(prepared, jacobian), varying, effects, kept,
        found.status[kept] == "ok",
    )  # fmt: skip


def _spread(values: Array, ddof: int) -> Array:
    """Return standard deviations (2 K,) over replicates with a value; NaN for fewer than two."""
    enough = np.isfinite(values).sum(axis=0) > 1
    found = np.full(len(enough), np.nan)
    found[enough] = np.nanstd(values if enough.all() else values[:, enough], axis=0, ddof=ddof)
    return found


def _quantities(sem: SemResult, theta: Array) -> Array:
    """Return the quantities (R, 2 K) of theta (R, q), raw and then standardised, in chunks."""
    parts = (theta[at : at + CHUNK] for at in range(0, max(len(theta), 1), CHUNK))
    return np.concatenate([
        np.concatenate(quantity_values(sem.model, sem.effects, part), axis=1) for part in parts
    ])  # fmt: skip


def _limits(prepared: Prepared, have: Drawn, kind: str, *, admissible: bool = False) -> Limits:
    """Return the intervals of one kind, from all replicates that have a solution or the admissible ones."""
    level = prepared.wanted.level
    if kind == STUDENT:
        return _student(prepared, have, level)
    if kind == "monte_carlo":
        parts = normal_slices(prepared.sem, prepared.wanted.seed)
    else:
        parts = slices(have.values[have.admissible] if admissible else have.values)
    return limits_of(kind, parts, have.estimate, level, have.bend, have.unit)


def _student(prepared: Prepared, have: Drawn, level: float) -> Limits:
    """Return estimate ± t se with the design's degrees of freedom, for weights that came with the data."""
    from scipy.stats import t

    se, degrees = _standard_errors(prepared, have), design_degrees(np.asarray(prepared.job.resampling.given))
    lower, upper = replicate_interval(have.estimate, se, level, degrees)
    none = np.full(len(se), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * t.sf(np.abs(have.estimate / se), degrees)
    return Limits(lower, upper, (none, none), p)


def _main_kind(prepared: Prepared) -> str:
    """Return the study's interval; with replicate weights that is Student's, whatever their type."""
    return prepared.wanted.interval if prepared.design is None else STUDENT


def estimates(prepared: Prepared, have: Drawn) -> pd.DataFrame:
    """Return the rows of ``estimates.csv``: the study's interval and the p-value that goes with it."""
    wanted, sem = prepared.wanted, prepared.sem
    kind = _main_kind(prepared)
    found, se = _limits(prepared, have, kind), _standard_errors(prepared, have)
    columns = (se, found.pvalue, found.lower, found.upper)
    se, p, lower, upper = (np.where(have.varying, column, np.nan) for column in columns)
    status = sem.fit.status if np.mean(~have.kept) <= FEW_SHARE else "few_draws"
    method = (PREFIX if prepared.one_step else "") + kind
    out, K = [], len(have.estimate) // 2
    for k, names in enumerate(parameter_rows("bootstrap", sem.model, sem.effects)):
        out.append(names | {
            "est": have.estimate[k], "se": se[k], "pvalue": p[k], "ci_lower": lower[k], "ci_upper": upper[k],
            "level": wanted.level, "std": have.estimate[K + k], "std_se": se[K + k],
            "std_ci_lower": lower[K + k], "std_ci_upper": upper[K + k], "method": method, "status": status,
        })  # fmt: skip
    return estimates_table(out)


def _standard_errors(prepared: Prepared, have: Drawn) -> Array:
    """Return standard errors (2 K,): the replicates' standard deviations, or what their weights say."""
    design, values = prepared.design, have.values
    if len(values) < 2:
        return np.full(len(have.estimate), np.nan)
    if design is None:
        return _spread(values, 1)
    scale, rscales = replicate_scales(
        design.type, len(have.kept), scale=design.scale, rscales=design.rscales, rho=design.rho or 0.0
    )
    return replicate_standard_errors(values, have.estimate, scale, rscales[have.kept], mse=design.mse)


def interval_table(prepared: Prepared, have: Drawn) -> pd.DataFrame:
    """Return every interval of every quantity, raw and standardised: ``intervals.csv``.

    ``interval`` is a kind of ``INTERVALS``; ``band`` is simultaneous over all effects (``:=``) of its
    ``metric``; ``… (admissible)`` is the study's kind without Heywood and other inadmissible
    replicates, where there are any. ``mc_lower, mc_upper`` are Monte-Carlo standard errors.
    """
    kinds = tuple(INTERVALS) if prepared.design is None else (STUDENT,)
    parts = [_part(prepared, have, kind, _limits(prepared, have, kind)) for kind in kinds]
    kind = _main_kind(prepared)
    if not have.admissible.all() and have.admissible.any() and kind != STUDENT:
        without = _limits(prepared, have, kind, admissible=True)
        parts.append(_part(prepared, have, f"{kind} (admissible)", without))
    if have.effects.any() and prepared.design is None:
        parts.append(_bands(prepared, have))
    return pd.concat(parts, ignore_index=True)


def _bands(prepared: Prepared, have: Drawn) -> pd.DataFrame:
    """Return the simultaneous bands over the effects, for raw and for standardised ones."""
    size = len(have.estimate)
    lower, upper, p = (np.full(size, np.nan) for _ in range(3))
    for metric in (np.arange(size) < size // 2, np.arange(size) >= size // 2):
        family = np.flatnonzero(have.effects & have.varying & metric)
        if len(family):
            values, estimate, unit = have.values[:, family], have.estimate[family], have.unit[family]
            lower[family], upper[family], _ = band(values, estimate, prepared.wanted.level, unit)
            p[family] = band_pvalues(values, estimate, unit=unit)
    none = np.full(size, np.nan)
    table = _part(prepared, have, "band", Limits(lower, upper, (none, none), p))
    return table[table["lower"].notna()]


def _part(prepared: Prepared, have: Drawn, kind: str, found: Limits) -> pd.DataFrame:
    """Return the rows of one kind of interval, those of quantities that vary."""
    named = pd.DataFrame(parameter_rows("bootstrap", prepared.sem.model, prepared.sem.effects))
    named = named.reindex(columns=["group", "lhs", "op", "rhs", "label"]).fillna("")
    table = pd.concat([named.assign(metric="raw"), named.assign(metric="std")], ignore_index=True)
    table = table.assign(
        interval=kind, level=prepared.wanted.level, estimate=have.estimate, lower=found.lower,
        upper=found.upper, mc_lower=found.errors[0], mc_upper=found.errors[1], pvalue=found.pvalue,
    )  # fmt: skip
    return table[have.varying]


def replicate_table(prepared: Prepared, found: Replicates) -> pd.DataFrame:
    """Return one row per replicate: a column per parameter and effect, its gradient and status."""
    sem, first = prepared.sem, len(prepared.sem.model.rows)
    chunks = [
        quantity_values(sem.model, sem.effects, found.theta[at : at + CHUNK])[0][:, first:]
        for at in range(0, len(found.theta), CHUNK)
    ]
    names = [
        f"{row.name}@{sem.model.groups[row.groups[0]]}" if len(row.groups) == 1 else row.name
        for row in effect_rows(sem.model, sem.effects)
    ]
    theta = pd.DataFrame(found.theta, columns=list(sem.model.parameters))
    table = pd.concat([theta, pd.DataFrame(np.concatenate(chunks), columns=names)], axis=1)
    if not np.isnan(found.chisq).all():
        table["chisq"] = found.chisq
    return table.assign(gradient_max=found.gradient_max, status=found.status.astype(object))


def joint_replicates(prepared: Prepared, found: Replicates) -> Joint:
    """Return standardised paths, effects and correlations with a draw per replicate that has a solution."""
    kept, design = found.status != "not_converged", prepared.design
    if design is None:
        return replicate_joint(prepared.sem, found.theta[kept])
    scale, rscales = replicate_scales(
        design.type, len(kept), scale=design.scale, rscales=design.rscales, rho=design.rho or 0.0
    )
    return replicate_joint(prepared.sem, found.theta[kept], (scale, rscales[kept], design.mse))


def printed_errors(prepared: Prepared, have: Drawn) -> Array:
    """Return the Monte-Carlo errors of the printed limits: standardised paths and effects."""
    rows = prepared.sem.model.rows
    printed = np.array([row.op == "~" for row in rows] + [True] * (len(have.estimate) // 2 - len(rows)))
    columns = np.flatnonzero(np.tile(printed, 2) & (np.arange(len(have.estimate)) >= len(have.estimate) // 2))
    columns = columns[have.varying[columns]]
    if prepared.design is not None:
        return np.zeros(0)
    found = limit_errors(
        prepared.wanted.interval, have.values[:, columns], have.estimate[columns], prepared.wanted.level,
        have.bend[columns], have.unit[columns],
    )  # fmt: skip
    return np.concatenate(found)
