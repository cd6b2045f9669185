"""``tables.md``: pipe tables as GitHub, Pandoc and Quarto read them."""

from __future__ import annotations

import re
from pathlib import Path

from werksem.report.publish.publication import Publication
from werksem.report.publish.words import said
from werksem.report.table import Cell, Table

__all__ = ["escaped", "markdown", "write_markdown"]

SPECIAL = re.compile(r"([\\`*_|<>~#])")


def write_markdown(found: Publication, folder: Path) -> Path:
    """Write ``tables.md`` and return its path."""
    path = folder / "tables.md"
    path.write_text(markdown(found), encoding="utf-8", newline="\n")
    return path


def markdown(found: Publication) -> str:
    """Return title, banner, methods and every table as Markdown."""
    language = found.language
    parts = [f"# {escaped(found.title)}"]
    parts += [f"> **{escaped(found.banner)}**"] if found.banner else []
    parts += [escaped(said("source", language, source=found.source))] if found.source else []
    if found.methods:
        parts += [f"## {said('method', language)}", " ".join(escaped(text) for text in found.methods)]
    parts.append(f"## {said('tables', language)}")
    synthetic = f" ({said('synthetic', language)})" if found.banner else ""
    for number, one in enumerate(found.tables, start=1):
        parts.append(f"**{said('table', language)} {number}.** *{escaped(one.table.caption)}{synthetic}*")
        parts.append("\n".join(_lines(one.table)))
        if one.table.notes:
            notes = " ".join(escaped(note) for note in one.table.notes)
            parts.append(f"*{said('note', language)}* {notes}")
    return "\n\n".join(parts) + "\n"


def _lines(table: Table) -> list[str]:
    """Return the lines of a pipe table: header, alignment, rows; headings of bodies are rows in bold."""
    lines = [_line([escaped(column.header) for column in table.columns])]
    lines.append(_line(["---:" if column.numeric else ":---" for column in table.columns]))
    for body in table.bodies:
        if body.heading:
            lines.append(_line([f"**{escaped(body.heading)}**", *[""] * (len(table.columns) - 1)]))
        lines += [_line([_cell(cell) for cell in row]) for row in body.rows]
    return lines


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    return escaped(" ".join(part for part in (cell.text + cell.mark, cell.sub) if part))


def escaped(text: str) -> str:
    r"""Return text in which nothing is read as Markdown or HTML.

    >>> escaped("a|b_c ,15***")
    'a\\|b\\_c ,15\\*\\*\\*'
    """
    return SPECIAL.sub(r"\\\1", text)
