"""The values a table is about: scale means, answers as they were given, and don't know."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.describe.sample import Sample
from werksem.errors import DataError, did_you_mean

__all__ = ["values"]

Array = NDArray[np.float64]


def values(sample: Sample, name: str) -> Array:
    """Return the scale means or the numbers of a column (n,), NaN where there are none.

    Raises ``DataError`` for a name that is neither, and for a column of text.
    """
    if name in sample.scores.columns:
        return sample.scores[name].to_numpy(dtype=float)
    if name not in sample.frame.columns:
        near = did_you_mean(name, [*map(str, sample.scores.columns), *map(str, sample.frame.columns)])
        raise DataError(f'there is no scale or column "{name}"{near}')
    column = sample.frame[name]
    if not (pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype)):
        raise DataError(f'"{name}" is text; means and shares are of numbers (data.codes gives them)')
    return column.to_numpy(dtype=float)
