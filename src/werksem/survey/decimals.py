"""Decimal commas of a file separated by semicolons, as spreadsheets write where the comma is decimal."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from werksem.errors import DataError

__all__ = ["with_points"]

COMMA = r"^\s*([+-]?[0-9]*),([0-9]+)\s*$"
POINT = r"^\s*[+-]?[0-9]*\.[0-9]+\s*$"
# 1.234 and 1.234,5, which may have thousands apart; 0.234 has not
THOUSANDS = r"^\s*[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?\s*$"


def with_points(table: pa.Table, path: Path) -> pa.Table:
    """Return columns of text with ``1,5`` as ``1.5``; other text as it is.

    Raises ``DataError`` for a column in which every point may set thousands apart: ``1.234`` may be
    1234 or 1 and a bit.

    >>> table = pa.table({"a": ["1,5", "2", None], "b": ["x, y", "0.873", ",5"]})
    >>> with_points(table, Path("a.csv")).to_pydict()
    {'a': ['1.5', '2', None], 'b': ['x, y', '0.873', '.5']}
    """
    for name in table.column_names:
        _refuse_thousands(name, table[name], path)
    columns = [pc.replace_substring_regex(column, COMMA, r"\1.\2") for column in table.columns]
    return pa.table(columns, names=table.column_names)


def _refuse_thousands(name: str, column: pa.ChunkedArray, path: Path) -> None:
    apart = pc.match_substring_regex(column, THOUSANDS)
    found = column.filter(apart)
    decimal = pc.and_(pc.match_substring_regex(column, POINT), pc.invert(apart))
    if len(found) and not pc.any(decimal).as_py():
        message = (
            f'column "{name}" has {found[0].as_py()}, which may have thousands apart or decimals; '
            "right is a number without thousands apart"
        )
        raise DataError(message, where=str(path))
