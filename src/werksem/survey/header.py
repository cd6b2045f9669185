"""Which columns of a file are read: found by name, each exactly once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from werksem.errors import DataError, SpecError, did_you_mean
from werksem.survey.spelling import alike

__all__ = ["expanded", "locate"]

SHOWN = 5


def locate(names: Sequence[str], header: Sequence[str], path: Path, derived: Sequence[str] = ()) -> list[int]:
    """Return the position in ``header`` of every name; names are compared trimmed.

    Raises ``DataError`` for a name that is absent (with the nearest one) or there twice, and ``SpecError``
    for a name that the study derives and the header has.

    >>> locate(["b", "a"], ["a", " b", "c"], Path("answers.csv"))
    [1, 0]
    """
    trimmed = [entry.strip() for entry in header]
    for name in derived:
        if name in trimmed:
            message = f'{path.name} has a column "{name}" already; choose another name'
            raise SpecError(message, where=f"data.derive.{name}")
    absent = [name for name in names if name not in set(trimmed)]
    if absent:
        raise MissingColumnsError(absent, [entry for entry in trimmed if entry], str(path))
    times = Counter(trimmed)
    twice = [name for name in names if times[name] > 1]
    if twice:
        found = times[twice[0]]
        raise DataError(f'{found} columns are named "{twice[0]}"; names must differ', where=str(path))
    return [trimmed.index(name) for name in names]


def expanded(names: Sequence[str], header: Sequence[str]) -> list[str]:
    """Return names with every pattern (``*`` is any text) replaced by the columns it fits, each once.

    A name in the header is no pattern, and a pattern that fits none stays, to be missed.

    >>> expanded(["y", "w*", "z*"], ["w", "w1", "y", "w2 "])
    ['y', 'w', 'w1', 'w2', 'z*']
    """
    trimmed = [entry.strip() for entry in header]
    found: list[str] = []
    for name in names:
        fits = re.compile(".*".join(map(re.escape, name.split("*"))))
        pattern = "*" in name and name not in trimmed
        found += (pattern and [entry for entry in trimmed if fits.fullmatch(entry)]) or [name]
    return list(dict.fromkeys(found))


class MissingColumnsError(DataError):
    """Columns that the study needs and the data have not; ``names`` says which."""

    def __init__(self, names: Sequence[str], header: Sequence[str], where: str) -> None:
        self.names = tuple(names)
        super().__init__(_absent(names, header), where=where)


def _absent(absent: Sequence[str], header: Sequence[str]) -> str:
    if len(absent) == 1:
        near = _near(absent[0], header) or f"; the columns are {_listed(header)}"
        return f'the data have no column "{absent[0]}"{near}'
    near = _near(absent[0], header)
    return f"the data have no columns {_listed(absent)}{f' ({absent[0]}{near})' if near else ''}"


def _near(name: str, header: Sequence[str]) -> str:
    """Return the nearest name of the header; of one that looks the same, which sign is another."""
    same = [other for other in alike(name, header) if len(other) == len(name)]
    other = next((c for found in same for c in found if c not in name and not c.isascii()), "")
    if not other:
        return did_you_mean(name, header)
    return f'; did you mean "{same[0]}", which has other characters ("{other}" is U+{ord(other):04X})?'


def _listed(names: Sequence[str]) -> str:
    rest = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(f'"{name}"' for name in names[:SHOWN]) + rest
