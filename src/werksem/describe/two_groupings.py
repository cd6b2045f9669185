"""Tables that hide rows of the same variable by two groupings, which are not protected against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from werksem.describe.hidden_groups import Groupings, Hidden, hidden_rows
from werksem.describe.table import HIDDEN

__all__ = ["crossed_tables"]

Row = Mapping[str, Any]


def crossed_tables(
    rows: Sequence[Row], shown: Sequence[Row], groups: Hidden, known: Groupings
) -> tuple[str, ...]:
    """Return the tables that hide rows of a variable which a table of another grouping hides rows of, too.

    ``rows`` are those before small cells were left out, ``shown`` the same after it. Nested groupings that
    hide whole groups only (``groups``, of ``hidden_groups``) are protected together, and are none of these.
    """
    whole = hidden_rows(rows, groups)
    by: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    tables: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    loose = set()
    for at, (line, after) in enumerate(zip(rows, shown, strict=True)):
        place = line.get("place")
        if place is not None and after["status"] in HIDDEN:
            about = line["variable"], *place[1:]
            by[about].add(place[0])
            tables[about][line["table"]] = None
            loose |= set() if at in whole else {about}
    return tuple(
        dict.fromkeys(
            table
            for about, names in by.items()
            if len(names) > 1 and (about in loose or not _chain(names, known))
            for table in tables[about]
        )
    )


def _chain(names: Iterable[str], known: Groupings) -> bool:
    """Return whether of groupings each lies within the next coarser one."""
    left = set(names)
    finest = left - {known.within[name][0] for name in left if name in known.within}
    if len(finest) != 1:
        return False
    at = finest.pop()
    left.discard(at)
    while at in known.within:
        at = known.within[at][0]
        left.discard(at)
    return not left
