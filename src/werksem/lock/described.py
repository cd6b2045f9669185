"""The numbers of a folder with descriptive tables, by name, and the marks of its stages."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd

from werksem.compare.cells import records
from werksem.describe.plain_cells import SHARES
from werksem.describe.table import HIDDEN
from werksem.lock.numbers import Found
from werksem.report.described.cells import DECIMALS
from werksem.report.described.folder import Described, read_described
from werksem.survey.formulas import undone_table

__all__ = ["described_numbers", "described_stages"]

# shares are printed in whole percents, differences of them in tenths of a point
ROUNDING = {**DECIMALS, **dict.fromkeys(SHARES, 2), "difference": 3, "p": 3, "p_holm": 3, "equivalence": 3}
LEFT_OUT = ("one_in", "rank", "break")


def described_numbers(folder: Path) -> dict[str, dict[str, Found]]:
    """Return the numbers of a folder that ``describe`` wrote, under ``tables``; hidden cells say so.

    Names are ``measure / table / variable / category / group / wave``, without what is empty.
    """
    found: dict[str, Found] = {}
    for row in records(read_described(folder).rows):
        name = _name(row)
        rounding = None if row["measure"] in LEFT_OUT else ROUNDING.get(row["measure"], 2)
        if row["status"] in HIDDEN:
            found.setdefault(name, Found("hidden"))
        elif math.isfinite(row["value"]):
            found.setdefault(name, Found(float(row["value"]), rounding))
        for column in ("se", "ci_lower", "ci_upper", "n"):
            if math.isfinite(row[column]):
                found.setdefault(f"{column} / {name}", Found(float(row[column])))
    claims = folder / "claims.csv"
    if claims.is_file():
        for row in records(undone_table(pd.read_csv(claims, dtype=str, keep_default_na=False))):
            found.setdefault(f"claim / {row['id']} / {row['engine']}", Found(str(row["verdict"])))
    return {"tables": found}


def _name(row: dict[str, Any]) -> str:
    keys = ("measure", "table", "variable", "category", "group", "wave")
    return " / ".join(str(row[key]) for key in keys if str(row[key]))


def described_stages(folder: Path) -> dict[str, dict[str, float]]:
    """Return the marks of every stage: rows read, respondents and hidden cells per table, sums of numbers."""
    found = read_described(folder)
    return {
        "reading": _rows(found),
        "moments": _cells(found),
        "estimation": {
            f"sum of {measure} in {table}": float(f"{part['value'].sum():.10g}")
            for (table, measure), part in found.rows.groupby(["table", "measure"], sort=False)
        },
    }


def _rows(found: Described) -> dict[str, float]:
    data = found.manifest["data"]
    waves = {"": data, **{f" of {name}": wave for name, wave in data.get("waves", {}).items()}}
    return {
        f"rows {what}{name}": float(wave[f"rows_{what}"])
        for name, wave in waves.items()
        for what in ("read", "used")
    }


def _cells(found: Described) -> dict[str, float]:
    marks = {}
    for table, part in found.rows.groupby("table", sort=False):
        marks[f"respondents summed over cells of {table}"] = float(part["n"].sum())
        marks[f"hidden cells of {table}"] = float(part["status"].isin(HIDDEN).sum())
    return marks
