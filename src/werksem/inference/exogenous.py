"""Which observed variables lavaan takes for exogenous columns, whether their moments are fixed or not."""

from __future__ import annotations

from werksem.model import Model

__all__ = ["exogenous_columns"]


def exogenous_columns(model: Model) -> tuple[str, ...]:
    """Return the observed predictors that the model says nothing else about, in the model's order.

    Those are the fixed x of a model with fixed x; with random x they still covary in lavaan's
    baseline model.
    """
    told = {row.rhs for row in model.rows if row.op == "=~"} | set(model.latent)
    told |= {row.lhs for row in model.rows if row.op == "~"}
    told |= {name for row in model.rows if row.user and row.op in ("~~", "~1") for name in (row.lhs, row.rhs)}
    predictors = {row.rhs for row in model.rows if row.op == "~"}
    return tuple(name for name in model.observed if name in predictors - told)
