"""Values and rows of result folders, named in the text of a page."""

from __future__ import annotations

import csv
import json
import shlex
from collections.abc import Mapping
from pathlib import Path

__all__ = ["rows_where", "shown", "value"]


def rows_where(path: Path, conditions: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the rows of a CSV file whose columns have these values."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for name in conditions:
        if rows and name not in rows[0]:
            raise LookupError(f"{path.name} has no column {name!r}; it has {', '.join(rows[0])}")
    return [row for row in rows if all(row[name] == value for name, value in conditions.items())]


def value(scratch: Path, text: str) -> str:
    """Return what ``FILE key=value … COLUMN [FORMAT]`` (or ``FILE.json key.key [FORMAT]``) names.

    Raises ``LookupError`` where it names no value, or several.
    """
    file, *words = shlex.split(text)
    conditions = dict(word.split("=", 1) for word in words if "=" in word)
    column, *form = [word for word in words if "=" not in word]
    path = scratch / file
    if not path.is_file():
        raise LookupError(f"{file} is not there: no command on this page or before made it")
    if path.suffix == ".json":
        return shown(_within(path, column), form)
    rows = rows_where(path, conditions)
    if column == "count":
        return str(len(rows))
    if len(rows) != 1:
        raise LookupError(f"{text}: {len(rows)} rows, one is right")
    if column not in rows[0]:
        raise LookupError(f"{file} has no column {column!r}; it has {', '.join(rows[0])}")
    return shown(rows[0][column], form)


def _within(path: Path, key: str) -> str:
    found = json.loads(path.read_text(encoding="utf-8"))
    for part in key.split("."):
        if part not in found:
            raise LookupError(f"{path.name} has no {key!r}")
        found = found[part]
    return str(found)


def shown(text: str, form: list[str]) -> str:
    """Return a number in the given format, with a true minus sign; text as it is.

    >>> shown("-0.1234", [".2f"])
    '−0.12'
    """
    if not form:
        return text
    return format(float(text), form[0]).replace("-", "−") if text else "(empty)"
