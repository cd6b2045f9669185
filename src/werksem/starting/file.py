"""All columns of a data file, with what the file or its codebook says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from werksem.spec.types import Label
from werksem.survey.answers import plain
from werksem.survey.binary import sav_header
from werksem.survey.codebook import Variable, read_codebook
from werksem.survey.read import read_columns

__all__ = ["Raw", "read_file"]


@dataclass(frozen=True, slots=True)
class Raw:
    """One column as it stands: answers (n,), its label, what its answers mean.

    ``user_missing`` tells that SPSS has answers of it marked as missing; those are blank already.
    """

    name: str
    answers: pa.ChunkedArray
    label: str = ""
    meanings: Mapping[str, str] = field(default_factory=dict)
    user_missing: bool = False


def read_file(path: Path, language: str) -> tuple[Raw, ...]:
    """Return every named column of a data file, in its order; raises ``DataError`` as ``read_columns``.

    Labels come from the SPSS file, else from the codebook beside the file, in ``language``.
    """
    table = read_columns(path, ["*"])
    labels, marked = sav_header(path) if path.name.lower().endswith(".sav") else ({}, {})
    variables = read_codebook(path).variables
    found = []
    for name in table.columns.column_names:
        told = variables.get(name, Variable())
        known = table.value_labels.get(name, {})
        meanings = {plain(c): t.strip() for c, t in known.items() if not _missing(c, marked.get(name, []))}
        meanings = meanings or {code: _in(text, language) for code, text in told.values.items()}
        label = labels.get(name) or _in(told.label, language)
        found.append(Raw(name, table.columns[name], label, meanings, name in marked))
    return tuple(raw for raw in found if raw.name)


def _missing(code: float | str, ranges: list[tuple[Any, Any]]) -> bool:
    return any(isinstance(code, str) == isinstance(lo, str) and lo <= code <= hi for lo, hi in ranges)


def _in(label: Label, language: str) -> str:
    return (label.nl or label.en) if language == "nl" else (label.en or label.nl)
