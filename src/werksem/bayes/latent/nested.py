"""The units of the third level: their means, drawn exactly given every draw of the groups'."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.latent.design import LatentDesign
from werksem.bayes.latent.draws import LatentDraws, group_theta, raw_means
from werksem.bayes.latent.units import Units, moved_alphas
from werksem.bayes.rows import summary
from werksem.implied import implied_moments, matrices

__all__ = ["COLUMNS", "draw_units", "nested_table"]

Array = NDArray[np.float64]
COLUMNS = ("group", "unit", "lhs", "op", "rhs", "n", "est", "se", "ci_lower", "ci_upper")
DRAWS = 200  # of the posterior, spread over all
EACH = 5  # of a unit's deviation, given one of these


def nested_table(design: LatentDesign, draws: LatentDraws, seed: int) -> pd.DataFrame:
    """Return a row for every unit and mean that differs between units, on the variables as they are.

    ``n`` is the unit's rows; intervals are of the unit's own value, the group's plus its deviation.
    """
    some = np.unique(np.linspace(0, len(draws.typical) - 1, DRAWS).astype(np.int64))
    thinned = LatentDraws(
        draws.chains, draws.typical[some], draws.between[some], draws.deviation[some], draws.new[some],
        draws.nested[some],
    )  # fmt: skip
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(4,)))
    units, rows = design.moments.units, []
    if units is not None:
        for g, group in enumerate(design.moments.groups):
            rows += [(group, *row) for row in _of_group(design, thinned, units, g, rng)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of_group(
    design: LatentDesign, draws: LatentDraws, units: Units, g: int, rng: np.random.Generator
) -> Iterator[tuple[object, ...]]:
    model, at = design.model, design.links.at[design.nested]
    theta = group_theta(design, draws, g)
    own = slice(units.starts[g], units.starts[g + 1])
    away = design.moments.mean[g][:, None] + units.away[:, own]
    deviation = draw_units(design, theta, draws.nested, away, units.n[own], rng)
    value = raw_means(model, theta, design.centre)[:, at][:, None, None] + deviation
    for o, label in enumerate(units.labels[own]):
        for v, place in enumerate(at):
            row = model.rows[model.free_of_row.index(int(place))]
            n, found = int(units.rows[own][o]), summary(value[:, :, o, v].ravel())
            yield (label, row.lhs, row.op, row.rhs, n, *found)


def draw_units(
    design: LatentDesign, theta: Array, omega: Array, mean: Array, n: Array, rng: np.random.Generator
) -> Array:
    """Return (S, EACH, O, V) units' deviations given theta (S, q) of their group and omega (S, V).

    ``mean`` (p, O) are the units' means of the items, n (O,) their sizes. With F the items' means by
    deviations in units of omega, Sigma the covariances within units and F' Sigma⁻¹ F = U diag(D) U', the
    deviation is normal with mean omega U diag(n / (1 + n D)) U' F' Sigma⁻¹ (mean - mu) and, about it,
    precisions 1 + n D along U.
    """
    model = design.model
    moves = moved_alphas(model, design.links.at[design.nested])
    parts = matrices(model, theta)
    mu, Sigma = implied_moments(model, theta)
    A = np.linalg.inv(np.eye(len(moves)) - parts.B)
    chosen = (moves[:, None] == np.arange(omega.shape[1])).astype(float)
    F = (parts.Lambda @ A @ chosen) * omega[:, None]
    weighed = np.linalg.solve(Sigma, F)
    D, U = np.linalg.eigh(np.swapaxes(F, -1, -2) @ weighed)
    pulled = np.swapaxes(weighed @ U, -1, -2) @ (mean - mu[..., None])  # (S, V, O)
    precision = 1 + n * np.maximum(D, 0.0)[..., None]
    z = rng.standard_normal((EACH, *pulled.shape)) / np.sqrt(precision)
    w = n * pulled / precision + z
    return np.einsum("sv,svw,eswo->seov", omega, U, w)
