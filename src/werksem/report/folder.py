"""A result folder read back: its tables and what the manifest says."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from werksem import __version__
from werksem.compare.across import read_comparison
from werksem.compare.cells import read_table
from werksem.errors import DataError
from werksem.estimates import COLUMNS, TEXT, estimates_table
from werksem.report.described.folder import is_described
from werksem.results import read_manifest
from werksem.spec.yaml import load

__all__ = ["Result", "label_of", "labels_of", "optional_table", "paths_of", "read_result", "readable"]

FIT = ("engine", "group", "measure", "value")
RELIABILITY = ("construct", "alpha", "omega", "ave", "items")
RELIABILITY_TEXT = ("construct", "group", "omega_method")
DIAGNOSTICS = ("engine", "measure", "value", "ok")


@dataclass(frozen=True)
class Result:
    """The content of a result folder; a table that the study did not ask for is empty."""

    folder: Path
    estimates: pd.DataFrame
    comparison: pd.DataFrame
    fit: pd.DataFrame
    reliability: pd.DataFrame
    diagnostics: pd.DataFrame
    manifest: Mapping[str, Any]
    study: Mapping[str, Any]

    @property
    def language(self) -> str:
        """The language of labels and report, ``nl`` or ``en``."""
        return "en" if self.manifest.get("language") == "en" else "nl"


def read_result(folder: Path) -> Result:
    """Return what a result folder holds; raises ``DataError`` for a folder that is not one."""
    if is_described(read_manifest(folder)):
        raise DataError("this folder holds descriptive tables; its page is tables.html", where=str(folder))
    if read_manifest(folder).get("verb") == "calibrate":
        raise DataError("this folder holds a calibration; its page is calibration.html", where=str(folder))
    for name in ("manifest.json", "estimates.csv"):
        if not (folder / name).is_file():
            raise DataError(
                f"this is not a finished werksem result folder: {name} is missing", where=str(folder)
            )
    try:
        return _read(folder)
    except (ValueError, KeyError, RecursionError) as error:
        raise DataError(
            f"this result folder is damaged ({' '.join(str(error).split())}); run fit again",
            where=str(folder),
        ) from None


@contextmanager
def readable(*folders: Path) -> Iterator[None]:
    """Say of folders of an earlier day that its tables cannot be shown, where the block fails on them.

    An edited table, or one of another version, lacks a column or has words where numbers belong. Raises
    ``DataError`` then; with WERKSEM_DEBUG set the error as it was. So it does where another run has put
    new results in the place of a folder meanwhile: tables of both may have been read.
    """
    before = [_which(folder) for folder in folders]
    try:
        yield
        for folder, one in zip(folders, before, strict=True):
            if _which(folder) != one:
                raise DataError("another run has replaced these results meanwhile: again", where=str(folder))
    except (LookupError, ValueError, TypeError, NotImplementedError, AttributeError) as error:
        if os.environ.get("WERKSEM_DEBUG"):
            raise
        there = ", ".join(str(read_manifest(folder).get("werksem", "unknown")) for folder in folders)
        raise DataError(
            f"the tables cannot be shown ({type(error).__name__}: {error}); one was edited, is damaged or is "
            f"of another version of werksem ({there} there, {__version__} here): run fit again, or set "
            "WERKSEM_DEBUG=1 to see where it arose",
            where=", ".join(map(str, folders)),
        ) from error


def _which(folder: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another that takes its name, None where there is none."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _read(folder: Path) -> Result:
    """Return the tables of a result folder; raises ``ValueError`` or ``KeyError`` where one is damaged."""
    return Result(
        folder=folder,
        estimates=read_table(folder / "estimates.csv", TEXT)[list(COLUMNS)],
        comparison=read_comparison(folder),
        fit=_optional(folder / "fit.csv", FIT, ("engine", "group", "measure")),
        reliability=_optional(folder / "reliability.csv", RELIABILITY, RELIABILITY_TEXT),
        diagnostics=_optional(folder / "diagnostics.csv", DIAGNOSTICS, ("engine", "measure", "ok")),
        manifest=_manifest(folder),
        study=_study(folder / "study.yaml"),
    )


def _manifest(folder: Path) -> Mapping[str, Any]:
    """Return the manifest; raises ``ValueError`` where it is not one."""
    try:
        found = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"manifest.json: {error}") from None
    if not isinstance(found, dict):
        raise ValueError("manifest.json holds no keys with values")
    return found


def optional_table(result: Result, name: str, text: tuple[str, ...]) -> pd.DataFrame:
    """Return a table of the folder by its file name, empty where an older folder lacks it."""
    path = result.folder / name
    return read_table(path, text) if path.is_file() else pd.DataFrame(columns=list(text))


def labels_of(result: Result) -> dict[str, str]:
    """Return the labels of variables and items in the report's language; names without one are left out."""
    labels = result.manifest.get("model", {}).get("labels", {})
    return {name: str(text[result.language]) for name, text in labels.items() if text.get(result.language)}


def label_of(result: Result, name: str) -> str:
    """Return the label of a variable or item in the report's language, else its name."""
    return labels_of(result).get(name, name)


def _optional(path: Path, columns: tuple[str, ...], text: tuple[str, ...]) -> pd.DataFrame:
    return read_table(path, text) if path.is_file() else pd.DataFrame(columns=list(columns))


def _study(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        return {}
    return load(path).data


def paths_of(estimates: pd.DataFrame, engine: str, op: str = "~") -> pd.DataFrame:
    """Return one engine's rows of one operator; an empty table of the right columns where there are none."""
    found = estimates[(estimates["engine"] == engine) & (estimates["op"] == op)]
    return found if len(found) else estimates_table([])
