"""SPSS and Parquet files: columns with their own types, and SPSS's value labels beside them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from werksem.errors import DataError
from werksem.survey.header import expanded, locate

__all__ = ["ValueLabels", "read_parquet", "read_sav", "sav_header"]

# formats of SPSS whose numbers are moments or durations
DATES = re.compile(r"[A-Z]*(DATE|TIME|MOYR|QYR|WKYR|YMDHMS)", re.IGNORECASE)
# per column: what an answer (a number or text) means
ValueLabels = Mapping[str, Mapping[float | str, str]]


def read_parquet(path: Path, names: Sequence[str], derived: Sequence[str] = ()) -> pa.Table:
    """Return the named columns of a Parquet file; raises ``DataError`` where it is damaged or misnamed."""
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            names = expanded(names, file.schema_arrow.names)
            locate(names, file.schema_arrow.names, path, derived)
            return file.read(columns=names).select(names)
    except (pa.ArrowException, OSError) as problem:
        reason = str(problem).splitlines()[0].rstrip(".")
        raise DataError(f"not a Parquet file, or a damaged one ({reason})", where=str(path)) from None


def read_sav(path: Path, names: Sequence[str], derived: Sequence[str] = ()) -> tuple[pa.Table, ValueLabels]:
    """Return the named columns of an SPSS file as codes, and their value labels.

    User-missing answers are blank. Labels are never put in place of codes: on a five-point item
    with labels at its ends only, that would mix numbers and text.
    """
    header = _sav(path, metadataonly=True)[1]
    names = expanded(names, header.column_names)
    locate(names, header.column_names, path, derived)
    # numbers of seconds would pass for answers; dates as dates are told from them
    dates = any(DATES.match(header.original_variable_types[name]) for name in names)
    frame, meta = _sav(path, usecols=names, disable_datetime_conversion=not dates)
    labels = {name: dict(found) for name, found in meta.variable_value_labels.items()}
    return pa.Table.from_pandas(frame[names], preserve_index=False), labels


def sav_header(path: Path) -> tuple[dict[str, str], dict[str, list[tuple[Any, Any]]]]:
    """Return the variable labels of an SPSS file, and which answers (from, to) count as missing in it."""
    header = _sav(path, metadataonly=True, user_missing=True)[1]
    labels = {name: label.strip() for name, label in header.column_names_to_labels.items() if label}
    ranges = header.missing_ranges.items()
    return labels, {name: [(entry["lo"], entry["hi"]) for entry in found] for name, found in ranges}


def _sav(path: Path, **options: Any) -> tuple[Any, Any]:
    import pyreadstat

    try:
        with warnings.catch_warnings():  # of a name that is there twice pyreadstat makes two, and warns
            warnings.filterwarnings("error", "column .* is duplicated", UserWarning)
            frame, meta = pyreadstat.read_sav(path, **options)
    except UserWarning as problem:
        name = str(problem).split("'")[1]
        raise DataError(f'2 columns are named "{name}"; names must differ', where=str(path)) from None
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError) as problem:
        raise DataError(f"not an SPSS file, or a damaged one ({problem})", where=str(path)) from None
    if None in meta.column_names:
        raise DataError("not an SPSS file, or a damaged one (a name is not readable)", where=str(path))
    return frame, meta
