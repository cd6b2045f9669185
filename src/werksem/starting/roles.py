"""Columns that sort or weigh respondents: groups, weights, clusters, waves, numbers of respondents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from werksem.starting.kinds import Column
from werksem.starting.stems import by_stem
from werksem.survey.check import TAKEN

__all__ = ["Role", "Roles", "named_weights", "roles_of"]

Kind = Literal["group", "weights", "cluster", "wave", "id"]

NAMES: dict[Kind, str] = {
    "weights": r"gewicht|weight|wgt|weeg|(^|_)wt|wt\d*$|weging",
    "id": r"^id$|_id$|^id_|resp(ondent)?_?(nr|id|num|nummer)?$|^nr$|caseid|uuid|volgnummer",
    "wave": r"^(jaar|year|wave|golf|meting|ronde|round|peiling)(_?nr)?$|meetjaar|survey_?year",
    "cluster": r"organi[sz]ati|^org(_|$)|^team|_team|cluster|psu$|^(grp|klas|class|firm|bedrijf|company)$",
    "group": r"sector|branche|department|afdeling|divis|agency|ministerie|regio|provinc|school|department"
    r"|^(land|country|group|groep|locatie|location|site|unit|type_?org)",
}
GROUPS = (2, 20)
CLUSTERS_POSSIBLE = 12
CLUSTERS = 30  # fewer give standard errors by cluster that are too small
BLANK = 0.02
MEAN_ONE = 0.01


@dataclass(frozen=True, slots=True)
class Role:
    """A column that may play a part in ``data``; ``sure`` ones are written, the others as a comment.

    ``why`` is a key of the words, ``n`` the number of groups, clusters or waves.
    """

    kind: Kind
    column: str
    sure: bool
    why: str
    n: int = 0


Roles = tuple[Role, ...]


def roles_of(columns: Sequence[Column], rows: int) -> Roles:
    """Return the roles of columns, at most one sure one of each kind, the most likely of a kind first.

    Items that share a stem with two others are a scale's, whatever their names hint at.
    """
    stems = by_stem([column.name for column in columns if column.kind == "items"]).values()
    mates = {name for names in stems if len(names) > 2 for name in names}
    found = [role for column in columns if column.name not in mates for role in _roles(column, rows)]
    kept: list[Role] = []
    for role in sorted(found, key=lambda role: not role.sure):
        first = not any(other.kind == role.kind and other.sure for other in kept)
        used = any(other.column == role.column and other.sure for other in kept)
        if not used and (first or not role.sure):
            kept.append(role)
    return tuple(kept)


def named_weights(name: str) -> bool:
    """Return whether a column is called as weights are."""
    return re.search(NAMES["weights"], name.casefold()) is not None


def _roles(column: Column, rows: int) -> Iterator[Role]:
    hinted = {kind for kind, names in NAMES.items() if re.search(names, column.name.casefold())}
    full = column.blank <= BLANK * rows
    n = column.distinct
    if column.kind == "unique" or ("id" in hinted and n > rows / 2):
        yield Role("id", column.name, True, "id_said", n)
    elif "wave" in hinted and 2 <= n <= GROUPS[1]:
        yield Role("wave", column.name, True, "wave_said", n)
    elif column.kind == "numbers" and column.values is not None and _weighs(column, "weights" in hinted):
        # whole numbers may be kilograms
        broken = bool((np.nan_to_num(column.values) % 1 > 0).any())
        sure = "weights" in hinted and not column.blank and broken
        yield Role("weights", column.name, sure, "weights_said" if "weights" in hinted else "weights_mean")
    elif "cluster" in hinted and n >= CLUSTERS_POSSIBLE and rows >= 2 * n:
        sure = n >= CLUSTERS and full
        yield Role("cluster", column.name, sure, "cluster_said" if sure else "cluster_few", n)
    elif column.kind == "units" and rows >= 2 * n:
        yield Role("group" if "group" in hinted else "cluster", column.name, False, "units_said", n)
    elif GROUPS[0] <= n <= GROUPS[1] and column.kind in ("words", "items", "yes_no", "numbers"):
        yield from _group(column, "group" in hinted, full)


def _group(column: Column, hinted: bool, full: bool) -> Iterator[Role]:
    """Yield a group: sure by its name, possible where it has words; items and numbers need the name."""
    taken = any(word in TAKEN for word, _ in column.found)
    if taken or not (hinted or column.kind == "words"):
        return
    why = "group_said" if hinted else "group_words"
    yield Role("group", column.name, hinted and full, why, column.distinct)


def _weighs(column: Column, hinted: bool) -> bool:
    """Tell whether numbers can be weights: positive, and by name, or broken numbers with a mean of 1."""
    values = column.values[~np.isnan(column.values)] if column.values is not None else np.array([])
    if not len(values) or values.min() <= 0:
        return False
    return hinted or (abs(values.mean() - 1) < MEAN_ONE and bool((values != np.round(values)).any()))
