"""What commands found as one JSON document, for scripts: ``--json`` of check, fit, compare and audit."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werksem.errors import WerksemError

if TYPE_CHECKING:
    from werksem.audit.run import Audit

__all__ = ["audit_document", "compared_document", "gathered", "json_document", "result_document"]

Document = dict[str, Any]
LISTS = {"warning": "warnings", "note": "notes"}


@contextmanager
def json_document() -> Iterator[Document]:
    """Yield a mapping to fill; print it as JSON at the end, an error with its place and exit code in it.

    A ``WerksemError`` goes on to its message on stderr; numbers that are not finite are null.
    """
    found: Document = {}
    try:
        yield found
    except WerksemError as problem:
        found |= {"ok": False, "exit_code": problem.exit_code}
        found["error"] = {"message": problem.message, "where": problem.where}
        raise
    finally:
        print(json.dumps(plain(found), ensure_ascii=False, indent=1, allow_nan=False))


def plain(value: Any) -> Any:
    """Return plain data that JSON can hold.

    >>> plain({"a": float("nan"), "b": (1, Path("c"))})
    {'a': None, 'b': [1, 'c']}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(inside) for key, inside in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inside) for inside in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.item() if hasattr(value, "item") else str(value)


def gathered(found: Document, facts: Iterable[Mapping[str, Any]]) -> None:
    """Add facts to a document as they come; each ``warning`` and ``note`` to its list."""
    found |= {name: [] for name in LISTS.values()}
    for fact in facts:
        for key, value in fact.items():
            if key in LISTS:
                found[LISTS[key]].append(value)
            else:
                found[key] = value
    found |= {"ok": True, "exit_code": 0}


def result_document(folder: Path, code: int) -> Document:
    """Return what a result folder says: n, warnings, comparison, fit, and the diagnostics that are not ok."""
    from werksem.compare.across import read_comparison
    from werksem.compare.cells import records
    from werksem.results import read_manifest

    manifest = read_manifest(folder)
    kept = ("study", "title", "engines", "synthetic", "n", "warnings", "notes", "timings")
    wrong = [row for row in _rows(folder / "diagnostics.csv") if str(row.get("ok")) == "False"]
    return {
        "ok": code == 0, "exit_code": code, "folder": str(folder),
        **{key: manifest[key] for key in kept if key in manifest},
        "fit": _rows(folder / "fit.csv"), "diagnostics_not_ok": wrong,
        "comparison": records(read_comparison(folder)),
    }  # fmt: skip


def _rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a CSV file of results, none where there is no file; words stay words."""
    from werksem.compare.cells import read_table, records

    text = ("engine", "group", "measure", "ok")
    return records(read_table(path, text)) if path.is_file() else []


def compared_document(folders: Iterable[Path], out: Path | None = None) -> Document:
    """Return the comparison of one or several result folders, and where they are waves, why betas changed.

    The changes are written to ``out`` too, where it is given.
    """
    from werksem.change.table import change_table, in_order, why_not
    from werksem.compare.across import across
    from werksem.compare.cells import records
    from werksem.compare.passport.across import passports
    from werksem.report.change import write_change
    from werksem.report.folder import read_result

    unique = list({folder.resolve(): folder for folder in folders}.values())
    synthetic = any(read_result(folder).manifest.get("synthetic") for folder in unique)
    found: Document = {"ok": True, "exit_code": 0, "folders": unique, "synthetic": synthetic}
    found |= {"comparison": records(across(unique)), "passport": records(passports(unique))}
    if why_not(unique):
        return found
    try:
        table = change_table(in_order(unique))
    except WerksemError as problem:
        if out is not None:
            raise
        return {**found, "warnings": [str(problem)]}
    if out is not None:
        write_change(table, out)
    return {**found, "change": records(table)}


def audit_document(done: Audit) -> Document:
    """Return what an audit found: a row per cell, the sums, and whether all of it is possible."""
    from werksem.audit.run import cell_rows, exit_code, sum_rows

    code = exit_code(done)
    return {"ok": code == 0, "exit_code": code, "cells": cell_rows(done), "sums": sum_rows(done)}
