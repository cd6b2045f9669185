"""The rules of thumb of output checking, and one row per output that is held to them.

Brandt, Franconi, Guerke, Hundepool, Lucarelli, Mol, Ritchie, Seri & Welpton (2010), Guidelines for the
checking of output based on microdata research (ESSnet SDC; Eurostat, 2015): ten units per cell, ten degrees
of freedom per model, no unit with more than half of a cell, no category with more than 90 % of a group. The
p% rule is that of Hundepool et al. (2012), Statistical Disclosure Control, section 4.2.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.engines.few import NOBODY, Withheld
from werksem.spec.disclosure import SMALLEST, Disclosure, loosened

__all__ = [
    "COLUMNS",
    "UNITS",
    "Concentration",
    "Output",
    "concentration",
    "failed",
    "rule_output",
    "units_of",
]

Array = NDArray[np.float64]

UNITS, DF = SMALLEST, 10
DOMINANCE, P_PERCENT, CATEGORY = 0.50, 0.10, 0.90

COLUMNS = (
    "section", "name", "group", "file", "n", "cells", "smallest", "units", "df", "largest_respondent",
    "largest_unit", "largest_category", "hidden", "hidden_also", "failed", "passes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Concentration:
    """How a group's weight is spread: largest shares of one respondent and one unit (cluster), units, p%.

    ``units`` is 0 and ``unit`` NaN without clusters; ``p_percent`` is whether the second largest
    respondent could estimate the largest within 10 %.
    """

    n: int
    respondent: float
    p_percent: bool
    units: int
    unit: float


@dataclass(frozen=True, slots=True)
class Output:
    """One output: section (``rule``, ``table``, ``model``, ``group``, ``cells``, ``file``), name, numbers.

    ``smallest`` is the smallest shown number of respondents behind a cell; shares are between 0 and 1, NaN
    where a rule does not apply. ``group`` is the group that is nearest to its limit.
    """

    section: str
    name: str
    group: str = ""
    file: str = ""
    n: float = math.nan
    cells: float = math.nan
    smallest: float = math.nan
    units: float = math.nan
    df: float = math.nan
    largest_respondent: float = math.nan
    largest_unit: float = math.nan
    largest_category: float = math.nan
    hidden: float = math.nan
    hidden_also: float = math.nan
    p_percent: bool = False
    held: str = ""


def rule_output(rule: Disclosure, withheld: Withheld = NOBODY) -> Output:
    """Return the study's own rule as an output, and how many groups it hides.

    >>> failed(rule_output(Disclosure())), failed(rule_output(Disclosure(complementary=False)))
    ((), ('loosened',))
    """
    return Output(
        "rule", "disclosure", smallest=rule.smallest, hidden=len(withheld.few),
        hidden_also=len(withheld.also), held="loosened" if loosened(rule) else "",
    )  # fmt: skip


def units_of(outputs: Iterable[Output]) -> int:
    """Return the fewest respondents behind a number: ten, or more where the study's own rule asks more.

    >>> units_of([rule_output(Disclosure(smallest=25))]), units_of([rule_output(Disclosure(smallest=5))])
    (25, 10)
    """
    return max([UNITS, *(int(one.smallest) for one in outputs if one.section == "rule")])


def failed(output: Output, units: float = UNITS) -> tuple[str, ...]:
    """Return the rules that an output does not keep: units, df, dominance, p, unit, category, or its reason.

    ``units`` is the fewest respondents behind a number, that of ``units_of``.

    >>> failed(Output("model", "ols", n=300, df=9)), failed(Output("table", "a", n=20, smallest=10))
    (('df',), ())
    """
    tests = (
        ("units", min(_or(output.n), _or(output.smallest)) < units),
        ("df", output.df < DF),
        ("dominance", output.largest_respondent > DOMINANCE),
        ("p", output.p_percent),
        ("unit", output.largest_unit > DOMINANCE),
        ("category", output.largest_category > CATEGORY),
    )
    found = tuple(name for name, broken in tests if broken)
    return (*found, output.held) if output.held else found


def _or(value: float) -> float:
    return math.inf if math.isnan(value) else value


def concentration(weights: Array, cluster: NDArray[np.int64] | None) -> Concentration:
    """Return how the weights (n,) of a group are spread over its respondents and clusters (codes, n).

    The p% rule is broken where all but the two largest weigh less than p of the largest: the second could
    then work the largest out within p.

    >>> found = concentration(np.array([6.0, 3.0, 0.5]), None)
    >>> round(found.respondent, 3), found.p_percent, found.units
    (0.632, True, 0)
    """
    positive = weights > 0
    own = weights[positive]
    if not own.size:
        return Concentration(0, math.nan, False, 0, math.nan)
    total, ordered = float(own.sum()), np.sort(own)[::-1]
    rest = total - float(ordered[:2].sum())
    p_percent = bool(rest < P_PERCENT * ordered[0])
    units, unit = 0, math.nan
    if cluster is not None:
        sums = np.bincount(cluster[positive], weights=own)
        units, unit = int((sums > 0).sum()), float(sums.max() / total)
    return Concentration(int(own.size), float(ordered[0] / total), p_percent, units, unit)
