"""A model as index arrays: which cell of which matrix holds which free parameter.

Every model is written as one system (LISREL's all-y form),

    x = nu + Lambda eta + e,    eta = alpha + B eta + z,    cov(e) = Theta, cov(z) = Psi.

Observed variables that take part in regressions, or covary with one that does, stand among the
eta with a loading of 1 and no error of their own, as in lavaan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from werksem.errors import SpecError
from werksem.partable import parameter_table
from werksem.rows import DEFAULTS, Options, Row
from werksem.spec.types import Constraint, ModelSpec

__all__ = [
    "ALPHA", "BETA", "LAMBDA", "NU", "PSI", "THETA", "Cells", "Model", "build_model",
    "model_of_rows", "parameter_name",
]  # fmt: skip

NU, ALPHA, LAMBDA, BETA, PSI, THETA = range(6)
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one group's matrices that are not zero by construction, as parallel arrays.

    ``matrix`` is one of NU … THETA, ``row`` and ``col`` the place (symmetric matrices once),
    ``free`` the index in theta or -1, ``value`` the fixed value (NaN where free), ``source`` the
    index of the row of the parameter table, -1 for a cell the form itself needs.
    """

    matrix: Index
    row: Index
    col: Index
    free: Index
    value: NDArray[np.float64]
    source: Index


@dataclass(frozen=True, slots=True)
class Model:
    """What is estimated: variables, the parameter table, and per group the cells it fills.

    ``parameters`` names theta (q); equal labels are one parameter. ``free_of_row`` gives each
    row's index in theta, -1 where fixed. ``exogenous`` marks parameters that are moments of
    fixed x: estimated at their sample values, not counted, without standard error.
    """

    name: str
    observed: tuple[str, ...]
    eta: tuple[str, ...]
    latent: tuple[str, ...]
    groups: tuple[str, ...]
    rows: tuple[Row, ...]
    cells: tuple[Cells, ...]
    parameters: tuple[str, ...]
    free_of_row: tuple[int, ...]
    exogenous: tuple[bool, ...]
    mean_structure: bool
    constraints: tuple[Constraint, ...] = ()

    @property
    def fixed_x(self) -> tuple[str, ...]:
        """The observed predictors whose moments are taken as they are."""
        return tuple(row.lhs for row in self.rows if row.exo and row.lhs == row.rhs and row.group == 0)

    @property
    def df(self) -> int:
        """Degrees of freedom: moments minus free parameters, those of fixed x left out of both."""
        p, x = len(self.observed), len(self.fixed_x)
        moments = p * (p + 1) // 2 - x * (x + 1) // 2 + (p - x if self.mean_structure else 0)
        return len(self.groups) * moments - self.npar

    @property
    def npar(self) -> int:
        """How many parameters are estimated, moments of fixed x not counted."""
        return sum(not exo for exo in self.exogenous) - sum(c.op == "==" for c in self.constraints)


def build_model(spec: ModelSpec, groups: Sequence[str] = ("all",), options: Options = DEFAULTS) -> Model:
    """Return the model of a specification for these groups."""
    return model_of_rows(spec.name, parameter_table(spec, groups, options), groups, spec.constraints)


def model_of_rows(
    name: str, rows: Sequence[Row], groups: Sequence[str], constraints: Sequence[Constraint] = ()
) -> Model:
    """Return the model of a parameter table."""
    latent = tuple(dict.fromkeys(row.lhs for row in rows if row.op == "=~"))
    observed = _observed(rows, latent)
    eta = latent + _structural_observed(rows, latent, observed)
    free_of_row, parameters, exogenous = _number(rows, groups)
    means = any(row.op == "~1" for row in rows)
    cells = tuple(_cells(rows, free_of_row, observed, eta, group) for group in range(len(groups)))
    return Model(
        name, observed, eta, latent, tuple(groups), tuple(rows), cells, parameters,
        free_of_row, exogenous, means, tuple(constraints),
    )  # fmt: skip


