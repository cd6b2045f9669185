"""The bivariate normal distribution function to 15 digits, compiled.

Drezner and Wesolowsky's (1990) integral over the correlation as made accurate by Genz (2004):
Gauss-Legendre quadrature of the density for |rho| < .925, an expansion around |rho| = 1 beyond.
"""

from __future__ import annotations

from math import asin, erfc, exp, pi, sin, sqrt

import numpy as np

from werksem.kernels.jit import kernel

__all__ = ["bivariate_cdf", "bivariate_density", "normal_cdf", "normal_density"]

NODES_6, WEIGHTS_6 = np.polynomial.legendre.leggauss(6)
NODES_12, WEIGHTS_12 = np.polynomial.legendre.leggauss(12)
NODES_20, WEIGHTS_20 = np.polynomial.legendre.leggauss(20)
# beyond this many standard deviations a limit is infinite: the tail is below 1e-300
INFINITE = 37.0


@kernel
def normal_cdf(z: float) -> float:
    """Return P(Z < z)."""
    return 0.5 * erfc(-z / sqrt(2.0))


@kernel
def normal_density(z: float) -> float:
    """Return the standard normal density at z."""
    return exp(-0.5 * z * z) / sqrt(2.0 * pi)


@kernel
def bivariate_density(h: float, k: float, rho: float) -> float:
    """Return the density of two standard normals with correlation rho at (h, k)."""
    rest = 1.0 - rho * rho
    return exp(-0.5 * (h * h - 2.0 * rho * h * k + k * k) / rest) / (2.0 * pi * sqrt(rest))


@kernel
def bivariate_cdf(h: float, k: float, rho: float) -> float:
    """Return P(X < h, Y < k) of two standard normals with correlation rho."""
    if h <= -INFINITE or k <= -INFINITE:
        return 0.0
    if h >= INFINITE:
        return normal_cdf(k)
    if k >= INFINITE:
        return normal_cdf(h)
    if abs(rho) < 0.3:
        return _by_quadrature(h, k, rho, NODES_6, WEIGHTS_6)
    if abs(rho) < 0.75:
        return _by_quadrature(h, k, rho, NODES_12, WEIGHTS_12)
    if abs(rho) < 0.925:
        return _by_quadrature(h, k, rho, NODES_20, WEIGHTS_20)
    return _near_one(h, k, rho)


@kernel
def _by_quadrature(h, k, rho, nodes, weights):  # type: ignore[no-untyped-def]
    product = h * k
    half_squares = 0.5 * (h * h + k * k)
    angle = asin(rho)
    total = 0.0
    for i in range(len(nodes)):
        s = sin(0.5 * angle * (nodes[i] + 1.0))
        total += weights[i] * exp((s * product - half_squares) / (1.0 - s * s))
    return total * angle / (4.0 * pi) + normal_cdf(h) * normal_cdf(k)


@kernel
def _near_one(h: float, k: float, rho: float) -> float:
    # upper tails of (-h, -k) are lower tails of (h, k)
    a_h, a_k = -h, -k
    if rho < 0.0:
        a_k = -a_k
    product = a_h * a_k
    total = 0.0
    if abs(rho) < 1.0:
        rest = (1.0 - rho) * (1.0 + rho)
        a = sqrt(rest)
        gap = (a_h - a_k) ** 2
        c = (4.0 - product) / 8.0
        d = (12.0 - product) / 16.0
        power = -0.5 * (gap / rest + product)
        if power > -100.0:
            total = (
                a
                * exp(power)
                * (1.0 - c * (gap - rest) * (1.0 - d * gap / 5.0) / 3.0 + c * d * rest**2 / 5.0)
            )
        if product > -100.0:
            b = sqrt(gap)
            tail = exp(-0.5 * product) * sqrt(2.0 * pi) * normal_cdf(-b / a) * b
            total -= tail * (1.0 - c * gap * (1.0 - d * gap / 5.0) / 3.0)
        for i in range(len(NODES_20)):
            s = (0.5 * a * (NODES_20[i] + 1.0)) ** 2
            root = sqrt(1.0 - s)
            power = -0.5 * (gap / s + product)
            if power > -100.0:
                smooth = exp(-product * s / (2.0 * (1.0 + root) ** 2)) / root - (1.0 + c * s * (1.0 + d * s))
                total += 0.5 * a * WEIGHTS_20[i] * exp(power) * smooth
        total = -total / (2.0 * pi)
    if rho > 0.0:
        return total + normal_cdf(-max(a_h, a_k))
    return -total + max(0.0, normal_cdf(-a_h) - normal_cdf(-a_k))
