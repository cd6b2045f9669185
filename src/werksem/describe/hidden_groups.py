"""Which groups no table of a run shows: one choice per grouping, over all variables and tables.

With another partner for every variable, their totals would give the hidden group away: what two variables
have of one sum (a scale and its items) stands in one of them with the one partner, in one with the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from werksem.describe.few_groups import groups_of_few
from werksem.describe.plain_cells import LEVELS
from werksem.describe.questions import ALL
from werksem.describe.table import COMPLEMENTARY, PRIMARY, no_number
from werksem.spec.disclosure import Disclosure

__all__ = ["NOTHING", "Groupings", "Hidden", "Place", "hidden_groups", "hidden_rows"]

Row = Mapping[str, Any]
Groups = Mapping[str, str]
# the grouping, the wave and the filter that rows are about
Place = tuple[str, str, str]
# the groups that no row of a place shows, and why
Hidden = Mapping[Place, Groups]


@dataclass(frozen=True, slots=True)
class Groupings:
    """What is known of groupings (``repr`` of ``by``) besides the rows of tables.

    ``fitted`` are the groups that ``fit`` hides, by what their rows' status is; ``within`` the coarser
    grouping of a nested one, and in which of its groups each group lies.
    """

    fitted: Mapping[str, Groups] = field(default_factory=dict)
    within: Mapping[str, tuple[str, Groups]] = field(default_factory=dict)


NOTHING = Groupings()


def hidden_rows(rows: Sequence[Row], groups: Hidden) -> dict[int, str]:
    """Return the status of rows of hidden groups, and of comparisons with one, by their place in ``rows``."""
    found = {}
    for at, line in enumerate(rows):
        hidden = groups.get(line["place"], {}) if "place" in line else {}
        why = {hidden[group] for group in line.get("of", (line["group"],)) if group in hidden}
        if why:
            found[at] = PRIMARY if PRIMARY in why else COMPLEMENTARY
    return found


def hidden_groups(rows: Sequence[Row], rule: Disclosure, known: Groupings = NOTHING) -> Hidden:
    """Return per place the groups that no row shows: ``PRIMARY`` of few respondents, or hidden with these.

    Of few is a group of which fewer than ``smallest`` respondents answered any variable of a table. What is
    hidden without a filter, and by ``fit``, is so with one. Where groups lie within those of a coarser
    grouping, those of each of its groups, and those of its hidden ones together, are looked at on their own:
    the coarser one shows their totals.
    """
    found: dict[Place, dict[str, str]] = {}
    counted = _counted(rows)
    for place in sorted(counted, key=lambda place: (_depth(place[0], known), place)):
        by, wave, where = place
        counts, total = counted[place]
        hidden = dict(known.fitted.get(by, {})) | (found.get((by, wave, ""), {}) if where else {})
        hidden = {group: why for group, why in hidden.items() if group in counts.index}
        own = rule if total else rule.model_copy(update={"complementary": False})
        for block in _blocks(counts, place, known, found):
            few, also = groups_of_few(block, own, hidden)
            hidden |= dict.fromkeys(few, PRIMARY) | dict.fromkeys(also, COMPLEMENTARY)
        found[place] = hidden
    return found


def _depth(by: str, known: Groupings) -> int:
    """Return how many coarser groupings one lies in."""
    return 0 if by not in known.within else 1 + _depth(known.within[by][0], known)


def _blocks(counts: pd.DataFrame, place: Place, known: Groupings, found: Hidden) -> Iterator[pd.DataFrame]:
    """Yield the counts of groups whose total is known: all, those of a coarser group, of all hidden ones."""
    by, wave, where = place
    if by in known.within:
        above, inside = known.within[by]
        hidden = found.get((above, wave, where))
        if hidden is not None:
            parents = pd.Series([inside.get(group, "") for group in counts.index], index=counts.index)
            parents = parents.mask(parents.isin(list(hidden)), "")
            yield from (part for _, part in counts.groupby(parents, sort=False))
    yield counts


def _counted(rows: Iterable[Row]) -> dict[Place, tuple[pd.DataFrame, bool]]:
    """Return per place the numbers behind each variable, groups by columns, and whether all have a row.

    The first column, by which groups are ordered, is their largest number. Conditional bases (of those who
    left, of those who were asked) are no column: their tables protect them on their own.
    """
    columns: dict[Place, dict[Any, dict[str, int]]] = defaultdict(lambda: {"n": {}})
    totals = set()
    for line in rows:
        place = line.get("place")
        if place is None:
            continue
        if line["group"] == ALL and (line["measure"] in LEVELS or ALL in line.get("of", ())):
            totals.add(place)
        for name, group, n in _numbers(line):
            for column in ("n", name):
                if column is not None:
                    there = columns[place].setdefault(column, {})
                    there[group] = max(n, there.get(group, 0)) if column == "n" else n
    return {
        place: (_table(there), place in totals)
        for place, there in columns.items() if there["n"]
    }  # fmt: skip


def _table(columns: Mapping[Any, Mapping[str, int]]) -> pd.DataFrame:
    table = pd.DataFrame(dict(enumerate(columns.values())), index=list(columns["n"]))
    return table.fillna(0).astype(int)


def _numbers(line: Row) -> Iterator[tuple[Any, str, int]]:
    """Yield the numbers of respondents of groups that a row is made of: what it is called, group, number."""
    name = (line["table"], line["variable"], line["measure"], line["category"])
    yield from ((name, group, n) for group, n in line.get("sizes", {}).items())
    if line["group"] != ALL and line["measure"] in LEVELS and not no_number(line["n"]):
        yield name if line.get("all_answers") else None, line["group"], int(line["n"])
