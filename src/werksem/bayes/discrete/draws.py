"""Draws on the raw variables: every group's coefficients, and the thresholds the groups share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.discrete.design import Discrete
from werksem.bayes.sample import Sampled

__all__ = ["DiscreteDraws", "discrete_draws"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DiscreteDraws:
    """S draws of one regression on raw predictors, in units of the latent response.

    ``group`` (S, G, K) intercepts and paths; ``typical`` (S, K) the means of the groups' distribution;
    ``new`` (S, K) a group drawn from it; ``between`` (S, varying) SDs; ``thresholds`` (S, J - 1).
    Ordered: intercepts are differences from the typical group's, which is 0. Yes or no: the
    threshold is 0, at z = 0.
    """

    chains: int
    group: Array
    typical: Array
    new: Array
    between: Array
    thresholds: Array


def discrete_draws(model: Discrete, sampled: Sampled, rng: np.random.Generator) -> DiscreteDraws:
    """Return the draws of one regression; ``rng`` draws the new group."""
    flat = {name: value.reshape(-1, value.shape[-1]) for name, value in sampled.values.items()}
    gamma = np.concatenate([flat["intercept"], flat["path"]], axis=1)
    S, K = gamma.shape
    G = len(model.statistics.groups)
    group = np.repeat(gamma[:, None, :], G, axis=1)
    new, tau = gamma.copy(), np.zeros((S, K))
    if model.varies.any():
        group[:, :, model.varies] = flat["coefficient"].reshape(S, G, -1)
        tau[:, model.varies] = flat["between_sd"]
        off = tau * rng.standard_normal((S, K))
        off[:, 0] += off[:, 1:] @ model.lever
        new += off
    raw = [_raw(model, part) for part in (group, gamma, new)]
    cut = np.zeros((S, len(model.values) - 1))
    if model.family == "ordered":
        middle = cut.shape[1] // 2
        cut[:, np.arange(cut.shape[1]) != middle] = flat["cutpoint"]
        shift = raw[1][:, 0].copy()
        cut -= shift[:, None]
        raw[0][..., 0] -= shift[:, None]
        for part in raw[1:]:
            part[:, 0] -= shift
    unit = np.concatenate([[1.0], model.scale])[model.varies]
    between = tau[:, model.varies] / unit
    return DiscreteDraws(sampled.values["path"].shape[0], raw[0], raw[1], raw[2], between, cut)


def _raw(model: Discrete, coefficients: Array) -> Array:
    """Return (S, …, K) coefficients about the grand means as raw intercepts and paths."""
    slopes = coefficients[..., 1:] / model.scale
    intercept = coefficients[..., 0] - slopes @ model.mean
    return np.concatenate([intercept[..., None], slopes], axis=-1)
