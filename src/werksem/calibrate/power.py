"""The power to see a difference of so much: a beta from nothing, and two betas of one outcome apart.

With s the standard deviation of the estimate over simulated surveys (of the difference of two: from their own
covariance over surveys), the power at level 5 % is

    P(|Z + D / s| > z) = Phi(D / s - z) + Phi(-D / s - z),    z = 1.96.

That takes estimates as normal; ``power_simulated`` does not: it is the share of surveys whose own estimate,
moved so that the truth is D, lies beyond z s. ``n_80`` is n ((z + .8416) s / D)²: so many more of the same
respondents, in organisations of the same sizes, give a power of 80 %.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.calibrate.surveys import Run

__all__ = ["power", "power_table"]

Array = NDArray[np.float64]
LEVEL, ENOUGH = 0.95, 0.80
COLUMNS = (
    "engine", "kind", "group", "lhs", "rhs", "than", "difference", "n", "surveys", "se", "power",
    "power_simulated", "mcse", "n_80",
)  # fmt: skip


def power(difference: float, se: float, level: float = LEVEL) -> float:
    """Return the power of a two-sided normal test to see a difference.

    >>> round(power(0.05, 0.05 / 2.8016), 3)
    0.8
    >>> round(power(0.0, 1.0), 3)
    0.05
    """
    from scipy.special import ndtr, ndtri

    z, shift = float(ndtri((1 + level) / 2)), difference / se
    return float(ndtr(shift - z) + ndtr(-shift - z))


def power_table(runs: Sequence[Run], difference: float, n: int) -> pd.DataFrame:
    """Return ``power.csv``: each engine's standardised paths, then each pair of predictors of one outcome."""
    rows = [row for run in runs for row in _rows(run, difference, n)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(run: Run, difference: float, n: int) -> Iterator[dict[str, Any]]:
    keys = run.method.keys.reset_index(drop=True)
    first = keys.groupby("engine", sort=False)["interval"].transform("first") == keys["interval"]
    chosen = first & (keys["op"] == "~") & (keys["quantity"] == "std") & (keys["engine"] != "bootstrap")
    places = np.flatnonzero(chosen)
    paths = keys.iloc[places].to_dict("records")
    error = run.values[:, places, 0] - keys["truth"].to_numpy(dtype=float)[places]
    for k, path in enumerate(paths):
        yield _named(path, "path", "") | _one(error[:, k], difference, path.get("n", n))
    for (a, one), (b, other) in combinations(enumerate(paths), 2):
        if all(one[name] == other[name] for name in ("engine", "group", "lhs")):
            found = _one(error[:, a] - error[:, b], difference, one.get("n", n))
            yield _named(one, "difference", other["rhs"]) | found


def _named(key: Mapping[Any, Any], kind: str, than: str) -> dict[str, Any]:
    return {"kind": kind, "than": than} | {name: key[name] for name in ("engine", "group", "lhs", "rhs")}


def _one(error: Array, difference: float, n: int) -> dict[str, float]:
    """Return power and its check from estimates minus their truth (S,), NaN where there is none."""
    from scipy.special import ndtri

    used = error[np.isfinite(error)]
    if len(used) < 2 or used.std() == 0:
        return {"difference": difference, "n": n, "surveys": len(used)}
    se = float(used.std(ddof=1))
    z = float(ndtri((1 + LEVEL) / 2))
    share = float((np.abs(used + difference) > z * se).mean())
    return {
        "difference": difference, "n": n, "surveys": len(used), "se": se, "power": power(difference, se),
        "power_simulated": share, "mcse": float(np.sqrt(share * (1 - share) / len(used))),
        "n_80": float(np.ceil(n * ((z + float(ndtri(ENOUGH))) * se / difference) ** 2)),
    }  # fmt: skip