def parameter_name(row: Row, groups: Sequence[str]) -> str:
    """Return the label, else ``lhs op rhs`` without spaces, with ``@group`` where there are several.

    >>> parameter_name(Row("f", "=~", "x2"), ["all"])
    'f=~x2'
    """
    name = row.label or f"{row.lhs}{row.op}{row.rhs}"
    return name if row.label or len(groups) == 1 else f"{name}@{groups[row.group]}"


def _observed(rows: Sequence[Row], latent: Sequence[str]) -> tuple[str, ...]:
    indicators = [row.rhs for row in rows if row.op == "=~"]
    others = [name for row in rows if row.op != "=~" for name in (row.lhs, row.rhs) if name]
    return tuple(dict.fromkeys(name for name in (*indicators, *others) if name not in latent))


def _structural_observed(
    rows: Sequence[Row], latent: Sequence[str], observed: Sequence[str]
) -> tuple[str, ...]:
    """Return the observed variables of regressions, and whatever covaries with an eta."""
    members = {*latent, *(name for row in rows if row.op == "~" for name in (row.lhs, row.rhs))}
    pairs = [{row.lhs, row.rhs} for row in rows if row.op == "~~"]
    while grown := {name for pair in pairs if pair & members for name in pair} - members:
        members |= grown
    return tuple(name for name in observed if name in members)


def _number(
    rows: Sequence[Row], groups: Sequence[str]
) -> tuple[tuple[int, ...], tuple[str, ...], tuple[bool, ...]]:
    """Return each row's index in theta, the names of theta, and which are moments of fixed x."""
    names: dict[str, int] = {}
    exogenous: list[bool] = []
    index = []
    for row in rows:
        if not row.free:
            index.append(-1)
            continue
        name = parameter_name(row, groups)
        if name not in names:
            names[name] = len(names)
            exogenous.append(row.exo)
        index.append(names[name])
    return tuple(index), tuple(names), tuple(exogenous)


def _cells(
    rows: Sequence[Row], free_of_row: Sequence[int], observed: Sequence[str], eta: Sequence[str], group: int
) -> Cells:
    at_x = {name: i for i, name in enumerate(observed)}
    at_eta = {name: i for i, name in enumerate(eta)}
    found = []
    for number, row in enumerate(rows):
        if row.group == group:
            place = _place(row, at_x, at_eta)
            found.append((*place, free_of_row[number], row.value if not row.free else nan, number))
    found += [(LAMBDA, at_x[name], at_eta[name], -1, 1.0, -1) for name in eta if name in at_x]
    columns = list(zip(*found, strict=True))
    matrix, at, col, free, source = (np.array(columns[i], dtype=np.int64) for i in (0, 1, 2, 3, 5))
    return Cells(matrix, at, col, free, np.array(columns[4], dtype=float), source)


def _place(row: Row, at_x: dict[str, int], at_eta: dict[str, int]) -> tuple[int, int, int]:
    """Return (matrix, row, column) of a parameter; symmetric matrices with row >= column."""
    lhs, rhs = row.lhs, row.rhs
    match row.op:
        case "=~" if rhs in at_eta:
            return BETA, at_eta[rhs], at_eta[lhs]
        case "=~":
            return LAMBDA, at_x[rhs], at_eta[lhs]
        case "~":
            return BETA, at_eta[lhs], at_eta[rhs]
        case "~1":
            return (ALPHA, at_eta[lhs], 0) if lhs in at_eta else (NU, at_x[lhs], 0)
        case "~~" if lhs in at_eta:
            return PSI, max(at_eta[lhs], at_eta[rhs]), min(at_eta[lhs], at_eta[rhs])
        case "~~":
            return THETA, max(at_x[lhs], at_x[rhs]), min(at_x[lhs], at_x[rhs])
    raise SpecError(f"{row.op!r} is not an operator of the parameter table")
