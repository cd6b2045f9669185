"""What was read in a few numbers per variable: ``moments.csv``, to see later whether the same was read."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.inputs import Inputs
from werksem.moments import moments

__all__ = ["COLUMNS", "summed"]

COLUMNS = ("kind", "variable", "n", "mean", "sd")
Array = NDArray[np.float64]


def summed(inputs: Inputs) -> pd.DataFrame:
    """Return n, (weighted) mean and standard deviation of every item and score, as ``COLUMNS``.

    One more row, of kind ``correlations``, has the complete rows and the mean and standard deviation
    of the correlations between items, so that a change of any of them is seen.
    """
    if inputs.given is not None:
        given = inputs.given
        sd = np.sqrt(np.diag(given.cov))
        rows = [("item", *row) for row in zip(given.names, [given.n] * len(sd), given.mean, sd, strict=True)]
        return pd.DataFrame([*rows, _correlations(given.cov, given.n)], columns=list(COLUMNS))
    weights = None if inputs.weights is None else inputs.weights.to_numpy(dtype=float)
    rows = []
    for kind, frame in (("item", inputs.items), ("score", inputs.scores)):
        if frame is not None:
            rows += [(kind, str(name), *_of_column(column, weights)) for name, column in frame.items()]
    if inputs.items is not None:
        rows += _together(inputs.items.to_numpy(dtype=float), weights)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of_column(column: pd.Series, weights: Array | None) -> tuple[float, float, float]:
    values = column.to_numpy(dtype=float)
    there = np.isfinite(values)
    if not there.any():
        return 0.0, np.nan, np.nan
    own = None if weights is None else weights[there]
    found = moments(values[there, None], ["x"], weights=own)
    return found.n, float(found.mean[0]), float(np.sqrt(found.cov[0, 0]))


def _together(values: Array, weights: Array | None) -> list[tuple[str, str, float, float, float]]:
    """Return the row of correlations over complete rows; none where fewer than two are complete."""
    complete = np.isfinite(values).all(axis=1)
    if complete.sum() < 2:
        return []
    own = None if weights is None else weights[complete]
    found = moments(values[complete], [""] * values.shape[1], weights=own)
    return [_correlations(found.cov, found.n)]


def _correlations(cov: Array, n: float) -> tuple[str, str, float, float, float]:
    sd = np.sqrt(np.diag(cov))
    away = np.tril_indices(len(sd), -1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (cov / np.outer(sd, sd))[away]
    found = found[np.isfinite(found)]
    if not found.size:
        return "correlations", "", n, np.nan, np.nan
    return "correlations", "", n, float(found.mean()), float(found.std())
