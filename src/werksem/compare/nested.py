"""Models side by side: fit of several result folders, and the difference from the best-fitting one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from werksem.compare.across import names_of
from werksem.inference.difference import chisq_difference

__all__ = ["COLUMNS", "model_table"]

COLUMNS = [
    "model", "chisq", "df", "cfi", "rmsea", "srmr", "bic", "delta_chisq", "delta_df", "delta_pvalue",
    "delta_cfi", "delta_bic",
]  # fmt: skip


def model_table(folders: Sequence[Path]) -> pd.DataFrame:
    """Return one row per folder with an SEM, widest model first, each against the row above.

    Differences are likelihood-ratio tests (scaled after Satorra and Bentler, 2001, where both are
    robust), which mean something where the models are nested; they are left empty where the
    folders speak of different data. The data are the same when file, rows and n are.
    """
    found = []
    for name, folder in zip(names_of(folders), folders, strict=True):
        fit = _sem_fit(folder)
        if "chisq" in fit:
            found.append((name, _data_key(folder), fit))
    found.sort(key=lambda entry: entry[2]["df"])
    rows = []
    for at, (name, key, fit) in enumerate(found):
        row: dict[str, object] = {"model": name} | {
            column: fit.get(column) for column in ("chisq", "df", "cfi", "rmsea", "srmr", "bic")
        }
        if at and found[at - 1][1] == key and fit["df"] > found[at - 1][2]["df"]:
            wide = found[at - 1][2]
            test = chisq_difference(fit, wide)
            row |= {
                "delta_chisq": test.chisq, "delta_df": test.df, "delta_pvalue": test.pvalue,
                "delta_cfi": fit["cfi"] - wide["cfi"], "delta_bic": fit["bic"] - wide["bic"],
            }  # fmt: skip
        rows.append(row)
    return pd.DataFrame(rows, columns=COLUMNS)


def _sem_fit(folder: Path) -> dict[str, float]:
    """Return the SEM's measures of a folder by name, empty where it has none."""
    path = folder / "fit.csv"
    if not path.is_file():
        return {}
    table = pd.read_csv(path)
    table = table[(table["engine"] == "sem") & table["value"].notna()]
    return dict(zip(table["measure"], table["value"].astype(float), strict=True))


def _data_key(folder: Path) -> str:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    data = manifest.get("data", {})
    return json.dumps([data.get("sha256"), data.get("rows_used"), manifest.get("n", {}).get("sem")])
