"""The bootstrap engine: intervals of parameters, standardised parameters and effects from refits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter, process_time

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bootstrap.replicates import Replicates
from werksem.bootstrap.run import bootstrap
from werksem.effects import effect_rows, quantities, quantity_values
from werksem.engines.result import EngineResult, diagnostic_rows, fit_rows
from werksem.engines.sem import SemResult, parameter_rows
from werksem.estimates import estimates_table
from werksem.inference.delta import complex_jacobian
from werksem.inference.influence import acceleration
from werksem.intervals import INTERVALS
from werksem.progress import progress_bar
from werksem.resampling.units import resampling_units
from werksem.respondents import Respondents
from werksem.spec.study import Bootstrap

__all__ = ["BootstrapResult", "run_bootstrap"]

Array = NDArray[np.float64]
FEW_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class BootstrapResult:
    """The engine's tables and the replicates as they are written to ``bootstrap.parquet``."""

    tables: EngineResult
    replicates: pd.DataFrame


def run_bootstrap(
    sem: SemResult, respondents: Sequence[Respondents], settings: Bootstrap, *,
    jobs: int = 1, quiet: bool = False,
) -> BootstrapResult:  # fmt: skip
    """Return intervals from ML refits of resamples of each group's respondents."""
    began, cpu = perf_counter(), process_time()
    units = [resampling_units(group, settings.scheme) for group in respondents]
    indices = read_indices(settings, sum(group.count for group in units))
    total = len(indices) if indices is not None else settings.replicates
    with progress_bar("bootstrap", total, quiet=quiet) as tick:
        found = bootstrap(
            sem.model, sem.moments, sem.fit, units, replicates=total, seed=settings.seed, jobs=jobs,
            tick=tick, indices=indices,
        )  # fmt: skip
    timings = {"bootstrap": perf_counter() - began, "bootstrap_cpu": process_time() - cpu}
    raw, std = quantity_values(sem.model, sem.effects, found.theta)
    table = _estimates(sem, respondents, found, raw, std, settings)
    tables = EngineResult(
        "bootstrap", table, fit_rows("bootstrap", {}), _diagnostics(found, sem), dict(sem.tables.n),
        _warnings(found, sem), timings,
    )  # fmt: skip
    return BootstrapResult(tables, _replicate_table(sem, found, raw))


def read_indices(settings: Bootstrap, n: int) -> NDArray[np.int64] | None:
    """Return given resamples (R, n) from a CSV file, None where the study gives none."""
    if settings.indices is None:
        return None
    from werksem.survey.indices import read_resamples

    return read_resamples(settings.indices, n)


def _estimates(
    sem: SemResult,
    respondents: Sequence[Respondents],
    found: Replicates,
    raw: Array,
    std: Array,
    settings: Bootstrap,
) -> pd.DataFrame:
    """Return the rows of ``estimates.csv``; replicates without a solution are left out, and counted."""
    keep = found.status != "not_converged"
    replicates = np.concatenate([raw[keep], std[keep]], axis=1)
    estimate = quantities(sem.model, sem.effects, sem.fit.theta)
    varying = np.nanstd(replicates, axis=0) > 1e-12 if keep.sum() > 1 else np.zeros(len(estimate), bool)
    bend = np.zeros(len(estimate))
    if settings.interval == "bca":
        jacobian = complex_jacobian(lambda t: quantities(sem.model, sem.effects, t), sem.fit.theta)
        bend = _bend(sem, respondents, jacobian, settings.scheme)
    lower, upper = INTERVALS[settings.interval](replicates, estimate, settings.level, bend)
    se = np.std(replicates, axis=0, ddof=1) if keep.sum() > 1 else np.full(len(estimate), np.nan)
    for column in (lower, upper, se):
        column[~varying] = np.nan
    status = sem.fit.status if np.mean(~keep) <= FEW_SHARE else "few_draws"
    out, K = [], raw.shape[1]
    for k, names in enumerate(parameter_rows("bootstrap", sem.model, sem.effects)):
        out.append(names | {
            "est": estimate[k], "se": se[k], "ci_lower": lower[k], "ci_upper": upper[k],
            "level": settings.level, "std": estimate[K + k], "std_se": se[K + k],
            "std_ci_lower": lower[K + k], "std_ci_upper": upper[K + k],
            "method": settings.interval, "status": status,
        })  # fmt: skip
    return estimates_table(out)


def _bend(sem: SemResult, respondents: Sequence[Respondents], jacobian: Array, scheme: str) -> Array:
    """Return the acceleration of every quantity over the units that the scheme draws."""
    weights = [group.weights for group in respondents if group.weights is not None]
    clusters = [group.cluster for group in respondents if group.cluster is not None]
    return acceleration(
        sem.model, sem.moments, sem.fit, [group.rows for group in respondents], jacobian,
        weights=weights or None, units=clusters if scheme == "cluster" else None,
    )  # fmt: skip


def _diagnostics(found: Replicates, sem: SemResult) -> pd.DataFrame:
    total = len(found.status)
    failed = int((found.status == "not_converged").sum())
    inadmissible = int(np.isin(found.status, ("heywood", "not_positive_definite")).sum())
    solved = found.gradient_max[found.status != "not_converged"]
    return diagnostic_rows(
        "bootstrap",
        [
            ("replicates", total, True),
            ("replicates_failed", failed, failed <= FEW_SHARE * total),
            ("replicates_inadmissible", inadmissible, inadmissible <= FEW_SHARE * total),
            ("gradient_max", float(solved.max(initial=0.0)), True),
            ("n", sem.fit.n, True),
        ],
    )


def _warnings(found: Replicates, sem: SemResult) -> tuple[str, ...]:
    said = []
    for status in ("not_converged", "heywood", "not_positive_definite"):
        count = int((found.status == status).sum())
        if count:
            share = 100 * count / len(found.status)
            said.append(f"bootstrap: {count} of {len(found.status)} replicates ({share:.1f} %) are {status}")
    return tuple(said)


def _replicate_table(sem: SemResult, found: Replicates, raw: Array) -> pd.DataFrame:
    """Return one row per replicate: a column per parameter and effect, and its status."""
    table = pd.DataFrame(found.theta, columns=list(sem.model.parameters))
    names = [
        f"{row.name}@{sem.model.groups[row.groups[0]]}" if len(row.groups) == 1 else row.name
        for row in effect_rows(sem.model, sem.effects)
    ]
    effects = pd.DataFrame(raw[:, len(sem.model.rows) :], columns=names)
    table = pd.concat([table, effects], axis=1)
    table["status"] = found.status.astype(object)
    return table
