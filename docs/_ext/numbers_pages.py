"""Directives ``{numbers}`` and ``{literature}``: the explanations as pages."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from markdown_text import code, indented, slug
from numbers_explained import FOLDER, Entry, common, explained_files, literature
from sphinx.util.docutils import SphinxDirective

__all__ = ["Literature", "Numbers", "setup"]


class Numbers(SphinxDirective):
    """``{numbers} FILE …``: a section per file with every column and value of it."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        for path in FOLDER.glob("*.yaml"):
            self.env.note_dependency(str(path))
        names = self.arguments[0].split()
        text = "\n".join(_list(common()) if names == ["common"] else map(_file_text, names))
        return self.parse_text_to_nodes(text, allow_section_headings=True)


def _file_text(file: str) -> str:
    said = explained_files()[file]
    parts = [f"({slug(file)})=", f"## {file}\n", f"{said['about']}\n"]
    parts += _list(said.get("columns", {}))
    for column, values in said.get("values", {}).items():
        parts += [f"### Values of {code(column)}\n", *_list(values)]
    return "\n".join(parts) + "\n"


def _list(said: dict[str, Entry]) -> list[str]:
    return [f"{code(name)}\n: {indented(_entry(entry))}\n" for name, entry in said.items()]


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
        self.env.note_dependency(str(FOLDER / "literature.yaml"))
        text = "\n".join(f"({slug(name)})=\n{said}\n" for name, said in literature().items())
        return self.parse_text_to_nodes(text)


def setup(app: Any) -> dict[str, bool]:
    """Register the directives."""
    app.add_directive("numbers", Numbers)
    app.add_directive("literature", Literature)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
