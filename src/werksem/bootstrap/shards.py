"""Finished blocks of replicates on disk: what an interrupted or shorter run leaves for the next one.

A folder holds one Parquet file per block and the fingerprint of the bootstrap they belong to.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem import __version__
from werksem.bootstrap.linear import Linear
from werksem.bootstrap.replicates import Replicates, taken
from werksem.bootstrap.run import Job, block_starts
from werksem.errors import SpecError

__all__ = ["blocks_of_table", "fingerprint", "read_shards", "start_shards", "write_shard"]

KEY = "fingerprint"


def fingerprint(job: Job) -> str:
    """Return what tells one bootstrap from another: model, start, draws and data, not how many there are.

    Another version of werksem makes another bootstrap: its replicates may differ in the last digits.
    """
    what = (__version__, job.model.rows, job.model.parameters, job.block, job.chisq)
    digest = hashlib.sha256(repr(what).encode())
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
    """Make the folder of a bootstrap, without blocks unless those there are to be resumed.

    Raises ``SpecError`` where they belong to another bootstrap, or nothing can be written.
    """
    if resume and (folder / KEY).is_file():
        if (folder / KEY).read_text(encoding="ascii", errors="replace") != key:
            raise SpecError(
                f"--resume: {folder} holds replicates of another study or other data; run without --resume "
                "to start anew"
            )
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in (*folder.glob("*.parquet"), *folder.glob("*.part")):
            path.unlink()
        (folder / KEY).write_text(key, encoding="ascii")
    except OSError as error:
        raise _not_kept(folder, error) from None


def write_shard(folder: Path, first: int, found: Replicates) -> None:
    """Write one block; it appears whole or not at all. Raises ``SpecError`` where it cannot be written."""
    table = pd.DataFrame(found.theta, columns=[str(k) for k in range(found.theta.shape[1])])
    table = table.assign(status=found.status, gradient_max=found.gradient_max, chisq=found.chisq)
    path = folder / f"{first:09d}.parquet"
    work = path.with_suffix(".part")
    try:
        table.to_parquet(work, index=False)
        os.replace(work, path)
    except OSError as error:
        raise _not_kept(folder, error) from None


def _not_kept(folder: Path, error: OSError) -> SpecError:
    reason = os.strerror(error.errno) if error.errno else str(error)
    return SpecError(f"replicates cannot be kept in {folder}: {reason}")


def read_shards(folder: Path, job: Job) -> dict[int, Replicates]:
    """Return the blocks that are there and as long as the job wants them, by their first number.

    A file that cannot be read is no block: it is computed again.
    """
    found = {}
    for first in block_starts(job):
        path = folder / f"{first:09d}.parquet"
        block = _shard(path, job) if path.is_file() else None
        if block is not None and len(block.theta) == min(job.block, job.replicates - first):
            found[first] = block
    return found


def _shard(path: Path, job: Job) -> Replicates | None:
    try:
        return _replicates(pd.read_parquet(path), job)
    except (OSError, ValueError, KeyError):
        return None


def blocks_of_table(table: pd.DataFrame, job: Job) -> dict[int, Replicates]:
    """Return the whole blocks of a finished run's ``bootstrap.parquet``."""
    whole = _replicates(table, job)
    found = {}
    for first in block_starts(job):
        end = min(first + job.block, job.replicates)
        if end <= len(table):
            found[first] = taken(whole, slice(first, end))
    return found


def _replicates(table: pd.DataFrame, job: Job) -> Replicates:
    """Return a table's replicates; parameters are its first columns."""
    theta = table.iloc[:, : len(job.model.parameters)].to_numpy(dtype=float)
    chisq = table["chisq"] if "chisq" in table else np.full(len(table), np.nan)
    return Replicates(
        theta, table["status"].to_numpy(dtype=str), table["gradient_max"].to_numpy(dtype=float),
        np.asarray(chisq, dtype=float),
    )  # fmt: skip
