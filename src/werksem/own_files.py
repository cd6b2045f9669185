"""Files of the user's own in a result folder: told from those that werksem wrote, and taken along."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path

__all__ = ["files_in", "own_files", "take_along"]

# what commands write into a finished folder beside its results, and what a killed process leaves
AFTERWARDS = ("replicate_*.csv", "across.csv", "passport.csv", "change.csv", ".part-*")


def files_in(folder: Path) -> list[str]:
    """Return the files and links in a folder and the folders in it, sorted, with forward slashes."""
    return sorted(path.relative_to(folder).as_posix() for path in _walked(folder))


def _walked(folder: Path) -> Iterator[Path]:
    """Yield what is no folder; a symbolic link is not followed."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            yield from _walked(path)
        else:
            yield path


def own_files(folder: Path, written: Collection[str]) -> list[str]:
    """Return the files of a result folder that werksem did not write; ``written`` are those of its run."""
    return [
        name
        for name in files_in(folder)
        if name not in written and not any(fnmatch(name, pattern) for pattern in AFTERWARDS)
    ]


def take_along(names: Collection[str], out: Path, work: Path) -> list[str]:
    """Give files of ``out`` a place in ``work`` too, where there is none; return those that have one.

    A second name where the disk can do that, else a copy.
    """
    taken = []
    for name in names:
        source, target = out / name, work / name
        if os.path.lexists(target) or any((work / part).is_file() for part in Path(name).parents):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):
            os.link(source, target, follow_symlinks=False)
        if not os.path.lexists(target):
            shutil.copy2(source, target, follow_symlinks=False)
        taken.append(name)
    return taken
