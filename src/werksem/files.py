"""Files that appear whole or not at all: written beside their place, and moved there last; their hashes."""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werksem.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["data_hash", "file_hash", "in_use", "none_left_above", "together", "whole", "write_arrays"]


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Yield a place beside a file to write to; after the block it is the file.

    Where the block fails the file is as it was, and so it is where the process is killed; what a killed
    process left is removed by the next one that writes this file.
    """
    with together([path]) as (partial,):
        yield partial


@contextmanager
def together(
    paths: Sequence[Path], *, over: bool = True, home: Path | None = None
) -> Iterator[tuple[Path, ...]]:
    """Yield a place to write to for each of several files; after the block all of them are in theirs.

    Files that the block did not write stay as they were. Without ``over`` no file that is there by then
    is replaced: ``FileExistsError``, and none of the files is there. What is no file (``/dev/null``) is
    written to as it is; behind a symbolic link the file that it names. With a ``home`` the places to write to
    are in that folder of the same disk, and the folders of the files are made last, for their owner alone.
    """
    targets = tuple(path.resolve() if path.is_symlink() else path for path in paths)
    partials = tuple(
        path
        if path.exists() and not path.is_file()
        else (home or path.parent) / f".part-{os.getpid()}-{path.name}"
        for path in targets
    )
    pairs = [(part, path) for part, path in zip(partials, targets, strict=True) if part != path]
    for _, path in pairs:
        _clean(home or path.parent, path.name)
    try:
        yield partials
        written = [(part, path) for part, path in pairs if part.exists()]
        for _, path in written if home is not None else ():
            path.parent.mkdir(mode=0o700, exist_ok=True)
        for part, path in written if over else ():
            if path.exists():
                shutil.copymode(path, part)
            os.replace(part, path)
        if not over:
            _placed(written)
    except OSError as error:
        known = {str(part): str(path) for part, path in zip(partials, paths, strict=True)}
        error.filename = known.get(str(error.filename or partials[0]), error.filename)
        raise
    finally:
        for part, _ in pairs:
            with suppress(OSError):  # a disk that became read-only
                part.unlink(missing_ok=True)


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays to a new file as ``np.savez`` does; an array of objects is a ``ValueError``.

    The archive is closed where the disk is full, too; that of NumPy 2.1 is left to the interpreter, which
    prints a traceback.
    """
    from zipfile import ZipFile

    import numpy as np

    with path.open("wb") as file, ZipFile(file, "w") as archive:
        for name, values in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, np.asanyarray(values), allow_pickle=False)


def _placed(written: Sequence[tuple[Path, Path]]) -> None:
    """Put files where none is: all of them, or none."""
    done: list[Path] = []
    try:
        for part, path in written:
            _linked(part, path)
            done.append(path)
    except BaseException:
        for path in done:
            path.unlink(missing_ok=True)
        raise


def _linked(part: Path, path: Path) -> None:
    """Give a file a second name, where there is no such file; on a disk without links the name alone."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:
        with path.open("xb"):
            pass
        os.replace(part, path)


def _clean(folder: Path, name: str) -> None:
    """Remove what killed processes left of a file."""
    for left in folder.glob(f".part-*-{glob.escape(name)}"):
        number = left.name.removeprefix(".part-").split("-", 1)[0]
        if number.isdigit() and not in_use(int(number)):
            left.unlink(missing_ok=True)


@contextmanager
def none_left_above(place: Path) -> Iterator[None]:
    """Remove folders above a place that are made in the block and empty after it."""
    missing = [folder for folder in place.absolute().parents if not folder.exists()]
    try:
        yield
    finally:
        for folder in missing:  # from the innermost; one with anything in it stays
            with suppress(OSError):
                folder.rmdir()


def in_use(process: int) -> bool:
    """Return whether a process of this number runs; where that cannot be told, that it does.

    >>> in_use(os.getpid())
    True
    """
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def data_hash(path: Path, read: str) -> str:
    """Return the hash of a data file as it was ``read``; raises ``DataError`` where it has changed since."""
    if file_hash(path) != read:
        raise DataError("the file changed while the study ran; run it again", where=str(path))
    return read
