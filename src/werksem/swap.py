"""A finished folder takes the place of an earlier one in one step, where the system can do that."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path

__all__ = ["exchange", "swap"]

AT_FDCWD = -100
RENAME_EXCHANGE = 2


def swap(work: Path, out: Path, aside: Path) -> None:
    """Put a finished folder in its place; what was there is at ``work`` then, or gone.

    Two steps where the system cannot exchange names, by way of ``aside``: a process that is killed between
    them leaves the earlier result there, which the next run puts back.
    """
    if not out.exists():
        work.rename(out)
    elif not exchange(work, out):
        out.rename(aside)
        try:
            work.rename(out)
        except BaseException:
            aside.rename(out)
            raise
        shutil.rmtree(aside, ignore_errors=True)


def exchange(one: Path, other: Path) -> bool:
    """Exchange the names of two folders in one step; False where that cannot be done (renameat2 of Linux)."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    return bool(call(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0)
