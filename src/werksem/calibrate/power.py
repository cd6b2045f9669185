"""The power to see a difference of so much: a beta from nothing, and two betas of one outcome apart.

``power`` is counted: the study's own interval of every simulated survey, moved so that the truth is D, and
the share of surveys where 0 is outside. Of two betas there is no interval among the surveys; it is put
together from the two errors of each survey, their correlation over surveys, and the t of the two intervals:
|d| > t sqrt(a² + b² - 2 r a b).

``n_80`` takes the formula: with s the standard deviation over surveys and f the degrees of freedom of the
interval, (estimate / error) is noncentral t, so that the power at n respondents is

    P(|T_f(D / s sqrt(n / n0))| > t_f)

The degrees of freedom are read off the interval: those of a regression are in its t (CR2's are
Satterthwaite's, few however many organisations there are); SEM's and the bootstrap's are normal or have none.
Where respondents come in organisations those are counted, as large as in the data. There is no ``n_80`` where
the interval is not in order, since a test that does not hold its level has no power to speak of, nor where
the formula is not near what was counted.
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

from werksem.calibrate.coverage import BROKEN, own
from werksem.calibrate.power_needed import Sample, clusters_needed, respondents_needed, t_df, t_power
from werksem.calibrate.summary import VERDICTS, gravest
from werksem.calibrate.surveys import Run

__all__ = ["power_table"]

Array = NDArray[np.float64]
COLUMNS = (
    "engine", "interval", "kind", "group", "lhs", "rhs", "than", "difference", "n", "clusters", "surveys",
    "se", "df", "power", "mcse", "power_formula", "clusters_80", "n_80", "verdict",
)  # fmt: skip
PATH = ("engine", "interval", "group", "lhs", "rhs")
# how far the formula may be from what was counted for it to say what other numbers of respondents would give
NEAR = 0.10


def power_table(
    runs: Sequence[Run], coverage: pd.DataFrame, difference: float, n: int, clusters: int | None = None
) -> pd.DataFrame:
    """Return ``power.csv``: the study's own intervals of standardised paths, then each pair of one outcome.

    ``coverage`` is ``calibration.csv`` of the same surveys, whose gravest verdict of an interval (of a pair:
    of the two) stands beside its power. ``clusters`` are the organisations that the n respondents come in,
    None where they come alone.
    """
    rows = [row for run in runs for row in _rows(run, Sample(difference, n, clusters))]
    verdicts = _verdicts(coverage)
    for row in rows:
        names = [row["rhs"], *([row["than"]] if row["than"] else [])]
        found = [verdicts[(*(row[name] for name in PATH[:-1]), rhs)] for rhs in names]
        row["verdict"] = min(found, key=VERDICTS.index)
        if row["verdict"] in BROKEN or not abs(row.get("power", 0) - row.get("power_formula", 0)) <= NEAR:
            row |= {"clusters_80": math.nan, "n_80": math.nan}
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _verdicts(coverage: pd.DataFrame) -> dict[tuple[Any, ...], str]:
    """Return the gravest verdict of each of the study's own paths, in units or standardised."""
    paths = own(coverage)
    paths = paths[paths["op"] == "~"]
    keys = paths[list(PATH)].itertuples(index=False, name=None)
    return dict(zip(keys, gravest(paths), strict=True))


def _rows(run: Run, sample: Sample) -> Iterator[dict[str, Any]]:
    keys = run.method.keys.reset_index(drop=True)
    chosen = keys["own"].astype(bool) & (keys["op"] == "~") & (keys["quantity"] == "std")
    places = np.flatnonzero(chosen)
    paths = keys.iloc[places].to_dict("records")
    # (S, K, 4) as if the truth were nothing
    values = run.values[:, places].copy()
    values[:, :, [0, 2, 3]] -= keys["truth"].to_numpy(dtype=float)[places, None]
    for k, path in enumerate(paths):
        of = _of(path, paths, sample)
        yield _named(path, "path", "") | _one(values[:, k], path, of)
    for (a, one), (b, other) in combinations(enumerate(paths), 2):
        if all(one[name] == other[name] for name in ("engine", "interval", "group", "lhs")):
            apart = _apart(values[:, a], values[:, b])
            yield _named(one, "difference", other["rhs"]) | _one(apart, one, _of(one, paths, sample))


def _of(key: Mapping[Any, Any], paths: Sequence[Mapping[Any, Any]], sample: Sample) -> Sample:
    """Return the sample of a path: outcomes may have respondents of their own number, and predictors."""
    beside = sum(all(path[name] == key[name] for name in PATH[:-1]) for path in paths)
    return replace(sample, n=int(key.get("n", sample.n)), lost=beside + 1)


def _named(key: Mapping[Any, Any], kind: str, than: str) -> dict[str, Any]:
    return {"kind": kind, "than": than} | {name: key[name] for name in PATH}


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


def _one(values: Array, key: Mapping[Any, Any], sample: Sample) -> dict[str, float]:
    """Return the power of intervals (S, 4) whose truth is nothing, NaN where there is none."""
    level = float(key["level"])
    used = values[np.isfinite(values).all(axis=1)]
    known = {"difference": sample.difference, "n": sample.n, "surveys": len(used)}
    if len(used) < 2 or used[:, 0].std() == 0:
        return known
    se = float(used[:, 0].std(ddof=1))
    seen = (used[:, 2] + sample.difference > 0) | (used[:, 3] + sample.difference < 0)
    share = float(seen.mean())
    df = _df(used, level) if key["engine"] == "ols" else math.inf
    found = known | {
        "se": se, "df": df, "power": share, "mcse": math.sqrt(share * (1 - share) / len(used)),
        "power_formula": t_power(sample.difference / se, df, level),
    }  # fmt: skip
    if sample.clusters is None:
        return found | {"n_80": respondents_needed(sample, se, df, level)}
    many = clusters_needed(sample, se, df, level)
    respondents = math.ceil(sample.n * many / sample.clusters) if math.isfinite(many) else math.nan
    return found | {"clusters": sample.clusters, "clusters_80": many, "n_80": respondents}


def _df(used: Array, level: float) -> float:
    """Return the degrees of freedom of t intervals (S, 4), the middle ones where surveys differ."""
    return t_df(float(np.median((used[:, 3] - used[:, 2]) / (2 * used[:, 1]))), level)
