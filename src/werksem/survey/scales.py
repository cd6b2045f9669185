"""Scales: reversed items recoded, means of the answered items, complete rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.spec.equations import equations, observed_names
from werksem.spec.types import ModelSpec, Scale

if TYPE_CHECKING:
    from werksem.survey.survey import Survey

__all__ = ["complete", "items", "recoded", "scale_mean", "scale_scores"]


def items(survey: Survey, model: ModelSpec) -> pd.DataFrame:
    """Return what the measurement model sees: every observed variable (n, p), reversed items recoded."""
    return recoded(survey.data[list(observed_names(model))], model)


def scale_scores(survey: Survey, model: ModelSpec) -> pd.DataFrame:
    """Return what OLS and the posterior on scores see: a column per construct, then plain columns.

    A construct's score is the mean of its answered items, NaN where fewer than
    ``scale.required`` are answered; plain columns are the outcomes and predictors without items.
    """
    frame = items(survey, model)
    used = [name for equation in equations(model) for name in (equation.outcome, *equation.predictors)]
    plain = [name for name in dict.fromkeys(used) if model.scale(name) is None]
    scores = {scale.name: scale_mean(scale, frame, model) for scale in model.scales}
    return pd.DataFrame(scores | {name: frame[name].to_numpy() for name in plain}, index=frame.index)


def recoded(frame: pd.DataFrame, model: ModelSpec) -> pd.DataFrame:
    """Return the answers with reversed items turned round: lowest + highest - answer.

    >>> scale = Scale("f", ("x1", "x2"), reversed=("x2",), scale=(1, 5))
    >>> frame = pd.DataFrame({"x1": [1.0, 5.0], "x2": [2.0, np.nan]})
    >>> recoded(frame, ModelSpec("m", (scale,), ()))["x2"].tolist()
    [4.0, nan]
    """
    turned = {
        name: sum(scale.scale) - frame[name]
        for scale in model.scales
        if scale.scale is not None
        for name in scale.reversed
        if name in frame
    }
    return frame.assign(**turned)


def scale_mean(scale: Scale, frame: pd.DataFrame, model: ModelSpec) -> NDArray[np.float64]:
    """Return the mean of the answered items (n,), NaN where fewer than required are answered.

    ``frame`` holds recoded items. A construct among the items (a second-order factor) counts
    with its own mean.

    >>> scale = Scale("f", ("x1", "x2", "x3"))
    >>> frame = pd.DataFrame({"x1": [1.0, 4.0], "x2": [2.0, np.nan], "x3": [np.nan, np.nan]})
    >>> scale_mean(scale, frame, ModelSpec("m", (scale,), ()))
    array([1.5, nan])
    """
    answers = np.column_stack([_item(name, frame, model) for name in scale.items])
    answered = np.sum(~np.isnan(answers), axis=1)
    enough = (answered >= scale.required) & (answered > 0)
    mean = np.full(len(answers), np.nan)
    np.divide(np.nansum(answers, axis=1), answered, out=mean, where=enough)
    return mean


def _item(name: str, frame: pd.DataFrame, model: ModelSpec) -> NDArray[np.float64]:
    inner = model.scale(name)
    return frame[name].to_numpy(dtype=float) if inner is None else scale_mean(inner, frame, model)


def complete(frame: pd.DataFrame, columns: Sequence[str]) -> NDArray[np.bool_]:
    """Return which rows (n,) have an answer in every one of the columns.

    >>> complete(pd.DataFrame({"x": [1.0, np.nan], "y": [2.0, 3.0]}), ["x", "y"]).tolist()
    [True, False]
    """
    return ~np.isnan(frame[list(columns)].to_numpy(dtype=float)).any(axis=1)
