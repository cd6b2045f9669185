"""Finished blocks of replicates on disk: what an interrupted or shorter run leaves for the next one.

A folder holds one file per block and the fingerprint of the bootstrap they belong to. NumPy's archives hold a
checksum of every array, so that a block with a single bit changed is no block; one of the arrays says which
replicates they are, so that a block under another block's name is none either.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem import __version__
from werksem.bootstrap.linear import Linear
from werksem.bootstrap.replicates import Replicates, taken
from werksem.bootstrap.run import Job, block_starts
from werksem.errors import OutputError
from werksem.files import whole, write_arrays

__all__ = ["blocks_of_table", "fingerprint", "read_shards", "start_shards", "write_shard"]

KEY, BLOCK = "block-fingerprint", f"block-{'[0-9]' * 9}.npz"
PLACE = "place"  # (2,): the number of the first replicate, and how many there are
LIBRARIES = ("numpy", "scipy", "numba", "llvmlite")


def fingerprint(job: Job) -> str:
    """Return what tells one bootstrap from another: model, start, draws and data, not how many there are.

    Another version of werksem or of the libraries it computes with makes another bootstrap: its replicates
    may differ in the last digits.
    """
    what = (__version__, *map(version, LIBRARIES), job.model.rows, job.model.parameters, job.block, job.chisq)
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

    Raises ``OutputError`` where they belong to another bootstrap, or nothing can be written.
    """
    if resume and (folder / KEY).is_file():
        _refuse_other((folder / KEY).read_text(encoding="ascii", errors="replace"), key, folder)
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.glob(BLOCK):
            path.unlink()
        with whole(folder / KEY) as partial:
            partial.write_text(f"{__version__} {key}", encoding="ascii")
    except OSError as error:
        raise _not_kept(folder, error) from None


def _refuse_other(found: str, key: str, folder: Path) -> None:
    made_by, _, other = found.partition(" ")
    if other == key:
        return
    if made_by != __version__:
        raise OutputError(
            f"--resume: {folder} holds replicates of werksem {made_by[:20]}, this is {__version__}; run "
            "without --resume to start anew"
        )
    raise OutputError(
        f"--resume: {folder} holds replicates of another study, other data or other libraries; run without "
        "--resume to start anew"
    )


def write_shard(folder: Path, first: int, found: Replicates) -> None:
    """Write one block; it appears whole or not at all. Raises ``OutputError`` where it cannot be written."""
    arrays = {name: getattr(found, name) for name in Replicates.__slots__}
    arrays[PLACE] = np.array([first, len(found.theta)])
    try:
        with whole(_block(folder, first)) as partial:
            write_arrays(partial, arrays)
    except OSError as error:
        raise _not_kept(folder, error) from None


def _block(folder: Path, first: int) -> Path:
    return folder / f"block-{first:09d}.npz"


def _not_kept(folder: Path, error: OSError) -> OutputError:
    reason = os.strerror(error.errno) if error.errno else str(error)
    return OutputError(f"replicates cannot be kept in {folder}: {reason}")


def read_shards(folder: Path, job: Job) -> dict[int, Replicates]:
    """Return the blocks that are there and as long as the job wants them, by their first number.

    A file that cannot be read, or holds other replicates than its name says, is no block: it is computed
    again.
    """
    found = {}
    for first in block_starts(job):
        path, size = _block(folder, first), min(job.block, job.replicates - first)
        block = _shard(path, [first, size]) if path.is_file() else None
        if block is not None and block.theta.shape == (size, len(job.model.parameters)):
            found[first] = block
    return found


def _shard(path: Path, place: list[int]) -> Replicates | None:
    """Return the block of a file, None where it is damaged or of another ``place``."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
            if found[PLACE].tolist() != place:
                return None
            return Replicates(*(found[name] for name in Replicates.__slots__))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error, NotImplementedError):
        return None


def blocks_of_table(table: pd.DataFrame, job: Job) -> dict[int, Replicates]:
    """Return the whole blocks of a finished run's ``bootstrap.parquet``."""
    every = _replicates(table, job)
    found = {}
    for first in block_starts(job):
        end = min(first + job.block, job.replicates)
        if end <= len(table):
            found[first] = taken(every, slice(first, end))
    return found


def _replicates(table: pd.DataFrame, job: Job) -> Replicates:
    """Return a table's replicates; parameters are its first columns."""
    theta = table.iloc[:, : len(job.model.parameters)].to_numpy(dtype=float)
    chisq = table["chisq"] if "chisq" in table else np.full(len(table), np.nan)
    return Replicates(
        theta, table["status"].to_numpy(dtype=str), table["gradient_max"].to_numpy(dtype=float),
        np.asarray(chisq, dtype=float),
    )  # fmt: skip
