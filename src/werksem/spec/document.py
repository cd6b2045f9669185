"""Plain data from a file, and where in the file each piece stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from werksem.errors import SpecError

__all__ = ["Document", "Loc", "Origin", "Spot"]

Loc = tuple[str | int, ...]


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
class Spot:
    """Where a key and its value stand, the value's style (``|``, ``>``, quotes) and emptiness."""

    key: str
    value: str
    style: str = ""
    empty: bool = False
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as plain data (dict, list, text, numbers, bool, None) with a locator."""

    data: dict[str, Any]
    file: str = ""
    folder: Path = Path()
    spots: Mapping[Loc, Spot] = field(default_factory=dict, repr=False)
    lines: tuple[str, ...] = field(default=(), repr=False)
    prefix: Loc = ()

    def __str__(self) -> str:
        return self.file

    def where(self, loc: Loc = (), *, key: bool = False) -> str:
        """Return ``file:line:col`` of a value (or of its key), or of the nearest place around it."""
        full = (*self.prefix, *loc)
        for end in range(len(full), -1, -1):
            spot = self.spots.get(full[:end])
            if spot is not None:
                return spot.key if (key or spot.empty) and end == len(full) else spot.value
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
        if not spot.line:
            return Origin(spot.value)
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
        spots = {**inside, loc: Spot(where, where, empty=empty)}
        return replace(self, data=_replaced(self.data, loc, value), spots=spots)


def _replaced(data: Any, loc: Loc, value: Any) -> Any:
    if not loc:
        return value
    head, *rest = loc
    if isinstance(data, list) and isinstance(head, int):
        return [*data[:head], _replaced(data[head], tuple(rest), value), *data[head + 1 :]]
    return {**data, head: _replaced(data.get(head, {}), tuple(rest), value)}
