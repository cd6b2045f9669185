"""Bias and coverage of every interval, from many simulated surveys, with what chance allows around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.calibrate.surveys import Run

__all__ = [
    "BIAS", "BROKEN", "CONFIDENCE", "ERROR", "FAILED", "JUDGED", "LEAST", "MARGIN", "Z95",
    "coverage_table", "exact_limits", "off", "own", "too_many_failed",
]  # fmt: skip

Array = NDArray[np.float64]
# how far coverage may lie from its level, and bias from zero in standard deviations of the estimate, before
# it matters: an interval of 93 % that says 95 % misleads nobody; nor does a quarter of a standard deviation
# (then coverage of 95 % is still 94.3 %)
MARGIN, BIAS = 0.02, 0.25
# of the limits around a coverage and a bias, and the chance that any of the study's own intervals whose
# coverage and bias are at their bounds is called too low or biased
CONFIDENCE, Z95, ERROR = 0.95, 1.959964, 0.05
# the share of surveys that may be without an interval, and the tests of each interval: of its coverage, its
# bias, and that share; with fewer surveys than LEAST nothing is found in order
FAILED, TESTS, LEAST = 0.05, 3, 200
# what is published and judged: paths and effects
JUDGED = ("~", ":=")
BROKEN = ("not in order", "too low", "biased")


def coverage_table(runs: Sequence[Run], n: int) -> pd.DataFrame:
    """Return ``calibration.csv``: a row per engine, kind of interval and quantity; ``n`` are the respondents.

    Surveys without an interval are counted (``failed``) and left out, ``used`` are the others; those with a
    Heywood case are counted and kept, as the engines do. ``bias`` is mean minus truth, ``bias_mcse`` its
    error sd / sqrt(S), ``coverage`` the share of intervals with the truth in them, its limits exact (Clopper
    & Pearson, 1934), ``below`` and ``above`` the shares that lie wholly below and above it (Morris, White &
    Crowther, 2019). ``verdict`` is

    - ``not in order``: more than 5 % of surveys give no interval by an exact binomial test;
    - ``too low``: coverage is below its level less .02 by an exact binomial test;
    - ``biased``: bias is above a quarter of ``sd`` by Student's t; all are one-sided, at 5 % for all of
      the study's own intervals together (Bonferroni, three tests of each);
    - ``ok``, ``too high``: at least 200 surveys, the lower limit of coverage at or above its level less .02
      (above its level plus .02), the 95 % interval of bias within a quarter of ``sd``, and the upper limit
      of the share without an interval at most .05;
    - ``undecided``: else.
    """
    if not runs:
        return pd.DataFrame(columns=list(_columns())).astype({"own": bool})
    table = pd.concat([_table(run, n) for run in runs], ignore_index=True)
    alpha = ERROR / (TESTS * max(len(own(table)), 1))
    return table.assign(verdict=[_verdict(row, alpha) for row in table.to_dict("records")])


def _table(run: Run, n: int) -> pd.DataFrame:
    keys, values = run.method.keys.reset_index(drop=True), run.values
    truth = keys["truth"].to_numpy(dtype=float)
    rows = [_row(values[:, k], truth[k], level) for k, level in enumerate(keys["level"])]
    found = pd.concat([keys, pd.DataFrame(rows)], axis=1)
    heywood = int(np.isin(run.status, ("heywood", "not_positive_definite")).sum())
    found = found.assign(n=keys.get("n", n), surveys=len(values), heywood=heywood, verdict="")
    return found.reindex(columns=list(_columns()))  # where no survey has a solution there is no coverage


def _columns() -> Iterator[str]:
    yield from ("engine", "interval", "own", "group", "lhs", "op", "rhs", "quantity", "truth", "n", "surveys")
    yield from ("used", "failed", "heywood", "bias", "bias_mcse", "bias_relative", "sd", "mean_se")
    yield from ("coverage", "coverage_lower", "coverage_upper", "below", "above", "width", "level", "verdict")


def _row(values: Array, truth: float, level: float) -> dict[str, float]:
    """Return what the surveys (S, 4) say of one interval."""
    used = values[np.isfinite(values[:, [0, 2, 3]]).all(axis=1)]
    failed = len(values) - len(used)
    if len(used) < 2:
        return {"used": len(used), "failed": failed}
    estimate, se, lower, upper = used.T
    bias, sd = float(estimate.mean() - truth), float(estimate.std(ddof=1))
    below, above = int((upper < truth).sum()), int((lower > truth).sum())
    inside = len(used) - below - above
    least, most = exact_limits(inside, len(used))
    return {
        "used": len(used), "failed": failed, "bias": bias, "bias_mcse": sd / np.sqrt(len(used)),
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


def _verdict(row: Mapping[Any, Any], alpha: float) -> str:
    """Return what a row comes to, each of its tests at level ``alpha``."""
    from scipy.special import bdtr, stdtrit

    # with fewer than two intervals there is no coverage to test
    if row["used"] < 2 or too_many_failed(int(row["failed"]), int(row["surveys"]), alpha):
        return "not in order"
    inside = round(row["coverage"] * row["used"])
    if bdtr(inside, int(row["used"]), row["level"] - MARGIN) < alpha:
        return "too low"
    if abs(row["bias"]) - float(stdtrit(row["used"] - 1, 1 - alpha)) * row["bias_mcse"] > BIAS * row["sd"]:
        return "biased"
    if not _kept(row):
        return "undecided"
    return "too high" if row["coverage_lower"] > row["level"] + MARGIN else "ok"


def too_many_failed(failed: int, total: int, alpha: float) -> bool:
    """Return whether more than 5 % fail, by an exact one-sided binomial test at level ``alpha``.

    >>> too_many_failed(10, 120, 0.05), too_many_failed(11, 120, 0.05)
    (False, True)
    """
    from scipy.special import bdtrc

    return bool(bdtrc(failed - 1, total, FAILED) < alpha)  # the chance of so many or more


def _kept(row: Mapping[Any, Any]) -> bool:
    """Return whether so many surveys show that coverage, bias and failures are within their margins."""
    covers = row["coverage_lower"] >= row["level"] - MARGIN
    solved = exact_limits(int(row["failed"]), int(row["surveys"]))[1] <= FAILED
    centred = abs(row["bias"]) + Z95 * row["bias_mcse"] <= BIAS * row["sd"]
    return bool(row["used"] >= LEAST and covers and centred and solved)


def own(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are judged: the study's own intervals of paths and effects."""
    return table[table["own"] & table["op"].isin(JUDGED)]


def off(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that break a promise: the study's own intervals of paths and effects, beyond chance.

    Intervals that cover more than they say break none: they are wider than need be.
    """
    found = own(table)
    return found[found["verdict"].isin(BROKEN)]
