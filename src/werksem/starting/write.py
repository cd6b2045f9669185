"""Writing several files, all or none, never over another."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from werksem.errors import WerksemError
from werksem.files import together

__all__ = ["write_all"]


def write_all(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files (by name within ``folder``) and return their paths.

    Raises ``WerksemError`` where one exists, or the folder cannot be written; then none is there.
    """
    targets = {folder / name: content for name, content in files.items()}
    there = [path.as_posix() for path in targets if os.path.lexists(path)]
    if there:
        exist = "exists" if len(there) == 1 else "exist"
        right = "init writes over nothing, give another folder"
        raise WerksemError(f"{', '.join(there)} {exist} already; {right}")
    made: list[Path] = []
    try:
        for path in targets:
            made += _with_folders(path.parent)
        with together(list(targets), over=False) as places:  # never over a file that came since
            for place, content in zip(places, targets.values(), strict=True):
                place.write_bytes(content)
    except OSError as problem:
        _undo(made)
        where = str(problem.filename or folder)
        raise WerksemError(f"cannot write: {(problem.strerror or 'unknown').lower()}", where=where) from None
    except BaseException:
        _undo(made)
        raise
    return list(targets)


def _with_folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; return the new ones, outermost first."""
    new = [path for path in (*reversed(folder.parents), folder) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return new


def _undo(made: list[Path]) -> None:
    for path in reversed(made):
        with suppress(OSError):  # somebody put a file there since
            path.rmdir()
