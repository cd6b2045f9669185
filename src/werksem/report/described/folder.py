"""A folder with descriptive tables read back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from werksem.describe.table import COLUMNS
from werksem.errors import DataError
from werksem.spec.yaml import load
from werksem.survey.formulas import undone_table

__all__ = ["Described", "group_label", "is_described", "label_of", "read_described", "value_label"]

NUMBERS = ("value", "se", "ci_lower", "ci_upper", "n")


@dataclass(frozen=True)
class Described:
    """The content of a folder that ``describe`` wrote: long table, manifest, and its tables' settings."""

    folder: Path
    rows: pd.DataFrame
    manifest: Mapping[str, Any]
    tables: tuple[Mapping[str, Any], ...]

    @property
    def language(self) -> str:
        """The language of labels and page, ``nl`` or ``en``."""
        return "en" if self.manifest.get("language") == "en" else "nl"


def is_described(manifest: Mapping[str, Any]) -> bool:
    """Return whether a manifest is of a folder with descriptive tables."""
    return manifest.get("verb") == "describe"


def read_described(folder: Path) -> Described:
    """Return what a folder with tables holds; raises ``DataError`` where it is not one, or damaged."""
    for name in ("manifest.json", "tables.csv", "study.yaml"):
        if not (folder / name).is_file():
            message = f"this is not a finished folder of werksem describe: {name} is missing"
            raise DataError(message, where=str(folder))
    try:
        text = {name: str for name in COLUMNS if name not in NUMBERS}
        blank = dict.fromkeys(NUMBERS, "")
        rows = pd.read_csv(folder / "tables.csv", dtype=text, keep_default_na=False, na_values=blank)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        study = load(folder / "study.yaml").data
        tables = tuple(study["describe"]["tables"])
        return Described(folder, undone_table(rows[list(COLUMNS)]), manifest, tables)
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise DataError(
            f"this folder is damaged ({problem}); run describe again", where=str(folder)
        ) from None


def label_of(found: Described, name: str) -> str:
    """Return the label of a scale, item or column in the page's language, else its name."""
    label = found.manifest.get("model", {}).get("labels", {}).get(name, {})
    return str(label.get(found.language) or name)


def value_label(found: Described, variable: str, code: str) -> str:
    """Return what an answer of a column means, empty where the codebook does not say."""
    told = found.manifest.get("values", {}).get(variable, {}).get(code, {})
    return str(told.get(found.language) or "")


def group_label(found: Described, table: Mapping[str, Any], group: str) -> str:
    """Return what a group is called: by its column's labels, or its own name."""
    by = table.get("by")
    if isinstance(by, str):
        return value_label(found, by, group) or group
    if isinstance(by, dict) and group in by.get("indicators", ()):
        return label_of(found, group)
    return group
