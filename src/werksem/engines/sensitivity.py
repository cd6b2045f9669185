"""How much paths hang on the stated reliability of a single item."""

from __future__ import annotations

import pandas as pd

from werksem.effects import quantity_values
from werksem.estimators.ml import fit_ml
from werksem.model import Model
from werksem.reliabilities import stated_reliabilities, with_reliabilities
from werksem.sem_data import SemData
from werksem.spec.types import ModelSpec

__all__ = ["ASSUMED", "reliability_sensitivity"]

ASSUMED = (0.65, 0.75, 0.85, 1.0)
COLUMNS = ["construct", "reliability", "group", "lhs", "op", "rhs", "est", "std", "status"]


def reliability_sensitivity(spec: ModelSpec, model: Model, data: SemData) -> pd.DataFrame | None:
    """Return every path under four assumed reliabilities of each single item that states one.

    None where no construct states a reliability, or where rows have blanks.
    """
    stated = stated_reliabilities(spec)
    if not stated or not data.moments:
        return None
    rows = []
    for construct in stated:
        for assumed in ASSUMED:
            changed = with_reliabilities(model, spec, data.moments, stated | {construct: assumed})
            fit = fit_ml(changed, data.moments)
            raw, std = quantity_values(changed, (), fit.theta)
            rows += [
                (
                    construct,
                    assumed,
                    changed.groups[row.group],
                    row.lhs,
                    row.op,
                    row.rhs,
                    raw[k],
                    std[k],
                    fit.status,
                )
                for k, row in enumerate(changed.rows)
                if row.op == "~"
            ]
    return pd.DataFrame(rows, columns=COLUMNS)
