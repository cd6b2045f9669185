"""Draws on the raw variables: the population's and every group's intercepts and paths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.design import Design
from werksem.bayes.marginal import centring, draw_groups
from werksem.bayes.sample import Sampled

__all__ = ["ScoreDraws", "model_units", "raw_draws"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ScoreDraws:
    """S draws (chains x draws, chain by chain) of E regressions on the raw variables, K = P + 1.

    ``group`` (S, E, G, K): every group's intercept and paths; ``typical`` (S, E, K): the means of
    the groups' distribution; ``new`` (S, E, K): a group drawn from it; ``sigma`` (S, E): residual
    SDs; ``between`` (S, varying): between-group SDs.
    """

    chains: int
    group: Array
    typical: Array
    new: Array
    sigma: Array
    between: Array


def raw_draws(design: Design, sampled: Sampled, seed: int) -> ScoreDraws:
    """Return the draws on the raw variables; groups are drawn from their exact conditional normals."""
    flat = {name: value.reshape(-1, value.shape[-1]) for name, value in sampled.values.items()}
    gamma, tau, sigma = model_units(design, flat)
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1,)))
    groups = draw_groups(design, gamma, tau, sigma, rng)
    new = gamma + np.einsum("eki,sei->sek", centring(design), tau * rng.standard_normal(tau.shape))
    step = design.scale_y[:, None] / design.scale_x
    units = np.where(design.varies[:, 1:], step, 1.0)
    factor = np.concatenate([design.scale_y[:, None], units], axis=1)[design.varies]
    between = flat.get("between_sd", np.zeros((len(sigma), 0))) * factor
    return ScoreDraws(
        sampled.values["path"].shape[0], _raw(design, groups), _raw(design, gamma), _raw(design, new),
        sigma * design.scale_y, between,
    )  # fmt: skip


def model_units(design: Design, flat: dict[str, Array]) -> tuple[Array, Array, Array]:
    """Return gamma, tau (S, E, K) and sigma (S, E) in the units of the model."""
    known = design.path_of >= 0
    slopes = flat["path"][:, np.where(known, design.path_of, 0)] * (design.ratio * known)
    gamma = np.concatenate([flat["intercept"][..., None], slopes], axis=-1)
    tau = np.zeros_like(gamma)
    if design.varies.any():
        tau[:, design.varies] = flat["between_sd"]
    return gamma, tau, flat["residual_sd"]


def _raw(design: Design, coefficients: Array) -> Array:
    """Return (S, E, …, K) coefficients about the grand means as raw intercepts and paths."""

    def over(values: Any) -> Any:
        middle = (1,) * (coefficients.ndim - 3)
        return values.reshape(values.shape[0], *middle, *values.shape[1:])

    slopes = coefficients[..., 1:] * over(design.scale_y[:, None] / design.scale_x)
    at_means = over(design.mean_y) + over(design.scale_y) * coefficients[..., 0]
    intercept = at_means - (slopes * over(design.mean_x)).sum(-1)
    return np.concatenate([intercept[..., None], slopes], axis=-1)
