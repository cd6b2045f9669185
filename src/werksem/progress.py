"""Progress on a terminal: the stage that runs, a bar with the time left; nothing where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Tick", "clear_line", "progress_bar", "shown"]

Tick = Callable[[int], None]
CLEAR = "\r\x1b[2K"


def _watched(quiet: bool) -> bool:
    return not quiet and sys.stderr.isatty()


@contextmanager
def shown(stage: str, *, quiet: bool = False) -> Iterator[None]:
    """Show the name of a stage while it runs; a bar takes its line over.

    >>> with shown("SEM", quiet=True):
    ...     pass
    """
    if not _watched(quiet):
        yield
        return
    print(f"{CLEAR}{stage} …", end="", file=sys.stderr, flush=True)
    try:
        yield
    finally:
        clear_line()


def clear_line() -> None:
    """Empty the terminal's line, for a bar that takes it over."""
    print(CLEAR, end="", file=sys.stderr, flush=True)


@contextmanager
def progress_bar(description: str, total: int, *, quiet: bool = False) -> Iterator[Tick]:
    """Yield a function that advances the bar by a number of steps; the bar goes to stderr.

    It shows the time that the rest will take, from the speed of the steps so far.

    >>> with progress_bar("bootstrap", 10, quiet=True) as tick:
    ...     tick(10)
    """
    if not _watched(quiet):
        yield lambda steps: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    clear_line()
    left = TextColumn("left")
    columns = (
        TextColumn("{task.description:<12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        left,
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(description, total=total)
        yield lambda steps: progress.advance(task, steps)
