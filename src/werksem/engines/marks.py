"""Scale means as marks from 1 to 10, by group, with intervals that know the design."""

from __future__ import annotations

import numpy as np
import pandas as pd

from werksem.describe.ratios import Design, ratios
from werksem.inputs import Inputs
from werksem.spec.types import ModelSpec

__all__ = ["mark", "marks_table"]

Z = 1.959963984540054


def mark(mean: float, low: float, high: float) -> float:
    """Return a scale mean on answers ``low`` … ``high`` as a mark from 1 to 10, linearly.

    For answers 1 … 5 it is 2.25 mean - 1.25.

    >>> mark(3.0, 1, 5), mark(0.0, 0, 10)
    (5.5, 1.0)
    """
    return 1 + 9 * (mean - low) / (high - low)


def marks_table(model: ModelSpec, inputs: Inputs) -> pd.DataFrame:
    """Return ``group, construct, n, mean, mark, mark_ci_lower, mark_ci_upper`` of all constructs.

    Group ``all`` and every group of the data; intervals are 95 %. Constructs whose scale has fewer than
    four steps, and plain columns, have no mark. Empty without respondents.
    """
    columns = ["group", "construct", "n", "mean", "mark", "mark_ci_lower", "mark_ci_upper"]
    scales = {s.name: s.scale for s in model.scales if s.scale is not None and s.scale[1] - s.scale[0] >= 3}
    if inputs.scores is None or not scales:
        return pd.DataFrame(columns=columns)
    scores = inputs.scores[list(scales)].to_numpy(dtype=float)
    labels = (
        {} if inputs.group is None else {str(name): inputs.group == name for name in inputs.group.unique()}
    )
    rows = []
    for label, inside in {"all": np.ones(len(scores), dtype=bool), **labels}.items():
        base = np.repeat(np.asarray(inside, dtype=bool)[:, None], scores.shape[1], axis=1)
        found = ratios(scores, base, _design(inputs))
        for k, (name, scale) in enumerate(scales.items()):
            value, error = float(found.value[k]), float(found.se[k])
            limits = (mark(value + sign * Z * error, *scale) for sign in (0, -1, 1))
            rows.append((str(label), name, int(found.n[k]), value, *limits))
    return pd.DataFrame(rows, columns=columns)


def _design(inputs: Inputs) -> Design:
    def codes(column: pd.Series | None) -> np.ndarray | None:
        return None if column is None else pd.factorize(column)[0]

    weights = None if inputs.weights is None else inputs.weights.to_numpy(dtype=float)
    fraction = None if inputs.fraction is None else inputs.fraction.to_numpy(dtype=float)
    return Design(weights, codes(inputs.cluster), codes(inputs.strata), fraction)
