"""What a table asks of one variable, answered for all respondents and for every group."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.describe.intervals import degrees, limits
from werksem.describe.ratios import Ratios, ratios
from werksem.describe.sample import Sample
from werksem.describe.table import row

__all__ = ["ALL", "Asked", "Cell", "Question", "answered", "groups_of"]

Array = NDArray[np.float64]
# the group of all respondents together
ALL = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A weighted mean of ``y`` of a variable; ``share`` where y is 0 or 1.

    ``part`` tells shares that add to 1 over the questions of a table. ``shown`` turns the mean into the
    number in the table (a mark), ``slope`` carries its standard error over.
    """

    measure: str
    category: str
    y: Callable[[Array], Array]
    share: bool = False
    part: bool = False
    shown: Callable[[float], float] | None = None
    slope: Callable[[float], float] | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """What a row tells of the respondents, for suppression; never written.

    ``y`` (v,) are what it sums over the answers ``answers`` (v,) in its base; ``count`` respondents
    have a y other than 0. Rows of one ``system`` speak of the same variable, rows and groups. ``base`` (v,)
    are the answers that the base has, all where it is empty; ``sizes`` (v,) how many respondents of the
    row's group gave each answer, empty where unknown.
    """

    system: tuple[str, ...]
    answers: tuple[float, ...]
    y: tuple[float, ...]
    count: int
    share: bool
    part: bool
    base: tuple[float, ...] = ()
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A table's variable: its values ``x`` (n,), NaN where they do not count, and its questions."""

    variable: str
    x: Array
    questions: Sequence[Question]


def groups_of(group: pd.Series | None, n: int) -> dict[str, NDArray[np.bool_]]:
    """Return who belongs to each group (n,): all that have a group first, then the groups in their order.

    >>> groups_of(pd.Series(["a", None, "b"]), 3)[ALL].tolist()
    [True, False, True]
    """
    if group is None:
        return {ALL: np.ones(n, dtype=bool)}
    kept = group.astype("category").cat
    names = [str(name) for name in kept.categories]
    codes = kept.codes.to_numpy()
    return {ALL: codes >= 0} | {name: codes == at for at, name in enumerate(names) if (codes == at).any()}


def answered(common: Mapping[str, Any], asked: Asked, sample: Sample) -> list[dict[str, Any]]:
    """Return a row for every question and group, with its ``Cell`` under the key ``cell``; its base
    is all who answered (``all_answers``).

    ``common`` are the cells that all rows share (table, kind); the system of rows is set by who calls.
    """
    parts, known = groups_of(sample.group, len(asked.x)), np.isfinite(asked.x)
    if sample.design.weights is not None:
        known &= sample.design.weights > 0
    y = np.stack([question.y(asked.x) for question in asked.questions], axis=1)
    base = np.stack([mask & known for mask in parts.values()], axis=1)
    size = len(asked.questions)
    found = ratios(np.tile(y, (1, len(parts))), np.repeat(base, size, axis=1), sample.design)
    answers = np.unique(asked.x[known])
    rows = []
    for at, group in enumerate(parts):
        df = degrees(base[:, at], sample.design)
        given = _sizes(asked.x[base[:, at]], answers)
        for number, question in enumerate(asked.questions):
            place = at * size + number
            inside = base[:, at] & (y[:, number] != 0) if question.share else base[:, at]
            cell = Cell(
                (), tuple(answers.tolist()), tuple(question.y(answers).tolist()), int(inside.sum()),
                question.share, question.part, sizes=given,
            )  # fmt: skip
            here = {
                "variable": asked.variable, "group": group, "category": question.category,
                "measure": question.measure, **_numbers(question, found, place, df, sample.level),
            }  # fmt: skip
            rows.append(row(**common, **here) | {"cell": cell, "all_answers": True})
    return rows


def _sizes(x: Array, answers: Array) -> tuple[int, ...]:
    """Return how many of ``x`` there are of each answer (v,)."""
    return tuple(np.bincount(np.searchsorted(answers, x), minlength=len(answers)).tolist())


def _numbers(question: Question, found: Ratios, place: int, df: int, level: float) -> dict[str, Any]:
    """Return value, standard error, interval, n and status of one ratio."""
    value, se, n = float(found.value[place]), float(found.se[place]), int(found.n[place])
    low, high = limits(value, se, df, level, share=question.share)
    status = "few" if df < 1 else "ok"
    se = se if df > 0 else math.nan
    if question.slope is not None:
        se *= question.slope(value)
    if question.shown is not None and math.isfinite(value):
        ends = [question.shown(end) if math.isfinite(end) else end for end in (low, high)]
        value, low, high = question.shown(value), min(ends), max(ends)
    return {"value": value, "se": se, "ci_lower": low, "ci_upper": high, "n": n, "status": status}
