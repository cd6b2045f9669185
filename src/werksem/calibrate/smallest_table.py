"""From errors in simulated surveys to the size from which a sector's own beta is as good as the pooled one.

As good is within 5 %. That the posterior mean has the smaller squared error on average follows from the
model, whatever the size, if its differences between groups are the true ones; so the size at which own is "no
worse" would only say how many surveys were simulated.
"""

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
RESAMPLES = 999
MARGIN = 1.05  # own is as good as pooled for practice where its RMSE is less than 5 % larger
COLUMNS = (
    "lhs", "rhs", "group", "n", "sectors", "rmse_own", "rmse_pooled", "rmse_overall", "rmse_rule",
    "difference", "mcse_difference", "coverage_own", "coverage_pooled", "better", "n_margin",
    "n_margin_lower", "n_margin_upper", "n_overall", "method",
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
    ``equal``. The row of group ``smallest`` has in ``n_margin`` the size at which the RMSE of own is 5 %
    larger than that of pooled, with its 95 % interval over resampled surveys, in ``n_overall`` that where own
    and overall are equally good (both between sizes by the logarithm); empty where no size of the grid is
    large enough.
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
        sizes = path[path["group"] == SECTOR]
        rows += [named | {"group": SMALLEST, **_smallest(grid, sizes)}] if grid else []
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


def _smallest(grid: list[dict[str, Any]], errors: pd.DataFrame) -> dict[str, Any]:
    n = [row["n"] for row in grid]
    lower, upper = _margin_limits(errors, n)
    return {
        "n_margin": _crossing(n, [row["rmse_own"] / row["rmse_pooled"] / MARGIN for row in grid]),
        "n_margin_lower": lower, "n_margin_upper": upper,
        "n_overall": _crossing(n, [row["rmse_own"] / row["rmse_overall"] for row in grid]),
    }  # fmt: skip


def _margin_limits(errors: pd.DataFrame, n: list[int]) -> tuple[float, float]:
    """Return the 95 % interval of the size at which own is 5 % worse, surveys being resampled.

    NaN where an end is beyond the grid, or there is one survey.
    """
    squares = errors.assign(own=errors["own"] ** 2, pooled=errors["pooled"] ** 2)
    means = squares.groupby(["survey", "n"])[["own", "pooled"]].mean().unstack("n")
    own, pooled = (means[name][n].to_numpy() for name in ("own", "pooled"))
    if len(own) < 2:
        return np.nan, np.nan
    rng = np.random.default_rng(len(own))
    found = np.empty(RESAMPLES)
    for b in range(RESAMPLES):
        some = rng.integers(0, len(own), len(own))
        ratio = np.sqrt(np.nanmean(own[some], axis=0) / np.nanmean(pooled[some], axis=0)) / MARGIN
        found[b] = _crossing(n, ratio.tolist())
    found[np.isnan(found)] = np.inf
    low, high = np.sort(found)[[int(RESAMPLES * 0.025), int(RESAMPLES * 0.975)]]
    return (float(low) if np.isfinite(low) else np.nan), (float(high) if np.isfinite(high) else np.nan)


def _crossing(n: list[int], ratio: list[float]) -> float:
    """Return the size at which a ratio comes to 1, logarithms linear between sizes; NaN where it never does.

    A ratio falls with the size, so what rises by chance is levelled first (isotonic regression): else the
    last size that lies above by chance would decide, the later the more are tried.

    >>> _crossing([10, 1000], [10.0, 0.1]), _crossing([10, 100, 1000], [2.0, 0.5, 1.02])
    (100.0, 47.106019)
    """
    from scipy.optimize import isotonic_regression

    level = np.asarray(isotonic_regression(np.log(ratio), increasing=False).x)
    above = np.flatnonzero(level > 0)
    if not len(above):
        return float(n[0])
    at = int(above[-1])
    if at + 1 == len(n):
        return float("nan")
    x, y = np.log(n[at : at + 2]), level[at : at + 2]
    return float(round(np.exp(x[0] - y[0] * (x[1] - x[0]) / (y[1] - y[0])), 6))
