"""What the bootstrap finds: an estimate per replicate, and what may be said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.ml import TOLERANCE
from werksem.kernels.linalg import positive_definite
from werksem.model import PSI, THETA, Model

__all__ = ["STATUS", "Replicates", "joined", "replicate_status", "taken"]

Array = NDArray[np.float64]
SLACK = 1e-10  # an eigenvalue this little below 0 is rounding
STATUS = ("ok", "not_converged", "heywood", "not_positive_definite")


@dataclass(frozen=True, slots=True)
class Replicates:
    """The estimates ``theta`` (R, q), their ``status`` of ``STATUS``, ``gradient_max`` and ``chisq`` (R,).

    ``gradient_max`` is 0 for one-step estimates; ``chisq`` n times the discrepancy of the
    replicate's own moments, NaN where it was not asked for.
    """

    theta: Array
    status: NDArray[np.str_]
    gradient_max: Array
    chisq: Array


def joined(parts: Sequence[Replicates]) -> Replicates:
    """Return blocks of replicates as one."""
    return Replicates(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Replicates.__slots__)
    )


def taken(found: Replicates, part: slice) -> Replicates:
    """Return some of the replicates.

    >>> two = Replicates(np.zeros((2, 1)), np.array(["ok", "heywood"]), np.zeros(2), np.zeros(2))
    >>> taken(two, slice(1, 2)).status.tolist()
    ['heywood']
    """
    return Replicates(*(getattr(found, name)[part] for name in Replicates.__slots__))


def replicate_status(model: Model, theta: Array, gradient_max: Array) -> NDArray[np.str_]:
    """Return each replicate's status: converged or not, and whether its variances are variances.

    A replicate is ``heywood`` with a negative variance, else ``not_positive_definite`` where residual
    or latent covariances have a negative eigenvalue.
    """
    negative, indefinite = np.zeros(len(theta), dtype=bool), np.zeros(len(theta), dtype=bool)
    for cells in model.cells:
        for matrix in (THETA, PSI):
            here = np.flatnonzero(cells.matrix == matrix)
            row, col = cells.row[here], cells.col[here]
            value = np.where(cells.free[here] >= 0, theta[:, cells.free[here]], cells.value[here])
            negative |= (value[:, row == col] < 0).any(axis=1)
            if (row != col).any():
                indefinite |= ~positive_definite(_matrices(row, col, value), SLACK)
    worst = np.where(negative, 2, np.where(indefinite, 3, 0))
    return np.array(STATUS)[np.where(gradient_max < TOLERANCE, worst, 1)]


def _matrices(row: NDArray[np.int64], col: NDArray[np.int64], value: Array) -> Array:
    """Return symmetric matrices (R, k, k) of the variables that vary, from their cells (R, cells)."""
    used = np.unique(row[(row == col) & (value != 0).any(axis=0)])
    inside = np.isin(row, used) & np.isin(col, used)
    i, j = np.searchsorted(used, row[inside]), np.searchsorted(used, col[inside])
    out = np.zeros((len(value), len(used), len(used)))
    out[:, i, j] = value[:, inside]
    out[:, j, i] = value[:, inside]
    return out
