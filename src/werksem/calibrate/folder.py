"""A calibration's folder, read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from werksem.errors import DataError
from werksem.results import read_manifest

__all__ = ["Calibration", "is_calibration", "read_calibration"]

NAMES = (
    "engine", "interval", "group", "lhs", "op", "rhs", "quantity", "verdict", "kind", "than", "better",
    "method",
)  # fmt: skip
TABLES = ("calibration", "power", "sbc", "sbc_ranks", "smallest_sector")


@dataclass(frozen=True)
class Calibration:
    """The content of a folder that ``calibrate`` wrote; tables of a posterior are empty without one."""

    folder: Path
    manifest: Mapping[str, Any]
    coverage: pd.DataFrame
    power: pd.DataFrame
    sbc: pd.DataFrame
    ranks: pd.DataFrame
    sectors: pd.DataFrame

    @property
    def language(self) -> str:
        """The language of labels and page, ``nl`` or ``en``."""
        return "en" if self.manifest.get("language") == "en" else "nl"


def is_calibration(manifest: Mapping[str, Any]) -> bool:
    """Return whether a manifest is of a calibration."""
    return manifest.get("verb") == "calibrate"


def read_calibration(folder: Path) -> Calibration:
    """Return what a calibration's folder holds; raises ``DataError`` where it is not one."""
    manifest = read_manifest(folder)
    for name in ("calibration.csv", "power.csv"):
        if not is_calibration(manifest) or not (folder / name).is_file():
            raise DataError(
                f"this is not a finished folder of werksem calibrate: {name} is missing", where=str(folder)
            )
    return Calibration(folder, manifest, *(_read(folder / f"{name}.csv") for name in TABLES))


def _read(path: Path) -> pd.DataFrame:
    """Return a table with its names as text, whatever they look like; an empty one where there is none."""
    if not path.is_file():
        return pd.DataFrame()
    columns = pd.read_csv(path, nrows=0).columns
    text = {name: str for name in columns if name in NAMES}
    blank = {name: [""] for name in columns if name not in NAMES}
    table = pd.read_csv(path, dtype=text, keep_default_na=False, na_values=blank)
    # without rows a column has no kind of its own
    return table.astype({"own": bool}) if "own" in table else table
