"""What every runner fits: a model, complete rows, and our estimate of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.fit import Fit
from werksem.estimators.ml import fit_ml
from werksem.model import Model
from werksem.moments import Moments, moments

__all__ = ["Array", "Case", "Index", "Timed", "case_of"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Case:
    """A model of one group with complete ``rows`` (n, p), their moments and our ML estimate."""

    model: Model
    rows: Array
    moments: Moments
    fit: Fit


@dataclass(frozen=True, slots=True)
class Timed:
    """Refits ``theta`` (k, q), NaN where one found no solution, and the seconds that all k took."""

    theta: Array
    cpu: float
    wall: float


def case_of(model: Model, rows: Array) -> Case:
    """Return the case of complete rows (n, p) in the order of ``model.observed``."""
    found = moments(rows, model.observed)
    return Case(model, rows, found, fit_ml(model, [found]))
