"""Who agrees: the share of respondents in the two highest categories of an item or a scale mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.spec.types import Equation, ModelSpec

__all__ = ["Cut", "agreeing", "scale_cuts"]

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
