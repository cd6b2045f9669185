"""Files of the user's own in a result folder: told from those that werksem wrote, and taken along."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import chain, count
from pathlib import Path

from werksem.errors import OutputError

__all__ = ["files_in", "flush", "left_behind", "own_files", "take_along"]

# what ``replay`` writes into a finished folder beside its results, and what a killed process leaves
AFTERWARDS = re.compile(r"replicate_\d+_estimates\.csv|(.*/)?\.part-\d+-[^/]*")
PROBE = ".probe"
ASIDE = "own"  # the folder for files whose names a run needs


def files_in(folder: Path) -> list[str]:
    """Return the files and links in a folder and the folders in it, sorted, with forward slashes.

    Raises ``OutputError`` for a folder that cannot be read.
    """
    try:
        return sorted(path.relative_to(folder).as_posix() for path in _walked(folder))
    except PermissionError as error:
        raise _refused(error.filename, error.strerror or "it cannot be read") from None


def _walked(folder: Path) -> Iterator[Path]:
    """Yield what is no folder; a symbolic link is not followed."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            yield from _walked(path)
        else:
            yield path


def own_files(folder: Path, written: Collection[str]) -> list[str]:
    """Return the files of a result folder that werksem did not write; ``written`` are those of its run."""
    return [name for name in files_in(folder) if name not in written and not AFTERWARDS.fullmatch(name)]


def left_behind(names: Collection[str], out: Path, work: Path) -> None:
    """Raise ``OutputError`` for a file of ``out`` that ``take_along`` could not give a place in ``work``."""
    for name in names:
        source, probe = out / name, work / PROBE
        if _second_name(source, probe):
            probe.unlink()
        elif not source.is_symlink() and not (source.is_file() and os.access(source, os.R_OK)):
            raise _refused(source, "it cannot be read")


def take_along(names: Collection[str], out: Path, work: Path) -> dict[str, str]:
    """Give files of ``out`` a place in ``work`` too; return what they are called there.

    A second name where the disk can do that, else a copy; in a folder ``own`` where ``work`` has something
    else of that name. Raises ``OutputError`` for a file that can be had in neither way.
    """
    places: dict[str, str] = {}
    for name in names:
        places[name] = _free(name, work, names)
        source, target = out / name, work / places[name]
        target.parent.mkdir(parents=True, exist_ok=True)
        if not _second_name(source, target):
            try:
                shutil.copy2(source, target, follow_symlinks=False)
            except OSError as error:
                raise _refused(source, error.strerror or "it is no file") from None
            flush(target)
    return places


def flush(path: Path) -> None:
    """Have a file written to the disk itself; what is no file is left alone."""
    if path.is_file() and not path.is_symlink():
        with path.open("rb") as file:
            os.fsync(file.fileno())


def _second_name(source: Path, target: Path) -> bool:
    with suppress(OSError, NotImplementedError):
        os.link(source, target, follow_symlinks=False)
    return os.path.lexists(target)


def _free(name: str, work: Path, names: Collection[str]) -> str:
    """Return where a file can lie in ``work``, in the way of no other of ``names``."""
    folders = (folder for folder in chain([ASIDE], (f"{ASIDE}-{k}" for k in count(2))) if folder not in names)
    aside = (f"{folder}/{name}" for folder in folders)
    places = chain([name], (place for place in aside if place not in names))
    return next(place for place in places if _is_free(place, work))


def _is_free(place: str, work: Path) -> bool:
    above = (work / part for part in Path(place).parents)
    return not os.path.lexists(work / place) and all(at.is_dir() or not os.path.lexists(at) for at in above)


def _refused(path: object, why: str) -> OutputError:
    return OutputError(
        f"{path}: {why}; werksem did not write it and would take it along: make it readable, or move it "
        "out of the results"
    )
