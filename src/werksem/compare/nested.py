"""Models side by side: the fit of several result folders, widest model first."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import nan
from pathlib import Path

import pandas as pd

from werksem.compare.across import names_of

__all__ = ["COLUMNS", "data_key", "model_table", "robust_fit", "sem_fit"]

COLUMNS = ["model", "chisq", "df", "cfi", "rmsea", "srmr", "bic"]
ROBUST = {"chisq": "chisq_scaled", "cfi": "cfi_robust", "rmsea": "rmsea_robust"}


def model_table(folders: Sequence[Path]) -> pd.DataFrame:
    """Return one row per folder with an SEM, widest model first; robust measures where all are robust."""
    found = [(name, sem_fit(folder)) for name, folder in zip(names_of(folders), folders, strict=True)]
    found = sorted((entry for entry in found if "chisq" in entry[1]), key=lambda entry: entry[1]["df"])
    fits = [fit for _, fit in found]
    rows = [
        {"model": name} | {measure: robust_fit(fit, measure, fits) for measure in COLUMNS[1:]}
        for name, fit in found
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def robust_fit(fit: Mapping[str, float], measure: str, others: Sequence[Mapping[str, float]]) -> float:
    """Return a measure of a fit, in its robust form where all others have that too; NaN where absent.

    >>> robust_fit({"cfi": 0.9, "cfi_robust": 0.95}, "cfi", [{"cfi": 0.8}])
    0.9
    """
    name = ROBUST.get(measure, measure)
    robust = all(name in other for other in (fit, *others))
    return fit.get(name if robust else measure, nan)


def sem_fit(folder: Path) -> dict[str, float]:
    """Return the SEM's measures of a folder by name, empty where it has none."""
    path = folder / "fit.csv"
    if not path.is_file():
        return {}
    table = pd.read_csv(path)
    table = table[(table["engine"] == "sem") & table["value"].notna()]
    return dict(zip(table["measure"], table["value"].astype(float), strict=True))


def data_key(folder: Path) -> str:
    """Return what identifies the rows behind a folder: file, rows and n."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    data = manifest.get("data", {})
    return json.dumps([data.get("sha256"), data.get("rows_used"), manifest.get("n", {}).get("sem")])
