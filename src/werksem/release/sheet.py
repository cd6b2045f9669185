"""``output_check.csv`` and its sheet ``output_check.html`` in a result folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from werksem.compare.cells import read_table, records
from werksem.release.files import file_outputs
from werksem.release.rules import COLUMNS, UNITS, Output, failed, units_of
from werksem.release.words import said
from werksem.report.numbers import count, percent
from werksem.report.pages import made, page
from werksem.report.words import word
from werksem.results import read_manifest, write_table

__all__ = ["CHECK", "SHEET", "make_sheet", "write_check"]

CHECK, SHEET = "output_check.csv", "output_check.html"
TEXT = ("section", "name", "group", "file", "failed", "passes")
SECTIONS = ("rule", "table", "group", "model", "cells")
NUMBERS = (
    "n", "cells", "smallest", "units", "df", "largest_respondent", "largest_unit", "largest_category",
    "hidden",
)  # fmt: skip
OWN_NAMES = {("group", "all"): "everyone", ("rule", "disclosure"): "smallest_shown"}
SHARES = ("largest_respondent", "largest_unit", "largest_category")


def write_check(folder: Path, outputs: Sequence[Output]) -> Path:
    """Write the check of a finished folder and its sheet; return the path of the sheet."""
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    rare = {output.name for output in outputs if output.held == "rare"}
    units = units_of(outputs)
    rows = [_row(output, units) for output in (*outputs, *file_outputs(there | {CHECK, SHEET}, rare))]
    write_table(pd.DataFrame(rows, columns=list(COLUMNS)), folder / CHECK)
    return make_sheet(folder)


def _row(output: Output, units: int) -> dict[str, Any]:
    broken = failed(output, units)
    return {**asdict(output), "failed": ";".join(broken), "passes": "no" if broken else "yes"}


def make_sheet(folder: Path) -> Path:
    """Write the sheet of a folder from its ``output_check.csv``, one HTML file that opens offline."""
    text = page("output_check.html.j2", _content(folder))
    (folder / SHEET).write_text(text, encoding="utf-8", newline="\n")
    return folder / SHEET


def _content(folder: Path) -> dict[str, Any]:
    manifest = read_manifest(folder)
    language = "en" if manifest.get("language") == "en" else "nl"
    rows = records(read_table(folder / CHECK, TEXT))
    outputs = [row for row in rows if row["section"] != "file"]
    files = [row for row in rows if row["section"] == "file"]
    columns = [name for name in NUMBERS if any(row[name] == row[name] for row in outputs)]
    broken = sum(row["passes"] == "no" for row in outputs)
    units = max([UNITS, *(int(row["smallest"]) for row in outputs if row["section"] == "rule")])
    counts = {"count": len(outputs), "passing": len(outputs) - broken, "broken": broken}
    return {
        "language": language,
        "title": said("title", language, title=manifest.get("title") or manifest.get("study") or "werksem"),
        "version": manifest.get("werksem", ""),
        "banner": word("banner", language) if manifest.get("synthetic") else "",
        "made": made(manifest, language),
        "verdict": said("all_pass" if not broken else "some_fail", language, **counts),
        "tone": "good" if not broken else "bad",
        "for_checker": said("for_checker", language),
        "heads": [said(name, language) for name in ("what", *columns, "result")],
        "parts": [
            (said(f"section_{section}", language), [_line(row, columns, language, units) for row in part])
            for section in SECTIONS
            if (part := [row for row in outputs if row["section"] == section])
        ],
        "rules": [said(f"rule_{key}", language, units=units) for key in ("units", "df", "share", "category")],
        "hidden_said": said("hidden_said", language) if "hidden" in columns else "",
        "files": _files(files, language),
        "words": {key: said(key, language) for key in ("rules", "source", "files", "files_said")},
    }  # fmt: skip


def _line(row: dict[str, Any], columns: Sequence[str], language: str, units: int) -> dict[str, Any]:
    broken = [said(f"broken_{name}", language, units=units) for name in row["failed"].split(";") if name]
    own = (row["section"], row["name"])
    return {
        "name": said(OWN_NAMES[own], language) if own in OWN_NAMES else row["name"],
        "group": "" if row["group"] in ("all", row["name"]) else row["group"],
        "numbers": [_number(row, name, language) for name in columns],
        "said": "; ".join(broken) or said("passes", language),
        "tone": "bad" if broken else "good",
    }  # fmt: skip


def _number(row: dict[str, Any], name: str, language: str) -> str:
    value = row[name]
    if value != value:
        return ""
    if name in SHARES:
        return percent(value, language, 2 if name == "largest_respondent" else 1)
    also = row["hidden_also"] if name == "hidden" else 0
    return count(value, language) + (f" + {count(also, language)}" if also and also == also else "")


def _files(rows: Sequence[dict[str, Any]], language: str) -> list[tuple[str, str]]:
    """Return what is said of the files, and which: those for release first, then the others by reason."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["failed"], []).append(row["name"])
    order = sorted(found, key=lambda reason: (reason != "", reason))
    return [
        (said(f"files_{reason or 'release'}", language), ", ".join(_folded(found[reason])))
        for reason in order
    ]


def _folded(names: Sequence[str]) -> list[str]:
    """Return names of files with those of one folder in one.

    >>> _folded(["fit.csv", "figures/a.svg", "figures/b.svg"])
    ['fit.csv', 'figures/ (2)']
    """
    inside = Counter(name.rpartition("/")[0] for name in names)
    return [name for name in names if "/" not in name] + [
        f"{folder}/ ({count})" for folder, count in inside.items() if folder
    ]
