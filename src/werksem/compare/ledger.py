"""The pooling ledger: what every group says by itself, what it borrows, and whether it differs.

Everything is on the common metric (``std_common``), on which groups can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.quantities import Pooled, Quantity
from werksem.bayes.rows import TYPICAL, summary
from werksem.compare.cells import records

__all__ = ["COLUMNS", "OWN", "PARENT", "RULE_N", "ledger"]

Array = NDArray[np.float64]
COLUMNS = (
    "lhs", "rhs", "group", "n", "own", "own_se", "own_ci_lower", "own_ci_upper",
    "pooled", "pooled_se", "pooled_ci_lower", "pooled_ci_upper", "new_ci_lower", "new_ci_upper",
    "shrinkage", "p_differs", "fixed_effects", "fixed_effects_se", "rule_of_thumb", "rule",
)  # fmt: skip
# the rule of thumb: an own regression from this many respondents on, else that of all groups together
RULE_N = 100
OWN, PARENT = "own regression", "complete pooling"


def ledger(
    pooled: Pooled, own: pd.DataFrame, between: pd.DataFrame, fixed_effects: pd.DataFrame, rope: float
) -> pd.DataFrame:
    """Return the ledger: per path a row for ``all``, for every group and for ``typical``.

    ``own`` has each group's own estimate (lhs, rhs, group, n, est, se, and perhaps df of the residual,
    else intervals are normal), ``fixed_effects`` the estimate with common slopes and an intercept per
    group (lhs, rhs, est, se), both on the common metric; ``between`` (level, lhs, op, rhs, std) the
    standard deviations on it, of which those of level ``group`` count. ``pooled`` and its interval are the
    posterior's; ``shrinkage`` is s² / (s² + tau²) with s the own standard error, 1 where there is no own
    estimate or the path is one for all groups; ``p_differs`` is P(|group - all| > rope). ``all`` is the
    population-weighted mean of the groups; the row ``typical`` has the mean of their distribution, and in
    ``new_ci_*`` the interval of a new group. ``rule_of_thumb`` takes a group's own regression from 100
    respondents on, else the fixed effects (complete pooling); ``rule`` says which. Without groups there are
    no rows.
    """
    own_of = {(r.lhs, r.rhs, r.group): r for r in own.itertuples(index=False)}
    slopes = {(str(r["lhs"]), str(r["rhs"])): (r["est"], r["se"]) for r in records(fixed_effects)}
    paths = between[(between["op"] == "~") & (between["level"] == "group")]
    tau = dict(zip(zip(paths["lhs"], paths["rhs"], strict=True), paths["std"], strict=True))
    rows: list[dict[str, Any]] = []
    for q in pooled.quantities if pooled.groups != ("all",) else ():
        if q.op == "~":
            est, se = slopes.get((q.lhs, q.rhs), (np.nan, np.nan))
            named = {"lhs": q.lhs, "rhs": q.rhs, "fixed_effects": est, "fixed_effects_se": se}
            found = _rows(pooled, q, own_of, float(tau.get((q.lhs, q.rhs), 0.0)), est, rope)
            rows += [named | row for row in found]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(
    pooled: Pooled, q: Quantity, own_of: dict[Any, Any], tau: float, parent: float, rope: float
) -> Iterator[dict[str, Any]]:
    groups, everyone = q.common.group, q.common.everyone
    if groups is None or everyone is None:
        return
    sizes = [own_of[q.lhs, q.rhs, g].n for g in pooled.groups if (q.lhs, q.rhs, g) in own_of]
    yield {"group": "all", "n": sum(sizes), **_pooled(everyone)}
    for g, group in enumerate(pooled.groups):
        if q.present[g]:
            draws = groups[:, g]
            differs = float((np.abs(draws - everyone) > rope).mean())
            cells = _own(own_of.get((q.lhs, q.rhs, group)), tau, parent)
            yield {"group": group, **cells, **_pooled(draws), "p_differs": differs}
    if q.common.typical is not None:
        new = {} if q.common.new is None else _limits("new", q.common.new)
        yield {"group": TYPICAL, **_pooled(q.common.typical), **new}


def _own(found: Any, tau: float, parent: float) -> dict[str, Any]:
    """Return a group's own estimate with its interval, its shrinkage, and what the rule of thumb takes."""
    from scipy import stats

    if found is None or not np.isfinite(found.est) or not np.isfinite(found.se):
        n = np.nan if found is None else found.n
        return {"n": n, "shrinkage": 1.0, "rule_of_thumb": parent, "rule": PARENT}
    half = float(stats.t.ppf(0.975, getattr(found, "df", np.inf))) * found.se
    large, variance = found.n >= RULE_N, found.se**2
    return {
        "n": found.n, "own": found.est, "own_se": found.se,
        "own_ci_lower": found.est - half, "own_ci_upper": found.est + half,
        "shrinkage": 1.0 if tau == 0 else float(variance / (variance + tau**2)),
        "rule_of_thumb": found.est if large else parent, "rule": OWN if large else PARENT,
    }  # fmt: skip


def _pooled(draws: Array) -> dict[str, float]:
    est, se, low, high = summary(draws)
    return {"pooled": est, "pooled_se": se, "pooled_ci_lower": low, "pooled_ci_upper": high}


def _limits(name: str, draws: Array) -> dict[str, float]:
    _, _, low, high = summary(draws)
    return {f"{name}_ci_lower": low, f"{name}_ci_upper": high}
