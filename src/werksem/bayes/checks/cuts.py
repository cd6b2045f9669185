"""Who agrees: the share of respondents in the two highest categories of an item or a scale mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.spec.types import Equation, ModelSpec

__all__ = ["Cut", "agreeing", "item_cuts", "scale_cuts", "shares_of"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cut:
    """``least``: the lowest value that counts as agreeing; ``below``: where a normal is cut for it."""

    least: float
    below: float


def scale_cuts(model: ModelSpec) -> dict[str, Cut]:
    """Return the cut of every scale mean whose answers have a scale: 3.5 and more on answers from 1 to 5.

    Scales of fewer than four categories have none: two of them say nothing about agreeing. Means of m
    answers fall on multiples of 1/m, so a normal is cut half a step below the first that counts.

    >>> from werksem.spec.types import Scale
    >>> four = Scale("f", ("a", "b", "c", "d"), scale=(1, 5))
    >>> scale_cuts(ModelSpec("m", (four,), ()))
    {'f': Cut(least=3.5, below=3.375)}
    """
    found = {}
    for scale in model.scales:
        if scale.scale is not None and scale.scale[1] - scale.scale[0] >= 3:
            least, m = scale.scale[1] - 1.5, len(scale.items)
            found[scale.name] = Cut(least, float(np.ceil(least * m - 1e-9) / m - 0.5 / m))
    return found


def item_cuts(model: ModelSpec) -> dict[str, Cut]:
    """Return the cut of every item whose answers have a scale of four or more categories: 4 on 1 to 5.

    Items are whole numbers, so a normal is cut half a category below.

    >>> from werksem.spec.types import Scale
    >>> item_cuts(ModelSpec("m", (Scale("f", ("a",), scale=(1, 5)),), ()))
    {'a': Cut(least=4, below=3.5)}
    """
    return {
        item: Cut(scale.scale[1] - 1, scale.scale[1] - 1.5)
        for scale in model.scales
        if scale.scale is not None and scale.scale[1] - scale.scale[0] >= 3
        for item in scale.items
    }


def shares_of(
    values: Array, code: NDArray[np.int64], groups: int, weights: Array | None, least: Array
) -> Array:
    """Return (groups, p) the shares of answers (N, p) that are at least ``least`` (p,); code -1 is no group.

    NaN for groups without rows, and where ``least`` is NaN.

    >>> shares_of(np.array([[4.0], [2.0]]), np.array([0, 0]), 1, None, np.array([4.0])).tolist()
    [[0.5]]
    """
    keep = code >= 0
    member = code[keep] == np.arange(groups)[:, None]
    weight = member * (1.0 if weights is None else weights[keep])
    total = weight.sum(axis=1, keepdims=True)
    agrees = weight @ (values[keep] >= least - 1e-9)
    found = np.divide(agrees, total, out=np.full(agrees.shape, np.nan), where=total > 0)
    return np.where(np.isnan(least), np.nan, found)


def agreeing(
    equation: Equation, scores: pd.DataFrame, code: NDArray[np.int64], groups: int,
    weights: Array | None, cut: Cut | None,
) -> Array:  # fmt: skip
    """Return (groups,) the shares of a regression's complete rows whose outcome is at least ``cut.least``.

    NaN for groups without rows, and everywhere without a cut.
    """
    if cut is None:
        return np.full(groups, np.nan)
    values = scores[[*equation.predictors, equation.outcome]].to_numpy(dtype=float)
    keep = np.isfinite(values).all(axis=1) & (code >= 0)
    weight = np.ones(keep.sum()) if weights is None else weights[keep]
    agrees = values[keep, -1] >= cut.least - 1e-9
    total = np.bincount(code[keep], weight, groups)
    return np.divide(
        np.bincount(code[keep], weight * agrees, groups), total, out=np.full(groups, np.nan), where=total > 0
    )
