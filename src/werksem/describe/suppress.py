"""Small cells are left out, and with them as many others as it takes that nobody can work them out.

Rows of one system (same variable, filter and groups) are sums over the same unknowns: how many
respondents of each group gave each answer. A hidden number is safe where other numbers of respondents
give all that is shown and another value for it, and the hidden ones of a row or column of the
table are two or more and not too few respondents together (complementary suppression: Willenborg &
De Waal, 2001, Elements of Statistical Disclosure Control).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.describe.coarse import coarsened
from werksem.describe.hidden_groups import Hidden, hidden_groups, hidden_rows
from werksem.describe.plain_cells import cells_of, derived_rows
from werksem.describe.protect import Published, to_hide
from werksem.describe.questions import ALL, Cell
from werksem.describe.table import COMPLEMENTARY, PRIMARY, no_number
from werksem.spec.disclosure import Disclosure

__all__ = ["suppressed"]

Array = NDArray[np.float64]
Row = dict[str, Any]
INSIDE = ("cell", "count", "of", "place", "sizes", "all_answers")
NUMBERS = ("value", "se", "ci_lower", "ci_upper")
# the groups of a table without any
UNGROUPED = "None"


@dataclass(slots=True)
class _System:
    """Rows of one system with what each sums over the unknowns (rows, unknowns), and what is hidden.

    ``sizes`` (unknowns,) are the respondents of every unknown, infinite where not known; ``safe`` are hidden
    rows of which it is shown that they cannot be worked out.
    """

    rows: list[Row]
    cells: list[Cell]
    sums: Array
    bases: Array
    sizes: Array
    hidden: dict[int, str]
    safe: set[int] = field(default_factory=set)


def suppressed(
    rows: Sequence[Row], rule: Disclosure, largest: float = 0.0, groups: Hidden | None = None
) -> list[Row]:
    """Return the rows with numbers and n taken out of hidden ones, which ``status`` names, and no ``cell``.

    Hidden are those of hidden ``groups`` (``hidden_groups`` of the rows alone where None), rows with a base
    below ``smallest`` respondents, shares of fewer, or of all but fewer, and (``complementary``) what it
    takes to keep these from being worked out; with a ``smallest`` of 1, none.
    Rows without a ``Cell`` get one (``cells_of``). ``largest`` is the largest weight in means
    (``largest_of``): with weights, what is hidden makes numbers of all respondents coarse (``coarsened``).
    """
    if rule.smallest <= 1:
        return [_written(line, None) for line in rows]
    order, cells = _by_numbers(rows)
    found = _suppressed([rows[at] for at in order], [cells[at] for at in order], rule, largest, groups)
    back = dict(zip(order, found, strict=True))
    return [back[at] for at in range(len(rows))]


def _by_numbers(rows: Sequence[Row]) -> tuple[list[int], list[Cell | None]]:
    """Return the rows' order by group, groups by their numbers and then their names, and the rows' cells.

    Of equals the first is hidden: in this order it is the same one however respondents are ordered.
    """
    cells = cells_of(rows)
    numbers: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for line, cell in zip(rows, cells, strict=True):
        n = -1 if no_number(line["n"]) else int(line["n"])
        numbers[line["group"]].append((n, -1 if cell is None else cell.count))
    rank = {group: at for at, group in enumerate(sorted(numbers, key=lambda group: (numbers[group], group)))}
    return sorted(range(len(rows)), key=lambda at: rank[rows[at]["group"]]), cells


def _suppressed(
    rows: Sequence[Row], cells: Sequence[Cell | None], rule: Disclosure, largest: float, groups: Hidden | None
) -> list[Row]:
    smallest = rule.smallest
    systems: dict[tuple[str, ...], list[int]] = defaultdict(list)
    gone = hidden_rows(rows, hidden_groups(rows, rule) if groups is None else groups)
    for at, cell in enumerate(cells):
        if cell is not None:
            systems[cell.system].append(at)
    made = {
        name: _system(
            [rows[at] for at in where], [cell for at in where if (cell := cells[at])], smallest,
            {place: gone[at] for place, at in enumerate(where) if at in gone},
        )
        for name, where in systems.items()
    }  # fmt: skip
    while rule.complementary:
        for system in made.values():
            _protect(system, smallest)
        if not _totals_alike(list(made.values()), smallest):
            break
    status = {systems[name][at]: why for name, system in made.items() for at, why in system.hidden.items()}
    few = [at for at, cell in enumerate(cells) if cell is None and _few(rows[at]["n"], smallest)]
    status = gone | status | dict.fromkeys(few, PRIMARY)
    derived = derived_rows(rows, status, smallest) if rule.complementary else []
    status |= {at: COMPLEMENTARY for at in derived if at not in status}
    if rule.complementary:
        rows, status = coarsened(rows, status, largest)
    return [_written(line, status.get(at)) for at, line in enumerate(rows)]


def _few(n: Any, smallest: int) -> bool:
    """Return whether a number that was made of others has a side of too few respondents."""
    return n is not None and n != "" and n < smallest


def _written(line: Row, why: str | None) -> Row:
    found = {key: value for key, value in line.items() if key not in INSIDE}
    if why is None:
        return found
    return found | dict.fromkeys(NUMBERS, math.nan) | {"n": None, "status": why}


def _system(rows: list[Row], cells: list[Cell], smallest: int, gone: dict[int, str]) -> _System:
    """Return a system with its small rows hidden, and those that are ``gone``."""
    answers = sorted({answer for cell in cells for answer in cell.answers})
    place = {answer: at for at, answer in enumerate(answers)}
    groups = list(dict.fromkeys(line["group"] for line in rows if line["group"] != ALL)) or [ALL]
    size = len(answers)
    sums, bases = np.zeros((2, len(rows), size * len(groups)))
    sizes = np.full(size * len(groups), math.inf)
    for at, (line, cell) in enumerate(zip(rows, cells, strict=True)):
        inside = [g for g, group in enumerate(groups) if line["group"] in (group, ALL)]
        for g in inside:
            for answer, y in zip(cell.answers, cell.y, strict=True):
                sums[at, g * size + place[answer]] = y
            for answer in cell.base or cell.answers:
                bases[at, g * size + place[answer]] = 1.0
            for answer, many in zip(cell.answers, cell.sizes if len(inside) == 1 else (), strict=False):
                sizes[g * size + place[answer]] = many
    small = {at: PRIMARY for at in range(len(rows)) if _small(rows[at], cells[at], smallest)}
    return _System(rows, cells, sums, bases, sizes, gone | small)


def _small(line: Row, cell: Cell, smallest: int) -> bool:
    n, count = int(line["n"]), cell.count if cell.share else None
    if not cell.share and len(cell.sizes) == 2:  # the mean of two answers says how many gave either
        count = cell.sizes[0]
    if len(cell.sizes) == 3 and line["measure"] in ("mean", "sd"):  # so do mean and SD of three
        return n < smallest or any(0 < many < smallest for many in cell.sizes)
    return n < smallest or (count is not None and not smallest <= count <= n - smallest)


def _protect(system: _System, smallest: int) -> None:
    """Hide more rows until no hidden one can be worked out."""
    if not system.hidden:
        return
    lines = list(_lines(system))
    while True:
        more = _of_groups(system, smallest) or _of_lines(system, lines, smallest)
        more = more or _of_combinations(system, smallest)
        if not more:
            return
        system.hidden |= dict.fromkeys(more, COMPLEMENTARY)


def _lines(system: _System) -> Iterator[tuple[list[int], int | None]]:
    """Yield rows that add up, and the row of their sum: over groups to the total, over parts to 1 (None)."""
    over_groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    over_parts: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for at, (line, cell) in enumerate(zip(system.rows, system.cells, strict=True)):
        place = (line["table"], line["variable"], line["wave"])
        over_groups[*place, line["measure"], line["category"]].append(at)
        if cell.part:
            over_parts[*place, line["group"]].append(at)
    for found in over_groups.values():
        total = next((at for at in found if system.rows[at]["group"] == ALL), None)
        groups = [at for at in found if at != total]
        if total is not None and groups:
            yield groups, total
    yield from ((found, None) for found in over_parts.values())


def _of_lines(system: _System, lines: Iterable[tuple[list[int], int | None]], smallest: int) -> list[int]:
    """Return the smallest shown row of the first line whose hidden rows are one, or too few respondents."""
    for members, total in lines:
        hidden = [at for at in members if at in system.hidden]
        shown = [at for at in members if at not in system.hidden]
        if not hidden or not shown or (total is not None and total in system.hidden):
            continue
        count = sum(_respondents(system, at) for at in hidden)
        rest = sum(int(system.rows[at]["n"]) - system.cells[at].count for at in hidden)
        few = count < smallest or (total is not None and system.cells[hidden[0]].share and rest < smallest)
        if len(hidden) < 2 or few:
            return [min(shown, key=lambda at: (_respondents(system, at), at))]
    return []


def _respondents(system: _System, at: int) -> int:
    return system.cells[at].count if system.cells[at].share else int(system.rows[at]["n"])


def _of_groups(system: _System, smallest: int) -> list[int]:
    """Return all rows of one base of the smallest shown group where those hidden whole are too few.

    Their sizes would follow from the total's. Bases are all who answered, and parts of these (who left).
    """
    bases: dict[tuple[float, ...], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for at, (line, cell) in enumerate(zip(system.rows, system.cells, strict=True)):
        bases[cell.base or cell.answers][line["group"]].append(at)
    return next((more for of in bases.values() if (more := _of_one_base(system, of, smallest))), [])


def _of_one_base(system: _System, of: dict[str, list[int]], smallest: int) -> list[int]:
    """Return what ``_of_groups`` does of one base, of which every group has these rows."""
    total = of.pop(ALL, [])
    whole = [group for group, found in of.items() if all(at in system.hidden for at in found)]
    shown = [group for group in of if group not in whole]
    if not whole or not shown or not any(at not in system.hidden for at in total):
        return []
    size = {group: max(int(system.rows[at]["n"]) for at in found) for group, found in of.items()}
    if len(whole) > 1 and sum(size[group] for group in whole) >= smallest:
        return []
    return [at for at in of[min(shown, key=lambda group: size[group])] if at not in system.hidden]


def _of_combinations(system: _System, smallest: int) -> list[int]:
    """Return the rows to hide as well so that the first hidden one that could be worked out no longer can."""
    shown = [at for at in range(len(system.rows)) if at not in system.hidden]
    if not shown:
        return []
    published = Published(
        system.sums[shown], np.unique(system.bases[shown], axis=0), system.sizes,
        np.array([_cost(system, at) for at in shown]),
    )  # fmt: skip
    whole = _hidden_whole(system)
    for at in sorted(system.hidden):
        if at in system.safe or _exchanged(system, at, whole):
            continue
        found = to_hide(system.sums[at], published)
        if found is None:
            return _of_base(system, shown, at)
        if found:
            system.safe.update(shown[j] for j in found)
        system.safe.add(at)
        if found:
            return [shown[j] for j in found]
    return []


def _hidden_whole(system: _System) -> dict[str, int]:
    """Return the groups of which no row is shown, and their places among all groups."""
    groups = list(dict.fromkeys(line["group"] for line in system.rows if line["group"] != ALL))
    told = {line["group"] for at, line in enumerate(system.rows) if at not in system.hidden}
    return {group: place for place, group in enumerate(groups) if group not in told}


def _exchanged(system: _System, at: int, whole: dict[str, int]) -> bool:
    """Return whether a row's group can exchange respondents with another that is hidden whole.

    All that is shown of either are sums over both: of many small groups few rows need a programme.
    """
    own = np.flatnonzero(system.sums[at])
    group = system.rows[at]["group"]
    if group not in whole or not own.size:
        return False
    width = system.sums.shape[1] // len({line["group"] for line in system.rows} - {ALL})
    need = 1 / np.abs(system.sums[at, own])
    others = [own % width + place * width for name, place in whole.items() if name != group]
    return any((np.maximum(system.sizes[own], system.sizes[o]) >= need).any() for o in others)


def _cost(system: _System, at: int) -> float:
    """Return what hiding a row costs: one number, more where it is about many, much for a total."""
    most = max(int(line["n"]) for line in system.rows) or 1
    return (50.0 if system.rows[at]["group"] == ALL else 1.0) + _respondents(system, at) / most


def _of_base(system: _System, shown: list[int], at: int) -> list[int]:
    """Return all shown rows of the hidden row's group; of another group, where it has none."""
    own = [j for j in shown if system.rows[j]["group"] == system.rows[at]["group"] != ALL]
    return own or [j for j in shown if system.rows[j]["group"] != ALL] or shown


def _totals_alike(systems: Sequence[_System], smallest: int) -> bool:
    """Hide a total in every system that has it where one hides it; return whether that hid any.

    A total of all who have a group is hidden, too, where it lacks fewer than ``smallest`` of all respondents.
    """
    same: dict[tuple[Any, ...], list[tuple[_System, int]]] = defaultdict(list)
    everyone: dict[tuple[Any, ...], int] = {}
    for system in systems:
        for at, (line, cell) in enumerate(zip(system.rows, system.cells, strict=True)):
            if line["group"] == ALL:
                same[cell.system[:3], cell.answers, cell.y, int(line["n"])].append((system, at))
                if cell.system[3:4] == (UNGROUPED,):
                    everyone[cell.system[:3]] = int(line["n"])
    changed = False
    for found in same.values():
        told = any(at in system.hidden for system, at in found)
        for system, at in found:
            n = int(system.rows[at]["n"])
            if told or 0 < everyone.get(system.cells[at].system[:3], n) - n < smallest:
                changed |= at not in system.hidden
                system.hidden.setdefault(at, COMPLEMENTARY)
    return changed
