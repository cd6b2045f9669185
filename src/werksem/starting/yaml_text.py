"""YAML with comments: short lists in one line, names quoted where an editor could read them otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

__all__ = ["dumped", "hashed", "in_line", "listed", "named", "quoted"]

PLAIN = re.compile(r"[^\W\d_]([\w .-]*\w)?|_\w+|[\w.-]*/[\w./-]*\w")
# what YAML 1.1, which many editors speak, reads as something else than text
WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"}


def quoted(text: str) -> str:
    """Return text that YAML reads as text.

    >>> [str(type(quoted(name)).__name__) for name in ("veilig_1", "no", "a: b", "1e3")]
    ['str', 'DoubleQuotedScalarString', 'DoubleQuotedScalarString', 'DoubleQuotedScalarString']
    """
    fine = PLAIN.fullmatch(text) and text.casefold() not in WORDS
    return text if fine else DoubleQuotedScalarString(text)


def listed(entries: Sequence[Any]) -> CommentedSeq:
    """Return a list that is written in one line."""
    made = CommentedSeq(quoted(entry) if isinstance(entry, str) else _number(entry) for entry in entries)
    made.fa.set_flow_style()
    return made


def named(entries: Mapping[str, Any]) -> CommentedMap:
    """Return a mapping with its names quoted where need be."""
    return CommentedMap((quoted(name), value) for name, value in entries.items())


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def dumped(content: CommentedMap) -> str:
    """Return a mapping as YAML text."""
    writer = YAML()
    writer.width = 10_000
    writer.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    writer.dump(content, stream)
    return stream.getvalue()


def in_line(value: Any) -> str:
    """Return a value as it stands behind a key, in one line.

    >>> in_line(listed(["a", "no", 1.0]))
    '[a, "no", 1]'
    """
    return dumped(CommentedMap({"k": value})).removeprefix("k: ").rstrip("\n")


def hashed(text: str, indent: int = 0) -> str:
    """Return lines of text as a comment.

    >>> hashed("a:\\n  b", 2)
    '  # a:\\n  #   b\\n'
    """
    return "".join(f"{' ' * indent}# {line}".rstrip() + "\n" for line in text.splitlines())
