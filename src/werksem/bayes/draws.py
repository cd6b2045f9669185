"""Draws on the raw variables: the population's and every group's intercepts and paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.block import Block
from werksem.bayes.design import Design
from werksem.bayes.lkj import pairs_of
from werksem.bayes.marginal import Further, draw_groups, points
from werksem.bayes.sample import Sampled

__all__ = ["ScoreDraws", "further", "model_units", "raw", "raw_draws", "residual_roots"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ScoreDraws:
    """S draws (chains x draws, chain by chain) of E regressions on the raw variables, K = P + 1.

    ``group`` (S, E, G, K): every group's intercept and paths; ``typical`` (S, E, K): the means of
    the groups' distribution; ``new`` (S, E, K): a group drawn from it; ``sigma`` (S, E): residual
    SDs; ``between`` (S, varying): between-group SDs, ``nested`` (S, varying) those of units within groups;
    ``residual_correlation``, ``between_correlation`` and ``nested_correlation`` (S, pairs), block by block;
    ``nested_variance`` (S, E, G) is what units add to the variance of a group's outcome.
    """

    chains: int
    group: Array
    typical: Array
    new: Array
    sigma: Array
    between: Array
    nested: Array
    residual_correlation: Array
    between_correlation: Array
    nested_correlation: Array
    nested_variance: Array


def raw_draws(design: Design, sampled: Sampled, seed: int) -> ScoreDraws:
    """Return the draws on the raw variables; groups are drawn from their exact conditional normals."""
    flat = {name: value.reshape(-1, value.shape[-1]) for name, value in sampled.values.items()}
    gamma, tau, sigma = model_units(design, flat)
    more = further(design, flat)
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1,)))
    groups = draw_groups(design, gamma, tau, sigma, rng, more)
    new, nested_variance = gamma.copy(), np.zeros((*sigma.shape, len(design.groups)))
    for block, at in zip(design.blocks, points(design, gamma, tau, sigma, more), strict=True):
        z = rng.standard_normal((len(gamma), at.F.shape[-1], 1))
        new[:, block.e, block.k] += (at.F @ z)[..., 0]
        if block.nested.size:
            nested_variance[:, list(block.members)] = _of_units(design, block, at.H)
    nothing = np.zeros((len(sigma), 0))
    return ScoreDraws(
        sampled.values["path"].shape[0], raw(design, groups), raw(design, gamma), raw(design, new),
        sigma * design.scale_y, flat.get("between_sd", nothing) * _factor(design, design.varies),
        flat.get("nested_sd", nothing) * _factor(design, design.nested_varies),
        flat.get("residual_correlation", nothing), flat.get("between_correlation", nothing),
        flat.get("nested_correlation", nothing), nested_variance,
    )  # fmt: skip


def _factor(design: Design, varies: NDArray[np.bool_]) -> Array:
    """Return (varying,) the raw units of what varies."""
    step = design.scale_y[:, None] / design.scale_x
    return np.asarray(np.concatenate([design.scale_y[:, None], step], axis=1)[varies])


def _of_units(design: Design, block: Block, H: Array) -> Array:
    """Return (S, E, G) the variance of (1, x)'H z over a group's rows, in raw units."""
    edges = zip(block.starts[:-1], block.starts[1:], strict=True)
    K = len(block.e)
    mean = np.stack([block.cross[a:b, :K, :K].sum(axis=0) for a, b in edges])
    mean /= np.where(block.n > 0, block.n, 1.0)[:, None, None]
    parts = []
    for i, e in enumerate(block.members):
        at = slice(block.at[i], block.at[i + 1])
        parts.append(
            design.scale_y[e] ** 2 * np.einsum("siv,gij,sjv->sg", H[:, at], mean[:, at, at], H[:, at])
        )
    return np.stack(parts, axis=1)


def model_units(design: Design, flat: Mapping[str, Array]) -> tuple[Array, Array, Array]:
    """Return gamma, tau (S, E, K) and sigma (S, E) in the units of the model."""
    known = design.path_of >= 0
    slopes = flat["path"][:, np.where(known, design.path_of, 0)] * (design.ratio * known)
    gamma = np.concatenate([flat["intercept"][..., None], slopes], axis=-1)
    return gamma, _padded(design.varies, flat.get("between_sd"), len(gamma)), flat["residual_sd"]


def _padded(varies: NDArray[np.bool_], values: Array | None, S: int) -> Array:
    tau = np.zeros((S, *varies.shape))
    if values is not None:
        tau[:, varies] = values
    return tau


def further(design: Design, flat: Mapping[str, Array]) -> Further:
    """Return what joint regressions and a third level have besides: roots of correlations, SDs of units."""
    S = len(flat["path"])
    blocks = design.blocks
    between = [(len(b.varies), pairs_of(len(b.varies))) for b in blocks]
    nested = [(len(b.nested), pairs_of(len(b.nested))) for b in blocks]
    return Further(
        residual_roots(design, flat.get("residual_correlation")),
        _roots(between, flat.get("between_correlation")),
        _roots(nested, flat.get("nested_correlation")),
        _padded(design.nested_varies, flat.get("nested_sd"), S),
    )


def residual_roots(design: Design, values: Array | None) -> tuple[Array | None, ...]:
    """Return Cholesky factors (S, E, E) of each block's residual correlations ``values`` (S, pairs)."""
    return _roots([(len(b.members), np.array(b.pairs).reshape(-1, 2)) for b in design.blocks], values)


def _roots(blocks: list[tuple[int, NDArray[np.int64]]], values: Array | None) -> tuple[Array | None, ...]:
    """Return Cholesky factors (S, size, size) of the correlations that each block has of ``values``."""
    roots: list[Array | None] = []
    start = 0
    for size, pairs in blocks:
        if values is None or not len(pairs):
            roots.append(None)
            continue
        R = np.broadcast_to(np.eye(size), (len(values), size, size)).copy()
        own = values[:, start : start + len(pairs)]
        R[:, pairs[:, 0], pairs[:, 1]] = R[:, pairs[:, 1], pairs[:, 0]] = own
        roots.append(np.asarray(np.linalg.cholesky(R), dtype=float))
        start += len(pairs)
    return tuple(roots)


def raw(design: Design, coefficients: Array) -> Array:
    """Return (S, E, …, K) coefficients about the grand means as raw intercepts and paths."""

    def over(values: Any) -> Any:
        middle = (1,) * (coefficients.ndim - 3)
        return values.reshape(values.shape[0], *middle, *values.shape[1:])

    slopes = coefficients[..., 1:] * over(design.scale_y[:, None] / design.scale_x)
    at_means = over(design.mean_y) + over(design.scale_y) * coefficients[..., 0]
    intercept = at_means - (slopes * over(design.mean_x)).sum(-1)
    return np.concatenate([intercept[..., None], slopes], axis=-1)
