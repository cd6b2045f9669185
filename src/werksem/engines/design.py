"""How much the scale means are alike within organisations and groups: ``design.csv``."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd

from werksem.inference.design_effect import likeness
from werksem.inputs import Inputs
from werksem.spec.study import Study

__all__ = ["design_table"]

COLUMNS = [
    "design", "column", "variable", "n", "units", "size", "size_weighted", "icc1", "icc2", "design_effect",
]  # fmt: skip


def design_table(study: Study, inputs: Inputs) -> pd.DataFrame | None:
    """Return ICC(1), ICC(2) and the design effect of every scale mean and plain column of the model.

    ``design`` is ``cluster`` or ``group``, ``column`` its name in the data. None where the study has
    neither, or moments only.
    """
    if inputs.scores is None:
        return None
    rows = []
    for design, column, labels in (
        ("cluster", study.data.cluster, inputs.cluster),
        ("group", study.data.group, inputs.group),
    ):
        if labels is None:
            continue
        codes = pd.factorize(labels)[0]
        for variable in inputs.scores:
            found = likeness(inputs.scores[variable].to_numpy(dtype=float), codes)
            rows.append({"design": design, "column": column, "variable": variable} | asdict(found))
    return pd.DataFrame(rows, columns=COLUMNS) if rows else None
