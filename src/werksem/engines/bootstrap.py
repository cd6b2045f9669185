"""The bootstrap engine: replicates, kept as they come, and the intervals they give."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from io import BytesIO
from time import perf_counter, process_time

import pandas as pd

from werksem.bootstrap.on_dask import on_dask
from werksem.bootstrap.replicates import Replicates
from werksem.bootstrap.run import run_blocks
from werksem.bootstrap.shards import (
    blocks_of_table,
    fingerprint,
    read_shards,
    start_shards,
    write_shard,
)
from werksem.effects import quantity_values
from werksem.engines.bootstrap_checks import checks
from werksem.engines.bootstrap_job import Prepared, prepare
from werksem.engines.bootstrap_tables import (
    Drawn,
    drawn,
    estimates,
    interval_table,
    joint_replicates,
    printed_errors,
    replicate_table,
)
from werksem.engines.keeping import NOWHERE, Earlier, Keeping
from werksem.engines.result import EngineResult, diagnostic_rows, fit_rows
from werksem.engines.sem import SemResult, parameter_rows
from werksem.errors import OutputError
from werksem.estimates import estimates_table
from werksem.intervals.enough import replicates_needed
from werksem.progress import progress_bar, shown
from werksem.sem_data import SemData
from werksem.spec.study import Bootstrap, ReplicateWeights, Sem

__all__ = ["MOST", "BootstrapResult", "run_bootstrap"]

MOST = 200_000  # where ``auto`` gives up


@dataclass(frozen=True, slots=True)
class BootstrapResult:
    """The engine's tables, the replicates as they are written to ``bootstrap.parquet``, and all intervals.

    None where nothing was resampled.
    """

    tables: EngineResult
    replicates: pd.DataFrame | None
    intervals: pd.DataFrame | None
    fingerprint: str


def run_bootstrap(
    sem: SemResult, data: SemData, settings: Sem, wanted: Bootstrap, *, jobs: int = 1, quiet: bool = False,
    keeping: Keeping = NOWHERE, weights: ReplicateWeights | None = None,
) -> BootstrapResult:  # fmt: skip
    """Return intervals from resamples: full refits of ML by moments, one step for other estimators.

    Where the estimate did not converge nothing is resampled, and the rows say so.
    """
    if not sem.fit.converged:
        return _unsolved(sem)
    began, cpu = perf_counter(), process_time()
    prepared = prepare(sem, data, settings, wanted, weights)
    key = fingerprint(prepared.job)
    prepared, found, have = _enough(prepared, key, jobs, keeping, quiet=quiet)
    timings = {"bootstrap": perf_counter() - began, "bootstrap_cpu": process_time() - cpu}
    began = perf_counter()
    with shown("intervals", quiet=quiet):
        checked = checks(prepared, found, have, jobs)
        table, intervals = estimates(prepared, have), interval_table(prepared, have)
    timings["intervals"] = perf_counter() - began
    tables = EngineResult(
        "bootstrap", table, checked.fit, checked.diagnostics, dict(sem.tables.n), checked.warnings, timings,
        joint=partial(joint_replicates, prepared, found) if len(have.values) > 1 else None,
    )  # fmt: skip
    return BootstrapResult(tables, replicate_table(prepared, found), intervals, key)


def _unsolved(sem: SemResult) -> BootstrapResult:
    """Return the point the fit stopped at, as an estimate not to be trusted; nothing is resampled."""
    raw, std = quantity_values(sem.model, sem.effects, sem.fit.theta)
    rows = [
        names | {"est": raw[k], "std": std[k], "method": "none", "status": sem.fit.status}
        for k, names in enumerate(parameter_rows("bootstrap", sem.model, sem.effects))
    ]
    said = "bootstrap: the estimate did not converge, so there is nothing to resample around"
    tables = EngineResult(
        "bootstrap", estimates_table(rows), fit_rows("bootstrap", {}),
        diagnostic_rows("bootstrap", [("replicates", 0, False), ("n", sum(sem.tables.n.values()), True)]),
        dict(sem.tables.n), (said,),
    )  # fmt: skip
    return BootstrapResult(tables, None, None, "")


def _enough(
    prepared: Prepared, key: str, jobs: int, keeping: Keeping, *, quiet: bool
) -> tuple[Prepared, Replicates, Drawn]:
    """Return as many replicates as the study wants; ``auto`` goes on until limits are sharp enough."""
    if keeping.folder is not None:
        start_shards(keeping.folder, key, resume=keeping.resume)
    while True:
        found = _run(prepared, key, jobs, keeping, quiet=quiet)
        have = drawn(prepared, found)
        total = prepared.job.replicates
        if prepared.wanted.replicates != "auto" or total >= MOST:
            return prepared, found, have
        needed = min(replicates_needed(printed_errors(prepared, have), total), MOST)
        if needed <= total:
            return prepared, found, have
        prepared = replace(prepared, job=replace(prepared.job, replicates=needed))
        keeping = replace(keeping, resume=True)


def _run(prepared: Prepared, key: str, jobs: int, keeping: Keeping, *, quiet: bool) -> Replicates:
    """Return the job's replicates, those that are kept taken up."""
    job, folder = prepared.job, keeping.folder
    done: dict[int, Replicates] = {}
    if keeping.earlier is not None:
        done |= blocks_of_table(_table(keeping.earlier, key), job)
    if folder is not None:
        done |= read_shards(folder, job)

    def keep(first: int, block: Replicates) -> None:
        if folder is not None:
            write_shard(folder, first, block)

    workers = on_dask(prepared.wanted.scheduler) if prepared.wanted.engine == "dask" else None
    with progress_bar("bootstrap", job.replicates, quiet=quiet) as tick:
        return run_blocks(job, jobs=jobs, tick=tick, done=done, keep=keep, workers=workers)


def _table(earlier: Earlier, key: str) -> pd.DataFrame:
    """Return the replicates of a finished run; raises ``OutputError`` where they are of another bootstrap."""
    if earlier.fingerprint != key:
        raise OutputError(
            f"--resume: {earlier.table} was drawn from other data, or by another version of werksem; run "
            "without --resume to replace it"
        )
    try:
        content = earlier.table.read_bytes()
        if earlier.sha256 and sha256(content).hexdigest() != earlier.sha256:
            raise ValueError
        return pd.read_parquet(BytesIO(content))
    except (OSError, ValueError):
        raise OutputError(
            f"--resume: {earlier.table} is damaged; run without --resume to make it again"
        ) from None
