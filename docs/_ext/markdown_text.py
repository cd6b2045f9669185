"""Plain text into Markdown, and tables out of rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["code", "escaped", "fenced", "indented", "slug", "table", "without_ansi"]

SPECIAL = re.compile(r"([\\*_`<>\[\]{}#|$~])")
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is; double backticks become code.

    >>> escaped("a * b of ``x_1``")
    'a \\\\* b of `x_1`'
    """
    parts = re.split(r"``(.+?)``", text)
    return "".join(code(part) if at % 2 else SPECIAL.sub(r"\\\1", part) for at, part in enumerate(parts))


def code(text: str) -> str:
    """Return text as inline code, also where it holds a backtick."""
    mark = "``" if "`" in text else "`"
    return f"{mark}{text}{mark}" if mark == "`" else f"{mark} {text} {mark}"


def fenced(text: str, language: str = "text") -> str:
    """Return text as a block of code."""
    return f"````{language}\n{text}\n````\n"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; cells are Markdown already. Columns of numbers end on the right."""
    rules = [
        "--:" if all(map(_is_number, column)) and any(column) else "---" for column in zip(*rows, strict=True)
    ]
    lines = [header, rules or ["---"] * len(header), *rows]
    return (
        "\n".join("| " + " | ".join(cell.replace("\n", " ") for cell in line) + " |" for line in lines) + "\n"
    )


def _is_number(cell: str) -> bool:
    """Return whether a cell is a number, or empty."""
    return re.fullmatch(r"[-−]?[\d.]*", cell) is not None


def indented(text: str) -> str:
    """Return text whose further lines stand below its first, as those of a list's entry do."""
    return text.replace("\n", "\n  ")


def slug(text: str) -> str:
    """Return a name that can be linked to."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def without_ansi(text: str) -> str:
    """Return text without colours, and without spaces at the ends of lines."""
    return "\n".join(line.rstrip() for line in ANSI.sub("", text).splitlines()).strip("\n")
