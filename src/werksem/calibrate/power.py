"""The power to see a difference of so much: a beta from nothing, and two betas of one outcome apart.

``power`` is counted: the study's own interval of every simulated survey, moved so that the truth is D, and
the share of surveys where 0 is outside. Of two betas there is no interval among the surveys; it is put
together from the two errors of each survey, their correlation over surveys, and the t of the two intervals:
|d| > t sqrt(a² + b² - 2 r a b).

``n_80`` takes the formula: with s the standard deviation over surveys and f the degrees of freedom of the
interval, (estimate / error) is noncentral t, so that the power at n respondents is

    P(|T_f(D / s sqrt(n / n0))| > t_f)

Where respondents come in organisations those are counted: G of them, as large as in the data, leave G - 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.calibrate.power_needed import Sample, clusters_needed, respondents_needed, t_df, t_power
from werksem.calibrate.surveys import Run

__all__ = ["power_table"]

Array = NDArray[np.float64]
COLUMNS = (
    "engine", "interval", "kind", "group", "lhs", "rhs", "than", "difference", "n", "clusters", "surveys",
    "se", "df", "power", "mcse", "power_formula", "clusters_80", "n_80",
)  # fmt: skip


def power_table(runs: Sequence[Run], difference: float, n: int, clusters: int | None = None) -> pd.DataFrame:
    """Return ``power.csv``: the study's own intervals of standardised paths, then each pair of one outcome.

    ``clusters`` are the organisations that the n respondents come in, None where they come alone.
    """
    rows = [row for run in runs for row in _rows(run, Sample(difference, n, clusters))]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(run: Run, sample: Sample) -> Iterator[dict[str, Any]]:
    keys = run.method.keys.reset_index(drop=True)
    chosen = keys["own"].astype(bool) & (keys["op"] == "~") & (keys["quantity"] == "std")
    places = np.flatnonzero(chosen)
    paths = keys.iloc[places].to_dict("records")
    # (S, K, 4) as if the truth were nothing
    values = run.values[:, places].copy()
    values[:, :, [0, 2, 3]] -= keys["truth"].to_numpy(dtype=float)[places, None]
    for k, path in enumerate(paths):
        yield _named(path, "path", "") | _one(values[:, k], float(path["level"]), _of(path, sample))
    for (a, one), (b, other) in combinations(enumerate(paths), 2):
        if all(one[name] == other[name] for name in ("engine", "interval", "group", "lhs")):
            apart = _apart(values[:, a], values[:, b])
            yield _named(one, "difference", other["rhs"]) | _one(apart, float(one["level"]), _of(one, sample))


def _of(key: Mapping[Any, Any], sample: Sample) -> Sample:
    """Return the sample of a path: outcomes may have respondents of their own number."""
    return replace(sample, n=int(key.get("n", sample.n)))


def _named(key: Mapping[Any, Any], kind: str, than: str) -> dict[str, Any]:
    names = ("engine", "interval", "group", "lhs", "rhs")
    return {"kind": kind, "than": than} | {name: key[name] for name in names}


def _apart(one: Array, other: Array) -> Array:
    """Return estimate, error and limits (S, 4) of the difference of two whose (S, 4) are given."""
    used = np.isfinite(one).all(axis=1) & np.isfinite(other).all(axis=1)
    if used.sum() < 2 or min(part[used, 0].std() for part in (one, other)) == 0:
        return np.full_like(one, np.nan)
    r = float(np.corrcoef(one[used, 0], other[used, 0])[0, 1])
    d, a, b = one[:, 0] - other[:, 0], one[:, 1], other[:, 1]
    se = np.sqrt(a**2 + b**2 - 2 * r * a * b)
    times = (one[:, 3] - one[:, 2] + other[:, 3] - other[:, 2]) / (2 * (a + b))
    return np.column_stack([d, se, d - times * se, d + times * se])


def _one(values: Array, level: float, sample: Sample) -> dict[str, float]:
    """Return the power of intervals (S, 4) whose truth is nothing, NaN where there is none."""
    used = values[np.isfinite(values).all(axis=1)]
    known = {"difference": sample.difference, "n": sample.n, "surveys": len(used)}
    if len(used) < 2 or used[:, 0].std() == 0:
        return known
    se = float(used[:, 0].std(ddof=1))
    seen = (used[:, 2] + sample.difference > 0) | (used[:, 3] + sample.difference < 0)
    share = float(seen.mean())
    times = float(np.median((used[:, 3] - used[:, 2]) / (2 * used[:, 1])))
    df = t_df(times, level) if sample.clusters is None else sample.clusters - 1.0
    found = known | {
        "se": se, "df": df, "power": share, "mcse": math.sqrt(share * (1 - share) / len(used)),
        "power_formula": t_power(sample.difference / se, df, level),
    }  # fmt: skip
    if sample.clusters is None:
        return found | {"n_80": respondents_needed(sample, se, df, level)}
    many = clusters_needed(sample, se, level)
    respondents = math.ceil(sample.n * many / sample.clusters) if math.isfinite(many) else math.nan
    return found | {"clusters": sample.clusters, "clusters_80": many, "n_80": respondents}
