"""What one more respondent in a cell does to a polychoric correlation, by the implicit function, compiled.

The correlation solves score(rho, thresholds, table) = 0, so n d rho = -(n cell score + the score's slopes in
the thresholds times what moves those) / (the score's slope in rho). Slopes are central differences.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.jit import kernel
from werksem.kernels.polychoric import FLOOR, cell_tables

__all__ = ["rho_influence"]

Array = NDArray[np.float64]
STEP = 1e-5


@kernel
def _score(a: Array, b: Array, table: Array, rho: float, chance: Array, slope: Array) -> float:
    """Return the derivative of the log-likelihood of the counts to rho."""
    cell_tables(a, b, rho, chance, slope)
    score = 0.0
    for i in range(table.shape[0]):
        for j in range(table.shape[1]):
            score += table[i, j] * slope[i, j] / max(chance[i, j], FLOOR)
    return score


@kernel
def _slopes(
    moved: Array, a: Array, b: Array, table: Array, rho: float, chance: Array, slope: Array, out: Array
) -> None:
    """Write the score's slopes in the inner thresholds of one side; ``moved`` is that side, a or b itself."""
    for t in range(len(out)):
        kept = moved[t + 1]
        moved[t + 1] = kept + STEP
        out[t] = _score(a, b, table, rho, chance, slope)
        moved[t + 1] = kept - STEP
        out[t] = (out[t] - _score(a, b, table, rho, chance, slope)) / (2 * STEP)
        moved[t + 1] = kept


@kernel
def rho_influence(
    a: Array, b: Array, table: Array, rho: float, margin_a: Array, margin_b: Array, influence: Array
) -> None:
    """Write the influence (k, l) on rho of a respondent in each cell: n times the change by one more.

    ``a`` (k + 1,) and ``b`` (l + 1,) are thresholds with minus and plus infinity at the ends, restored on
    return; ``margin`` (k, k - 1) the influence of a category on that side's thresholds. Exact where
    ``cell_scores`` lets outer products of scores stand for the slope in rho.
    """
    k, m = table.shape
    chance, slope = np.empty((k, m)), np.empty((k, m))
    cross_a, cross_b = np.empty(k - 1), np.empty(m - 1)
    _slopes(a, a, b, table, rho, chance, slope, cross_a)
    _slopes(b, a, b, table, rho, chance, slope, cross_b)
    up = _score(a, b, table, rho + STEP, chance, slope)
    curvature = (up - _score(a, b, table, rho - STEP, chance, slope)) / (2 * STEP)
    cell_tables(a, b, rho, chance, slope)
    n = table.sum()
    for i in range(k):
        for j in range(m):
            moved = n * slope[i, j] / max(chance[i, j], FLOOR)
            for t in range(k - 1):
                moved += cross_a[t] * margin_a[i, t]
            for t in range(m - 1):
                moved += cross_b[t] * margin_b[j, t]
            influence[i, j] = -moved / curvature
