"""What Python hands over as a study: a file, a mapping, other settings, a table of respondents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werksem.errors import DataError, SpecError
from werksem.spec.dump import dump_mapping
from werksem.spec.yaml import Document, load, loads

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Settings", "StudyLike", "overrides_of", "with_data"]

StudyLike = str | Path | Mapping[str, Any]
Settings = Mapping[str, Any] | Sequence[str]

FRAME = "dataframe.parquet"
OBTAIN = "The respondents were a table in Python; fit the study again with data=."


def overrides_of(settings: Settings) -> tuple[str, ...]:
    """Return settings as the command line has them, ``key=value``; a mapping goes from keys to values.

    >>> overrides_of({"bootstrap.replicates": 200, "ols": {}, "bayes": None})
    ('bootstrap.replicates=200', 'ols={}', 'bayes=null')
    """
    if isinstance(settings, str):
        return (settings,)
    if not isinstance(settings, Mapping):
        return tuple(settings)
    return tuple(
        f"{key}={json.dumps(value, ensure_ascii=False, default=str)}" for key, value in settings.items()
    )


@contextmanager
def with_data(study: StudyLike, data: pd.DataFrame | None) -> Iterator[Path | Document]:
    """Yield the study as the loader takes it; its ``data.file`` is ``data`` where a table is given.

    The table stands in a temporary file that only this user can read, until the block ends, beside the
    codebook of the file that the study names. Relative files of a mapping start from the working
    directory. Raises ``SpecError`` for what is no study, ``DataError`` for what is no table.
    """
    from tempfile import TemporaryDirectory

    if data is None:
        yield Path(study) if isinstance(study, str | Path) else _document(study)
        return
    document = load(study) if isinstance(study, str | Path) else _document(study)
    with TemporaryDirectory(prefix="werksem-") as place:
        file = Path(place) / FRAME
        _write(data, file)
        section = document.data.get("data")
        _with_codebook(section, document.folder, file)
        if section is None:
            document = document.with_value(("data",), {}, "data=")
        document = document.with_value(("data", "file"), str(file), "data=")
        if not isinstance(section, dict) or not section.get("obtain"):
            document = document.with_value(("data", "obtain"), OBTAIN, "data=")
        try:
            yield document
        except DataError as problem:
            if problem.where != str(file):
                raise
            raise DataError(problem.message, where="data") from None  # not a file that is gone by then


def _with_codebook(section: object, folder: Path, file: Path) -> None:
    """Put the codebook of the file that a study names beside the table: labels, and what is synthetic."""
    from werksem.survey.codebook import codebook_path

    named = section.get("file") if isinstance(section, dict) else None
    if isinstance(named, str):
        try:
            text = codebook_path(folder / named).read_bytes()
        except (OSError, DataError):
            return
        codebook_path(file).write_bytes(text)


def _document(study: object) -> Document:
    """Return a mapping as a study file in the working directory, so that it is checked as one."""
    if not isinstance(study, Mapping):
        raise SpecError(f"a study is a file name or a mapping, found {type(study).__name__}")
    found = loads(dump_mapping(_plain(study)), folder=Path.cwd())
    return Document(found.data, "study", Path.cwd())


def _plain(value: Any) -> Any:
    """Return a value as YAML holds it: text, numbers, lists, mappings with text as keys."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inside) for key, inside in value.items()}
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inside) for inside in value]
    # NumPy's numbers know the Python number that they are
    return value.item() if hasattr(value, "item") and not hasattr(value, "columns") else value


def _write(data: pd.DataFrame, file: Path) -> None:
    import pandas as pd

    if not isinstance(data, pd.DataFrame):
        raise DataError(f"data: right is a pandas DataFrame, found {type(data).__name__}")
    if not all(isinstance(name, str) for name in data.columns):
        other = next(name for name in data.columns if not isinstance(name, str))
        raise DataError(f"data: columns have names of text, found {other!r}")
    categories = {name: _plain_column(data[name]) for name in data.select_dtypes("category").columns}
    try:
        data.assign(**categories).to_parquet(file, index=False)
    except (ValueError, TypeError, NotImplementedError) as problem:
        said = problem.args[-1] if problem.args else problem
        raise DataError(f"data: a column holds values of several kinds ({said})") from None


def _plain_column(column: pd.Series) -> pd.Series:
    """Return a categorical column as its categories' own type."""
    return column.astype(column.cat.categories.dtype)
