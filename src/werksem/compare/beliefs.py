"""What an engine says of one standardised path or effect: a value, its intervals, and perhaps draws."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.quantities import Pooled, Quantity
from werksem.compare.verdicts import Limits
from werksem.spec.claims import tidy

__all__ = ["Belief", "from_draws", "from_posterior", "from_rows", "quantity_of"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Belief:
    """A path's name and value; ``limits`` gives the interval at a level; ``draws`` (S,) of a posterior."""

    name: str
    est: float
    limits: Limits
    draws: Array | None = None


def from_draws(name: str, draws: Array) -> Belief:
    """Return what draws (S,) say: their mean and equal-tailed intervals.

    >>> [round(limit, 6) for limit in from_draws("y ~ x", np.arange(101.0)).limits(0.9)]
    [5.0, 95.0]
    """
    return Belief(name, float(draws.mean()), partial(_quantiles, draws), draws)


def _quantiles(draws: Array, level: float) -> tuple[float, float]:
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def quantity_of(pooled: Pooled, path: str) -> Quantity | None:
    """Return the path (``y ~ x``) or defined effect of that name, None where the posterior has none."""
    lhs, _, rhs = tidy(path).partition(" ~ ")
    op = "~" if rhs else ":="
    return next((q for q in pooled.quantities if (q.lhs, q.op, q.rhs) == (lhs, op, rhs)), None)


def from_posterior(pooled: Pooled, path: str, group: str | None) -> Belief | None:
    """Return the posterior of a standardised path of everyone, or of one group; None where it has none."""
    found = quantity_of(pooled, path)
    if found is None:
        return None
    if group is None or pooled.groups == ("all",):
        draws = found.std.everyone if group is None else None
    elif group not in pooled.groups or found.std.group is None:
        draws = None
    else:
        g = pooled.groups.index(group)
        draws = found.std.group[:, g] if found.present[g] else None
    return None if draws is None or not np.isfinite(draws).all() else from_draws(tidy(path), draws)


def from_rows(estimates: pd.DataFrame, engine: str, path: str, group: str | None) -> Belief | None:
    """Return what an engine's row in ``estimates.csv`` says, None where there is no row or no error.

    At the row's own level the interval is the row's; at others a normal one with the row's ``std_se``.
    """
    lhs, _, rhs = tidy(path).partition(" ~ ")
    keep = (estimates["engine"] == engine) & (estimates["group"] == (group or "all"))
    keep &= (estimates["lhs"] == lhs) & (estimates["op"] == ("~" if rhs else ":="))
    rows = estimates[keep & (estimates["rhs"] == rhs)]
    if len(rows) != 1 or not rows[["std", "std_se"]].notna().all(axis=None):
        return None
    row = {str(name): value for name, value in rows.iloc[0].items()}
    printed = (float(row["std_ci_lower"]), float(row["std_ci_upper"]))
    limits = partial(_wald, float(row["std"]), float(row["std_se"]), float(row["level"]), printed)
    return Belief(tidy(path), float(row["std"]), limits)


def _wald(
    est: float, se: float, own: float, printed: tuple[float, float], level: float
) -> tuple[float, float]:
    if abs(level - own) < 1e-9 and np.isfinite(printed).all():
        return printed
    half = NormalDist().inv_cdf((1 + level) / 2) * se
    return est - half, est + half
