"""Who sampling draws: respondents or whole clusters, as a study's standard errors take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.estimators.problem import GroupProblem, build_problem
from werksem.inference.cluster_sums import labels_of
from werksem.inference.scaled_test import explained_by
from werksem.model import Model
from werksem.moments import Moments
from werksem.respondents import Respondents
from werksem.spec.study import Sem

__all__ = ["Sampling", "Units", "sampling_as_asked"]

Array = NDArray[np.float64]
BLOCK = 8192


@dataclass(frozen=True, slots=True)
class Units:
    """One group's sampling units, in the data's own units and centred on the sample mean.

    Respondents: ``linear`` (n, p) deviations, ``explained`` what fixed x explains of them or None.
    Clusters: ``linear`` (C, p) and ``products`` (C, p(p+1)/2) summed over respondents. ``size``
    (n or C,) what a unit counts for; ``label`` (C,) which of all
    groups' clusters each is, None where groups share none.
    """

    linear: Array
    products: Array | None
    explained: Array | None
    size: Array
    label: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class Sampling:
    """How standard errors are made: ``expected`` or ``observed`` information, and units for a sandwich.

    ``at_model`` centres respondents on the model's means (MLR), else on the sample's (MLM).
    ``units`` is None for the inverse information alone.
    """

    information: str
    method: str
    units: tuple[Units, ...] | None = None
    at_model: bool = True


def sampling_as_asked(
    model: Model, moments: Sequence[Moments], settings: Sem, respondents: Sequence[Respondents] | None
) -> Sampling:
    """Return the sampling behind a study's standard errors by moments, as ``inference.summary`` has it.

    Raises ``EstimationError`` where robust ones are asked for and there are moments only.
    """
    if settings.estimator == "ML" and settings.se == "standard":
        return Sampling(settings.information, "wald")
    if respondents is None:
        raise EstimationError("robust standard errors need respondents, the study gives moments")
    weighted, clustered = respondents[0].weights is not None, respondents[0].cluster is not None
    plain = settings.estimator == "ML" and settings.se == "robust" and not weighted and not clustered
    expected = settings.estimator in ("MLM", "MLMV") or plain
    problem = build_problem(model, moments)
    given = [model.observed.index(name) for name in model.fixed_x] if expected else []
    labels = labels_of(respondents)
    units = tuple(
        _units(group, data, given, None if labels is None else labels[g])
        for g, (group, data) in enumerate(zip(problem.groups, respondents, strict=True))
    )
    return Sampling(
        "expected" if expected else "observed", "cluster" if clustered else "robust", units, not expected
    )


def _units(
    group: GroupProblem, data: Respondents, given: list[int], label: NDArray[np.int64] | None
) -> Units:
    rows = data.rows - group.mean * group.units
    explained = explained_by(group, data.rows, given) * group.units if given else None
    weights = np.ones(len(rows)) if data.weights is None else data.weights
    if data.cluster is None:
        return Units(rows, None, explained, weights)
    count, (i, j) = int(data.cluster.max()) + 1, np.tril_indices(rows.shape[1])
    linear, products = np.zeros((count, rows.shape[1])), np.zeros((count, len(i)))
    for begin in range(0, len(rows), BLOCK):
        part = slice(begin, begin + BLOCK)
        codes, weight = data.cluster[part], weights[part, None]
        for sign, y in ((1.0, rows[part]), (-1.0, None if explained is None else explained[part])):
            if y is not None:
                np.add.at(linear, codes, sign * weight * y)
                np.add.at(products, codes, sign * weight * (y[:, i] * y[:, j]))
    size = np.bincount(data.cluster, weights=weights, minlength=count).astype(float)
    return Units(linear, products, None, size, label)
