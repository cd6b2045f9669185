"""How much the groups differ and how much they were pooled."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.design import Design
from werksem.bayes.draws import ScoreDraws
from werksem.bayes.own import own_regressions
from werksem.bayes.rows import summary
from werksem.bayes.statistics import Statistics

__all__ = ["between_table", "own_standard_errors", "pooled_share"]

Array = NDArray[np.float64]


def between_table(design: Design, draws: ScoreDraws) -> pd.DataFrame:
    """Return SDs of deviations: level, lhs, op, rhs, est, se, interval on the raw variables, and ``std``.

    ``level`` is ``group``, or ``nested`` for units within groups. ``std`` is on the common standardised
    metric. An
    intercept's SD (op ``~1``) is that of the groups at the predictors' grand means, or of the raw intercepts
    where the study gives a prior ``between_sd`` (the prior lines say which); of units likewise, by
    ``nested_sd``. Correlations of deviations have op ``~~`` and the coefficients' names.
    """
    rows: list[tuple[object, ...]] = []
    for level, varies, sds in (("group", design.varies, draws.between),
                               ("nested", design.nested_varies, draws.nested)):  # fmt: skip
        for t, (e, k) in enumerate(np.argwhere(varies).tolist()):
            equation = design.statistics[e].equation
            unit = (design.scale_x[e, k - 1] if k else 1.0) / design.scale_y[e]
            est, se, low, high = summary(sds[:, t])
            name = ("~", equation.predictors[k - 1]) if k else ("~1", "")
            rows.append((level, equation.outcome, *name, est, se, low, high, est * unit))
    for level, names, values in (("group", design.between_pairs, draws.between_correlation),
                                 ("nested", design.nested_pairs, draws.nested_correlation)):  # fmt: skip
        for (left, right), rho in zip(names, values.T, strict=True):
            est, *rest = summary(rho)
            rows.append((level, left, "~~", right, est, *rest, est))
    return pd.DataFrame(
        rows, columns=["level", "lhs", "op", "rhs", "est", "se", "ci_lower", "ci_upper", "std"]
    )


def own_standard_errors(found: Statistics) -> Array:
    """Return (G, P) the standard errors of each group's own OLS paths, inf where it has none.

    A group has none with n <= P + 1 rows, or with a predictor that does not vary by itself.
    """
    return own_regressions(found)[1]


def pooled_share(design: Design, draws: ScoreDraws) -> pd.DataFrame:
    """Return s² / (s² + tau²) per path and group: how much of it is borrowed from the other groups.

    s is the standard error of the group's own OLS, tau the posterior mean of the between-group SD
    as in the ``between`` table; a path that does not vary is pooled completely, share 1. Columns
    ``lhs, rhs, group, value``; groups without answers, and studies without groups, have no rows.
    """
    tau = np.zeros(design.varies.shape)
    tau[design.varies] = draws.between.mean(axis=0)
    rows = []
    for e, found in enumerate(design.statistics):
        variance = own_standard_errors(found) ** 2
        for g, k in np.ndindex(variance.shape):
            if found.rows[g] and design.groups != ("all",):
                t, s = tau[e, k + 1] ** 2, variance[g, k]
                value = 1.0 if np.isinf(s) or t == 0 else float(s / (s + t))
                rows.append((found.equation.outcome, found.equation.predictors[k], design.groups[g], value))
    return pd.DataFrame(rows, columns=["lhs", "rhs", "group", "value"])
