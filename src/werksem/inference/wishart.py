"""The Wishart likelihood: covariances with divisor n - 1, and n - 1 in the test statistic.

As lavaan has it: chi-square is the sum of (n_g - 1) F_g, standard errors and RMSEA use n minus the
number of groups, while the log-likelihood and BIC keep n.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import log, pi

import numpy as np

from werksem.estimators.fit import Fit
from werksem.estimators.objective import evaluate
from werksem.estimators.problem import build_problem
from werksem.inference.fit_measures import information_criteria
from werksem.model import Model
from werksem.moments import Moments, select

__all__ = ["wishart_measures", "wishart_moments"]


def wishart_moments(moments: Sequence[Moments]) -> tuple[Moments, ...]:
    """Return moments with unbiased covariances, whose n is one less per group.

    >>> m = Moments(("x",), 11.0, np.zeros(1), np.array([[1.0]]))
    >>> wishart_moments([m])[0].n, round(float(wishart_moments([m])[0].cov[0, 0]), 6)
    (10.0, 1.1)
    """
    return tuple(replace(m, n=m.n - 1, cov=m.cov * (m.n / (m.n - 1))) for m in moments)


def wishart_measures(
    model: Model, moments: Sequence[Moments], fit: Fit, found: dict[str, float]
) -> dict[str, float]:
    """Return the measures of a fit to ``wishart_moments`` with n itself where lavaan has it."""
    problem = build_problem(model, moments)
    point = evaluate(problem, fit.theta * problem.scale)
    if point is None:
        raise ValueError("the implied covariance matrix is not positive definite")
    total = sum(group.n + 1 for group in moments)
    saturated = model_logl = 0.0
    x = [model.observed.index(name) for name in model.fixed_x]
    for group, expansion in zip(moments, point.expansions, strict=True):
        cov = select(group, model.observed).cov
        for part, sign in ((cov, 1), (cov[np.ix_(x, x)], -1)):
            log_det = float(np.linalg.slogdet(part)[1]) if len(part) else 0.0
            saturated -= sign * (group.n + 1) / 2 * (len(part) * (log(2 * pi) + 1) + log_det)
        model_logl -= (group.n + 1) / 2 * expansion.discrepancy
    logl = saturated + model_logl
    changed = {"logl": logl, "unrestricted_logl": saturated, "ntotal": total}
    return found | changed | information_criteria(logl, model.npar, total)
