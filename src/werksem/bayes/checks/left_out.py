"""Leaving groups out, one at a time: the table, whatever the model that was refitted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from werksem.bayes.checks.evidence import LogMean

__all__ = ["COLUMNS", "left_out_table"]

COLUMNS = (
    "group", "n", "log_density", "per_respondent", "mc_error", "effective_draws", "rhat",
    "complete_pooling", "complete_pooling_error", "no_pooling", "no_pooling_error",
)  # fmt: skip


def left_out_table(
    groups: Sequence[str], n: Sequence[float], found: Sequence[LogMean], rhat: Sequence[float],
    complete: Sequence[LogMean] = (), alone: Sequence[LogMean] = (),
) -> pd.DataFrame:  # fmt: skip
    """Return ``left_out.csv``: the log density of each group's data given those of all other groups.

    ``per_respondent`` is divided by n; ``mc_error`` and ``effective_draws`` say how sure the mean over the
    draws is. ``complete`` and ``alone`` are the same density under complete and no pooling, empty where not
    known. Groups are few and differ in size, so there is no standard error over groups and no ranking
    of models.

    >>> table = left_out_table(["A"], [10], [LogMean(-25.0, 0.1, 400.0)], [1.0])
    >>> table[["per_respondent", "mc_error"]].to_numpy().tolist()
    [[-2.5, 0.1]]
    """
    nothing = [LogMean(np.nan, np.nan, np.nan)] * len(groups)
    table = {
        "group": list(groups), "n": list(n), "log_density": [one.value for one in found],
        "per_respondent": [one.value / size for one, size in zip(found, n, strict=True)],
        "mc_error": [one.error for one in found], "effective_draws": [one.effective for one in found],
        "rhat": list(rhat),
    }  # fmt: skip
    for name, others in (("complete_pooling", complete), ("no_pooling", alone)):
        table[name] = [one.value for one in others or nothing]
        table[f"{name}_error"] = [one.error for one in others or nothing]
    return pd.DataFrame(table, columns=list(COLUMNS))
