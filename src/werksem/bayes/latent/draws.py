"""Draws of a latent-variable posterior, group by group, as parameters of the model on the items as they
are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.latent.design import LatentDesign, fixed_moments
from werksem.bayes.latent.links import theta_of
from werksem.bayes.sample import Sampled
from werksem.model import Model

__all__ = ["LatentDraws", "every", "group_theta", "latent_draws", "moved", "raw_means", "typical_theta"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LatentDraws:
    """S draws (chains x draws, chain by chain) as links: ``typical`` (S, b), ``between`` (S, V) SDs between
    groups, ``deviation`` (S, G, V) the groups', ``new`` (S, V) those of a group drawn from their
    distribution; ``nested`` (S, V2) SDs between units within groups.
    """

    chains: int
    typical: Array
    between: Array
    deviation: Array
    new: Array
    nested: Array


def latent_draws(design: LatentDesign, sampled: Sampled, seed: int) -> LatentDraws:
    """Return the draws of a sampled model."""
    flat = {name: value.reshape(-1, value.shape[-1]) for name, value in sampled.values.items()}
    S, G, V = len(flat["typical"]), len(design.moments.n), len(design.vary)
    typical = np.zeros((S, len(design.names)))
    typical[:, design.free] = flat["typical"]
    between = flat.get("between_sd", np.zeros((S, 0)))
    deviation = flat.get("deviation", np.zeros((S, 0))).reshape(S, G, V)
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(2,)))
    new = between * rng.standard_normal(between.shape)
    nested = flat.get("nested_sd", np.zeros((S, 0)))
    return LatentDraws(sampled.values["typical"].shape[0], typical, between, deviation, new, nested)


def group_theta(design: LatentDesign, draws: LatentDraws, g: int) -> Array:
    """Return theta (S, q) of group ``g``, its moments of fixed x as the group has them; items about
    ``centre``.
    """
    given = fixed_moments(design.model, design.moments.mean[g], design.moments.cov[g])
    return theta_of(design.links, moved(design, draws.typical, draws.deviation[:, g]), given)


def typical_theta(design: LatentDesign, draws: LatentDraws, *, new: bool = False) -> Array:
    """Return theta (S, q) of the typical group, or of a ``new`` one drawn from the groups' distribution."""
    b = moved(design, draws.typical, draws.new) if new else draws.typical
    return np.asarray(theta_of(design.links, b, design.given[0]))


def every(draws: LatentDraws, keep: NDArray[np.int64]) -> LatentDraws:
    """Return the draws at some places, as one chain."""
    parts = draws.typical, draws.between, draws.deviation, draws.new, draws.nested
    return LatentDraws(1, *(part[keep] for part in parts))


def moved(design: LatentDesign, typical: Array, deviation: Array) -> Array:
    """Return links (S, b) of a group, from the typical group's and its deviations (S, V)."""
    b = typical.copy()
    b[:, design.vary] += deviation
    return b


def raw_means(model: Model, theta: Array, centre: Array) -> Array:
    """Return theta (…, q) with the intercepts of items and outcomes that were centred by ``centre`` (p,).

    y - c = a + B (x - c_x) has the intercept a + c - B c_x on the variables as they are.
    """
    at = {name: i for i, name in enumerate(model.observed)}
    out = theta.copy()
    for row, place in zip(model.rows, model.free_of_row, strict=True):
        if row.op == "~1" and place >= 0 and row.lhs in at:
            out[..., place] = out[..., place] + centre[at[row.lhs]]
    for row, place in zip(model.rows, model.free_of_row, strict=True):
        if row.op == "~" and row.rhs in at:
            mean = next((f for r, f in zip(model.rows, model.free_of_row, strict=True)
                         if r.op == "~1" and r.lhs == row.lhs), -1)  # fmt: skip
            if mean >= 0:
                slope = theta[..., place] if place >= 0 else row.value
                out[..., mean] = out[..., mean] - slope * centre[at[row.rhs]]
    return out
