"""Finished blocks of replicates on disk: what an interrupted or shorter run leaves for the next one.

A folder holds one Parquet file per block and the fingerprint of the bootstrap they belong to.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bootstrap.linear import Linear
from werksem.bootstrap.replicates import Replicates
from werksem.bootstrap.run import Job, block_starts
from werksem.errors import SpecError

__all__ = ["blocks_of_table", "fingerprint", "read_shards", "start_shards", "write_shard"]

KEY = "fingerprint"


def fingerprint(job: Job) -> str:
    """Return what tells one bootstrap from another: model, start, draws and data, not how many there are."""
    digest = hashlib.sha256(repr((job.model.rows, job.model.parameters, job.block, job.chisq)).encode())
    draws = job.resampling
    digest.update(repr((draws.kind, draws.seed, draws.lonely)).encode())
    for part in _arrays(job):
        digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()


def _arrays(job: Job) -> Iterator[NDArray[np.generic]]:
    """Yield every array that replicates depend on."""
    solver, draws = job.solver, job.resampling
    if isinstance(solver, Linear):
        yield from (solver.theta, np.array(solver.n), *solver.influence)
    else:
        yield solver.start
    for group in draws.groups:
        yield from (group.unit, group.starts)
        source = group.source
        held = () if source is None else (source.rows, source.sums, source.size, source.centre)
        yield from (part for part in (*held, group.fraction) if part is not None)
    for target in draws.targets:
        yield from (target.mean, target.cov, target.implied_mean, target.implied_cov)
    if draws.given is not None:
        yield draws.given


def start_shards(folder: Path, key: str, *, resume: bool) -> None:
    """Make the folder of a bootstrap, empty unless what is there is to be resumed.

    Raises ``SpecError`` where that belongs to another bootstrap.
    """
    if resume and (folder / KEY).is_file():
        if (folder / KEY).read_text(encoding="ascii") != key:
            raise SpecError(
                f"--resume: {folder} holds replicates of another study or other data; run without --resume "
                "to start anew"
            )
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / KEY).write_text(key, encoding="ascii")


def write_shard(folder: Path, first: int, found: Replicates) -> None:
    """Write one block; it appears whole or not at all."""
    table = pd.DataFrame(found.theta, columns=[str(k) for k in range(found.theta.shape[1])])
    table = table.assign(status=found.status, gradient_max=found.gradient_max, chisq=found.chisq)
    path = folder / f"{first:09d}.parquet"
    work = path.with_suffix(".part")
    table.to_parquet(work, index=False)
    os.replace(work, path)


def read_shards(folder: Path, job: Job) -> dict[int, Replicates]:
    """Return the blocks that are there and as long as the job wants them, by their first number."""
    found = {}
    for first in block_starts(job):
        path = folder / f"{first:09d}.parquet"
        if path.is_file():
            block = _replicates(pd.read_parquet(path), job)
            if len(block.theta) == min(job.block, job.replicates - first):
                found[first] = block
    return found


def blocks_of_table(table: pd.DataFrame, job: Job) -> dict[int, Replicates]:
    """Return the whole blocks of a finished run's ``bootstrap.parquet``."""
    whole = _replicates(table, job)
    found = {}
    for first in block_starts(job):
        end = min(first + job.block, job.replicates)
        if end <= len(table):
            part = slice(first, end)
            found[first] = Replicates(
                whole.theta[part], whole.status[part], whole.gradient_max[part], whole.chisq[part]
            )
    return found


def _replicates(table: pd.DataFrame, job: Job) -> Replicates:
    """Return a table's replicates; parameters are its first columns."""
    theta = table.iloc[:, : len(job.model.parameters)].to_numpy(dtype=float)
    chisq = table["chisq"] if "chisq" in table else np.full(len(table), np.nan)
    return Replicates(
        theta, table["status"].to_numpy(dtype=str), table["gradient_max"].to_numpy(dtype=float),
        np.asarray(chisq, dtype=float),
    )  # fmt: skip
