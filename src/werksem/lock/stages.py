"""Marks of every stage between data and print: a few numbers each, to see where a change came in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from werksem.compare.cells import read_table, records
from werksem.lock.described import described_stages
from werksem.lock.numbers import row_name
from werksem.report.described.folder import is_described
from werksem.report.folder import read_result
from werksem.results import read_manifest

__all__ = ["CHAINS", "TOLERANCE", "differing", "stages"]

Marks = dict[str, dict[str, float]]

# by engine, the stages that its numbers went through, in order
CHAINS = {
    "ols": ("reading", "moments", "estimation of ols"),
    "sem": ("reading", "moments", "estimation of sem"),
    "bootstrap": ("reading", "moments", "estimation of sem", "resampling"),
    "bayes": ("reading", "moments", "sampling"),
    "tables": ("reading", "moments", "estimation"),
}
# relative differences of marks that are rounding of the last digits, and no change
TOLERANCE = {
    "reading": 0.0, "moments": 1e-9, "estimation": 1e-9, "estimation of ols": 1e-7, "estimation of sem": 1e-7,
    "resampling": 1e-6, "sampling": 1e-9,
}  # fmt: skip


def stages(folder: Path) -> Marks:
    """Return the marks of every stage of a result folder, by stage and by name."""
    found = read_manifest(folder)
    if is_described(found):
        return described_stages(folder)
    estimates = read_result(folder).estimates
    marks = {"reading": _reading(found), "moments": _moments(folder)}
    for stage, engine, column in (
        ("estimation of ols", "ols", "est"),
        ("estimation of sem", "sem", "est"),
        ("resampling", "bootstrap", "se"),
        ("sampling", "bayes", "est"),
    ):
        rows = estimates[estimates["engine"] == engine]
        if len(rows):
            marks[stage] = _of_engine(rows, column)
    return marks


def _reading(manifest: Mapping[str, Any]) -> dict[str, float]:
    data = manifest["data"]
    marks = {f"rows {what}": data.get(f"rows_{what}") for what in ("read", "used")}
    marks |= {f"rows of {label}": count for label, count in data.get("groups", {}).items()}
    for engine, n in manifest.get("n", {}).items():
        sizes = n if isinstance(n, dict) else {"": n}
        marks |= {f"n of {engine} {outcome}".strip(): count for outcome, count in sizes.items()}
    return {name: float(count) for name, count in marks.items() if count is not None}


def _moments(folder: Path) -> dict[str, float]:
    path = folder / "moments.csv"
    if not path.is_file():
        return {}
    rows = records(read_table(path, ("kind", "variable")))
    return {
        f"{measure} of {row['kind']} {row['variable']}".strip(): float(row[measure])
        for row in rows
        for measure in ("n", "mean", "sd")
        if math.isfinite(row[measure])
    }


def _of_engine(rows: pd.DataFrame, column: str) -> dict[str, float]:
    """Return the paths' own numbers and the root mean square of all that the engine estimated, errors too."""
    values = rows[column].astype(float)
    paths = rows[(rows["op"] == "~") & (rows["group"] == "all")]
    marks = {f"{column} of {row_name(row)}": float(row[column]) for row in records(paths)}
    marks[f"root mean square of all {column}"] = float((values**2).mean() ** 0.5)
    if rows["engine"].iloc[0] in ("ols", "sem"):
        marks["root mean square of all se"] = float((rows["se"].astype(float) ** 2).mean() ** 0.5)
    return {name: float(f"{value:.10g}") for name, value in marks.items() if math.isfinite(value)}


def differing(stage: str, then: Mapping[str, float], now: Mapping[str, float]) -> list[str]:
    """Return the names of the marks of a stage that are not what they were, those gone or new among them.

    >>> differing("moments", {"mean of x": 3.5, "n of x": 10.0}, {"mean of x": 3.5 + 1e-12, "n of x": 11.0})
    ['n of x']
    """
    tolerance = TOLERANCE.get(stage, 1e-9)

    def same(name: str) -> bool:
        if name not in then or name not in now:
            return False
        return abs(then[name] - now[name]) <= tolerance * max(1.0, abs(then[name]), abs(now[name]))

    return [name for name in dict.fromkeys((*then, *now)) if not same(name)]
