"""Casewise influence with missing data: how much each respondent moves each estimate.

His influence on theta is H^-1 score, H the observed information of one respondent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.estimators.fiml import fiml_objective, fiml_problem
from werksem.estimators.fit import Fit
from werksem.inference.fiml_scores import fiml_scores
from werksem.inference.tangent import tangent_inverse
from werksem.inference.vcov import vcov_of_information
from werksem.model import Model
from werksem.patterns import Patterns

__all__ = ["fiml_influence_blocks"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


def fiml_influence_blocks(
    model: Model, data: Sequence[Patterns], fit: Fit, *, exact: bool = False
) -> Iterator[tuple[int, Index, Array]]:
    """Yield (group, rows, influence on theta (rows, q)); rows are places in the data ``patterns`` got.

    Influence is n times the change that one respondent makes, so its mean square over n is the
    sandwich variance. Rows come pattern after pattern; weights are in them. With ``exact`` two things
    count that standard errors leave out: the curvature of == constraints, and what moves in the
    moments of fixed x, which resampling respondents resamples too.
    """
    problem = fiml_problem(model, data)
    objective = fiml_objective(problem)
    point = objective.evaluate(fit.theta * problem.base.scale)
    if point is None:
        raise EstimationError("the implied covariance matrix is not positive definite")
    scale = problem.base.scale
    half = objective.hessian(point) / 2
    if exact:
        to_theta = tangent_inverse(model, point.phi, scale, half, objective.gradient(point)) / scale
    else:
        bread = vcov_of_information(half * np.outer(scale, scale), model, fit) * fit.n
        to_theta = scale[:, None] * bread
    for group, rows, scores in fiml_scores(problem, point):
        yield group, rows, scores @ to_theta
