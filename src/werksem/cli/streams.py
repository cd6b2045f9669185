"""Standard input and output that are closed, read to their half, or of an encoding without our letters."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

__all__ = ["open_streams", "silenced", "unread"]


def open_streams() -> None:
    """Give closed streams somewhere to go, and let letters that a stream does not have become ``?``.

    A file that is opened while number 1 is free becomes number 1, and what a library prints goes into it.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number, which is this one
    nothing = Path(os.devnull)
    sys.stdin = sys.stdin or nothing.open(encoding="utf-8")
    sys.stdout = sys.stdout or nothing.open("w", encoding="utf-8")
    sys.stderr = sys.stderr or nothing.open("w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


@contextmanager
def unread() -> Iterator[None]:
    """Print what may not be read to its end (``| head``): the exit code of the command stays what it is."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        silenced(sys.stdout)
    except SystemExit:  # rich's console ends the program where its reader is gone
        with suppress(OSError):
            sys.stdout.flush()


def silenced(stream: TextIO) -> None:
    """Send what is still to be written to nowhere, so that nothing is said of it when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
