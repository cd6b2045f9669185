"""Latents of added constructs: drawn after those of the population, and their moments in closed form.

Moments of products are those of Isserlis (1918) for normal variables with means mu, covariances s:

    cov(x, ab) = mu_a s_bx + mu_b s_ax
    cov(ab, cd) = mu_a mu_c s_bd + mu_a mu_d s_bc + mu_b mu_c s_ad + mu_b mu_d s_ac + s_ac s_bd + s_ad s_bc
"""

from __future__ import annotations

import numpy as np

from werksem.survey.added import Added
from werksem.survey.ordinal import Array
from werksem.survey.organisations import Organisations, covariances
from werksem.survey.population import Population

__all__ = ["extended_latents", "group_moments"]


def extended_latents(
    population: Population,
    groups: Organisations,
    member: np.ndarray,
    latents: Array,
    stream: np.random.Generator,
) -> Array:
    """Return the latents (n, q) of all constructs from those (n, base) of the population's own."""
    sector = groups.sector[member]
    for k, added in enumerate(population.added):
        if added.product:
            i, j = (population.names.index(name) for name in added.product)
            new = latents[:, i] * latents[:, j] - population.correlation[i, j]
        else:
            noise = np.sqrt((1 - population.icc) * added.noise) * stream.standard_normal(len(member))
            new = noise + groups.noise[member, k] + np.array(added.means)[sector]
            for name, by_sector in added.paths:
                new += np.array(by_sector)[sector] * latents[:, population.names.index(name)]
        latents = np.column_stack([latents, new])
    return latents


def group_moments(population: Population, groups: Organisations) -> tuple[Array, Array]:
    """Return latent means (G, q) and covariances (G, q, q) within organisations, of all constructs."""
    mean, within = groups.mean, covariances(population, groups.slopes)
    for k, added in enumerate(population.added):
        if added.product:
            new = _product(population, added, mean, within)
        else:
            weights = _weights(population, added, mean.shape[1])[groups.sector]
            cov = np.einsum("gij,gj->gi", within, weights)
            variance = (weights * cov).sum(axis=1) + (1 - population.icc) * added.noise
            offset = np.array(added.means)[groups.sector] + groups.noise[:, k]
            new = (weights * mean).sum(axis=1) + offset, cov, variance
        mean, within = _appended(mean, within, *new)
    return mean, within


def _weights(population: Population, added: Added, width: int) -> Array:
    """Return the paths (sectors, width) of an addition on the constructs before it."""
    weights = np.zeros((len(population.sectors), width))
    for name, by_sector in added.paths:
        weights[:, population.names.index(name)] = by_sector
    return weights


def _product(population: Population, added: Added, mean: Array, within: Array) -> tuple[Array, Array, Array]:
    """Return mean (G,), covariances (G, width) with the constructs before it, and variance (G,)."""
    a, b = (population.names.index(name) for name in added.product)
    cov = mean[:, [a]] * within[:, b] + mean[:, [b]] * within[:, a]
    own = len(population.correlation)
    for k, other in enumerate(population.added[: mean.shape[1] - own]):
        c, d = (population.names.index(name) for name in other.product)
        cov[:, own + k] = _of_products(mean, within, (a, b), (c, d))
    centre = mean[:, a] * mean[:, b] + within[:, a, b] - population.correlation[a, b]
    return centre, cov, _of_products(mean, within, (a, b), (a, b))


def _of_products(mean: Array, s: Array, first: tuple[int, int], second: tuple[int, int]) -> Array:
    """Return the covariance (G,) of two products of normal variables."""
    (a, b), (c, d), total = first, second, np.zeros(len(mean))
    for left, right in ((a, b), (b, a)):
        for one, other in ((c, d), (d, c)):
            total += mean[:, left] * mean[:, one] * s[:, right, other]
    return np.asarray(total + s[:, a, c] * s[:, b, d] + s[:, a, d] * s[:, b, c])


def _appended(mean: Array, within: Array, new: Array, cov: Array, variance: Array) -> tuple[Array, Array]:
    larger = np.concatenate([within, cov[:, :, None]], axis=2)
    row = np.concatenate([cov, variance[:, None]], axis=1)
    return np.column_stack([mean, new]), np.concatenate([larger, row[:, None]], axis=1)
