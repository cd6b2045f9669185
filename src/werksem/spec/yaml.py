"""YAML 1.2 with line numbers: plain Python data, and where in the file each piece stands.

Scalars follow the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema), so
``no``, ``on`` and ``2024-01-01`` are text. Keys of mappings are always text, as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, DocumentStartEvent, MappingEndEvent, MappingStartEvent
from ruamel.yaml.events import ScalarEvent, SequenceEndEvent, SequenceStartEvent, StreamEndEvent

from werksem.errors import SpecError, did_you_mean

__all__ = ["Document", "Loc", "Origin", "load", "loads", "read_text", "scalar"]

Loc = tuple[str | int, ...]

MAX_BYTES = 20_000_000
MAX_NODES = 2_000_000
MAX_DEPTH = 60

INT = re.compile(r"[-+]?[0-9]{1,300}|0o[0-7]{1,300}|0x[0-9a-fA-F]{1,300}")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)")
CONSTANTS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a piece of text begins in a file, to name a place inside it (all counted from 1)."""

    file: str = ""
    line: int = 1
    column: int = 1

    def at(self, line: int, column: int) -> str:
        """Return ``file:line:col`` of a place in the text.

        >>> Origin("m.yaml", 3, 5).at(2, 1)
        'm.yaml:4:5'
        """
        return f"{self.file}:{self.line + line - 1}:{self.column + column - 1}" if self.file else ""


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a key and its value stand, the value's style (``|``, ``>``, quotes) and emptiness."""

    key: str
    value: str
    style: str = ""
    empty: bool = False
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as plain data (dict, list, text, numbers, bool, None) with a locator."""

    data: dict[str, Any]
    file: str = ""
    folder: Path = Path()
    spots: Mapping[Loc, _Spot] = field(default_factory=dict, repr=False)
    lines: tuple[str, ...] = field(default=(), repr=False)
    prefix: Loc = ()

    def where(self, loc: Loc = (), *, key: bool = False) -> str:
        """Return ``file:line:col`` of a value (or of its key), or of the nearest place around it."""
        full = (*self.prefix, *loc)
        for end in range(len(full), -1, -1):
            spot = self.spots.get(full[:end])
            if spot is not None:
                return spot.key if key and end == len(full) else spot.value
        return self.file

    def is_empty(self, loc: Loc) -> bool:
        """Tell whether the key is there with nothing behind it (``ols:``), unlike ``ols: null``."""
        spot = self.spots.get((*self.prefix, *loc))
        return spot is not None and spot.empty

    def origin(self, loc: Loc) -> Origin:
        """Return where a text value begins; raises ``SpecError`` for text whose lines YAML joins."""
        spot = self.spots.get((*self.prefix, *loc))
        if spot is None:
            return Origin(self.file)
        if spot.style == "|":
            below = (row for row in self.lines[spot.line :] if row.strip())
            first = next(below, "")
            return Origin(self.file, spot.line + 1, len(first) - len(first.lstrip(" ")) + 1)
        if spot.style == ">":
            raise SpecError('">" joins lines; write "|" to keep them', where=spot.value)
        return Origin(self.file, spot.line, spot.column + bool(spot.style))

    def part(self, *loc: str | int) -> Document:
        """Return a mapping inside this document as a document of its own, same file and lines."""
        data: Any = self.data
        for step in loc:
            data = data[step]
        return replace(self, data=data, prefix=(*self.prefix, *loc))

    def with_value(self, loc: Loc, value: Any, where: str, *, empty: bool = False) -> Document:
        """Return a copy with one value replaced or added (sections in between exist) and its place."""
        inside = {at: spot for at, spot in self.spots.items() if at[: len(loc)] != loc}
        spots = {**inside, loc: _Spot(where, where, empty=empty)}
        return replace(self, data=_replaced(self.data, loc, value), spots=spots)


def _replaced(data: Any, loc: Loc, value: Any) -> Any:
    if not loc:
        return value
    head, *rest = loc
    if isinstance(data, list) and isinstance(head, int):
        return [*data[:head], _replaced(data[head], tuple(rest), value), *data[head + 1 :]]
    return {**data, head: _replaced(data.get(head, {}), tuple(rest), value)}


def scalar(text: str) -> Any:
    """Return what an unquoted YAML 1.2 scalar means.

    >>> [scalar(text) for text in ("no", "12:30", "1e-6", "007", "~", "true")]
    ['no', '12:30', 1e-06, 7, None, True]
    """
    if text in CONSTANTS:
        return CONSTANTS[text]
    if INT.fullmatch(text):
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    if FLOAT.fullmatch(text) or INFINITE.fullmatch(text):
        return float(text.replace(".inf", "inf").replace(".Inf", "inf").replace(".INF", "inf"))
    return text


def read_text(path: Path) -> str:
    """Return a file as UTF-8 text; raises ``SpecError`` where it is absent, too large or not text."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SpecError(f"the file is larger than {MAX_BYTES // 1_000_000} MB", where=str(path))
        raw = path.read_bytes()
    except FileNotFoundError:
        raise SpecError(f"no such file{_nearest_file(path)}", where=str(path)) from None
    except OSError as problem:
        raise SpecError(
            f"cannot read the file: {(problem.strerror or 'unknown').lower()}", where=str(path)
        ) from None
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        column = problem.start - raw.rfind(b"\n", 0, problem.start)
        found = f"byte 0x{raw[problem.start]:02x}"
        raise SpecError(
            f"{found} is not UTF-8; save the file as UTF-8", where=f"{path}:{line}:{column}"
        ) from None


def _nearest_file(path: Path) -> str:
    siblings = sorted(path.parent.iterdir()) if path.parent.is_dir() else []
    return did_you_mean(path.name, [sibling.name for sibling in siblings if sibling.is_file()])


def load(path: Path | str) -> Document:
    """Return a YAML file as a ``Document``.

    Raises ``SpecError`` for anything but one mapping: duplicate keys, several documents, custom
    tags, merge keys, aliases that refer to themselves or grow without bound, broken YAML.
    """
    path = Path(path)
    return loads(read_text(path), file=str(path), folder=path.parent)


def loads(text: str, file: str = "", folder: Path = Path()) -> Document:
    """Return YAML text as a ``Document``; raises as ``load``.

    >>> document = loads("study: a\\nols: {se: HC3}", file="a.yaml")
    >>> document.data, document.where(("ols", "se"))
    ({'study': 'a', 'ols': {'se': 'HC3'}}, 'a.yaml:2:11')
    """
    lines = tuple(text.split("\n"))
    builder = _Builder(file)
    try:
        data = builder.document(YAML(typ="safe", pure=True).parse(text))
    except MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        where = f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else file
        raise SpecError(f"this is not valid YAML: {_explain(problem, lines)}", where=where) from None
    except YAMLError as problem:
        raise SpecError(f"this is not valid YAML: {str(problem).splitlines()[0]}", where=file) from None
    if data is None:
        raise SpecError("the file is empty", where=file)
    if not isinstance(data, dict):
        found = "a list" if isinstance(data, list) else repr(data)
        raise SpecError(
            f"expected keys with values (key: value), found {found}", where=builder.spots[()].value
        )
    return Document(data, file, folder, builder.spots, lines)


def _explain(problem: MarkedYAMLError, lines: tuple[str, ...]) -> str:
    mark = problem.problem_mark
    if mark is not None and mark.line < len(lines) and "\t" in lines[mark.line][: mark.column + 1]:
        return "a tab; indent with spaces"
    return str(problem.problem or problem.context or "unreadable")


class _Builder:
    """Turns parser events into data, noting where each piece stands."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.spots: dict[Loc, _Spot] = {}
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.nodes = 0

    def document(self, events: Iterator[Any]) -> Any:
        """Return the data of the one document in the stream, None for an empty stream."""
        for event in events:
            if isinstance(event, DocumentStartEvent):
                break
            if isinstance(event, StreamEndEvent):
                return None
        data = self.node(next(events), events, (), "")
        for event in events:
            if isinstance(event, DocumentStartEvent):
                raise SpecError("a file holds one document, here a second begins", where=self.at(event))
        return data

    def at(self, event: Any) -> str:
        """Return ``file:line:col`` of an event."""
        mark = event.start_mark
        return f"{self.file}:{mark.line + 1}:{mark.column + 1}"

    def node(self, event: Any, events: Iterator[Any], loc: Loc, key: str) -> Any:
        """Return one value, whatever it is."""
        if isinstance(event, AliasEvent):
            return self.alias(event, loc, key)
        tag = getattr(event, "tag", None)
        if tag is not None and str(tag) not in ("!", "tag:yaml.org,2002:str"):
            raise SpecError(f"the tag {tag!s} is not allowed; write plain values", where=self.at(event))
        if len(loc) > MAX_DEPTH:
            raise SpecError(f"nested deeper than {MAX_DEPTH} levels", where=self.at(event))
        before = self.nodes
        self.count(1, event)
        mark = event.start_mark
        value: Any
        if isinstance(event, ScalarEvent):
            style = event.style or ""
            value = event.value if style or tag is not None else scalar(event.value)
            empty = not style and event.value == "" and tag is None
        else:
            style, empty = "", False
            value = None
        spot = _Spot(key or self.at(event), self.at(event), style, empty, mark.line + 1, mark.column + 1)
        self.spots[loc] = spot
        if isinstance(event, MappingStartEvent):
            value = self.mapping(events, loc, bool(event.flow_style))
        elif isinstance(event, SequenceStartEvent):
            value = self.sequence(events, loc, bool(event.flow_style))
        if event.anchor:
            self.anchors[event.anchor] = value, self.nodes - before
        return value

    def count(self, nodes: int, event: Any) -> None:
        """Add to the number of values, aliases expanded, and refuse a file that explodes."""
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            raise SpecError(f"more than {MAX_NODES} values; aliases multiply here", where=self.at(event))

    def alias(self, event: Any, loc: Loc, key: str) -> Any:
        if event.anchor not in self.anchors:
            raise SpecError(
                f"the alias *{event.anchor} has no finished anchor before it", where=self.at(event)
            )
        value, size = self.anchors[event.anchor]
        self.count(size, event)
        self.spots[loc] = _Spot(key or self.at(event), self.at(event))
        return value

    def mapping(self, events: Iterator[Any], loc: Loc, flow: bool) -> dict[str, Any]:
        """Return a mapping; in ``{f: normal(0, 2)}`` the comma inside the parentheses belongs to the value."""
        data: dict[str, Any] = {}
        last = ""
        for event in events:
            if isinstance(event, MappingEndEvent):
                break
            name = self.key(event)
            inside = next(events)
            if flow and self.is_open((*loc, last), data.get(last)) and _is_nothing(inside):
                data[last] += f", {name}"
                continue
            if name in data:
                first = self.spots[(*loc, name)].key
                raise SpecError(f'the key "{name}" stands here twice, first at {first}', where=self.at(event))
            data[name] = self.node(inside, events, (*loc, name), self.at(event))
            last = name
        return data

    def key(self, event: Any) -> str:
        if not isinstance(event, ScalarEvent):
            raise SpecError("a key is one word or text, not a list or mapping", where=self.at(event))
        if event.value == "<<" and not event.style:
            raise SpecError("merge keys (<<) are not part of YAML 1.2", where=self.at(event))
        return str(event.value)

    def sequence(self, events: Iterator[Any], loc: Loc, flow: bool) -> list[Any]:
        """Return a list; in ``[c(a, b)]`` the comma inside the parentheses belongs to the value."""
        data: list[Any] = []
        for event in events:
            if isinstance(event, SequenceEndEvent):
                break
            if (
                flow
                and data
                and isinstance(event, ScalarEvent)
                and self.is_open((*loc, len(data) - 1), data[-1])
            ):
                data[-1] += f", {event.value}"
                continue
            data.append(self.node(event, events, (*loc, len(data)), ""))
        return data

    def is_open(self, loc: Loc, value: object) -> bool:
        """Tell whether an unquoted value has a parenthesis that its own text does not close."""
        if not isinstance(value, str) or value.count("(") <= value.count(")"):
            return False
        spot = self.spots.get(loc)
        return spot is not None and not spot.style


def _is_nothing(event: Any) -> bool:
    return isinstance(event, ScalarEvent) and not event.style and event.value == ""
