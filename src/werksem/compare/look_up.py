"""Numbers of finished runs, looked up by the cells that name them; finding nothing is an error."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from werksem.errors import DataError, did_you_mean
from werksem.spec.acceptance import Evidence
from werksem.survey.formulas import undone_table

__all__ = ["Found", "claimed", "found", "rows_of"]

# rows of several tables that are the same number
SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Found:
    """A number and the limits of its interval, NaN where it has none."""

    value: float
    low: float = math.nan
    high: float = math.nan

    def times(self, factor: float) -> Found:
        """Return it in other units."""
        return Found(self.value * factor, self.low * factor, self.high * factor)


def found(folders: Mapping[str, Path], evidence: Evidence, cells: Mapping[str, str]) -> Found:
    """Return our number: that of ``cells`` with the evidence's ``where``, plus and minus others.

    Empty cells do not count. Raises ``DataError`` where there is no such row, or several that differ.
    """
    base = {**cells, **{key: str(text) for key, text in evidence.where.items()}}
    first = _one(folders, evidence, base)
    if not evidence.plus and not evidence.minus:
        return first
    signs = [(1, more) for more in evidence.plus] + [(-1, less) for less in evidence.minus]
    others = (
        sign * _one(folders, evidence, {**base, **{k: str(v) for k, v in more.items()}}).value
        for sign, more in signs
    )
    return Found(first.value + sum(others))


def _one(folders: Mapping[str, Path], evidence: Evidence, cells: Mapping[str, str]) -> Found:
    rows = rows_of(folders, evidence, cells)
    if evidence.column not in rows:
        near = did_you_mean(evidence.column, rows.columns)
        raise DataError(f"{evidence.study}/{evidence.file} has no column {evidence.column}{near}")
    values = pd.to_numeric(rows[evidence.column], errors="coerce")
    if values.isna().any() or values.max() - values.min() > SAME:
        what = "no number" if values.isna().any() else f"{len(rows)} different numbers"
        raise DataError(f"{evidence.study}/{evidence.file}: {_said(cells)} is {what}; name its table")
    if evidence.column != "value":
        return Found(float(values.iloc[0]))
    limits = (
        float(rows[name].iloc[0] or "nan") if name in rows else math.nan for name in ("ci_lower", "ci_upper")
    )
    return Found(float(values.iloc[0]), *limits)


def rows_of(folders: Mapping[str, Path], evidence: Evidence, cells: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows of a result file, all as text, that have the cells and the evidence's ``where``.

    ``all`` and an empty group are the same; a file without waves has them all. Raises ``DataError`` naming
    the first cell that no row has, and the nearest text that one has.
    """
    table = _table(folders, evidence)
    wanted = {**cells, **{key: str(text) for key, text in evidence.where.items()}}
    wanted = {key: text for key, text in wanted.items() if text != ""}
    if "wave" in table and (table["wave"] == "").all():
        wanted.pop("wave", None)
    for key, text in wanted.items():
        if key not in table:
            raise DataError(
                f"{evidence.study}/{evidence.file} has no column {key}{did_you_mean(key, table.columns)}"
            )
        have = table[key].replace("", "all") if key == "group" else table[key]
        kept = table[have == text]
        if kept.empty:
            near = did_you_mean(text, have.unique()) or f"; there are {_few(have.unique())}"
            raise DataError(
                f"{evidence.study}/{evidence.file}: no row with {_said(wanted)}: no {key} {text}{near}"
            )
        table = kept
    return table


def claimed(folders: Mapping[str, Path], evidence: Evidence) -> pd.DataFrame:
    """Return the rows of ``claims.csv`` of a claim and of its parts: those of F-34 are F-34, F-34a, F-34b, ..

    Raises ``DataError`` where there is none.
    """
    rows = rows_of(folders, evidence.model_copy(update={"file": "claims.csv"}), {})
    mine = rows[
        [re.fullmatch(rf"{re.escape(str(evidence.claim))}[a-z]?", name) is not None for name in rows["id"]]
    ]
    if mine.empty:
        near = did_you_mean(str(evidence.claim), rows["id"].unique())
        raise DataError(f"{evidence.study}/claims.csv has no claim {evidence.claim}{near}")
    return mine


def _table(folders: Mapping[str, Path], evidence: Evidence) -> pd.DataFrame:
    study = str(evidence.study)
    if study not in folders:
        raise DataError(f"no study {study} is among those of the page{did_you_mean(study, folders)}")
    path = folders[study] / evidence.file
    if not path.is_file():
        raise DataError(f"the results of {study} have no {evidence.file}", where=str(path))
    return undone_table(pd.read_csv(path, dtype=str, keep_default_na=False))


def _said(cells: Mapping[str, str]) -> str:
    return ", ".join(f"{key} {text}" for key, text in cells.items() if text != "")


def _few(names: Iterable[str]) -> str:
    shown = list(names)
    return ", ".join(shown[:8]) + (", .." if len(shown) > 8 else "")
