"""Correlations of pairs, case by case: where a variable is continuous or there are covariates.

A case of an ordered variable is an interval (low, high) of its y*, thresholds less what the
covariates say; of a continuous one its standardised residual. Scores as in Muthen (1984) and Olsson,
Drasgow & Dorans (1982).
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.bivariate_normal import bivariate_cdf, bivariate_density, normal_cdf, normal_density
from werksem.kernels.jit import kernel
from werksem.kernels.polychoric import FLOOR, limit_scores

__all__ = [
    "fit_interval_pair", "fit_mixed_pair", "interval_scores", "interval_sides", "mixed_scores", "mixed_side",
]  # fmt: skip

Array = NDArray[np.float64]

TINY = 2.220446049250313e-16
STEPS = 100


@kernel
def _finite_density(h: float, k: float, rho: float) -> float:
    return bivariate_density(h, k, rho) if np.isfinite(h) and np.isfinite(k) else 0.0


@kernel
def interval_scores(low_a: Array, high_a: Array, low_b: Array, high_b: Array, rho: float, g: Array) -> None:
    """Write each case's derivative of its log-likelihood to rho, 0 where it is at the floor."""
    for r in range(len(g)):
        chance = bivariate_cdf(high_a[r], high_b[r], rho) - bivariate_cdf(low_a[r], high_b[r], rho)
        chance -= bivariate_cdf(high_a[r], low_b[r], rho) - bivariate_cdf(low_a[r], low_b[r], rho)
        slope = _finite_density(high_a[r], high_b[r], rho) - _finite_density(low_a[r], high_b[r], rho)
        slope -= _finite_density(high_a[r], low_b[r], rho) - _finite_density(low_a[r], low_b[r], rho)
        g[r] = slope / chance if chance > FLOOR else 0.0


@kernel
def interval_sides(
    low_a: Array, high_a: Array, low_b: Array, high_b: Array, rho: float, g: Array, sides: Array
) -> None:
    """Write each case's derivatives to rho and, in ``sides`` (4, n), to the limits of both intervals.

    They are those to high_a, minus low_a, high_b and minus low_b; all 0 where a case is at the floor.
    """
    for r in range(len(g)):
        ends_a, ends_b = (high_a[r], low_a[r]), (high_b[r], low_b[r])
        chance, slope = 0.0, 0.0
        for i in range(2):
            for j in range(2):
                sign = 1.0 if i == j else -1.0
                chance += sign * bivariate_cdf(ends_a[i], ends_b[j], rho)
                slope += sign * _finite_density(ends_a[i], ends_b[j], rho)
        g[r] = slope / chance if chance > FLOOR else 0.0
        for i in range(2):
            sides[i, r] = 0.0
            sides[2 + i, r] = 0.0
            if chance > FLOOR:
                if np.isfinite(ends_a[i]):
                    sides[i, r] = limit_scores(ends_a[i], ends_b[1], ends_b[0], rho) / chance
                if np.isfinite(ends_b[i]):
                    sides[2 + i, r] = limit_scores(ends_b[i], ends_a[1], ends_a[0], rho) / chance


@kernel
def mixed_scores(z: Array, low: Array, high: Array, rho: float, g: Array) -> None:
    """Write each case's derivative to rho, for a standardised continuous z and an interval."""
    rest = sqrt(1.0 - rho * rho)
    for r in range(len(g)):
        a = (high[r] - rho * z[r]) / rest
        b = (low[r] - rho * z[r]) / rest
        chance = max(normal_cdf(a) - normal_cdf(b), TINY)
        slope = normal_density(a) * (high[r] * rho - z[r]) if np.isfinite(high[r]) else 0.0
        slope -= normal_density(b) * (low[r] * rho - z[r]) if np.isfinite(low[r]) else 0.0
        g[r] = slope / (rest * rest * rest * chance)


@kernel
def mixed_side(
    z: Array, low: Array, high: Array, rho: float, upper: Array, lower: Array, mean: Array, var: Array
) -> None:
    """Write each case's derivatives to the interval's limits and to z's mean and variance (both of 1).

    The derivatives to a mean and variance in other units are these over sd and over variance.
    """
    rest = sqrt(1.0 - rho * rho)
    for r in range(len(z)):
        a = (high[r] - rho * z[r]) / rest
        b = (low[r] - rho * z[r]) / rest
        chance = max(normal_cdf(a) - normal_cdf(b), TINY)
        upper[r] = normal_density(a) / (rest * chance)
        lower[r] = normal_density(b) / (rest * chance)
        difference = rho * (upper[r] - lower[r])
        mean[r] = z[r] + difference
        var[r] = 0.5 * (z[r] * z[r] - 1.0 + z[r] * difference)


@kernel
def _weighted_sums(w: Array, g: Array) -> tuple[float, float]:
    total = 0.0
    square = 0.0
    for r in range(len(g)):
        total += w[r] * g[r]
        square += w[r] * g[r] * g[r]
    return total, square


@kernel
def _next(rho, gradient, square, old_rho, old_gradient, low, high):  # type: ignore[no-untyped-def]
    """Return the next trial: a secant step (first: outer product), bisection outside the bracket."""
    slope = square
    if rho != old_rho:
        slope = -(gradient - old_gradient) / (rho - old_rho)
        if not slope > 0.05 * square:
            slope = square
    moved = rho + gradient / slope
    return moved if low < moved < high else 0.5 * (low + high)


@kernel
def fit_interval_pair(
    low_a: Array, high_a: Array, low_b: Array, high_b: Array, w: Array, start: float, limit: float, g: Array
) -> float:
    """Return the maximum likelihood correlation of two ordered variables and write its scores."""
    low, high = -limit, limit
    rho, old_rho, old_gradient = start, start, 0.0
    for _ in range(STEPS):
        interval_scores(low_a, high_a, low_b, high_b, rho, g)
        gradient, square = _weighted_sums(w, g)
        if gradient > 0.0:
            low = rho
        else:
            high = rho
        moved = _next(rho, gradient, square, old_rho, old_gradient, low, high)
        old_rho, old_gradient = rho, gradient
        if abs(moved - rho) < 1e-10:
            break
        rho = moved
    return rho


@kernel
def fit_mixed_pair(
    z: Array, low_b: Array, high_b: Array, w: Array, start: float, limit: float, g: Array
) -> float:
    """Return the maximum likelihood polyserial correlation and write its scores."""
    low, high = -limit, limit
    rho, old_rho, old_gradient = start, start, 0.0
    for _ in range(STEPS):
        mixed_scores(z, low_b, high_b, rho, g)
        gradient, square = _weighted_sums(w, g)
        if gradient > 0.0:
            low = rho
        else:
            high = rho
        moved = _next(rho, gradient, square, old_rho, old_gradient, low, high)
        old_rho, old_gradient = rho, gradient
        if abs(moved - rho) < 1e-10:
            break
        rho = moved
    return rho
