"""The folder of kept replicates beside a result: held by one run, left behind where that run stops."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from werksem.errors import SpecError

__all__ = ["held", "kept_folder"]

LOCK = "lock"


def kept_folder(out: Path) -> Path:
    """Return where the finished replicates of a run into ``out`` are kept until the run ends.

    >>> kept_folder(Path("results/binding")).name
    '.binding-replicates'
    """
    return out.with_name(f".{out.name}-replicates")


@contextmanager
def held(kept: Path) -> Iterator[None]:
    """Hold the folder for one run; after it the folder is gone, but for blocks of a run that stopped.

    The operating system frees the lock of a process that ended, however it did. Raises ``SpecError``
    where another run holds the folder, or it cannot be made.
    """
    from filelock import FileLock, Timeout

    try:
        kept.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(kept / LOCK, timeout=0)
        lock.acquire()
    except Timeout:
        raise SpecError(f"another run writes into {_result_of(kept)}: wait for it, or use --out") from None
    except OSError as error:
        raise SpecError(f"replicates cannot be kept in {kept}: {error.strerror or error}") from None
    try:
        yield
    except BaseException:
        _leave(kept)
        raise
    else:
        shutil.rmtree(kept, ignore_errors=True)
    finally:
        lock.release()


def _leave(kept: Path) -> None:
    """Say how many blocks of replicates a run leaves behind; without any the folder goes."""
    blocks = len(list(kept.glob("*.parquet")))
    if blocks:
        print(f"werksem: {blocks} blocks of replicates are kept, --resume goes on", file=sys.stderr)
    else:
        shutil.rmtree(kept, ignore_errors=True)


def _result_of(kept: Path) -> Path:
    return kept.with_name(kept.name.removeprefix(".").removesuffix("-replicates"))
