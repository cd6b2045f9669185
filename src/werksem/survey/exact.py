"""The exact means and covariances of scale means, items and latents in a population, without drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from werksem.survey.added import bent
from werksem.survey.extension import group_moments
from werksem.survey.ordinal import Array, cell_probabilities, hermite_coefficients, series
from werksem.survey.organisations import Organisations, organisations
from werksem.survey.population import Column, Construct, Population

__all__ = ["ExactMoments", "betas", "correlations", "exact_moments", "item_constructs", "select_groups"]

TERMS = 160  # r^160 < 1e-7 for r = .9, the largest correlation of two single columns


@dataclass(frozen=True, slots=True)
class ExactMoments:
    """``names`` (q), ``mean`` (q,) and ``cov`` (q, q) of the chosen respondents, as if nothing were blank."""

    names: tuple[str, ...]
    mean: Array
    cov: Array


def exact_moments(
    population: Population,
    *,
    sectors: Sequence[str] | None = None,
    latent: bool = False,
    constructs: Sequence[Construct] | None = None,
) -> ExactMoments:
    """Return the moments of the scale means over all respondents of some sectors (None: all).

    With ``latent``, a construct of two or more items is its latent variable, on the latent's own
    scale, and a single column stays the column: what a structural model speaks of. ``constructs``
    replaces the population's own (see ``item_constructs``).

    Where a latent is a product, or follows from one, only closed forms are returned: with ``latent``
    no single columns, else no columns of such a latent.
    """
    units = _closed(population, population.constructs if constructs is None else tuple(constructs), latent)
    groups = select_groups(population, organisations(population), sectors)
    at = [population.names.index(unit.name) for unit in units]
    centres, within = group_moments(population, groups)
    mean, cov = _observed(units, centres[:, at], within[:, at][:, :, at], latent)
    centre = groups.share @ mean
    between = (mean - centre) * groups.share[:, None]
    pooled = np.tensordot(groups.share, cov, 1) + between.T @ (mean - centre)
    names = tuple(unit.name if constructs is None else unit.columns[0].name for unit in units)
    return ExactMoments(names, centre, pooled)


def _closed(population: Population, units: Sequence[Construct], latent: bool) -> tuple[Construct, ...]:
    """Return the constructs whose moments are closed forms."""
    curved = bent(population.added)
    if latent and curved:
        return tuple(unit for unit in units if len(unit.columns) != 1)
    return tuple(unit for unit in units if unit.name not in curved and (latent or unit.columns))


def select_groups(
    population: Population, groups: Organisations, sectors: Sequence[str] | None
) -> Organisations:
    """Return the organisations of these sectors, their shares rescaled to 1."""
    if sectors is None:
        return groups
    chosen = [i for i, sector in enumerate(population.sectors) if sector.name in set(sectors)]
    rows = np.isin(groups.sector, chosen)
    share = groups.share[rows] / groups.share[rows].sum()
    return Organisations(
        groups.sector[rows], share, groups.mean[rows], groups.slopes[rows], groups.noise[rows]
    )


def item_constructs(population: Population, names: Sequence[str]) -> tuple[Construct, ...]:
    """Return every item of these constructs as a construct of its own, for the moments of items."""
    chosen = [construct for construct in population.constructs if construct.name in set(names)]
    return tuple(Construct(c.name, (column,)) for c in chosen for column in c.columns)


def _observed(units: Sequence[Construct], mean: Array, within: Array, latent: bool) -> tuple[Array, Array]:
    """Return means (G, q) and covariances (G, q, q) of the scale means, group by group."""
    sd = np.sqrt(np.diagonal(within, axis1=1, axis2=2))
    correlation = within / (sd[:, :, None] * sd[:, None, :])
    means, unique = np.empty_like(mean), np.zeros_like(mean)
    terms = np.zeros((*mean.shape, TERMS))
    for j, unit in enumerate(units):
        if latent and len(unit.columns) != 1:
            means[:, j], terms[:, j, 0] = mean[:, j], sd[:, j]
            continue
        means[:, j], terms[:, j], unique[:, j] = _scale(unit.columns, mean[:, j], sd[:, j])
    cov = series(terms, correlation)
    diagonal = np.arange(mean.shape[1])
    cov[:, diagonal, diagonal] = (terms**2).sum(axis=-1) + unique
    return means, cov


def _scale(columns: tuple[Column, ...], mean: Array, sd: Array) -> tuple[Array, Array, Array]:
    """Return a scale's mean (G,), coefficients (G, K), and the variance (G,) its items do not share."""
    size = len(columns)
    total, unique = np.zeros_like(mean), np.zeros_like(mean)
    terms = np.zeros((len(mean), TERMS))
    power = np.arange(1, TERMS + 1)
    for column in columns:
        values = np.array(column.values)
        spread = np.sqrt((column.loading * sd) ** 2 + 1 - column.loading**2)
        cuts = (np.array(column.thresholds) - (column.loading * mean)[:, None]) / spread[:, None]
        chance = cell_probabilities(cuts)
        average = chance @ values
        shared = hermite_coefficients(cuts, column.values, TERMS)
        shared *= (column.loading * sd / spread)[:, None] ** power
        total += average / size
        terms += shared / size
        unique += (chance @ values**2 - average**2 - (shared**2).sum(axis=1)) / size**2
    return total, terms, unique


def correlations(moments: ExactMoments, names: Sequence[str]) -> Array:
    """Return the correlation matrix of some of the names."""
    at = [moments.names.index(name) for name in names]
    cov = moments.cov[np.ix_(at, at)]
    sd = np.sqrt(np.diag(cov))
    return np.asarray(cov / np.outer(sd, sd))


def betas(moments: ExactMoments, outcome: str, predictors: Sequence[str]) -> Array:
    """Return the standardised regression coefficients of an outcome on predictors."""
    R = correlations(moments, [outcome, *predictors])
    return np.asarray(np.linalg.solve(R[1:, 1:], R[1:, 0]), dtype=float)
