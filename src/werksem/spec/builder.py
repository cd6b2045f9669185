"""Parser events of a YAML stream to plain data, with the place of every key and value.

Scalars follow the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema), so
``no``, ``on`` and ``2024-01-01`` are text. Keys of mappings are always text, as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from werksem.errors import SpecError, is_control
from werksem.spec.document import Loc, Spot

__all__ = ["Builder", "scalar", "unseen"]

# 0.1 ms each
MAX_NODES = 100_000
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


class Builder:
    """Turns parser events into data, noting where each piece stands."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.spots: dict[Loc, Spot] = {}
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
            self.refuse_unseen(event)
            style = event.style or ""
            value = event.value if style or tag is not None else scalar(event.value)
            empty = not style and event.value == "" and tag is None
        else:
            style, empty = "", False
            value = None
        spot = Spot(key or self.at(event), self.at(event), style, empty, mark.line + 1, mark.column + 1)
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
            why = "aliases multiply here" if self.anchors else "split the file"
            raise SpecError(f"more than {MAX_NODES} values; {why}", where=self.at(event))

    def alias(self, event: Any, loc: Loc, key: str) -> Any:
        """Return what the anchor of that name holds; its size counts again."""
        if event.anchor not in self.anchors:
            raise SpecError(
                f"the alias *{event.anchor} has no finished anchor before it", where=self.at(event)
            )
        value, size = self.anchors[event.anchor]
        self.count(size, event)
        self.spots[loc] = Spot(key or self.at(event), self.at(event))
        return value

    def mapping(self, events: Iterator[Any], loc: Loc, flow: bool) -> dict[str, Any]:
        """Return a mapping; in ``{f: normal(0, 2)}`` the comma inside parentheses is the value's."""
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
        """Return the key of a mapping as text."""
        if not isinstance(event, ScalarEvent):
            raise SpecError("a key is one word or text, not a list or mapping", where=self.at(event))
        if event.value == "<<" and not event.style:
            raise SpecError("merge keys (<<) are not part of YAML 1.2", where=self.at(event))
        self.refuse_unseen(event)
        return str(event.value)

    def refuse_unseen(self, event: ScalarEvent) -> None:
        """Refuse text in quotes that spells a control character ("\\x1b")."""
        if not event.value.isprintable():
            sign = next(filter(is_control, event.value), None)
            if sign is not None:
                raise SpecError(unseen(sign), where=self.at(event))

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


def unseen(sign: str) -> str:
    """Return what is said of a control character.

    >>> unseen(chr(27))
    'the control character U+001B is not seen but does something; take it out'
    """
    return f"the control character U+{ord(sign):04X} is not seen but does something; take it out"


def _is_nothing(event: Any) -> bool:
    return isinstance(event, ScalarEvent) and not event.style and event.value == ""
