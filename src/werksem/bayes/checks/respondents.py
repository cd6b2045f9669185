"""The respondents of a latent-variable posterior, which its moments do not keep."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.checks.cuts import Cut
from werksem.bayes.latent.design import LatentDesign
from werksem.bayes.statistics import group_labels

__all__ = ["Respondents", "respondents"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Respondents:
    """Complete rows: ``values`` (N, p), groups ``code`` (N,), ``weights`` (N,) or None; ``cuts`` by item."""

    values: Array
    code: NDArray[np.int64]
    weights: Array | None
    cuts: dict[str, Cut]


def respondents(
    design: LatentDesign, items: pd.DataFrame, group: pd.Series | None, weights: pd.Series | None,
    cuts: dict[str, Cut],
) -> Respondents:  # fmt: skip
    """Return the rows that the design's moments are of, on the items as they are."""
    values = items[list(design.model.observed)].to_numpy(dtype=float)
    labels, code = group_labels(group, len(values))
    keep = np.isfinite(values).all(axis=1) & (code >= 0)
    at = {label: g for g, label in enumerate(design.moments.groups)}
    place = np.array([at.get(label, -1) for label in labels], np.int64)
    weight = None if weights is None else weights.to_numpy(dtype=float)[keep]
    return Respondents(values[keep], place[code[keep]], weight, cuts)
