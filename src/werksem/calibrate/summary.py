"""What a calibration comes to, in numbers: per kind of interval, and of the study's own ones together."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from werksem.calibrate.coverage import JUDGED, off

__all__ = ["Kept", "judged", "kept_of", "per_kind"]

KINDS = (
    "engine", "interval", "own", "quantities", "coverage", "lowest", "highest", "below", "above", "width",
    "level", "failed", "heywood", "surveys", "verdict",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """How the study's own intervals of paths and effects fare: mean coverage, how many, how many are off."""

    share: float
    level: float
    total: int
    off: int


def judged(table: pd.DataFrame) -> pd.DataFrame:
    """Return the standardised paths and effects of a table of coverage, those with a result.

    Of the posterior those of all respondents: its groups are in the table itself.
    """
    chosen = table["op"].isin(JUDGED) & (table["quantity"] == "std") & table["coverage"].notna()
    return table[chosen & ((table["engine"] != "bayes") | (table["group"] == "all"))]


def kept_of(table: pd.DataFrame) -> Kept | None:
    """Return how the study's own intervals fare, None where it has none."""
    own = judged(table)
    own = own[own["own"]]
    if own.empty:
        return None
    mine = table["own"] & table["op"].isin(JUDGED)
    return Kept(float(own["coverage"].mean()), float(own["level"].iloc[0]), int(mine.sum()), len(off(table)))


def per_kind(table: pd.DataFrame) -> pd.DataFrame:
    """Return a row per engine and kind of interval: coverage (mean, ends), misses, width, verdict.

    The verdict is the gravest of its rows: failed, too low, biased, too high, ok.
    """
    grave = ("failed", "too low", "biased", "too high", "ok")
    rows = []
    for (engine, kind), part in judged(table).groupby(["engine", "interval"], sort=False):
        worst = min(part["verdict"], key=grave.index)
        rows.append({
            "engine": engine, "interval": kind, "own": bool(part["own"].any()), "quantities": len(part),
            "coverage": part["coverage"].mean(), "lowest": part["coverage"].min(),
            "highest": part["coverage"].max(), "below": part["below"].mean(), "above": part["above"].mean(),
            "width": part["width"].mean(), "level": part["level"].iloc[0],
            "failed": int(part["failed"].max()), "heywood": int(part["heywood"].max()),
            "surveys": int(part["surveys"].max()), "verdict": worst,
        })  # fmt: skip
    return pd.DataFrame(rows, columns=list(KINDS))
