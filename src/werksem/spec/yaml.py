"""YAML 1.2 files to documents: plain data that knows its lines and columns."""

from __future__ import annotations

import itertools
import stat
from collections.abc import Sequence
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from werksem.errors import SpecError, did_you_mean, is_control, shortened
from werksem.spec.broken_yaml import explained
from werksem.spec.builder import Builder, scalar, unseen
from werksem.spec.document import Document, Loc, Origin

__all__ = ["Document", "Loc", "Origin", "load", "loads", "read_text", "scalar"]

MAX_BYTES = 5_000_000


def read_text(path: Path) -> str:
    """Return a file as UTF-8 text; raises ``SpecError`` where it is absent, too large or not text."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
            raise SpecError("this is a device or a pipe; right is a file", where=str(path))
        if found.st_size > MAX_BYTES:
            raise SpecError(f"the file is larger than {MAX_BYTES // 1_000_000} MB", where=str(path))
        raw = path.read_bytes()
    except FileNotFoundError:
        raise SpecError(f"no such file{_nearest_file(path)}", where=str(path)) from None
    except OSError as problem:
        raise SpecError(
            f"cannot read the file: {(problem.strerror or 'unknown').lower()}", where=str(path)
        ) from None
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        _refuse_unseen(text.split("\n"), str(path))
        return text
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        column = problem.start - raw.rfind(b"\n", 0, problem.start)
        byte = f"byte 0x{raw[problem.start]:02x}"
        raise SpecError(
            f"{byte} is not UTF-8; save the file as UTF-8", where=f"{path}:{line}:{column}"
        ) from None


def _nearest_file(path: Path) -> str:
    siblings = sorted(path.parent.iterdir()) if path.parent.is_dir() else []
    return did_you_mean(path.name, [sibling.name for sibling in siblings if sibling.is_file()])


def load(path: Path | str | Document) -> Document:
    """Return a YAML file as a ``Document``; one that is a ``Document`` already as it is.

    Raises ``SpecError`` for anything but one mapping: duplicate keys, several documents, custom
    tags, merge keys, aliases that refer to themselves or grow without bound, broken YAML.
    """
    if isinstance(path, Document):
        return path
    path = Path(path)
    return loads(read_text(path), file=str(path), folder=path.parent)


def loads(text: str, file: str = "", folder: Path = Path()) -> Document:
    """Return YAML text as a ``Document``; raises as ``load``.

    >>> document = loads("study: a\\nols: {se: HC3}", file="a.yaml")
    >>> document.data, document.where(("ols", "se"))
    ({'study': 'a', 'ols': {'se': 'HC3'}}, 'a.yaml:2:11')
    """
    lines = tuple(text.split("\n"))
    _refuse_unseen(lines, file)
    _refuse_directives(lines, file)
    builder = Builder(file)
    try:
        data = builder.document(YAML(typ="safe", pure=True).parse(text))
    except MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        where = f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else file
        said, at = explained(problem, lines)
        where = f"{file}:{at[0]}:{at[1]}" if at else where
        raise SpecError(f"this is not valid YAML: {said}", where=where) from None
    except YAMLError as problem:
        raise SpecError(f"this is not valid YAML: {str(problem).splitlines()[0]}", where=file) from None
    if data is None:
        raise SpecError("the file is empty", where=file)
    if not isinstance(data, dict):
        found = "a list" if isinstance(data, list) else shortened(repr(data), 40)
        raise SpecError(
            f"expected keys with values (key: value), found {found}", where=builder.spots[()].value
        )
    return Document(data, file, folder, builder.spots, lines)


def _refuse_unseen(lines: Sequence[str], file: str) -> None:
    """Raise ``SpecError`` for a character that steers a terminal, or turns its text around."""
    for number, line in enumerate(lines, 1):
        if not line.isprintable():
            for column, sign in enumerate(line, 1):
                if is_control(sign):
                    raise SpecError(unseen(sign), where=f"{file}:{number}:{column}")


def _refuse_directives(lines: Sequence[str], file: str) -> None:
    """Raise ``SpecError`` for a directive: of another YAML, or of tags."""
    head = itertools.takewhile(lambda row: not row or row[0] in "%# ", lines)
    for number, line in enumerate(head, 1):
        if line.startswith("%") and line.split() != ["%YAML", "1.2"]:
            message = (
                f"{shortened(line)!r}: files are read as YAML 1.2, without directives; take the line away"
            )
            raise SpecError(message, where=f"{file}:{number}:1")
