"""Single items with a stated reliability: the residual is fixed at (1 - reliability) times the variance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from werksem.model import Model, model_of_rows
from werksem.moments import Moments
from werksem.spec.types import ModelSpec

__all__ = ["stated_reliabilities", "with_reliabilities"]


def stated_reliabilities(spec: ModelSpec) -> dict[str, float]:
    """Return the reliability of each construct whose model file states one."""
    return {scale.name: scale.reliability for scale in spec.scales if scale.reliability is not None}


def with_reliabilities(
    model: Model, spec: ModelSpec, moments: Sequence[Moments], reliability: Mapping[str, float]
) -> Model:
    """Return the model with the residual of each single item at (1 - reliability) s², per group.

    An item that is measured without error keeps its residual at 0 (reliability 1). Raises nothing:
    constructs with more items are left as they are, the spec refuses a reliability for them.
    """
    items = {
        scale.items[0]: reliability[scale.name]
        for scale in spec.scales
        if scale.name in reliability and len(scale.items) == 1
    }
    if not items:
        return model
    rows = []
    for row in model.rows:
        if row.op == "~~" and row.lhs == row.rhs and row.lhs in items and not row.user:
            group = moments[row.group]
            at = group.names.index(row.lhs)
            fixed = (1 - items[row.lhs]) * float(group.cov[at, at])
            rows.append(replace(row, free=False, value=fixed))
        else:
            rows.append(row)
    return model_of_rows(model.name, rows, model.groups, model.constraints)
