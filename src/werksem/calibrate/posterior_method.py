"""Intervals of the posterior over surveys of ordinal, clustered answers: do they hold what is true?

The population has no differences between groups but those of their organisations, so a group's paths are
those of all, and only the intervals of all are held to their word here; how intervals of groups that do
differ fare is counted by size of group (``smallest.py``). What is true is what the engine that the posterior
pools would find: the regressions on scale means (level scores) or the SEM (level latent).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.calibrate.method import Method, Result
from werksem.calibrate.simulated import Plan
from werksem.calibrate.surveys import Run

if TYPE_CHECKING:
    from werksem.calibrate.sbc_run import AnyReady

__all__ = ["CREDIBLE", "posterior_run", "run_of_rows"]

Array = NDArray[np.float64]
CREDIBLE = "credible"
NAMED = ["group", "lhs", "op", "rhs"]
VALUES = {
    "b": ("est", "se", "ci_lower", "ci_upper"),
    "std": ("std", "std_se", "std_ci_lower", "std_ci_upper"),
}


def posterior_run(
    ready: AnyReady, plan: Plan, runs: Sequence[Run], level: str, *, surveys: int, seed: int, jobs: int,
    tick: Callable[[], None],
) -> Run | None:  # fmt: skip
    """Return the posterior's intervals of the first ``surveys`` surveys of a plan.

    None where the engine whose truth it shares (OLS for level ``scores``, else SEM) is not in the study.
    """
    truth = _truth(runs, "ols" if level == "scores" else "sem")
    if truth.empty:
        return None
    from werksem.calibrate.sbc_intervals import posterior_intervals

    rows = posterior_intervals(
        ready, lambda survey: plan.draw(survey)[0], surveys=surveys, seed=seed, jobs=jobs, tick=tick
    )
    return run_of_rows(rows, truth)


def _truth(runs: Sequence[Run], engine: str) -> pd.Series:
    """Return the true paths of an engine by (lhs, op, rhs, quantity)."""
    for run in runs:
        keys = run.method.keys
        mine = keys[(keys["engine"] == engine) & (keys["op"] == "~") & (keys["group"] == "all")]
        if len(mine):
            first = mine[mine["interval"] == mine["interval"].iloc[0]]
            return first.set_index(["lhs", "op", "rhs", "quantity"])["truth"]
    return pd.Series(dtype=float)


def run_of_rows(rows: pd.DataFrame, truth: pd.Series) -> Run:
    """Return a posterior's rows of ``estimates.csv``, with column ``survey``, as a run.

    A survey whose chain did not converge has no intervals: what its draws say is not the posterior's.
    ``truth`` is by (lhs, op, rhs, quantity). The typical group, whose interval is for a group that is not
    in the data, is left out; those of groups are not judged (``own``), since none differs here.
    """
    rows = rows[(rows["op"] == "~") & (rows["group"] != "typical")]
    surveys = [found for _, found in rows.groupby("survey", sort=True)]
    first = surveys[0]
    parts = [first[[*NAMED, "level"]].assign(engine="bayes", quantity=name) for name in VALUES]
    keys = pd.concat(parts, ignore_index=True)
    places = list(zip(keys["lhs"], keys["op"], keys["rhs"], keys["quantity"], strict=True))
    keys = keys.assign(
        interval=CREDIBLE, own=keys["group"] == "all", truth=[truth.get(place, np.nan) for place in places]
    )
    order = pd.MultiIndex.from_frame(first[NAMED])
    values = np.stack([_values(found, order) for found in surveys])
    status = np.array([str(found["status"].iloc[0]) for found in surveys])
    values[status != "ok"] = np.nan
    known = keys["truth"].notna().to_numpy()
    method = Method(keys[known].reset_index(drop=True), lambda inputs, seed: Result(np.zeros((0, 4))))
    return Run(method, values[:, known], status)


def _values(found: pd.DataFrame, order: pd.MultiIndex) -> Array:
    """Return estimate, error and limits (K, 4) of one survey: raw, then standardised."""
    rows = found.set_index(NAMED).loc[order]
    return np.concatenate([rows[list(columns)].to_numpy(dtype=float) for columns in VALUES.values()])
