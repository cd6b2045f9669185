"""The part of docs/vertrouwen.md on bad data."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from trust.bad_data.case import Case
from trust.bad_data.cases import CASES
from trust.bad_data.runner import put
from trust.part import Part, table

__all__ = ["PART"]

TEXT = (
    "Every case is a data file with one thing wrong, put to the command line as users do. A refusal has to "
    "end with exit code 2, say what was found and where (file, line or row, column), and leave no result "
    "folder; a warning has to stand in what `check` prints and in `manifest.json`; all verbs have to say the "
    "same. A case holds where the exit code, every expected word and the place are there."
)
KINDS = """### What was tried

| kind | tried | held |
|---|---|---|
"""
LONGEST = 300


def _measure(folder: Path) -> pd.DataFrame:
    rows = [row for case in CASES for row in _rows(case, folder)]
    return pd.DataFrame(rows)


def _rows(case: Case, folder: Path) -> Iterator[dict[str, Any]]:
    """Yield what each verb answered to a case."""
    for verb in case.verbs:
        place = folder / "case"
        place.mkdir()
        found = put(case, verb, place)
        yield {
            "case": case.name, "kind": case.kind, "format": case.suffix, "verb": verb,
            "expected": case.code, "found": found.code, "message": _message(case, found.said, place),
            "held": found.held,
        }  # fmt: skip
        shutil.rmtree(place)


def _message(case: Case, said: str, folder: Path) -> str:
    """Return the line that was asked for, without the folder of the day."""
    lines = [line for line in said.splitlines() if case.words[0] in line] or said.splitlines() or [""]
    text = lines[0].replace(f"{folder}/", "").removeprefix("werksem: ").removeprefix("warning: ")
    return re.sub(r"[\x00-\x1f\x7f]", "?", text)[:LONGEST]


def _page(found: pd.DataFrame) -> str:
    kinds = found.groupby("kind", sort=False)["held"].agg(["size", "sum"])
    counts = "\n".join(f"| {kind} | {row['size']} | {row['sum']} |" for kind, row in kinds.iterrows())
    first = found[found["held"]].drop_duplicates("kind")
    told = first.assign(message=first["message"].map(lambda text: f"`{text}`"))[["kind", "case", "message"]]
    formats = ", ".join(f"`{suffix}`" for suffix in dict.fromkeys(found["format"].dropna()) if suffix)
    files = f"Files ended in {formats}."
    return f"{TEXT} {files}\n\n{KINDS}{counts}\n\n### An answer of each kind\n\n{table(told)}{_fell(found)}"


def _fell(found: pd.DataFrame) -> str:
    short = found[~found["held"].astype(bool)]
    if short.empty:
        return ""
    return "\n\n### What did not hold\n\n" + table(short[["case", "verb", "expected", "found", "message"]])


def _summary(found: pd.DataFrame) -> tuple[str, int, int]:
    cases = len(found[["kind", "case"]].drop_duplicates())
    said = f"{cases} data files, refused, warned of or read as meant, by `check`, `fit` and `describe`"
    return said, len(found), int(found["held"].sum())


PART = Part("bad_data", "Bad data", _measure, _page, _summary)
