"""The model of least squares: ``Model`` with, for ordered variables, thresholds and derived residuals.

An ordered variable has a y* of variance 1 (lavaan's delta parameterisation), given the covariates
where there are any. So its residual variance is no parameter of its own: it is what is left of 1,
``derived`` from the others. Thresholds are rows ``item | t1`` of the parameter table and the last
entries of theta; no matrix cell holds them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.model import Model, model_of_rows, parameter_name
from werksem.ordinal import OrdinalMoments
from werksem.rows import Row

__all__ = ["LSModel", "continuous_model", "exogenous_observed", "ordinal_model"]

Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LSModel:
    """What least squares estimates.

    ``model.parameters`` names all of theta. Per group: ``derived`` (o,) gives the place in theta of
    each ordered variable's residual variance, ``thresholds`` maps (variable, number from 0) to the
    place in theta. ``given`` (q,) marks what is not estimated: residuals derived, moments of x.
    ``x`` are the covariates that all else is conditional on.
    """

    model: Model
    ordered: tuple[str, ...] = ()
    derived: tuple[Index, ...] = ()
    thresholds: tuple[Mapping[tuple[str, int], int], ...] = ()
    x: tuple[str, ...] = ()

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The observed variables whose moments are fitted."""
        return tuple(name for name in self.model.observed if name not in self.x)


def continuous_model(model: Model) -> LSModel:
    """Return a model of continuous variables as it is."""
    empty = np.zeros(0, dtype=np.int64)
    return LSModel(model, (), (empty,) * len(model.groups), ({},) * len(model.groups))


def exogenous_observed(model: Model) -> tuple[str, ...]:
    """Return the observed predictors that nothing explains and no line of the file describes."""
    rows = [row for row in model.rows if row.group == 0]
    explained = {row.lhs for row in rows if row.op == "~"} | {row.rhs for row in rows if row.op == "=~"}
    described = {name for row in rows if row.op in ("~~", "~1") and row.user for name in (row.lhs, row.rhs)}
    predictors = dict.fromkeys(row.rhs for row in rows if row.op == "~")
    taken = {*explained, *described, *model.latent}
    return tuple(name for name in predictors if name not in taken)


def ordinal_model(base: Model, data: Sequence[OrdinalMoments]) -> LSModel:
    """Return the model of ordered variables that belongs to these moments.

    ``base`` is the model as for continuous variables, with a mean structure; its groups are those
    of ``data``. Intercepts of ordered variables become 0, thresholds are added and free in each
    group.
    """
    if not base.mean_structure:
        raise EstimationError("a model of ordered variables needs the mean structure")
    ordered = tuple(n for n, is_ordered in zip(data[0].names, data[0].ordered, strict=True) if is_ordered)
    rows = [_for_ordered(row, ordered) for row in base.rows]
    plain = model_of_rows(base.name, rows, base.groups, base.constraints)
    added = [
        Row(name, "|", f"t{number + 1}", group)
        for group, part in enumerate(data)
        for name, thresholds in zip(part.names, part.thresholds, strict=True)
        for number in range(len(thresholds))
    ]
    names = list(plain.parameters) + [parameter_name(row, base.groups) for row in added]
    start = len(plain.parameters)
    derived = tuple(_derived(plain, ordered, group) for group in range(len(base.groups)))
    is_derived = {int(at) for group in derived for at in group}
    exogenous = tuple(exo or at in is_derived for at, exo in enumerate(plain.exogenous))
    model = replace(
        plain, rows=plain.rows + tuple(added), parameters=tuple(names),
        free_of_row=plain.free_of_row + tuple(range(start, len(names))),
        exogenous=exogenous + (False,) * len(added),
    )  # fmt: skip
    places: list[dict[tuple[str, int], int]] = [{} for _ in base.groups]
    for at, row in enumerate(added):
        places[row.group][row.lhs, int(row.rhs[1:]) - 1] = start + at
    return LSModel(model, ordered, derived, tuple(places), data[0].x)


def _for_ordered(row: Row, ordered: Sequence[str]) -> Row:
    if row.lhs not in ordered:
        return row
    if row.op == "~1" and not row.user:
        return replace(row, free=False, value=0.0)
    if row.op == "~~" and row.lhs == row.rhs:
        return replace(row, free=True, value=float("nan"), label="", start=float("nan"))
    return row


def _derived(model: Model, ordered: Sequence[str], group: int) -> Index:
    """Return the place in theta of each ordered variable's residual variance."""
    at = {
        row.lhs: place
        for row, place in zip(model.rows, model.free_of_row, strict=True)
        if row.op == "~~" and row.lhs == row.rhs and row.group == group
    }
    return np.array([at[name] for name in ordered], dtype=np.int64)
