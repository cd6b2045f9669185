"""Scale means as marks from 1 to 10, by group, with intervals that know the design."""

from __future__ import annotations

import numpy as np
import pandas as pd

from werksem.describe.design import design_of
from werksem.describe.marks import linear
from werksem.describe.ratios import ratios
from werksem.inputs import Inputs
from werksem.spec.types import ModelSpec

__all__ = ["marks_table"]

Z = 1.959963984540054


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
        found = ratios(scores, base, design_of(inputs))
        for k, (name, scale) in enumerate(scales.items()):
            value, error = float(found.value[k]), float(found.se[k])
            limits = (linear(value + sign * Z * error, *scale) for sign in (0, -1, 1))
            rows.append((str(label), name, int(found.n[k]), value, *limits))
    return pd.DataFrame(rows, columns=columns)
