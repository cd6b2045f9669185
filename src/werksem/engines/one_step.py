"""The one-step bootstrap engine: intervals for every estimator that has casewise influence.

Beside the replicates, the first ``CHECKED`` resamples are refitted in full with the estimator
itself: how far the one-step replicates lie from them is a diagnostic.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter, process_time

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bootstrap.replicates import replicate_status
from werksem.effects import effect_rows, quantities, quantity_values
from werksem.engines.bootstrap import BootstrapResult
from werksem.engines.influence_of import influence_of, respondents_of
from werksem.engines.refits import refit
from werksem.engines.result import EngineResult, diagnostic_rows, fit_rows
from werksem.engines.sem import SemResult, parameter_rows
from werksem.errors import EstimationError
from werksem.estimates import estimates_table
from werksem.inference.delta import complex_jacobian
from werksem.intervals import INTERVALS
from werksem.progress import Tick, progress_bar
from werksem.resampling.one_step import (
    acceleration_of,
    block_counts,
    one_step,
    strata_bounds,
    unit_influence,
)
from werksem.resampling.places import Places, unit_places
from werksem.respondents import Respondents
from werksem.sem_data import SemData
from werksem.spec.study import Bootstrap, Sem

__all__ = ["CHECKED", "FAR", "Distance", "run_one_step"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
# replicates refitted in full: enough for a median, some seconds at most
CHECKED = 20
CHUNK = 512
# measured on 15 items of 1,800 and 280 respondents, distance against error of interval ends, in SDs:
# 0.2-0.3 against 0.05 (median), 0.6-0.7 against 0.15, 1.0 against 0.3
FAR = 0.5
# each refit holds a copy of the rows
AT_ONCE = 4
PREFIX = "one-step "


@dataclass(frozen=True, slots=True)
class Distance:
    """How far one-step replicates lie from full refits of the same resamples.

    ``largest`` has per refit the largest distance over parameters, in bootstrap SDs of each;
    ``failed`` of ``refitted`` resamples have no full solution.
    """

    largest: Array
    refitted: int
    failed: int

    @property
    def typical(self) -> float:
        """The median of ``largest``; NaN where nothing could be refitted."""
        return float(np.median(self.largest)) if len(self.largest) else float("nan")


def run_one_step(
    sem: SemResult, data: SemData, settings: Sem, wanted: Bootstrap, *, jobs: int = 1, quiet: bool = False,
) -> BootstrapResult:  # fmt: skip
    """Return intervals from one-step replicates, labelled so, and their distance from full refits.

    Raises ``EstimationError`` where the fit did not converge: there is nothing to linearise.
    """
    if not sem.fit.converged:
        raise EstimationError(
            "bootstrap: the estimate did not converge, so the one-step bootstrap has no start"
        )
    began, cpu = perf_counter(), process_time()
    respondents = respondents_of(data)
    places = [unit_places(group, wanted.scheme) for group in respondents]
    indices = _indices(wanted, sum(group.count for group in places))
    total = wanted.replicates if indices is None else len(indices)
    influence = unit_influence(influence_of(sem, data, settings, respondents), places, len(sem.fit.theta))
    n = float(sum(len(g.rows) if g.weights is None else g.weights.sum() for g in respondents))
    with progress_bar("bootstrap", total + min(CHECKED, total), quiet=quiet) as tick:
        theta = one_step(
            sem.fit.theta, influence, places, n, replicates=total, seed=wanted.seed, jobs=jobs,
            indices=indices, tick=tick,
        )  # fmt: skip
        counts = block_counts(wanted.seed, 0, strata_bounds(places), indices)[: min(CHECKED, total)]
        distance = _distance(sem, data, settings, respondents, places, counts, theta, jobs, tick)
    status, raw, std = _values(sem, theta)
    table = _estimates(sem, influence, np.concatenate([raw, std], axis=1), wanted)
    timings = {"bootstrap": perf_counter() - began, "bootstrap_cpu": process_time() - cpu}
    tables = EngineResult(
        "bootstrap", table, fit_rows("bootstrap", {}), _diagnostics(sem, status, distance),
        dict(sem.tables.n), _warnings(status, distance), timings,
    )  # fmt: skip
    return BootstrapResult(tables, _replicate_table(sem, theta, raw, status))


def _values(sem: SemResult, theta: Array) -> tuple[NDArray[np.str_], Array, Array]:
    """Return statuses (R,), raw and standardised quantities (R, K), in chunks: matrices take memory."""
    parts = [theta[at : at + CHUNK] for at in range(0, len(theta), CHUNK)]
    status = [replicate_status(sem.model, part, np.zeros(len(part))) for part in parts]
    values = [quantity_values(sem.model, sem.effects, part) for part in parts]
    raw, std = (np.concatenate([value[k] for value in values]) for k in (0, 1))
    return np.concatenate(status), raw, std


def _indices(wanted: Bootstrap, n: int) -> Index | None:
    if wanted.indices is None:
        return None
    from werksem.survey.indices import read_resamples

    return read_resamples(wanted.indices, n)


def _distance(
    sem: SemResult, data: SemData, settings: Sem, respondents: Sequence[Respondents],
    places: Sequence[Places], counts: NDArray[np.float32], theta: Array, jobs: int, tick: Tick,
) -> Distance:  # fmt: skip
    """Return the distance of the first replicates from full refits of the same resamples."""
    ends = np.cumsum([0, *(group.count for group in places)])

    def one(drawn: NDArray[np.float32]) -> Array | None:
        times = [
            drawn[begin : begin + group.count][group.unit].astype(np.int64)
            for group, begin in zip(places, ends, strict=False)
        ]
        found = refit(sem, data, settings, respondents, times)
        tick(1)
        return found

    pool = ThreadPoolExecutor(max_workers=min(max(jobs, 1), AT_ONCE))
    try:
        full = list(pool.map(one, counts))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    sd = np.std(theta, axis=0)
    moving = sd > 1e-12
    largest = [
        float(np.max(np.abs(theta[r, moving] - found[moving]) / sd[moving]))
        for r, found in enumerate(full)
        if found is not None and moving.any()
    ]
    return Distance(np.array(largest), len(full), sum(found is None for found in full))


def _estimates(
    sem: SemResult, influence: Sequence[Array], replicates: Array, wanted: Bootstrap
) -> pd.DataFrame:
    """Return the rows of ``estimates.csv``: raw and standardised quantities with their intervals."""
    estimate = quantities(sem.model, sem.effects, sem.fit.theta)
    several = len(replicates) > 1
    varying = np.nanstd(replicates, axis=0) > 1e-12 if several else np.zeros(len(estimate), bool)
    bend = np.zeros(len(estimate))
    if wanted.interval == "bca":
        jacobian = complex_jacobian(lambda t: quantities(sem.model, sem.effects, t), sem.fit.theta)
        bend = acceleration_of(influence, jacobian)
    lower, upper = INTERVALS[wanted.interval](replicates, estimate, wanted.level, bend)
    se = np.nanstd(replicates, axis=0, ddof=1) if several else np.full(len(estimate), np.nan)
    for column in (lower, upper, se):
        column[~varying] = np.nan
    out, K = [], len(estimate) // 2
    for k, names in enumerate(parameter_rows("bootstrap", sem.model, sem.effects)):
        out.append(names | {
            "est": estimate[k], "se": se[k], "ci_lower": lower[k], "ci_upper": upper[k],
            "level": wanted.level, "std": estimate[K + k], "std_se": se[K + k],
            "std_ci_lower": lower[K + k], "std_ci_upper": upper[K + k],
            "method": PREFIX + wanted.interval, "status": sem.fit.status,
        })  # fmt: skip
    return estimates_table(out)


def _diagnostics(sem: SemResult, status: NDArray[np.str_], distance: Distance) -> pd.DataFrame:
    total, inadmissible = len(status), int((status != "ok").sum())
    return diagnostic_rows(
        "bootstrap",
        [
            ("replicates", total, True),
            ("replicates_inadmissible", inadmissible, inadmissible <= 0.05 * total),
            ("one_step_distance", distance.typical, distance.typical < FAR),
            ("one_step_distance_max", float(distance.largest.max(initial=0.0)), True),
            ("one_step_refits", distance.refitted, True),
            ("one_step_refits_failed", distance.failed, distance.failed <= 0.05 * distance.refitted),
            ("n", sem.fit.n, True),
        ],
    )


def _warnings(status: NDArray[np.str_], distance: Distance) -> tuple[str, ...]:
    said = [
        f"bootstrap: one-step, not refitted: replicates lie {distance.typical:.2f} SD from full refits "
        f"(median over {distance.refitted} resamples of the largest distance)"
    ]
    if not distance.typical < FAR:
        said.append(
            f"bootstrap: one-step replicates lie more than {FAR} SD from full refits: rough intervals"
        )
    if distance.failed:
        said.append(f"bootstrap: {distance.failed} of {distance.refitted} full refits have no solution")
    for name in ("heywood", "not_positive_definite"):
        count = int((status == name).sum())
        if count:
            share = 100 * count / len(status)
            said.append(f"bootstrap: {count} of {len(status)} replicates ({share:.1f} %) are {name}")
    return tuple(said)


def _replicate_table(sem: SemResult, theta: Array, raw: Array, status: NDArray[np.str_]) -> pd.DataFrame:
    """Return one row per replicate: a column per parameter and effect, and its status."""
    table = pd.DataFrame(theta, columns=list(sem.model.parameters))
    names = [
        f"{row.name}@{sem.model.groups[row.groups[0]]}" if len(row.groups) == 1 else row.name
        for row in effect_rows(sem.model, sem.effects)
    ]
    effects = pd.DataFrame(raw[:, len(sem.model.rows) :], columns=names)
    return pd.concat([table, effects], axis=1).assign(status=status.astype(object))
