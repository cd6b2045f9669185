"""Every number of a result folder, explained: the entries of ``docs/numbers/*.yaml``, shown and held complete.

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

from docutils import nodes
from plain import code, slug
from ruamel.yaml import YAML
from sphinx.util.docutils import SphinxDirective

__all__ = ["Literature", "Numbers", "entries", "explained_files", "read_yaml", "setup", "unexplained"]

FOLDER = Path(__file__).resolve().parents[1] / "numbers"
BESIDE = ("common.yaml", "literature.yaml")
# columns with a name per variable: nothing in them but names of the study
FREE = {"audit_matrix.csv", "bootstrap.parquet"}

Entry = dict[str, Any]


def read_yaml(path: Path) -> dict[str, Any]:
    """Return a YAML file's mapping."""
    return dict(YAML(typ="safe").load(path.read_text(encoding="utf-8")))


@cache
def explained_files() -> dict[str, Entry]:
    """Return file name -> its entry, of all pages."""
    found: dict[str, Entry] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.name not in BESIDE:
            found |= read_yaml(path)
    return found


@cache
def _common() -> dict[str, Entry]:
    return read_yaml(FOLDER / "common.yaml")


def entries() -> Iterator[tuple[str, str, Entry]]:
    """Yield (file, name, entry) of every column and value that is explained."""
    for file, said in explained_files().items():
        for name, entry in said.get("columns", {}).items():
            yield file, name, entry
        for of in said.get("values", {}).values():
            for name, entry in of.items():
                yield file, name, entry
    for name, entry in _common().items():
        yield "common", name, entry


def unexplained(results: Path) -> Iterator[str]:
    """Yield a sentence per column or value in the result folders under ``results`` that nobody explained."""
    for manifest in sorted(results.rglob("manifest.json")):
        for path in sorted(manifest.parent.glob("*.csv")):
            yield from _unexplained(path)


def _unexplained(path: Path) -> Iterator[str]:
    file = re.sub(r"^replicate_\d+", "replicate_N", path.name)
    if file in FREE:
        return
    said = explained_files().get(file)
    if said is None:
        yield f"{file} is explained nowhere: give it an entry in docs/numbers/*.yaml"
        return
    known = {*said.get("columns", {}), *_common()}
    with path.open(encoding="utf-8", newline="") as text:
        table = csv.DictReader(text)
        for name in table.fieldnames or ():
            if name not in known:
                yield f"{file}: column {name!r} is explained nowhere (docs/numbers/*.yaml)"
        values = {column: set(of) for column, of in said.get("values", {}).items()}
        found = {(column, row[column]) for row in table for column in values if row.get(column)}
    for column, value in sorted(found):
        if value not in values[column] and value.split(".")[0] not in values[column]:
            yield f"{file}: {column} {value!r} is explained nowhere (docs/numbers/*.yaml)"


class Numbers(SphinxDirective):
    """``{numbers} FILE …``: a section per file with every column and value of it."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        for path in FOLDER.glob("*.yaml"):
            self.env.note_dependency(str(path))
        names = self.arguments[0].split()
        text = "\n".join(_list(_common()) if names == ["common"] else map(_file_text, names))
        return self.parse_text_to_nodes(text, allow_section_headings=True)


def _file_text(file: str) -> str:
    said = explained_files()[file]
    parts = [f"({slug(file)})=", f"## {file}\n", f"{said['about']}\n"]
    parts += _list(said.get("columns", {}))
    for column, values in said.get("values", {}).items():
        parts += [f"### Values of {code(column)}\n", *_list(values)]
    return "\n".join(parts) + "\n"


def _list(said: dict[str, Entry]) -> list[str]:
    return [f"{code(name)}\n: {_indented(_entry(entry))}\n" for name, entry in said.items()]


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ")


def _entry(entry: Entry) -> str:
    parts = [str(entry["is"])]
    if "formula" in entry:
        parts.append(f"$$\n{entry['formula']}\n$$")
    further = []
    if "unit" in entry:
        further.append(f"Unit: {entry['unit']}.")
    if "empty" in entry:
        further.append(f"Empty: {entry['empty']}.")
    if "source" in entry:
        further.append("Source: " + "; ".join(f"[{name}](#{slug(name)})" for name in entry["source"]) + ".")
    if "code" in entry:
        further.append("Code: " + ", ".join(_function(name) for name in entry["code"]) + ".")
    if further:
        parts.append("{.further}\n" + " ".join(further))
    return "\n\n".join(parts)


def _function(name: str) -> str:
    return f"[`{name.split(':')[1]}`](#fn-{slug(name)})"


class Literature(SphinxDirective):
    """``{literature}``: every work that an explanation names."""

    def run(self) -> list[nodes.Node]:
        """Return one paragraph per work, with its anchor."""
        works = read_yaml(FOLDER / "literature.yaml")
        self.env.note_dependency(str(FOLDER / "literature.yaml"))
        text = "\n".join(f"({slug(name)})=\n{said}\n" for name, said in works.items())
        return self.parse_text_to_nodes(text)


def setup(app: Any) -> dict[str, bool]:
    """Register the directives."""
    app.add_directive("numbers", Numbers)
    app.add_directive("literature", Literature)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
