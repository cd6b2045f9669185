"""Polychoric correlations from pair tables, and what each cell adds to their influence, compiled.

Two steps (Olsson, 1979): thresholds from the margins, then per pair the correlation that makes
its k by l table most likely. The probability of a cell is a difference of four bivariate normal
distribution functions; its derivative to rho is the same difference of densities.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.bivariate_normal import bivariate_cdf, bivariate_density, normal_cdf, normal_density
from werksem.kernels.jit import kernel

__all__ = [
    "FLOOR", "LIMIT", "cell_scores", "cell_tables", "fill_influence", "limit_scores", "pair_table",
    "polychoric",
]  # fmt: skip

Array = NDArray[np.float64]
Codes = NDArray[np.uint8]

# a probability below this is taken as this, a correlation beyond LIMIT as +-LIMIT (lavaan's choices)
FLOOR = 1.4901161193847656e-08
LIMIT = 0.999
STEPS = 60


@kernel
def pair_table(left: Codes, right: Codes, weights: Array, table: Array) -> None:
    """Write the weighted counts (k, l) of two columns of category codes."""
    table[:] = 0.0
    for row in range(len(left)):
        table[left[row], right[row]] += weights[row]


@kernel
def cell_tables(a: Array, b: Array, rho: float, chance: Array, slope: Array) -> None:
    """Write each cell's probability and its derivative to rho, (k, l) each.

    ``a`` (k + 1,) and ``b`` (l + 1,) are thresholds with minus and plus infinity at the ends.
    """
    k, m = chance.shape
    chance[:] = 0.0
    slope[:] = 0.0
    for i in range(k):
        for j in range(m):
            below = bivariate_cdf(a[i + 1], b[j + 1], rho)
            chance[i, j] += below
            if j + 1 < m:
                chance[i, j + 1] -= below
            if i + 1 < k:
                chance[i + 1, j] -= below
            if i + 1 < k and j + 1 < m:
                chance[i + 1, j + 1] += below
                density = bivariate_density(a[i + 1], b[j + 1], rho)
                slope[i, j] += density
                slope[i, j + 1] -= density
                slope[i + 1, j] -= density
                slope[i + 1, j + 1] += density


@kernel
def _gradient(
    a: Array, b: Array, table: Array, rho: float, chance: Array, slope: Array
) -> tuple[float, float]:
    """Return the derivative of the log-likelihood to rho, and the information of the counts."""
    cell_tables(a, b, rho, chance, slope)
    gradient = 0.0
    information = 0.0
    total = 0.0
    for i in range(table.shape[0]):
        for j in range(table.shape[1]):
            share = max(chance[i, j], FLOOR)
            gradient += table[i, j] * slope[i, j] / share
            information += slope[i, j] * slope[i, j] / share
            total += table[i, j]
    return gradient, information * total


@kernel
def polychoric(a: Array, b: Array, table: Array, start: float) -> float:
    """Return the maximum likelihood correlation of a table (k, l) given thresholds.

    Fisher scoring inside a bracket on the gradient's sign; a step that leaves it becomes a bisection.
    """
    chance = np.empty(table.shape)
    slope = np.empty(table.shape)
    low, high = -LIMIT, LIMIT
    rho = min(max(start, -0.95), 0.95)
    for _ in range(STEPS):
        gradient, information = _gradient(a, b, table, rho, chance, slope)
        if gradient > 0.0:
            low = rho
        else:
            high = rho
        moved = rho + gradient / information
        if not (low < moved < high):
            moved = 0.5 * (low + high)
        if abs(moved - rho) < 1e-11:
            return moved
        rho = moved
    return rho


@kernel
def limit_scores(z: float, low: float, high: float, rho: float) -> float:
    """Return the derivative of a cell's probability to its limit z on one side, given the other side's."""
    rest = sqrt(1.0 - rho * rho)
    return normal_density(z) * (normal_cdf((high - rho * z) / rest) - normal_cdf((low - rho * z) / rest))


@kernel
def cell_scores(
    a: Array, b: Array, table: Array, rho: float, margin_a: Array, margin_b: Array, influence: Array
) -> None:
    """Write the influence (k, l) on rho of a respondent in each cell, thresholds estimated too.

    n times the sum over respondents of its square is the sampling variance (Muthen, 1984):
    (g - A21 A11^-1 s) / A22, with g the score of rho, ``margin`` (k, k - 1) the influence of a
    category on that side's thresholds, A21 and A22 sums over the observed table.
    """
    k, m = table.shape
    chance = np.empty((k, m))
    slope = np.empty((k, m))
    cell_tables(a, b, rho, chance, slope)
    cross_a = np.zeros(k - 1)
    cross_b = np.zeros(m - 1)
    square = 0.0
    n = 0.0
    for i in range(k):
        for j in range(m):
            n += table[i, j]
            # lavaan leaves out the scores of cells whose probability is at the floor
            if chance[i, j] <= FLOOR:
                slope[i, j] = 0.0
                continue
            score = slope[i, j] / chance[i, j]
            slope[i, j] = score
            weight = table[i, j] * score / chance[i, j]
            square += table[i, j] * score * score
            if i < k - 1:
                cross_a[i] += weight * limit_scores(a[i + 1], b[j], b[j + 1], rho)
            if i > 0:
                cross_a[i - 1] -= weight * limit_scores(a[i], b[j], b[j + 1], rho)
            if j < m - 1:
                cross_b[j] += weight * limit_scores(b[j + 1], a[i], a[i + 1], rho)
            if j > 0:
                cross_b[j - 1] -= weight * limit_scores(b[j], a[i], a[i + 1], rho)
    for i in range(k):
        for j in range(m):
            through = 0.0
            for t in range(k - 1):
                through += cross_a[t] * margin_a[i, t]
            for t in range(m - 1):
                through += cross_b[t] * margin_b[j, t]
            influence[i, j] = (n * slope[i, j] - through) / square if square > 0.0 else 0.0


@kernel
def fill_influence(
    codes: Codes, margins: Array, first_margin: NDArray[np.int64], cells: Array, scale: Array, out: Array
) -> None:
    """Write the influence (rows, m) of respondents on all thresholds and correlations by look-up.

    ``codes`` (rows, p); ``margins`` (p, K, K - 1) padded; thresholds of variable i start at column
    ``first_margin[i]``; ``cells`` (pairs, K, K) padded, pairs column by column below the diagonal;
    ``scale`` (rows,) multiplies a respondent's row.
    """
    rows, p = codes.shape
    begin = first_margin[p]
    for r in range(rows):
        for i in range(p):
            at = first_margin[i]
            for t in range(first_margin[i + 1] - at):
                out[r, at + t] = scale[r] * margins[i, codes[r, i], t]
        column = begin
        pair = 0
        for j in range(p):
            mine = codes[r, j]
            for i in range(j + 1, p):
                out[r, column] = scale[r] * cells[pair, mine, codes[r, i]]
                column += 1
                pair += 1
