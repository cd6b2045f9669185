"""Data files: by suffix, only the columns that are needed, untouched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from werksem.errors import DataError, did_you_mean
from werksem.survey.binary import ValueLabels, read_parquet, read_sav
from werksem.survey.delimited import line_of, read_delimited

__all__ = ["Place", "Table", "kept", "place_of", "read_columns", "row_place", "stem"]

SEPARATORS = {".csv": ",", ".csv.gz": ",", ".tsv": "\t", ".tsv.gz": "\t"}
SUFFIXES = (*SEPARATORS, ".sav", ".parquet")

# from a respondent's row, counted from 0, to where a user finds it
Place = Callable[[int], str]


def row_place(row: int) -> str:
    """Return where a respondent stands in a file without lines.

    >>> row_place(0)
    'row 1'
    """
    return f"row {row + 1}"


@dataclass(frozen=True, slots=True)
class Table:
    """Columns as they stand in the file: text from CSV, numbers or text from SPSS and Parquet.

    ``value_labels`` says per column what its answers mean, where the file knows (SPSS). ``place`` says where
    in the file a respondent stands; ``kept`` which respondents of the file these are, None for all.
    """

    columns: pa.Table
    value_labels: ValueLabels = field(default_factory=dict)
    place: Place = row_place
    kept: NDArray[np.int64] | None = None

    @property
    def rows(self) -> int:
        """How many respondents the file has."""
        return int(self.columns.num_rows)


def read_columns(
    path: Path, columns: Sequence[str], *, obtain: str | None = None, derived: Iterable[str] = ()
) -> Table:
    """Return the named columns of a .csv, .csv.gz, .tsv, .tsv.gz, .sav or .parquet file.

    A name with ``*`` stands for all columns that fit it.
    Raises ``DataError`` for a file that is absent (then ``obtain`` says where to get it), of
    another kind, damaged or empty, and for columns that are absent or there twice; ``SpecError`` where the
    file has a column of a ``derived`` name, one that the study makes.
    """
    made = tuple(derived)
    names = list(dict.fromkeys(columns))
    if path.is_dir():
        raise DataError("this is a folder, not a data file", where=str(path))
    suffix = _suffix(path)
    _refuse_absent(path, obtain)
    labels: Mapping[str, Mapping[float | str, str]] = {}
    try:
        if suffix == ".sav":
            found, labels = read_sav(path, names, made)
        elif suffix == ".parquet":
            found = read_parquet(path, names, made)
        else:
            found = read_delimited(path, names, SEPARATORS[suffix], made)
    except OSError as problem:
        raise DataError(f"cannot read the file: {problem.strerror or problem}", where=str(path)) from None
    if found.num_rows == 0:
        raise DataError("the file has a header but no respondents", where=str(path))
    place = partial(_line_place, path) if suffix in SEPARATORS else row_place
    return Table(found, labels, place)


def kept(table: Table, keep: NDArray[np.bool_]) -> Table:
    """Return the respondents (n,) that are kept."""
    return replace(table, columns=table.columns.filter(pa.array(keep)), kept=np.flatnonzero(keep))


def place_of(table: Table) -> Place:
    """Return where in the file the rows of a table stand, as it is after ``kept``."""
    rows = table.kept
    return table.place if rows is None else lambda row: table.place(int(rows[row]))


def _line_place(path: Path, row: int) -> str:
    return f"line {line_of(path, row)}"


def stem(path: Path) -> str:
    """Return the name of a data file without its suffix.

    >>> stem(Path("data/wave_2024.csv.gz"))
    'wave_2024'
    """
    return path.name[: -len(_suffix(path))]


def _suffix(path: Path) -> str:
    for suffix in SUFFIXES:
        if path.name.lower().endswith(suffix):
            return suffix
    right = ", ".join(SUFFIXES)
    how = "; save the sheet as CSV (UTF-8)" if path.suffix.lower() in (".xlsx", ".xls", ".ods") else ""
    raise DataError(f'cannot read files that end in "{path.suffix}"; right are {right}{how}', where=str(path))


def _refuse_absent(path: Path, obtain: str | None) -> None:
    if not path.exists():
        how = f". {obtain.strip()}" if obtain else ""
        beside = (file.name for file in path.parent.iterdir()) if path.parent.is_dir() else ()
        if path.is_symlink():
            raise DataError(f"this is a symbolic link that leads to no file{how}", where=str(path))
        near = did_you_mean(path.name, (name for name in beside if name.lower().endswith(SUFFIXES)))
        raise DataError(f"the data file does not exist{near}{how}", where=str(path))
    if not path.is_file():
        raise DataError("this is a pipe or a device, not a file", where=str(path))
    if not path.stat().st_size:
        raise DataError("the file is empty", where=str(path))
