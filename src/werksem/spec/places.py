"""Where an error stands, when what raised it knew only the key, or no place at all."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from werksem.errors import DataError, OutputError, WerksemError
from werksem.spec.document import Document, Loc
from werksem.spec.load import named_files
from werksem.spec.overrides import with_overrides
from werksem.spec.yaml import load

__all__ = ["said_of"]

LINE = re.compile(r":\d+:\d+$")
KEYS = "data."  # what reads the data knows no lines, but which key it read


@contextmanager
def said_of(
    study: Path | Document, overrides: Sequence[str] = (), data: Path | None = None
) -> Iterator[None]:
    """Give errors a place: line and column of the key they name, else the file that they are about.

    That is the data file for errors in the data, the study for all others, and nothing for those of the place
    of results, which name it themselves. Of a file that is not there, it is where the study names it.

    >>> try:
    ...     with said_of(Path("s.yaml"), data=Path("d.csv")):
    ...         raise DataError("one cluster")
    ... except WerksemError as error:
    ...     print(error)
    d.csv: one cluster
    """
    try:
        yield
    except WerksemError as problem:
        where = problem.where
        if isinstance(problem, OutputError) or _stands(where, study):
            raise
        about = data if isinstance(problem, DataError) and data is not None else study
        message = problem.message
        if where:
            document = with_overrides(load(study) if isinstance(study, Path) else study, overrides)
            loc, named = _named(document, where)
            if not named:
                raise
            message = f"{named}: {message}"
            about = Path(document.where(loc))
        WerksemError.__init__(problem, message, where=str(about))
        raise


def _stands(where: str, study: Path | Document) -> bool:
    """Return whether a place says enough: a line, a file that is there, or the file that was typed."""
    if not where or where.startswith(KEYS):
        return False
    return LINE.search(where) is not None or where == str(study) or Path(where).is_file()


def _named(document: Document, where: str) -> tuple[Loc, str]:
    """Return where a key, or the name of a file, stands and how to call it; empty where it is neither."""
    if where.startswith(KEYS):
        return tuple(where.split(".", 2)), where
    for loc, name in named_files(document):
        if os.path.abspath(document.folder / name) == where:
            return loc, f'{".".join(map(str, loc))} "{name}"'
    return (), ""
