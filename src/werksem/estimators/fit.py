"""What every estimator returns: one frozen record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Fit"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fit:
    """The estimate of a model.

    ``theta`` (q,) on the data's own units; ``discrepancy`` the minimised F; ``n`` respondents;
    ``gradient_max`` the largest |dF/dphi| on the rescaled metric (every variable of size 1);
    ``status`` is ``ok``, ``not_converged``, ``heywood`` or ``not_positive_definite``.
    """

    estimator: str
    theta: Array
    discrepancy: float
    n: float
    iterations: int
    gradient_max: float
    status: str

    @property
    def converged(self) -> bool:
        """Whether the gradient is zero to working precision."""
        return self.status != "not_converged"
