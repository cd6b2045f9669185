"""Robustness values of published betas: from t and df, else as bounds from stars, n and predictors."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, isnan
from typing import Any

import pandas as pd

from werksem.compare.cells import records
from werksem.engines.ols_robustness import ALPHA, COLUMNS
from werksem.inference.robustness import critical_t, robustness_value

__all__ = ["published_robustness", "robustness"]

# stars: |t| reaches the critical value of the first level, but not that of the second
LEVELS: Mapping[str, tuple[float, float]] = {
    "": (1.0, 0.05), "*": (0.05, 0.01), "**": (0.01, 0.001), "***": (0.001, 0.0),
}  # fmt: skip


def robustness(own: pd.DataFrame | None, published: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return OLS's table with the published betas below it; None where there is neither."""
    parts = [own, None if published is None else published_robustness(published)]
    filled = [part for part in parts if part is not None and len(part)]
    return pd.concat(filled, ignore_index=True) if filled else None


def published_robustness(published: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of ``robustness.csv`` of published betas that are known to some extent.

    With a printed ``t`` the values themselves (``basis`` ``t``); else their bounds from the stars
    (``basis`` ``stars``), as OLS on the printed n with every predictor listed. df is the printed one, or
    n - k - 1 with k the predictors that the file has of the outcome. Without df, or where beta and
    stars are both lost, there is no row.
    """
    counts = published.groupby(["lhs", "group"])["rhs"].transform("size")
    rows = []
    for row, k in zip(records(published), counts, strict=True):
        df = row["df"] if not isnan(row["df"]) else row["n"] - k - 1
        known = not isnan(row["t"]) or bool(row["stars"]) or not isnan(row["beta"])
        if known and df > 1:
            rows.append(_row(row, float(df)))
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(row: Mapping[str, Any], df: float) -> dict[str, Any]:
    common = {key: row[key] for key in ("group", "lhs", "rhs", "beta", "t")}
    common |= {"source": "published", "df": df, "alpha": ALPHA}
    if not isnan(row["t"]):
        values = robustness_value(row["t"], df), robustness_value(row["t"], df, ALPHA)
        return common | {"rv": values[0], "rv_alpha": values[1], "basis": "t"}
    low, high = (_critical(df, level) for level in LEVELS[row["stars"]])
    return common | {
        "rv_lower": _value(low, df), "rv_upper": _value(high, df),
        "rv_alpha_lower": _value(low, df, ALPHA), "rv_alpha_upper": _value(high, df, ALPHA),
        "basis": "stars",
    }  # fmt: skip


def _critical(df: float, level: float) -> float:
    return inf if level == 0 else 0.0 if level == 1 else critical_t(df, level)


def _value(t: float, df: float, alpha: float = 1.0) -> float:
    return 1.0 if t == inf else robustness_value(t, df, alpha)
