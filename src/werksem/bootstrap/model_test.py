"""The likelihood-ratio test of the model in every replicate, from its own moments."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from werksem.bootstrap.refit import Refitter, rescaled_moments
from werksem.estimators.objective import evaluate

__all__ = ["chisq_of"]

Array = NDArray[np.float64]


def chisq_of(refitter: Refitter, theta: Array, means: Array, flat: Array) -> Array:
    """Return n F(theta) (R,) of moments (R, groups, p) and (R, groups, p(p+1)/2), NaN where not defined."""
    problem = refitter.problem
    covs, centres = rescaled_moments(problem, means, flat)
    out = np.full(len(theta), np.nan)
    for r in range(len(theta)):
        groups = tuple(
            replace(group, mean=centres[r, g], cov=covs[r, g]) for g, group in enumerate(problem.groups)
        )
        point = evaluate(replace(problem, groups=groups), theta[r] * problem.scale)
        if point is not None:
            out[r] = problem.n * point.discrepancy
    return out
