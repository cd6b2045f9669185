"""The folder beside a result that one run holds: its lock, and finished work where the run stops."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from werksem.errors import OutputError

__all__ = ["anything_kept", "held", "kept_folder"]

LOCK, HOLDER = "lock", "pid"
# what an engine keeps, by the names of the files
KEPT = {"bootstrap": "block-*.npz", "bayes": "posterior-*.npz"}


def kept_folder(out: Path) -> Path:
    """Return where the finished work of a run into ``out`` is kept until the run ends.

    >>> kept_folder(Path("results/binding")).name
    '.binding-kept'
    """
    return out.with_name(f".{out.name}-kept")


def anything_kept(kept: Path) -> bool:
    """Return whether a run that stopped has left finished work."""
    return any(next(kept.glob(pattern), None) is not None for pattern in KEPT.values())


@contextmanager
def held(out: Path, engines: Sequence[str] = (), *, resume: bool = False) -> Iterator[None]:
    """Hold a result's place for one run of ``engines``, which begin anew unless they ``resume``.

    After it their finished work is gone, but for that of a run that stopped: then a sentence says what is
    kept. The operating system frees the lock of a process that ended, however it did. Raises ``OutputError``
    where another run holds the place, or nothing can be written there.
    """
    from filelock import FileLock, Timeout

    kept = kept_folder(out)
    try:
        kept.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(kept / LOCK, timeout=0)
        lock.acquire()
    except Timeout:
        raise OutputError(
            f"another run{_holder(kept)} writes into {out}: wait for it, or use --out"
        ) from None
    except OSError as error:
        raise OutputError(f"cannot write beside {out}: {error.strerror or error}: {kept}") from None
    try:
        with suppress(OSError):
            (kept / HOLDER).write_text(str(os.getpid()), encoding="ascii")
        if not resume:
            _drop(kept, engines)
        yield
        _drop(kept, engines)
    except BaseException as error:
        if not str(error).startswith("--resume"):  # else what is kept is not what goes on
            _say(kept)
        raise
    finally:
        with suppress(OSError):
            if anything_kept(kept):
                (kept / HOLDER).unlink(missing_ok=True)
            else:
                shutil.rmtree(kept)
        lock.release()


def _holder(kept: Path) -> str:
    """Return which process holds the folder, in brackets; nothing where that is not to be read."""
    try:
        number = (kept / HOLDER).read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
    return f" (process {number})" if number.isdigit() else ""


def _drop(kept: Path, engines: Sequence[str]) -> None:
    """Remove the kept work of engines whose results are in their place, or that start anew."""
    for engine in engines:
        for path in kept.glob(KEPT[engine]) if engine in KEPT else ():
            path.unlink(missing_ok=True)


def _say(kept: Path) -> None:
    """Say what a run that stopped leaves behind."""
    blocks, posteriors = (len(list(kept.glob(pattern))) for pattern in KEPT.values())
    parts = [f"{blocks} block{'s' * (blocks > 1)} of replicates"] if blocks else []
    parts += ["the posterior" if posteriors == 1 else f"{posteriors} posteriors"] if posteriors else []
    if parts:
        verb = "is" if blocks + posteriors == 1 else "are"
        print(f"werksem: {' and '.join(parts)} {verb} kept, --resume goes on", file=sys.stderr)
