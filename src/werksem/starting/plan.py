"""Everything that is written about a data file, decided before a word is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from werksem.errors import DataError
from werksem.starting.file import read_file
from werksem.starting.find import found_scales
from werksem.starting.kinds import Column, column_of
from werksem.starting.proposals import Proposal
from werksem.starting.roles import Role, Roles, roles_of
from werksem.survey.read import stem

__all__ = ["Plan", "made_plan"]

ODD = re.compile(r"[~=*+<>\n\r\t]|^\s|\s$")
EXACT = 1e-8  # share of variance that other columns leave, below which a column follows from them
COVARIANCES = 6
FIML_BELOW = 0.9
SHOWN = 8
DECIMAL_COMMA = re.compile(r"[-+]?\d*,\d+")


@dataclass(frozen=True, slots=True)
class Plan:
    """What was found in a data file, and how the study and model will be called.

    ``scales`` stand in the model, ``doubtful`` as comments. ``codes`` hold for the whole study, unless
    one of them is an answer of some scale: then ``own_codes`` has each scale's. ``pairs`` are covariances
    to state where there are no scales. ``complete`` is the share of respondents who answered every item.
    """

    file: Path
    name: str
    language: str
    rows: int
    columns: tuple[Column, ...]
    roles: Roles
    scales: tuple[Proposal, ...]
    doubtful: tuple[Proposal, ...]
    codes: tuple[float | str, ...]
    own_codes: dict[str, tuple[float | str, ...]]
    pairs: tuple[tuple[str, str], ...]
    complete: float
    odd: tuple[str, ...]
    exact: tuple[str, ...]

    def role(self, kind: str) -> Role | None:
        """Return the sure role of a kind, None where there is none."""
        return next((role for role in self.roles if role.kind == kind and role.sure), None)

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)


def made_plan(file: Path, language: str) -> Plan:
    """Return what a data file seems to hold; raises ``DataError`` for a file that cannot be read."""
    columns = tuple(column_of(raw) for raw in read_file(file, language))
    rows = max((len(c.values) for c in columns if c.values is not None), default=0)
    rows = rows or max(sum(times for _, times in c.found) + c.blank for c in columns)
    odd = tuple(column.name for column in columns if ODD.search(column.name))
    roles = roles_of([column for column in columns if column.name not in odd], rows)
    busy = {*odd, *(role.column for role in roles)}
    free = [column for column in columns if column.name not in busy]
    exact = _exact([column for column in free if column.kind in ("items", "numbers")])
    found = found_scales([column for column in free if column.name not in exact], language)
    scales, doubtful = _standing(found)
    if not scales and len(_numbers(free, exact)) < 2:
        raise DataError(_nothing(columns), where=str(file))
    codes, own = _codes(scales, {column.name: column for column in columns})
    return Plan(
        file, _study_name(stem(file)), language, rows, columns, roles, scales, doubtful, codes, own,
        () if scales else _pairs(free, exact), _complete(scales, columns, rows), odd, exact,
    )  # fmt: skip


def _study_name(text: str) -> str:
    """Return a file's stem as the name of a study.

    >>> _study_name("FEVS 2018 (dev)")
    'FEVS_2018_dev'
    """
    return "_".join(re.findall(r"[\w-]+", text)).strip("-_") or "study"


def _standing(found: Sequence[Proposal]) -> tuple[tuple[Proposal, ...], tuple[Proposal, ...]]:
    """Return the scales of the model and the doubtful ones; alone, a scale needs three items."""
    standing = [entry for entry in found if entry.stands]
    if len(standing) == 1 and len(standing[0].items) < 3:
        standing = []
    return tuple(standing), tuple(entry for entry in found if entry not in standing)


def _exact(columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the columns that copies, sums or differences of the ones before them give exactly."""
    values = [column.values for column in columns if column.values is not None]
    if len(values) < 2:
        return ()
    rows = np.column_stack(values)
    rows = rows[~np.isnan(rows).any(axis=1)][:5000]
    if len(rows) <= 2 * len(columns):
        return ()
    kept: list[int] = []
    for at in range(len(columns)):
        y = rows[:, at] - rows[:, at].mean()
        x = rows[:, kept] - rows[:, kept].mean(axis=0)
        left = y - x @ np.linalg.lstsq(x, y, rcond=None)[0] if kept else y
        if left @ left > EXACT * max(y @ y, 1e-300):
            kept.append(at)
    return tuple(column.name for at, column in enumerate(columns) if at not in kept)


def _codes(
    scales: Sequence[Proposal], columns: dict[str, Column]
) -> tuple[tuple[float | str, ...], dict[str, tuple[float | str, ...]]]:
    """Return the codes for no answer: of all scales together, or each scale's own where they clash."""
    own = {
        entry.name: tuple(dict.fromkeys(code for item in entry.items for code in columns[item].codes))
        for entry in scales
    }
    together = tuple(dict.fromkeys(code for codes in own.values() for code in codes))
    numbers = [code for code in together if not isinstance(code, str)]
    ranges = [entry.scale or (-np.inf, np.inf) for entry in scales]
    clash = any(lowest <= code <= highest for lowest, highest in ranges for code in numbers)
    words = tuple(code for code in together if isinstance(code, str))
    if not clash:
        return (*sorted(numbers), *words), {}
    return words, {name: codes for name, codes in own.items() if codes}


def _pairs(columns: Sequence[Column], exact: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return all pairs of the first columns of numbers, for a model that only describes."""
    return tuple(combinations(_numbers(columns, exact)[:COVARIANCES], 2))


def _numbers(columns: Sequence[Column], exact: Sequence[str]) -> list[str]:
    return [c.name for c in columns if c.kind in ("numbers", "items", "yes_no") and c.name not in exact]


def _nothing(columns: Sequence[Column]) -> str:
    """Return why no model can be written: what the columns are instead of numbers that vary."""
    commas = [c.name for c in columns if any(DECIMAL_COMMA.fullmatch(word) for word, _ in c.found)]
    if commas:
        return f"columns {', '.join(commas[:SHOWN])} have decimal commas; save the file with decimal points"
    found = ", ".join(f"{column.name} ({column.kind})" for column in columns[:SHOWN])
    more = f" and {len(columns) - SHOWN} more" if len(columns) > SHOWN else ""
    return f"nothing to model: right are at least two columns of numbers that vary, found {found}{more}"


def _complete(scales: Sequence[Proposal], columns: Sequence[Column], rows: int) -> float:
    items = {item for entry in scales for item in entry.items}
    values = [c.values for c in columns if c.name in items and c.values is not None]
    return float(1 - np.isnan(np.column_stack(values)).any(axis=1).mean()) if values and rows else 1.0
