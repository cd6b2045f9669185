"""The organisations of a population: their shares, latent means, slopes and covariances.

The organisations are part of the population, not of the draw: their deviations follow from the
population's own seed, average to zero in every sector and have exactly the stated spread, so
pooled moments are exact sums over organisations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from werksem.errors import DataError
from werksem.survey.ordinal import Array
from werksem.survey.population import Population

__all__ = ["Organisations", "coefficients", "covariances", "organisations"]


@dataclass(frozen=True, slots=True)
class Organisations:
    """``sector`` (G,) index, ``share`` (G,) of the respondents, ``mean`` (G, q), ``slopes`` (G, q, q).

    ``slopes[g, y, x]`` is what organisation g adds to the path from x to y: its sector's
    deviation plus its own. ``noise`` (G, added) is its part of the noise of added constructs;
    means and slopes are of the population's own.
    """

    sector: np.ndarray
    share: Array
    mean: Array
    slopes: Array
    noise: Array


def organisations(population: Population) -> Organisations:
    """Return the organisations of the shipped wave, sector by sector."""
    sizes = np.concatenate([sector.sizes for sector in population.sectors]).astype(float)
    index = np.repeat(np.arange(len(population.sectors)), [len(s.sizes) for s in population.sectors])
    share = sizes / sizes.sum()
    q = len(population.correlation)
    last = q + len(population.organisation_slopes)
    deviates = _standardised(population, index, share)
    spread = np.sqrt(population.icc) * np.linalg.cholesky(population.correlation)
    sector_means = np.array([sector.means for sector in population.sectors])
    return Organisations(
        sector=index,
        share=share,
        mean=sector_means[index] + deviates[:, :q] @ spread.T,
        slopes=_slopes(population, index, deviates[:, q:last]),
        noise=deviates[:, last:] * np.sqrt([population.icc * added.noise for added in population.added]),
    )


def _standardised(population: Population, index: np.ndarray, share: Array) -> Array:
    """Return deviates (G, q + slopes + added), of weighted mean 0 in every sector and weighted covariance I.

    Gram-Schmidt in this order: columns for the slopes leave those for the means as they are, and
    those for added constructs leave both.
    """
    width = len(population.correlation) + len(population.organisation_slopes) + len(population.added)
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(population.organisation_seed)))
    raw = generator.standard_normal((width, len(index))).T
    for sector in range(len(population.sectors)):
        rows = index == sector
        raw[rows] -= share[rows] @ raw[rows] / share[rows].sum()
    if len(index) < width + len(population.sectors):
        raise DataError(
            f"the population has {len(index)} organisations; {width} latents, slopes and additions in "
            f"{len(population.sectors)} sectors take at least {width + len(population.sectors)}"
        )
    factor = np.linalg.cholesky((raw * share[:, None]).T @ raw)
    return np.asarray(np.linalg.solve(factor, raw.T).T)


def _slopes(population: Population, index: np.ndarray, deviates: Array) -> Array:
    at, q = {name: i for i, name in enumerate(population.names)}, len(population.correlation)
    slopes = np.zeros((len(index), q, q))
    for path in population.sector_slopes:
        slopes[:, at[path.outcome], at[path.predictor]] += np.array(path.deviations)[index]
    for column, path in enumerate(population.organisation_slopes):
        slopes[:, at[path.outcome], at[path.predictor]] += population.organisation_sd * deviates[:, column]
    return slopes


def coefficients(population: Population) -> tuple[Array, Array]:
    """Return the latent paths B (q, q) and residual covariances Psi (q, q) behind the correlations.

    R = (I - B)^-1 Psi (I - B)^-T with B's rows the regressions of ``structure``, which is
    saturated: residuals of all pairs without a path may correlate.
    """
    at = {name: i for i, name in enumerate(population.names)}
    R = population.correlation
    B = np.zeros_like(R)
    for outcome, predictors in population.structure:
        on = [at[name] for name in predictors]
        B[at[outcome], on] = np.linalg.solve(R[np.ix_(on, on)], R[on, at[outcome]])
    left = np.eye(len(R)) - B
    psi = left @ R @ left.T
    return B, (psi + psi.T) / 2


def covariances(population: Population, slopes: Array) -> Array:
    """Return the latent covariances (G, q, q) within organisations with these slope deviations."""
    B, psi = coefficients(population)
    total = np.linalg.inv(np.eye(len(B)) - B - slopes)
    return (1 - population.icc) * total @ psi @ total.transpose(0, 2, 1)
