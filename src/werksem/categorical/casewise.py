"""Mixed and conditional moments, case by case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.ordinal import OrdinalMoments

__all__ = ["Sides", "fit_casewise"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sides:
    """The outcomes of one group."""

    names: Sequence[str]
    ordered: Sequence[bool]
    columns: Mapping[str, list[Array]]
    coded: Mapping[str, tuple[list[NDArray[np.uint8]], int]]
    group: int


def fit_casewise(sides: Sides, covariates: Array, x: tuple[str, ...], w: Array, group: str) -> OrdinalMoments:
    """Return the moments of mixed or conditional variables."""
    raise EstimationError("mixed ordered and continuous variables are not estimated yet")
