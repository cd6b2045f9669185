"""Bias and coverage of every interval, from many simulated surveys, with what chance allows around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.calibrate.surveys import Run

__all__ = ["BIAS", "MARGIN", "coverage_table", "exact_limits", "off"]

Array = NDArray[np.float64]
# how far coverage may lie from its level, and bias from zero in standard deviations of the estimate, before
# it matters: an interval of 93 % that says 95 % misleads nobody; nor does a quarter of a standard deviation
# (then coverage of 95 % is still 94.3 %)
MARGIN, BIAS = 0.02, 0.25
# of the interval around a coverage, and how many Monte-Carlo errors bias must exceed its bound by
CONFIDENCE, ERRORS = 0.95, 3.0
# what is published and judged: paths and effects
JUDGED = ("~", ":=")


def coverage_table(runs: Sequence[Run], n: int) -> pd.DataFrame:
    """Return ``calibration.csv``: a row per engine, kind of interval and quantity; ``n`` are the respondents.

    Surveys without a solution are counted (``failed``) and left out, those with a Heywood case are counted
    and kept, as the engines do. ``bias`` is mean minus truth, ``bias_mcse`` its error sd / sqrt(S),
    ``coverage`` the share of intervals with the truth in them, its limits exact (Clopper & Pearson, 1934),
    ``below`` and ``above`` the shares that lie wholly below and above it (Morris, White & Crowther, 2019).
    """
    none = pd.DataFrame(columns=list(_columns())).astype({"own": bool})
    return pd.concat([_table(run, n) for run in runs], ignore_index=True) if runs else none


def _table(run: Run, n: int) -> pd.DataFrame:
    keys, values = run.method.keys, run.values
    truth = keys["truth"].to_numpy(dtype=float)
    rows = [_row(values[:, k], truth[k], level) for k, level in enumerate(keys["level"])]
    found = pd.concat([keys.reset_index(drop=True), pd.DataFrame(rows)], axis=1)
    heywood = int(np.isin(run.status, ("heywood", "not_positive_definite")).sum())
    found = found.assign(n=keys.get("n", n), surveys=len(values), heywood=heywood)
    found["verdict"] = [_verdict(row) for row in found.to_dict("records")]
    return found[list(_columns())]


def _columns() -> Iterator[str]:
    yield from ("engine", "interval", "own", "group", "lhs", "op", "rhs", "quantity", "truth", "n", "surveys")
    yield from ("failed", "heywood", "bias", "bias_mcse", "bias_relative", "sd", "mean_se", "coverage")
    yield from ("coverage_lower", "coverage_upper", "below", "above", "width", "level", "verdict")


def _row(values: Array, truth: float, level: float) -> dict[str, float]:
    """Return what the surveys (S, 4) say of one interval."""
    used = values[np.isfinite(values[:, [0, 2, 3]]).all(axis=1)]
    failed = len(values) - len(used)
    if len(used) < 2:
        return {"failed": failed}
    estimate, se, lower, upper = used.T
    bias, sd = float(estimate.mean() - truth), float(estimate.std(ddof=1))
    below, above = int((upper < truth).sum()), int((lower > truth).sum())
    inside = len(used) - below - above
    least, most = exact_limits(inside, len(used))
    return {
        "failed": failed, "bias": bias, "bias_mcse": sd / np.sqrt(len(used)),
        "bias_relative": bias / truth if abs(truth) > 1e-12 else np.nan, "sd": sd,
        "mean_se": float(np.nanmean(se)), "coverage": inside / len(used), "coverage_lower": least,
        "coverage_upper": most, "below": below / len(used), "above": above / len(used),
        "width": float((upper - lower).mean()),
    }  # fmt: skip


def exact_limits(inside: int, total: int) -> tuple[float, float]:
    """Return the exact 95 % limits of a share (Clopper & Pearson, 1934).

    >>> [round(limit, 4) for limit in exact_limits(95, 100)]
    [0.8872, 0.9836]
    """
    from scipy.special import betaincinv

    tail = (1 - CONFIDENCE) / 2
    lower = 0.0 if inside == 0 else float(betaincinv(inside, total - inside + 1, tail))
    upper = 1.0 if inside == total else float(betaincinv(inside + 1, total - inside, 1 - tail))
    return lower, upper


def _verdict(row: Mapping[Any, Any]) -> str:
    """Return ``too low``, ``too high``, ``biased``, ``ok``, or ``failed`` where there are no surveys."""
    coverage = row.get("coverage", np.nan)
    if not np.isfinite(coverage):
        return "failed"
    if row["coverage_upper"] < row["level"] - MARGIN:
        return "too low"
    if abs(row["bias"]) - ERRORS * row["bias_mcse"] > BIAS * row["sd"]:
        return "biased"
    return "too high" if row["coverage_lower"] > row["level"] + MARGIN else "ok"


def off(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that break a promise: the study's own intervals of paths and effects, beyond chance.

    Intervals that cover more than they say break none: they are wider than need be.
    """
    own = table["own"] & table["op"].isin(JUDGED)
    return table[own & table["verdict"].isin(("too low", "biased", "failed"))]
