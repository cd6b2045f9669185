"""Where an error stands, when what raised it knew only the key, or no place at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from werksem.errors import DataError, OutputError, WerksemError
from werksem.spec.document import Document
from werksem.spec.overrides import with_overrides
from werksem.spec.yaml import load

__all__ = ["said_of"]

KEYS = "data."  # what reads the data knows no lines, but which key it read


@contextmanager
def said_of(
    study: Path | Document, overrides: Sequence[str] = (), data: Path | None = None
) -> Iterator[None]:
    """Give errors a place: line and column of the key they name, else the file that they are about.

    That is the data file for errors in the data, the study for all others, and nothing for those of the place
    of results, which name it themselves.

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
        if isinstance(problem, OutputError) or (where and not where.startswith(KEYS)):
            raise
        about = data if isinstance(problem, DataError) and data is not None else study
        message = problem.message
        if where:
            message = f"{where}: {message}"
            document = with_overrides(load(study) if isinstance(study, Path) else study, overrides)
            about = Path(document.where(tuple(where.split(".", 2))))
        WerksemError.__init__(problem, message, where=str(about))
        raise
