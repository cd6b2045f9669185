"""What kinds of table ask of a variable: which of its answers count, and for how much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.describe.questions import Asked, Question, answered
from werksem.describe.sample import Sample
from werksem.describe.variables import values
from werksem.spec.describe import TableSpec

__all__ = ["NEAR", "among", "between", "itself", "rows_of"]

Array = NDArray[np.float64]
# a score of 2.5 that was summed in another order is still at most 2.5
NEAR = 1e-9


def itself(x: Array) -> Array:
    """Return the values as they are."""
    return x


def between(x: Array, low: float, high: float) -> Array:
    """Return 1 where low <= x < high, else 0."""
    return ((x >= low - NEAR) & (x < high - NEAR)).astype(float)


def among(x: Array, those: Sequence[float]) -> Array:
    """Return 1 for those answers, else 0."""
    return np.isin(x, list(those)).astype(float)


def rows_of(
    spec: TableSpec, sample: Sample, name: str, questions: Sequence[Question], x: Array | None = None
) -> list[dict[str, Any]]:
    """Return the rows of a table about one variable, or about answers ``x`` (n,) in its place."""
    common = {"table": spec.table, "kind": spec.kind}
    found = values(sample, name) if x is None else x
    return answered(common, Asked(name, found, questions), sample)
