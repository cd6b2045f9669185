"""True regressions of a scale mean on two others and their centred product, in a wave with a latent product.

Given the latents a and b behind the two scales the three scale means are independent, and the outcome's
latent is normal with a mean linear in a, b and ab. Conditional means are sums over answer cells, and
expectations over a and b are Gauss-Hermite sums, organisation by organisation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from werksem.survey.exact import select_groups
from werksem.survey.extension import group_moments
from werksem.survey.ordinal import Array, cell_probabilities
from werksem.survey.organisations import organisations
from werksem.survey.population import Column, Construct, Population

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(25)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


def product_rows(
    population: Population, sectors: Sequence[str], model: str, outcome: str, predictors: Sequence[str]
) -> list[list[Any]]:
    """Return [scores, all, model, lhs, rhs, b, beta] of an outcome on a, b and their product."""
    moments = expectations(population, sectors, outcome, predictors)
    b = np.linalg.solve(moments[:3, :3], moments[:3, 3])
    beta = b * np.sqrt(np.diag(moments)[:3] / moments[3, 3])
    return [
        ["scores", "all", model, outcome, name, round(float(raw), 5), round(float(standard), 5)]
        for name, raw, standard in zip(predictors, b, beta, strict=True)
    ]


def expectations(
    population: Population, sectors: Sequence[str], outcome: str, predictors: Sequence[str]
) -> Array:
    """Return the covariances (4, 4) of the scale means a, b, their centred product, and the outcome."""
    groups = select_groups(population, organisations(population), sectors)
    mean, within = group_moments(population, groups)
    at = [population.names.index(name) for name in (*predictors, outcome)]
    units = [population.constructs[i] for i in at]
    a, b, weight = nodes(mean[:, at[:2]], within[:, at[:2]][:, :, at[:2]], groups.share)
    centre, spread = outcome_given(mean[:, at], within[:, at][:, :, at], (a, b))
    (x1, x2), (z1, z2), (y1, y2) = (
        scale_given(units[0], a, 0.0),
        scale_given(units[1], b, 0.0),
        scale_given(units[3], centre, spread),
    )
    ex, ez, ey = ((weight * one).sum() for one in (x1, z1, y1))
    x2, z2 = x2 - 2 * ex * x1 + ex**2, z2 - 2 * ez * z1 + ez**2  # of the centred scales, as are all below
    x1, z1, y1, y2 = x1 - ex, z1 - ez, y1 - ey, y2 - 2 * ey * y1 + ey**2
    cross = (weight * x1 * z1).sum()
    upper = [[x2, x1 * z1, x2 * z1, x1 * y1], [z2, x1 * z2, z1 * y1], [x2 * z2, x1 * z1 * y1], [y2]]
    cov = np.zeros((4, 4))
    for i, row in enumerate(upper):
        cov[i, i:] = cov[i:, i] = [(weight * entry).sum() for entry in row]
    cov[2, 2] -= cross**2
    return cov


def nodes(mean: Array, cov: Array, share: Array) -> tuple[Array, Array, Array]:
    """Return a (G, K, K), b (G, K, K) and weights (G, K, K) of two normal latents per organisation."""
    factor = np.linalg.cholesky(cov)
    first = NODES[:, None] * np.ones(len(NODES))
    a = mean[:, 0, None, None] + factor[:, 0, 0, None, None] * first
    b = mean[:, 1, None, None] + factor[:, 1, 0, None, None] * first
    b = b + factor[:, 1, 1, None, None] * NODES
    return a, b, share[:, None, None] * np.outer(WEIGHTS, WEIGHTS)


def outcome_given(mean: Array, cov: Array, given: tuple[Array, Array]) -> tuple[Array, Array]:
    """Return mean (G, K, K) and sd (G, 1, 1) of the outcome's latent given a and b.

    The order of ``mean`` and ``cov`` is a, b, product, outcome.
    """
    a, b = given
    slope = np.linalg.solve(cov[:, :3, :3], cov[:, :3, 3, None])[..., 0]
    left = cov[:, 3, 3] - (slope * cov[:, :3, 3]).sum(axis=1)
    expected = (mean[:, 0] * mean[:, 1] + cov[:, 0, 1])[:, None, None]
    x = [a - mean[:, 0, None, None], b - mean[:, 1, None, None], a * b - expected]
    centre = mean[:, 3, None, None] + sum(slope[:, i, None, None] * x[i] for i in range(3))
    return np.asarray(centre), np.sqrt(left)[:, None, None]


def scale_given(unit: Construct, centre: Array, sd: Array | float) -> tuple[Array, Array]:
    """Return a scale's expected mean and expected square where its latent is normal(centre, sd).

    With sd 0 the items are independent given the latent; else the square is taken at nodes of the latent.
    """
    if not np.any(sd):
        found = [item_given(column, centre) for column in unit.columns]
        first = sum(one for one, _ in found) / len(found)
        unique = sum(square - one**2 for one, square in found) / len(found) ** 2
        return np.asarray(first), np.asarray(first**2 + unique)
    parts = [scale_given(unit, centre + sd * node, 0.0) for node in NODES]
    first = sum(w * one for w, (one, _) in zip(WEIGHTS, parts, strict=True))
    second = sum(w * square for w, (_, square) in zip(WEIGHTS, parts, strict=True))
    return np.asarray(first), np.asarray(second)


def item_given(column: Column, latent: Array) -> tuple[Array, Array]:
    """Return the expected answer and its square, keyed, given the latent."""
    values = np.array(column.values)
    noise = np.sqrt(1 - column.loading**2)
    cells = cell_probabilities((np.array(column.thresholds) - column.loading * latent[..., None]) / noise)
    return cells @ values, cells @ values**2
