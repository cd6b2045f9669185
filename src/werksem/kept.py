"""The folder beside a result that one run holds: its lock, and finished work where the run stops."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from werksem.errors import OutputError
from werksem.files import none_left_above

__all__ = ["held", "kept_folder", "kept_of"]

LOCK, HOLDER, RUN = "lock", "pid", "run"
# what an engine keeps, by the names of the files (``bootstrap.shards``, ``bayes.kept``)
KEPT = {"bootstrap": f"block-{'[0-9]' * 9}.npz", "bayes": f"posterior-{'[0-9a-f]' * 32}.npz"}
# all that werksem writes there; other files in the folder are the user's
BLOCKS_OF = "block-fingerprint"
OWN = (LOCK, HOLDER, RUN, BLOCKS_OF, *KEPT.values())


def kept_folder(out: Path) -> Path:
    """Return where the finished work of a run into ``out`` is kept until the run ends.

    >>> kept_folder(Path("results/binding")).name
    '.binding-kept'
    """
    return out.with_name(f".{out.name}-kept")


def kept_of(out: Path, run: str) -> bool:
    """Return whether a ``run`` into ``out`` that stopped has left finished work: that very run, no other."""
    kept = kept_folder(out)
    try:
        found = (kept / RUN).read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return found == run and any(_work(kept))


@contextmanager
def held(out: Path, engines: Sequence[str] = (), *, resume: bool = False, run: str = "") -> Iterator[None]:
    """Hold a result's place for one run of ``engines``, which begin anew unless they ``resume``.

    After it their finished work is gone, but for that of a run that stopped: then a sentence says what is
    kept. ``run`` names what was asked (``kept_of``). The operating system frees the lock of a process that
    ended, however it did. Raises ``OutputError`` where another run holds the place, or nothing can be written
    there.
    """
    kept = kept_folder(out)
    _refuse_in_the_way(kept, out)
    with none_left_above(kept), _locked(kept, out):
        try:
            _begin(kept, engines, run, resume=resume)
            yield
            _drop(kept, engines)
        except BaseException as error:
            if not str(error).startswith("--resume"):  # else what is kept is not what goes on
                _say(kept, engines)
            raise


@contextmanager
def _locked(kept: Path, out: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

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
        yield
    finally:
        with suppress(OSError):
            _clear(kept)
        lock.release()


def _refuse_in_the_way(kept: Path, out: Path) -> None:
    """Raise ``OutputError`` for what stands where finished work is to be kept: links, files, folders."""
    found = next((path for name in OWN for path in kept.glob(name) if path.is_dir()), None)
    if kept.is_symlink():
        what = f"{kept} is a symbolic link, which is not followed: remove it"
    elif kept.exists() and not kept.is_dir():
        what = f"{kept} is a file, where a folder is to keep finished work: remove it"
    elif found is not None:
        what = f"{found} is a folder, where a file of a run is to be: remove that folder"
    else:
        return
    raise OutputError(f"cannot write beside {out}: {what}, or use --out")


def _begin(kept: Path, engines: Sequence[str], run: str, *, resume: bool) -> None:
    """Write down which run may go on with what engines will keep, which begin anew unless they resume."""
    if not resume:
        _drop(kept, engines)
    if any(engine in KEPT for engine in engines) and not (resume and (kept / RUN).exists()):
        with suppress(OSError):
            (kept / RUN).write_text(run, encoding="ascii")


def _clear(kept: Path) -> None:
    """Remove what runs wrote into the folder, unless they leave finished work; then the folder, if empty."""
    (kept / HOLDER).unlink(missing_ok=True)
    if any(_work(kept)):
        return
    for name in OWN:
        for path in (*kept.glob(name), *kept.glob(f".part-*-{name}")):
            path.unlink(missing_ok=True)
    kept.rmdir()


def _work(kept: Path, engines: Sequence[str] = tuple(KEPT)) -> Iterator[Path]:
    """Yield the files of finished work of engines."""
    for engine in engines:
        for path in kept.glob(KEPT[engine]) if engine in KEPT else ():
            if path.is_file():
                yield path


def _holder(kept: Path) -> str:
    """Return which process holds the folder, in brackets; nothing where that is not to be read."""
    try:
        number = (kept / HOLDER).read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
    return f" (process {number})" if number.isdigit() else ""


def _drop(kept: Path, engines: Sequence[str]) -> None:
    """Remove the kept work of engines whose results are in their place, or that start anew.

    What is left then is of another run, which no longer may take the place of a result.
    """
    for path in list(_work(kept, engines)):
        path.unlink(missing_ok=True)
    if any(engine in KEPT for engine in engines):
        (kept / RUN).unlink(missing_ok=True)
    if "bootstrap" in engines:
        (kept / BLOCKS_OF).unlink(missing_ok=True)


def _say(kept: Path, engines: Sequence[str]) -> None:
    """Say what a run of engines that stopped leaves behind."""
    blocks, posteriors = (
        len(list(_work(kept, [engine]))) if engine in engines else 0 for engine in ("bootstrap", "bayes")
    )
    parts = [f"{blocks} block{'s' * (blocks > 1)} of replicates"] if blocks else []
    parts += ["the posterior" if posteriors == 1 else f"{posteriors} posteriors"] if posteriors else []
    if parts:
        verb = "is" if blocks + posteriors == 1 else "are"
        print(f"werksem: {' and '.join(parts)} {verb} kept, --resume goes on", file=sys.stderr)
