"""The units of the third level: their coefficients, drawn exactly and kept as means and intervals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.block import Block
from werksem.bayes.design import Design
from werksem.bayes.draws import ScoreDraws, further, model_units, raw
from werksem.bayes.marginal import Point, points, precisions
from werksem.bayes.rows import summary
from werksem.bayes.sample import Sampled

__all__ = ["COLUMNS", "about_means", "draw_units", "nested_table"]

Array = NDArray[np.float64]
COLUMNS = ("group", "unit", "lhs", "op", "rhs", "n", "est", "se", "ci_lower", "ci_upper")
TOGETHER = 8  # units drawn at once


def nested_table(design: Design, draws: ScoreDraws, sampled: Sampled, seed: int) -> pd.DataFrame:
    """Return a row for every unit and coefficient that differs between units, on the raw variables.

    ``n`` is the unit's rows. Given the group's draw, a unit's deviation is drawn from its exact conditional
    normal; where an intercept differs by slopes of its regression too, it is that of the raw variables.
    """
    if not design.nested_varies.any():
        return pd.DataFrame(columns=list(COLUMNS))
    flat = {name: value.reshape(-1, value.shape[-1]) for name, value in sampled.values.items()}
    gamma, tau, sigma = model_units(design, flat)
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(2,)))
    rows: list[tuple[Any, ...]] = []
    for block, at in zip(
        design.blocks, points(design, gamma, tau, sigma, further(design, flat)), strict=True
    ):
        if block.nested.size:
            rows += _of_block(design, block, at, about_means(design, draws.group), rng)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def about_means(design: Design, values: Array) -> Array:
    """Return raw coefficients (S, E, G, K) about the grand means, in the units of the model."""
    slopes = values[..., 1:]
    at_means = values[..., 0] + np.einsum("segp,ep->seg", slopes, design.mean_x)
    intercept = (at_means - design.mean_y[:, None]) / design.scale_y[:, None]
    step = design.scale_y[:, None] / design.scale_x
    return np.concatenate([intercept[..., None], slopes / step[:, None]], axis=-1)


def _of_block(
    design: Design, block: Block, at: Point, groups: Array, rng: np.random.Generator
) -> Iterator[tuple[Any, ...]]:
    of_group = np.repeat(np.arange(len(block.n)), np.diff(block.starts))
    for g in range(len(block.n)):
        own = groups[:, :, g][:, block.e, block.k]
        units = np.flatnonzero(of_group == g)
        for start in range(0, len(units), TOGETHER):
            some = units[start : start + TOGETHER]
            for u, found in zip(some, draw_units(block, at, own, some, rng), strict=True):
                yield from _rows(design, block, design.groups[g], int(u), found)


def draw_units(
    block: Block, at: Point, group: Array, units: NDArray[np.int64], rng: np.random.Generator
) -> Array:
    """Return (units, S, K) coefficients of some units of one group, whose own are ``group`` (S, K)."""
    A, m, _ = precisions(replace(block, cross=block.cross[units]), Point(group, at.F, at.root, at.H))
    H = at.H[:, None]
    M = np.eye(at.H.shape[-1]) + np.swapaxes(H, -1, -2) @ A @ H
    L = np.linalg.cholesky(M)
    w = np.linalg.solve(L, np.swapaxes(H, -1, -2) @ m[..., None])
    z = np.linalg.solve(np.swapaxes(L, -1, -2), w + rng.standard_normal(w.shape))
    return np.moveaxis(group[:, None] + (H @ z)[..., 0], 1, 0)


def _rows(design: Design, block: Block, group: str, unit: int, found: Array) -> Iterator[tuple[Any, ...]]:
    padded = np.zeros((len(found), *design.varies.shape))
    padded[:, block.e, block.k] = found
    values = raw(design, padded)
    for e, k in zip(block.e[block.nested], block.k[block.nested], strict=True):
        equation = design.statistics[e].equation
        name = ("~", equation.predictors[k - 1]) if k else ("~1", "")
        yield (group, block.labels[unit], equation.outcome, *name, int(block.rows[unit]),
               *summary(values[:, e, k]))  # fmt: skip
