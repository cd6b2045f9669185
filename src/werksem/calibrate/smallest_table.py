"""From errors in simulated surveys to the size below which the pooled beta beats a sector's own."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.compare.ledger import RULE_N
from werksem.spec.disclosure import SMALLEST as SMALLEST_GROUP

__all__ = ["ANY", "COLUMNS", "GRID", "SECTOR", "SMALLEST", "Errors", "smallest_table"]

Array = NDArray[np.float64]
GRID = (20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000)
SECTOR, SMALLEST, ANY = "a sector", "smallest", "every path"
MARGIN = 1.05  # own is as good as pooled for practice where its RMSE is less than 5 % larger
COLUMNS = (
    "lhs", "rhs", "group", "n", "sectors", "rmse_own", "rmse_pooled", "rmse_overall", "rmse_rule",
    "difference", "mcse_difference", "coverage_own", "coverage_pooled", "better", "n_margin",
    "n_overall", "method",
)  # fmt: skip


class Errors(NamedTuple):
    """What three estimates of one path missed the truth by, in one group of one survey; do intervals
    cover?"""

    survey: int
    lhs: str
    rhs: str
    group: str
    n: int
    own: float
    pooled: float
    overall: float
    own_covers: bool
    pooled_covers: bool


def smallest_table(errors: list[Errors], method: str) -> pd.DataFrame:
    """Return ``smallest_sector.csv``: per path, and over every path, rows of groups, of sizes, and the
    smallest.

    ``rmse_*`` are root mean squared errors over the surveys, ``rmse_rule`` that of the rule of thumb (own
    from 100 respondents on, else overall); ``difference`` is rmse_own - rmse_pooled with its Monte-Carlo
    error over surveys; ``better`` says ``pooled`` or ``own`` where it is more than twice that error, else
    ``equal``. The row of group ``smallest`` has in ``n`` the first size of the grid from which on own is
    not worse than pooled within Monte-Carlo error, in ``n_margin`` where its RMSE is 5 % larger, in
    ``n_overall`` where own and overall are equally good (both between sizes by the logarithm); empty where
    no size of the grid is large enough.
    """
    frame = pd.DataFrame(errors, columns=list(Errors._fields))
    frame = frame[frame["n"] >= SMALLEST_GROUP]
    both = pd.concat([frame, frame.assign(lhs=ANY, rhs="")], ignore_index=True)
    rows: list[dict[str, Any]] = []
    for (lhs, rhs), path in both.groupby(["lhs", "rhs"], sort=False):
        named = {"lhs": lhs, "rhs": rhs, "method": method}
        found = [named | _of(part) | {"group": group, "n": n}
                 for (group, n), part in path.groupby(["group", "n"], sort=False)]  # fmt: skip
        grid = sorted((row for row in found if row["group"] == SECTOR), key=lambda row: row["n"])
        rows += [row for row in found if row["group"] != SECTOR] + grid
        rows += [named | {"group": SMALLEST, **_smallest(grid)}] if grid else []
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"n": "Int64", "sectors": "Int64"})


def _of(part: pd.DataFrame) -> dict[str, Any]:
    squares = part[["own", "pooled", "overall"]].to_numpy() ** 2
    per_survey = pd.DataFrame(squares).groupby(part["survey"].to_numpy()).mean().to_numpy()
    own, pooled, overall = np.sqrt(squares.mean(axis=0))
    weight = np.array([1 / (2 * own), -1 / (2 * pooled)])
    spread = np.cov(per_survey[:, :2].T) if len(per_survey) > 1 else np.full((2, 2), np.nan)
    error = float(np.sqrt(weight @ spread @ weight / len(per_survey)))
    difference = float(own - pooled)
    better = "equal" if not abs(difference) > 2 * error else "pooled" if difference > 0 else "own"
    large = part["n"].to_numpy() >= RULE_N
    rule = np.sqrt(np.where(large, squares[:, 0], squares[:, 2]).mean())
    return {
        "sectors": len(part), "rmse_own": own, "rmse_pooled": pooled, "rmse_overall": overall,
        "rmse_rule": rule, "difference": difference, "mcse_difference": error, "better": better,
        "coverage_own": part["own_covers"].mean(), "coverage_pooled": part["pooled_covers"].mean(),
    }  # fmt: skip


def _smallest(grid: list[dict[str, Any]]) -> dict[str, Any]:
    worse = [at for at, row in enumerate(grid) if row["better"] == "pooled"]
    first = worse[-1] + 1 if worse else 0
    n = [row["n"] for row in grid]
    return {
        "n": n[first] if first < len(n) else np.nan,
        "n_margin": _crossing(n, [row["rmse_own"] / row["rmse_pooled"] / MARGIN for row in grid]),
        "n_overall": _crossing(n, [row["rmse_own"] / row["rmse_overall"] for row in grid]),
    }


def _crossing(n: list[int], ratio: list[float]) -> float:
    """Return the size at which a ratio comes to 1 for good, the logarithms linear between sizes; NaN where it
    does not.

    >>> _crossing([10, 1000], [10.0, 0.1])
    100.0
    """
    above = [at for at, value in enumerate(ratio) if value > 1]
    if not above:
        return float(n[0])
    at = above[-1]
    if at + 1 == len(n):
        return float("nan")
    x, y = np.log(n[at : at + 2]), np.log(ratio[at : at + 2])
    return float(round(np.exp(x[0] - y[0] * (x[1] - x[0]) / (y[1] - y[0])), 6))
