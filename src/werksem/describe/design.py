"""How respondents were drawn, as the formulas of means and shares want it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.describe.ratios import Design
from werksem.describe.slices import texts
from werksem.inputs import Inputs

__all__ = ["design_by_wave", "design_of"]

Codes = NDArray[np.int64]


def design_of(inputs: Inputs) -> Design:
    """Return the design of a study's respondents, without replicate weights."""
    return Design(
        _floats(inputs.weights),
        None if inputs.cluster is None else _codes(inputs.cluster),
        None if inputs.strata is None else _codes(inputs.strata),
        _floats(inputs.fraction),
    )


def _floats(column: pd.Series | None) -> NDArray[np.float64] | None:
    return None if column is None else column.to_numpy(dtype=float)


def _codes(values: pd.Series | NDArray[Any]) -> Codes:
    return pd.factorize(values)[0].astype(np.int64)


def design_by_wave(design: Design, wave: pd.Series | None) -> Design:
    """Return the design with each wave as strata of its own: waves are samples drawn independently.

    Numbers of clusters count within a wave; a respondent of no wave is in a stratum of those.
    """
    if wave is None:
        return design
    of = _codes(texts(wave)) + 1

    def within(codes: Codes) -> Codes:
        return _codes(of * (codes.max(initial=0) + 1) + codes)

    stratum = of if design.stratum is None else within(design.stratum)
    return replace(
        design, stratum=stratum, cluster=None if design.cluster is None else within(design.cluster)
    )
