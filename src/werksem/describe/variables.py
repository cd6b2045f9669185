"""The values a table is about: scale means, answers as they were given, and don't know."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.describe.sample import Sample
from werksem.errors import DataError, did_you_mean

__all__ = ["answer_values", "answers", "dont_know_column", "scale_answers", "values"]

Array = NDArray[np.float64]
# more different answers than this are no answer categories
MOST_ANSWERS = 11


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


def dont_know_column(name: str, code: float) -> str:
    """Return the column of a sample's frame that says who gave a "don't know" that elsewhere is a blank.

    >>> dont_know_column("hr", 9.0)
    'hr=9'
    """
    return f"{name}={code:g}"


def answers(sample: Sample, name: str, dont_know: Sequence[float]) -> Array:
    """Return the answers to an item (n,) as they were given, with those that are don't know."""
    found = values(sample, name).copy()
    for code in dont_know:
        column = dont_know_column(name, code)
        if column in sample.frame.columns:
            found[sample.frame[column].eq(True).to_numpy(dtype=bool)] = code
    return found


def scale_answers(name: str, limits: tuple[float, float] | None, x: Array) -> tuple[float, ...]:
    """Return the answers an item offers, from low to high: those of its scale, else those that occur.

    Raises ``DataError`` for more than eleven different answers.

    >>> scale_answers("x", (1.0, 4.0), np.array([2.0]))
    (1.0, 2.0, 3.0, 4.0)
    >>> scale_answers("x", None, np.array([3.0, 1.0, np.nan]))
    (1.0, 3.0)
    """
    found = tuple(np.unique(x[np.isfinite(x)]).tolist())
    if limits is not None and limits[1] - limits[0] < MOST_ANSWERS and all(a == int(a) for a in found):
        return tuple(float(answer) for answer in range(int(limits[0]), int(limits[1]) + 1))
    if len(found) > MOST_ANSWERS:
        raise DataError(
            f'"{name}" has {len(found)} different answers, at most {MOST_ANSWERS} make answer categories; '
            "right are kinds such as means, classes, histogram"
        )
    return found


def answer_values(name: str, offered: Sequence[float]) -> tuple[float, ...]:
    """Return the offered answers of an item that has a highest two and a lowest two.

    Raises ``DataError`` for fewer than four answers.
    """
    if len(offered) < 4:
        listed = ", ".join(f"{answer:g}" for answer in offered)
        raise DataError(f'"{name}" has the answers {listed}: too few for a highest two and a lowest two')
    return tuple(offered)
