"""``robustness.csv``: how strong an omitted cause must be to undo each beta on scale means."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan, sqrt

import pandas as pd

from werksem.estimators.ols import OlsFit
from werksem.inference.robustness import robustness_value

__all__ = ["ALPHA", "COLUMNS", "robustness_table"]

ALPHA = 0.05
COLUMNS = [
    "source", "group", "lhs", "rhs", "beta", "t", "df", "rv", "rv_alpha", "alpha",
    "rv_lower", "rv_upper", "rv_alpha_lower", "rv_alpha_upper", "basis",
]  # fmt: skip


def robustness_table(fits: Sequence[OlsFit], se: str) -> pd.DataFrame:
    """Return a row per beta: ``rv`` brings it to 0, ``rv_alpha`` makes its test no longer reject.

    ``t`` is the classical one whatever the standard errors, for it is the partial R² in disguise:
    t² / df = beta² / ((1 - R²) VIF). Robust standard errors (``basis`` names them) enlarge the
    critical value behind ``rv_alpha`` by their ratio to the classical ones. Bounds are empty here.
    """
    rows = []
    for fit in fits:
        for k, predictor in enumerate(fit.predictors):
            classical = sqrt((1 - fit.r2) * float(fit.vif[k]) / fit.df)
            t = float(fit.beta[k]) / classical if classical > 0 else nan
            ratio = float(fit.beta_se[k]) / classical if classical > 0 else nan
            values = (robustness_value(t, fit.df), robustness_value(t, fit.df, ALPHA, ratio))
            rows.append(
                ("ols", "all", fit.outcome, predictor, float(fit.beta[k]), t, fit.df, *values, ALPHA,
                 nan, nan, nan, nan, se)
            )  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)
