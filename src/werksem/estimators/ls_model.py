"""The model of least squares: ``Model`` with, for ordered variables, thresholds and derived residuals.

An ordered variable has a y* of variance 1 (lavaan's delta parameterisation), given the covariates
where there are any. So its residual variance is no parameter of its own: it is what is left of 1,
``derived`` from the others. Thresholds are rows ``item | t1`` of the parameter table and the last
entries of theta; no matrix cell holds them. Where they are equal across groups, y* has a scale of
its own from the second group on (rows ``item ~*~ item``): its variance there is 1 / scale squared.
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
    place in theta, ``scales`` (o,) are those of the scales of y*, -1 where they are 1. ``x`` are
    the covariates that all else is conditional on.
    """

    model: Model
    ordered: tuple[str, ...] = ()
    derived: tuple[Index, ...] = ()
    thresholds: tuple[Mapping[tuple[str, int], int], ...] = ()
    scales: tuple[Index, ...] = ()
    x: tuple[str, ...] = ()

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The observed variables whose moments are fitted."""
        return tuple(name for name in self.model.observed if name not in self.x)


def continuous_model(model: Model) -> LSModel:
    """Return a model of continuous variables as it is."""
    empty = np.zeros(0, dtype=np.int64)
    groups = len(model.groups)
    return LSModel(model, (), (empty,) * groups, ({},) * groups, (empty,) * groups)


def exogenous_observed(model: Model) -> tuple[str, ...]:
    """Return the observed predictors that nothing explains and no line of the file describes."""
    rows = [row for row in model.rows if row.group == 0]
    explained = {row.lhs for row in rows if row.op == "~"} | {row.rhs for row in rows if row.op == "=~"}
    described = {name for row in rows if row.op in ("~~", "~1") and row.user for name in (row.lhs, row.rhs)}
    predictors = dict.fromkeys(row.rhs for row in rows if row.op == "~")
    taken = {*explained, *described, *model.latent}
    return tuple(name for name in predictors if name not in taken)


def ordinal_model(base: Model, data: Sequence[OrdinalMoments], *, equal_thresholds: bool = False) -> LSModel:
    """Return the model of ordered variables that belongs to these moments.

    ``base`` is the model as for continuous variables, with a mean structure; its groups are those
    of ``data``. Intercepts of ordered variables become 0, thresholds are added. They are free in
    each group; with ``equal_thresholds`` (lavaan's group.equal, which implies ``intercepts`` among
    those of ``base``) they are equal and scales of y* free from the second group on.
    """
    if not base.mean_structure:
        raise EstimationError("a model of ordered variables needs the mean structure")
    ordered = tuple(n for n, is_ordered in zip(data[0].names, data[0].ordered, strict=True) if is_ordered)
    rows = [_for_ordered(row, ordered) for row in base.rows]
    plain = model_of_rows(base.name, rows, base.groups, base.constraints)
    added = _added(ordered, data, equal_thresholds and len(base.groups) > 1)
    names = {name: at for at, name in enumerate(plain.parameters)}
    places = [names.setdefault(parameter_name(row, base.groups), len(names)) for row in added]
    derived = tuple(_derived(plain, ordered, group) for group in range(len(base.groups)))
    is_derived = {int(at) for group in derived for at in group}
    exogenous = tuple(exo or at in is_derived for at, exo in enumerate(plain.exogenous))
    model = replace(
        plain, rows=plain.rows + tuple(added), parameters=tuple(names),
        free_of_row=plain.free_of_row + tuple(places),
        exogenous=exogenous + (False,) * (len(names) - len(exogenous)),
    )  # fmt: skip
    thresholds: list[dict[tuple[str, int], int]] = [{} for _ in base.groups]
    scales = [np.full(len(ordered), -1) for _ in base.groups]
    for row, place in zip(added, places, strict=True):
        if row.op == "|":
            thresholds[row.group][row.lhs, int(row.rhs[1:]) - 1] = place
        else:
            scales[row.group][ordered.index(row.lhs)] = place
    return LSModel(model, ordered, derived, tuple(thresholds), tuple(scales), data[0].x)


def _added(ordered: Sequence[str], data: Sequence[OrdinalMoments], equal: bool) -> list[Row]:
    """Return the rows of thresholds and scales, group by group."""
    added = []
    for group, part in enumerate(data):
        for name, thresholds in zip(part.names, part.thresholds, strict=True):
            for number in range(1, len(thresholds) + 1):
                label = f"{name}|t{number}" if equal else ""
                added.append(Row(name, "|", f"t{number}", group, label=label))
        if equal and group:
            added += [Row(name, "~*~", name, group) for name in ordered]
    return added


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
