"""Tables of a latent-variable posterior: how much the groups differ, and what each says by itself."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.latent.design import LatentDesign
from werksem.bayes.latent.draws import LatentDraws
from werksem.bayes.quantities import Pooled
from werksem.bayes.rows import summary
from werksem.rows import Row

__all__ = ["between_table", "own_table", "pooled_share"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


def _rows(design: LatentDesign, which: Index) -> list[Row]:
    model = design.model
    return [model.rows[model.free_of_row.index(int(at))] for at in design.links.at[which]]


def _factors(design: LatentDesign, pooled: Pooled, which: Index) -> Array:
    """Return (V,) what links are multiplied by to be on the common metric, on average over draws; NaN for
    some.
    """
    by_name = {(q.lhs, q.op, q.rhs): q for q in pooled.quantities}
    means = {q.lhs: q for q in pooled.means}
    out = np.full(len(which), np.nan)
    for v, row in enumerate(_rows(design, which)):
        q = by_name.get((row.lhs, row.op, row.rhs))
        if row.op == "~" and q is not None and q.raw.typical is not None and q.common.typical is not None:
            out[v] = float(np.abs(q.common.typical).sum() / np.abs(q.raw.typical).sum())
        if row.op == "~1" and row.lhs in means:
            mean = means[row.lhs]
            assert mean.raw.group is not None
            assert mean.common.group is not None
            assert mean.raw.everyone is not None
            off = np.abs(mean.raw.group - mean.raw.everyone[:, None]).sum()
            out[v] = float(np.abs(mean.common.group).sum() / off) if off > 0 else np.nan
    return out


def between_table(design: LatentDesign, draws: LatentDraws, pooled: Pooled) -> pd.DataFrame:
    """Return SDs between groups and units: level, lhs, op, rhs, est, se, interval, ``std`` on the common
    metric.

    ``level`` is ``group``, or ``nested`` for units within groups.

    On the raw parameter for paths and means, on the log SD for a variance, on Fisher's z of the (partial)
    correlation for a covariance; ``std`` is empty for the last two.
    """
    rows: list[tuple[object, ...]] = []
    for level, which, sds in (("group", design.vary, draws.between), ("nested", design.nested, draws.nested)):
        factor = _factors(design, pooled, which)
        for v, row in enumerate(_rows(design, which)):
            est, se, low, high = summary(sds[:, v])
            rows.append((level, row.lhs, row.op, row.rhs, est, se, low, high, est * factor[v]))
    columns = ["level", "lhs", "op", "rhs", "est", "se", "ci_lower", "ci_upper", "std"]
    return pd.DataFrame(rows, columns=columns)


def own_table(design: LatentDesign, pooled: Pooled) -> pd.DataFrame:
    """Return each group's own paths on the common metric: lhs, rhs, group, n, est, se.

    Maximum likelihood of the group's own respondents, the measurement of items as for everyone; NaN where
    a group has too few.
    """
    factor, found, rows = _factors(design, pooled, design.vary), design.moments, []
    for v, row in enumerate(_rows(design, design.vary)):
        if row.op == "~":
            own = design.own.estimate[:, v] * factor[v]
            rows += [
                (row.lhs, row.rhs, group, int(found.rows[g]), own[g], design.own.se[g, v] * factor[v])
                for g, group in enumerate(found.groups)
            ]
    return pd.DataFrame(rows, columns=["lhs", "rhs", "group", "n", "est", "se"])


def pooled_share(design: LatentDesign, draws: LatentDraws) -> pd.DataFrame:
    """Return s² / (s² + tau²) per path and group: lhs, rhs, group, value; 1 for a path that does not vary.

    s is the standard error of the group's own estimate, tau the posterior mean of the between-group SD.
    """
    model, found = design.model, design.moments
    rows: list[tuple[str, str, str, float]] = []
    if len(found.groups) == 1:
        return pd.DataFrame(rows, columns=["lhs", "rhs", "group", "value"])
    tau = dict(zip(design.links.at[design.vary].tolist(), draws.between.mean(axis=0), strict=True))
    number = {int(at): v for v, at in enumerate(design.links.at[design.vary])}
    for row, at in zip(model.rows, model.free_of_row, strict=True):
        if row.op != "~":
            continue
        for g, group in enumerate(found.groups):
            value = 1.0
            if at in number and np.isfinite(design.own.se[g, number[at]]):
                s = design.own.se[g, number[at]] ** 2
                value = float(s / (s + tau[at] ** 2))
            rows.append((row.lhs, row.rhs, group, value))
    return pd.DataFrame(rows, columns=["lhs", "rhs", "group", "value"])
