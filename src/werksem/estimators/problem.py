"""The optimiser's view of a model: cells and moments in units where every variable has size 1.

Observed variables are divided by their standard deviations and the eta by those of their first
indicators, so that variances over many decades cost no digits. Each matrix entry is
``coef * phi[free]`` (or ``value`` where fixed), with phi = theta * scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.model import ALPHA, BETA, LAMBDA, NU, PSI, THETA, Cells, Model
from werksem.moments import Moments, select

__all__ = ["GroupProblem", "Problem", "build_problem"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class GroupProblem:
    """One group: its cells (parallel arrays) and its moments, all rescaled.

    ``weight`` is n_g / n. ``matrix, row, col, free, coef, value`` describe cells as in ``Cells``.
    """

    weight: float
    mean: Array
    cov: Array
    matrix: Index
    row: Index
    col: Index
    free: Index
    coef: Array
    value: Array
    units: Array


@dataclass(frozen=True, slots=True)
class Problem:
    """All groups, the size of theta and its scale: phi = theta * scale."""

    groups: tuple[GroupProblem, ...]
    scale: Array
    n_observed: int
    n_eta: int
    n: float
    mean_structure: bool


def build_problem(model: Model, moments: Sequence[Moments]) -> Problem:
    """Return the rescaled problem of a model and one group's moments each.

    Raises ``EstimationError`` where a variance is zero or the covariances are not positive definite.
    """
    data = [select(group, model.observed) for group in moments]
    n = float(sum(group.n for group in data))
    pooled = sum(group.n / n * np.diag(group.cov) for group in data)
    observed_units = np.sqrt(pooled)
    for group in data:
        _check(group, observed_units)
    eta_units = _eta_units(model, observed_units)
    coefs = [_coefficients(cells, observed_units, eta_units) for cells in model.cells]
    scale = _parameter_scale(model, coefs)
    groups = tuple(
        _group(cells, coef, scale, group, observed_units, group.n / n)
        for cells, coef, group in zip(model.cells, coefs, data, strict=True)
    )
    # a model without eta keeps one that nothing touches, so that no table is empty
    n_eta = max(len(model.eta), 1)
    return Problem(groups, scale, len(model.observed), n_eta, n, model.mean_structure)


def _check(group: Moments, units: Array) -> None:
    constant = [name for name, unit in zip(group.names, units, strict=True) if not unit > 0]
    if constant:
        raise EstimationError(f"no variance: {', '.join(constant)} (group {group.group})")
    smallest = np.linalg.eigvalsh(group.cov / np.outer(units, units))[0]
    if smallest < 1e-10:
        raise EstimationError(
            f"the sample covariances of group {group.group!r} are singular (smallest eigenvalue of the "
            f"correlations {smallest:.1e}): an item is a copy or a sum of others, or n is too small"
        )


def _eta_units(model: Model, observed_units: Array) -> Array:
    """Return each eta's unit: itself where observed, else its first indicator's, found in rounds."""
    units = dict(zip(model.observed, observed_units, strict=True))
    loadings = [row for row in model.rows if row.op == "=~" and row.group == 0]
    unit_variance = {
        row.lhs for row in model.rows
        if row.op == "~~" and row.lhs == row.rhs and not row.free and row.value > 0
    }  # fmt: skip
    for _ in model.latent:
        for row in loadings:
            if row.lhs not in units and (row.rhs in units or row.lhs in unit_variance):
                units[row.lhs] = 1.0 if row.lhs in unit_variance else units[row.rhs]
    return np.array([units.get(name, 1.0) for name in model.eta])


def _coefficients(cells: Cells, x: Array, eta: Array) -> Array:
    """Return the factor from each raw cell to the rescaled one."""
    factor = np.ones(len(cells.matrix))
    for matrix, left, right in (
        (LAMBDA, 1 / x, eta), (BETA, 1 / eta, eta), (PSI, 1 / eta, 1 / eta), (THETA, 1 / x, 1 / x),
    ):  # fmt: skip
        here = cells.matrix == matrix
        factor[here] = left[cells.row[here]] * right[cells.col[here]]
    for matrix, unit in ((NU, x), (ALPHA, eta)):
        here = cells.matrix == matrix
        factor[here] = 1 / unit[cells.row[here]]
    return factor


def _parameter_scale(model: Model, coefs: Sequence[Array]) -> Array:
    scale = np.ones(len(model.parameters))
    for cells, coef in zip(reversed(model.cells), reversed(coefs), strict=True):
        free = cells.free >= 0
        scale[cells.free[free][::-1]] = coef[free][::-1]
    return scale


def _group(
    cells: Cells, coef: Array, scale: Array, group: Moments, units: Array, weight: float
) -> GroupProblem:
    free = cells.free >= 0
    relative = coef.copy()
    relative[free] /= scale[cells.free[free]]
    value = np.where(free, 0.0, np.nan_to_num(cells.value) * coef)
    return GroupProblem(
        weight, group.mean / units, group.cov / np.outer(units, units),
        cells.matrix, cells.row, cells.col, cells.free, relative, value, units,
    )  # fmt: skip
