"""``change.csv``: per path and pair of waves what made its beta change, each part with its interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.change.split import COMPONENTS, Split, as_drawn, drawn, splits
from werksem.change.waves import Wave, read_wave
from werksem.compare.across import names_of
from werksem.results import read_manifest

__all__ = ["COLUMNS", "REPLICATES", "change_between", "change_table", "in_order", "why_not"]

Array = NDArray[np.float64]
COLUMNS = [
    "from", "to", "engine", "lhs", "rhs", "component", "beta_from", "beta_to", "est", "se", "ci_lower",
    "ci_upper", "level", "replicates",
]  # fmt: skip
REPLICATES = 1000
LEVEL = 0.95


def in_order(folders: Sequence[Path]) -> list[Path]:
    """Return result folders in the order of their studies' names, where waves carry their year."""
    return sorted(folders, key=lambda folder: str(read_manifest(folder).get("study") or folder.name))


def why_not(folders: Sequence[Path]) -> str:
    """Return why folders are no waves of one survey: ``one``, ``data``, ``models`` or ``sem``; else empty.

    ``data``: two of them are of the same data, or of none; ``sem``: one has no latent-variable model.
    """
    said = [read_manifest(folder) for folder in folders]
    data = [one.get("data", {}).get("sha256") for one in said]
    if len(folders) < 2:
        return "one"
    if len(set(data)) < len(data) or not all(data):
        return "data"
    if len({one.get("model", {}).get("sha256") for one in said}) > 1:
        return "models"
    return "" if all({"sem", "bootstrap"} & set(one.get("engines", ())) for one in said) else "sem"


def change_table(folders: Sequence[Path], replicates: int = REPLICATES) -> pd.DataFrame:
    """Return the changes from each wave to the next, over result folders in the order of the waves.

    A row per path and ``component``: ``difference`` is the whole, of which the others are parts. Raises
    ``DataError`` where a wave's data are gone or are other data than those of its results.
    """
    named = zip(folders, names_of(folders), strict=True)
    waves = [replace(read_wave(at, number), name=name) for number, (at, name) in enumerate(named)]
    tables = [change_between(a, b, replicates) for a, b in pairwise(waves)]
    return pd.concat(tables, ignore_index=True)


def change_between(first: Wave, second: Wave, replicates: int = REPLICATES) -> pd.DataFrame:
    """Return the changes between two waves; limits are percentiles of resamples of both, each in its design.

    Resamples whose refits have no solution, or a negative variance, are left out of a path's limits:
    ``replicates`` says how many were left.
    """
    exact = list(splits(first, second, *as_drawn(first, second)))
    again = list(splits(first, second, *drawn(first, second, replicates))) if replicates else exact
    rows = [row for one, many in zip(exact, again, strict=True) for row in _rows(one, many, replicates)]
    return pd.DataFrame(rows).assign(**{"from": first.name, "to": second.name}).reindex(columns=COLUMNS)


def _rows(one: Split, many: Split, replicates: int) -> Iterator[dict[str, Any]]:
    whole = np.column_stack([many.after - many.before, many.parts])
    kept = whole[np.isfinite(whole).all(axis=1)]
    values = [float(one.after[0] - one.before[0]), *one.parts[0].tolist()]
    names = ("difference", *COMPONENTS, "rest")
    for k, (name, value) in enumerate(zip(names, values, strict=True)):
        if name == "rest" and one.engine == "sem":
            continue
        found = {
            "engine": one.engine, "lhs": one.outcome, "rhs": one.predictor, "component": name,
            "beta_from": one.before[0], "beta_to": one.after[0], "est": value,
        }  # fmt: skip
        yield found | (_limits(kept[:, k]) if replicates else {"replicates": 0})


def _limits(values: Array) -> dict[str, Any]:
    """Return standard error and limits of one component over the resamples that have it."""
    if len(values) < 2:
        return {"replicates": len(values)}
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    limits = {"ci_lower": low, "ci_upper": high, "level": LEVEL, "replicates": len(values)}
    return {"se": values.std(ddof=1)} | limits
