"""The same paths in several result folders: waves, sectors or studies side by side."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from werksem.compare.cells import read_table
from werksem.compare.table import KEYS, TEXT, verdict
from werksem.errors import DataError

__all__ = ["VALUES", "across", "names_of", "read_comparison"]

VALUES = ("published", "ols", "sem", "bayes")


def read_comparison(folder: Path) -> pd.DataFrame:
    """Return ``comparison.csv`` of a result folder; raises ``DataError`` where there is none."""
    path = folder / "comparison.csv"
    if not path.is_file():
        raise DataError(
            "this is not a finished werksem result folder: comparison.csv is missing", where=str(folder)
        )
    return read_table(path, TEXT)


def names_of(folders: Sequence[Path]) -> tuple[str, ...]:
    """Return what to call each folder: its study, or the folder's name, or its path, whichever is unique."""
    studies = [_study(folder) for folder in folders]
    for candidates in (studies, [folder.resolve().name for folder in folders]):
        if max(Counter(candidates).values(), default=0) <= 1:
            return tuple(candidates)
    return tuple(str(folder) for folder in folders)


def across(folders: Sequence[Path]) -> pd.DataFrame:
    """Return one row per path and group over all folders, wide.

    Columns: ``lhs, rhs, group``, then per folder ``NAME.published, NAME.ols, NAME.sem,
    NAME.bayes`` (standardised; left out where a folder has none of it), then ``difference``
    (the largest gap between folders within one engine), ``verdict`` (the worst of the engines, by the
    rule of ``comparison.csv``) and ``flags`` (which engines differ, and how). One folder: its own
    comparison, unchanged.
    """
    if len(folders) == 1:
        return read_comparison(folders[0])
    tables = [read_comparison(folder) for folder in folders]
    wide = pd.concat([table[list(KEYS)] for table in tables]).drop_duplicates().reset_index(drop=True)
    for name, table in zip(names_of(folders), tables, strict=True):
        present = [value for value in VALUES if table[value].notna().any()]
        renamed = table[[*KEYS, *present]].rename(columns={value: f"{name}.{value}" for value in present})
        wide = wide.merge(renamed, on=list(KEYS), how="left")
    differences, verdicts, flags = _between(wide)
    return wide.assign(difference=differences, verdict=verdicts, flags=flags)


def _between(wide: pd.DataFrame) -> tuple[list[float], list[str], list[str]]:
    """Return per row the largest gap within an engine, the worst verdict, and the engines that differ."""
    severity = ("", "agree", "differ > .05", "sign differs")
    gaps: list[float] = [float("nan")] * len(wide)
    worst, flags = [""] * len(wide), [""] * len(wide)
    for engine in ("ols", "sem", "bayes"):
        columns = [name for name in wide.columns if str(name).endswith(f".{engine}")]
        if len(columns) < 2:
            continue
        values = wide[columns].astype(float)
        for row, numbers in enumerate(values.to_numpy().tolist()):
            found = verdict(numbers)
            worst[row] = max(worst[row], found, key=severity.index)
            if found not in ("", "agree"):
                flags[row] += f"{'; ' if flags[row] else ''}{engine}: {found}"
        gap = (values.max(axis=1) - values.min(axis=1)).where(values.notna().sum(axis=1) > 1)
        gaps = pd.Series(gaps, dtype=float).combine(gap, _larger).tolist()
    return gaps, worst, flags


def _larger(left: float, right: float) -> float:
    return right if pd.isna(left) else left if pd.isna(right) else max(left, right)


def _study(folder: Path) -> str:
    path = folder / "manifest.json"
    if not path.is_file():
        return folder.resolve().name
    return str(json.loads(path.read_text(encoding="utf-8")).get("study") or folder.resolve().name)
