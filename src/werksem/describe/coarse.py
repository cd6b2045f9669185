"""Numbers of all respondents that weigh hidden ones, so coarse that nothing hidden can be solved from them.

Where every respondent of a group has one weight, as after post-stratification, a weighted mean of ten digits
and its standard error are equations in whole numbers: the sum of weights and of their squares, and so sizes
and answers of hidden groups, follow. A mean in steps of the largest weight's share leaves others: one
respondent of weight v exchanged for k of weight u moves it by half a step at most, and so, up or down, stays
within the step.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.describe.plain_cells import LEVELS
from werksem.describe.questions import ALL
from werksem.describe.table import COMPLEMENTARY, no_number

__all__ = ["coarse", "coarsened", "largest_of", "step_of", "was_coarsened"]

Array = NDArray[np.float64]
Row = dict[str, Any]
ERRORS = ("se", "ci_lower", "ci_upper")
# one-in-k is made of a share; scores are 100 times a difference of shares
PER, SCORE = "one_in", "score"


def largest_of(weights: Array | None) -> float:
    """Return the largest weight in means of those above zero; 0 where there are none, or all are the same.

    >>> largest_of(np.array([0.5, 0.5, 2.0])), largest_of(np.array([2.0, 2.0])), largest_of(None)
    (2.0, 0.0, 0.0)
    """
    own = weights[weights > 0] if weights is not None else np.empty(0)
    return float(own.max() / own.mean()) if own.size and own.min() < own.max() else 0.0


def step_of(largest: float, n: float) -> float:
    """Return 1, 2 or 5 times a power of ten, no less than the share of the largest weight of n respondents.

    >>> step_of(2.5, 420), step_of(1.0, 1000), step_of(0.0, 50)
    (0.01, 0.001, 0.0)
    """
    if not (largest > 0 and n > 0):
        return 0.0
    share = largest / n
    power = math.floor(math.log10(share))
    return next(float(f"{k}e{power}") for k in (1, 2, 5, 10) if float(f"{k}e{power}") >= share * (1 - 1e-9))


def coarse(value: Any, step: float) -> Any:
    """Return numbers as whole steps; as they are where the step is 0.

    >>> float(coarse(0.34159, 0.02)), float(coarse(3.2, 0.0))
    (0.34, 3.2)
    """
    return np.round(np.round(np.asarray(value, dtype=float) / step) * step, 10) if step else value


def coarsened(
    rows: Sequence[Row], status: Mapping[int, str], largest: float
) -> tuple[list[Row], dict[int, str]]:
    """Return rows of a table and which are hidden, with those of all respondents coarse and without errors.

    ``largest`` is that of ``largest_of``. Where a group is hidden whole, that is every row of all
    respondents; else those of a variable and filter of which a group has a hidden row. What was made of
    these (differences with the rest, slopes, tests) is hidden.
    """
    told = _systems(rows, status) if largest else None
    if not told:
        return list(rows), dict(status)
    found, hidden = [], dict(status)
    for at, line in enumerate(rows):
        weighs = ALL in line.get("of", (line["group"],)) and not no_number(line["n"])
        if at in status or not weighs or not (None in told or _about(line) in told):
            found.append(line)
            continue
        if line["measure"] not in LEVELS and line["measure"] != "rank":
            hidden[at] = COMPLEMENTARY
        found.append(line | dict.fromkeys(ERRORS, math.nan) | {"value": _value(line, largest)})
    return found, hidden


def was_coarsened(before: Sequence[Row], after: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether a shown row of all respondents lost its standard error."""
    return any(
        old["group"] == ALL and math.isfinite(old["se"]) and not math.isfinite(new["se"])
        and math.isfinite(new["value"])
        for old, new in zip(before, after, strict=True)
    )  # fmt: skip


def _systems(rows: Sequence[Row], status: Mapping[int, str]) -> set[Any]:
    """Return what hidden rows of groups are about, and None where a group is hidden whole."""
    inside = {at for at in status if rows[at]["group"] != ALL}
    groups = {(line["table"], line["wave"], line["group"]) for line in rows if line["group"] != ALL}
    shown = {(line["table"], line["wave"], line["group"]) for at, line in enumerate(rows) if at not in status}
    return {_about(rows[at]) for at in inside} | ({None} if groups - shown else set())


def _about(line: Row) -> tuple[str, ...]:
    cell = line.get("cell")
    return cell.system[:3] if cell is not None else (line["variable"], line["table"], str(line["wave"]))


def _value(line: Row, largest: float) -> float:
    value, step = line["value"], step_of(largest, float(line["n"]))
    if line["measure"] == "rank" or not math.isfinite(value):
        return float(value)
    if line["measure"] == PER:
        share = float(coarse(1 / value, step)) if value else 0.0
        return 1 / share if share else math.nan
    return float(coarse(value, 100 * step if line["measure"] == SCORE else step))
