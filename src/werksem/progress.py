"""Progress on a terminal: a bar with the time left, or nothing where nobody watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Tick", "progress_bar"]

Tick = Callable[[int], None]


@contextmanager
def progress_bar(description: str, total: int, *, quiet: bool = False) -> Iterator[Tick]:
    """Yield a function that advances the bar by a number of steps; the bar goes to stderr.

    >>> with progress_bar("bootstrap", 10, quiet=True) as tick:
    ...     tick(10)
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda steps: None
        return
    columns = TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(description, total=total)
        yield lambda steps: progress.advance(task, steps)
