"""The baseline of CFI and TLI as a model: uncorrelated variables, exogenous columns as they are."""

from __future__ import annotations

from itertools import combinations

from werksem.inference.exogenous import exogenous_columns
from werksem.model import Model, model_of_rows
from werksem.rows import Row

__all__ = ["baseline_model"]


def baseline_model(model: Model) -> Model:
    """Return the independence model of a model's observed variables, for the same groups."""
    rows = []
    given, fixed = exogenous_columns(model), bool(model.fixed_x)
    for group in range(len(model.groups)):
        # the variances first and in the model's order: moments are matched by place
        rows += [Row(name, "~~", name, group, exo=fixed and name in given) for name in model.observed]
        rows += [Row(a, "~~", b, group, exo=fixed) for a, b in combinations(given, 2)]
        if model.mean_structure:
            rows += [Row(name, "~1", "", group, exo=fixed and name in given) for name in model.observed]
    ordered = sorted(rows, key=lambda row: row.group)
    return model_of_rows("baseline", ordered, model.groups)
