"""What one more respondent does to a pair's correlation and to its weight, exactly.

Robust standard errors take the outer product of scores for the curvature and hold the weights,
which is right where y* is normal and the model fits. A resample knows neither, so here the pair's
table itself is moved: both numbers are functions of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from werksem.categorical.categories import margin_influence, thresholds_of
from werksem.categorical.sparse import filled, perfect
from werksem.categorical.tables import Tables
from werksem.kernels.polychoric import LIMIT, cell_scores, pair_table, polychoric

__all__ = ["exact_tables"]

Array = NDArray[np.float64]
Codes = NDArray[np.uint8]
# respondents a cell is moved by: central differences, error about (STEP / n)^2
STEP = 0.1


def exact_tables(tables: Tables, codes: Sequence[Codes], weights: Array, pull: Array | None) -> Tables:
    """Return the look-up tables of influence with the exact curvature of each pair.

    ``pull`` (m,) is each statistic's residual times its weight 1 / gamma, None where weights do not
    depend on the data: what moves gamma counts as a move of the statistic by -pull times that.
    """
    margins, cells = tables.margins.copy(), tables.cells.copy()
    sizes = [len(part) for part in tables.thresholds]
    force = np.zeros(sum(sizes) + len(cells)) if pull is None else pull
    for i, begin in enumerate(np.cumsum([0, *sizes[:-1]])):
        margins[i, : sizes[i] + 1, : sizes[i]] -= _margin(
            tables.thresholds[i], force[begin : begin + sizes[i]]
        )
    pair, p = 0, len(codes)
    for j in range(p):
        for i in range(j + 1, p):
            table = np.empty((sizes[j] + 1, sizes[i] + 1))
            pair_table(codes[j], codes[i], weights, table)
            moved = _cells(table, tables.correlations[i, j], with_weight=pull is not None)
            cells[pair, : len(table), : table.shape[1]] = moved[0] - force[sum(sizes) + pair] * moved[1]
            pair += 1
    return replace(tables, margins=margins, cells=cells)


def _margin(tau: Array, force: Array) -> Array:
    """Return force times what an answer does to gamma of each threshold, P (1 - P) / phi(tau)^2."""
    from scipy.special import ndtr

    below, density = ndtr(tau), np.exp(-0.5 * tau**2) / np.sqrt(2 * np.pi)
    slope = (1 - 2 * below + 2 * below * (1 - below) * tau / density) / density**2
    answered = np.triu(np.ones((len(tau) + 1, len(tau) + 1)))[:, :-1]
    return np.asarray((answered - below) * slope * force)


def _cells(table: Array, start: float, *, with_weight: bool) -> tuple[Array, Array]:
    """Return n times the change of rho, and of its gamma, by one respondent more in each cell."""
    rho, gamma = np.zeros(table.shape), np.zeros(table.shape)
    n = table.sum()
    for cell in zip(*np.nonzero(table), strict=True):
        step = min(STEP, table[cell] / 10)
        found = []
        for sign in (1.0, -1.0):
            moved = table.copy()
            moved[cell] += sign * step
            found.append(_pair(moved, start, with_weight=with_weight))
        rho[cell], gamma[cell] = (n * (up - down) / (2 * step) for up, down in zip(*found, strict=True))
    return rho, gamma


def _pair(table: Array, start: float, *, with_weight: bool) -> tuple[float, float]:
    """Return (rho, gamma) of a table, as ``fit_tables`` and ``table_gamma`` do."""
    shares = [table.sum(axis=1) / table.sum(), table.sum(axis=0) / table.sum()]
    tau = [thresholds_of(share) for share in shares]
    a, b = (np.concatenate([[-np.inf], part, [np.inf]]) for part in tau)
    known = perfect(table)
    rho = float(polychoric(a, b, filled(table), start)) if known is None else known
    if not with_weight:
        return rho, 0.0
    influence = np.empty(table.shape)
    margins = [margin_influence(*part) for part in zip(shares, tau, strict=True)]
    cell_scores(a, b, table, min(max(rho, -LIMIT), LIMIT), *margins, influence)
    return rho, float((table * influence**2).sum() / table.sum())
