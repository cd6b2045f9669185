"""Estimates as a page shows them: without numbers from which the count of a rare answer follows.

A raw and a standardised coefficient give a standard deviation, and of a yes/no question that is a count; so
do its mean and variance. ``estimates.csv`` has them, and the output check holds it for a decision.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from werksem.report.folder import Result

__all__ = ["rare_names", "shown_estimates", "without_told"]

RAW = ("est", "se", "ci_lower", "ci_upper")
TESTS = ("z", "pvalue")
STANDARDISED = ("std", "std_se", "std_ci_lower", "std_ci_upper")


def shown_estimates(result: Result) -> pd.DataFrame:
    """Return a folder's estimates, of variables with rare answers standardised only."""
    return without_told(result.estimates, rare_names(result))


def rare_names(result: Result) -> tuple[str, ...]:
    """Return the variables of which mean and variance tell how few gave an answer, from the manifest."""
    return tuple(str(name) for name in result.manifest.get("rare") or ())


def without_told(estimates: pd.DataFrame, rare: Collection[str]) -> pd.DataFrame:
    """Return estimates without raw values of rows with a rare variable, nor its mean and variance.

    Of effects (``:=``) all raw values go, for they may be products with its path. Tests of a mean go too:
    divided by the root of n they are the mean in standard deviations.

    >>> names = ["lhs", "op", "rhs", "est", "se", "std", "z"]
    >>> rows = [["y", "~", "x", 0.3, 0.1, 0.04, 3.0], ["x", "~~", "x", 0.015, 0.001, 1.0, 14.0],
    ...         ["y", "~", "w", 0.5, 0.1, 0.2, 5.0]]
    >>> without_told(pd.DataFrame(rows, columns=names), {"x"})[["est", "std", "z"]].values.tolist()
    [[nan, 0.04, 3.0], [nan, 1.0, nan], [0.5, 0.2, 5.0]]
    """
    if not rare:
        return estimates
    names, op = list(rare), estimates["op"]
    left, right = estimates["lhs"].isin(names), estimates["rhs"].isin(names)
    own = left & ((op == "~1") | ((op == "~~") & (estimates["lhs"] == estimates["rhs"])))
    raw = own | ((left | right) & op.isin(["~", "~~", "=~"])) | (op == ":=")
    gone = {name: raw & (own | estimates["std"].notna()) for name in RAW}
    gone |= dict.fromkeys(TESTS, own) | dict.fromkeys(STANDARDISED, own & (op == "~1"))
    return estimates.assign(**{
        name: estimates[name].mask(where, np.nan) for name, where in gone.items() if name in estimates
    })  # fmt: skip
