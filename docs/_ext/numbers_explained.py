"""Every number of a result folder, explained: the entries of ``docs/numbers/*.yaml``, held complete.

An entry has ``is`` (one sentence, Markdown) and perhaps ``formula`` (LaTeX), ``source`` (keys of
``literature.yaml``), ``code`` (``room.module:function``), ``unit`` and ``empty`` (when it is empty).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

__all__ = ["FOLDER", "common", "entries", "explained_files", "literature", "unexplained", "unexplained_in"]

FOLDER = Path(__file__).resolve().parents[1] / "numbers"
BESIDE = ("common.yaml", "literature.yaml")
# columns with a name per variable: nothing in them but names of the study
FREE = {"audit_matrix.csv", "bootstrap.parquet", "across.csv"}

Entry = dict[str, Any]


def _read_yaml(path: Path) -> dict[str, Any]:
    """Return a YAML file's mapping, by the reader of studies: YAML 1.2, which every version has."""
    return dict(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")))


@cache
def explained_files() -> dict[str, Entry]:
    """Return file name -> its entry, of all pages."""
    found: dict[str, Entry] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.name not in BESIDE:
            found |= _read_yaml(path)
    return found


@cache
def common() -> dict[str, Entry]:
    """Return the columns that mean the same in every file."""
    return _read_yaml(FOLDER / "common.yaml")


@cache
def literature() -> dict[str, str]:
    """Return the works that entries name as their source: key -> reference."""
    return _read_yaml(FOLDER / "literature.yaml")


def entries() -> Iterator[tuple[str, str, Entry]]:
    """Yield (file, name, entry) of every column and value that is explained."""
    for file, said in explained_files().items():
        for name, entry in said.get("columns", {}).items():
            yield file, name, entry
        for of in said.get("values", {}).values():
            for name, entry in of.items():
                yield file, name, entry
    for name, entry in common().items():
        yield "common", name, entry


def unexplained(results: Path, damaged: str = "") -> Iterator[str]:
    """Yield a sentence per column or value in the result folders under ``results`` that nobody explained.

    Folders called ``damaged`` are left out: tests spoil them on purpose.
    """
    for manifest in sorted(results.rglob("manifest.json")):
        if manifest.parent.name == damaged or '"versions"' not in manifest.read_text(encoding="utf-8"):
            continue  # made by hand, for a test
        for path in sorted(manifest.parent.glob("*.csv")):
            yield from unexplained_in(path)


def unexplained_in(path: Path) -> Iterator[str]:
    """Yield a sentence per column or value of one table that nobody explained."""
    file = re.sub(r"^replicate_\d+", "replicate_N", path.name)
    if file in FREE:
        return
    said = explained_files().get(file)
    if said is None:
        yield f"{file} is explained nowhere: give it an entry in docs/numbers/*.yaml"
        return
    known = {*said.get("columns", {}), *common()}
    with path.open(encoding="utf-8", newline="") as text:
        table = csv.DictReader(text)
        for name in table.fieldnames or ():
            if name not in known:
                yield f"{file}: column {name!r} is explained nowhere (docs/numbers/*.yaml)"
        values = {column: set(of) for column, of in said.get("values", {}).items()}
        said_of = [(column, row[column]) for row in table for column in values if row.get(column)]
    # a cell may hold several values, parted by a semicolon
    found = {(column, part) for column, cell in said_of for part in cell.split(";")}
    for column, value in sorted(found):
        if value not in values[column] and value.split(".")[0] not in values[column]:
            yield f"{file}: {column} {value!r} is explained nowhere (docs/numbers/*.yaml)"
