"""Modification indices: what freeing one more parameter would gain, and where it would go.

The score test of a parameter fixed at its value (Sorbom, 1989): with g the gradient of the
log-likelihood, I the expected information of old and new parameters together,
MI = g² / (I_kk - I_k. I^-1 I_.k), one degree of freedom, and the expected change EPC = g over that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from math import nan

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.estimators.constraints import equalities, null_space
from werksem.estimators.fit import Fit
from werksem.estimators.information_block import information_block
from werksem.estimators.objective import evaluate, gradient, problem_terms
from werksem.estimators.problem import build_problem
from werksem.implied import residual_deviations, standard_deviations
from werksem.model import Model, model_of_rows, parameter_name
from werksem.moments import Moments
from werksem.rows import Row

__all__ = ["modification_indices"]

Array = NDArray[np.float64]
COLUMNS = ["group", "lhs", "op", "rhs", "mi", "epc", "sepc_all"]


def modification_indices(model: Model, moments: Sequence[Moments], fit: Fit) -> pd.DataFrame:
    """Return every fixed or absent loading and covariance with its index, largest first.

    Candidates are as in lavaan: cross-loadings, residual covariances of items, covariances of
    latents, and regressions among the variables of the structural part where there is one.
    """
    candidates = tuple(_candidates(model))
    if not candidates:
        return pd.DataFrame(columns=COLUMNS)
    rows = tuple(row for row in model.rows if not _same(row, candidates))
    wide = model_of_rows(model.name, (*rows, *candidates), model.groups, model.constraints)
    problem = build_problem(wide, moments)
    theta = _extended(model, wide, fit.theta)
    point = evaluate(problem, theta * problem.scale)
    if point is None:
        return pd.DataFrame(columns=COLUMNS)
    terms = problem_terms(problem)
    g = -gradient(problem, terms, point) / 2 * problem.scale * fit.n
    old = set(model.parameters)
    known = np.flatnonzero([name in old for name in wide.parameters])
    block, diagonal = information_block(problem, terms, point, known)
    scale = problem.scale
    block = block * np.outer(scale, scale[known]) * fit.n
    return _table(model, wide, candidates, g, (block, diagonal * (scale * scale) * fit.n), known, fit.theta)


def _key(row: Row) -> tuple[int, str, str, str]:
    pair = sorted((row.lhs, row.rhs)) if row.op == "~~" else (row.lhs, row.rhs)
    return row.group, pair[0], row.op, pair[1]


def _same(row: Row, candidates: Sequence[Row]) -> bool:
    return not row.free and _key(row) in {_key(candidate) for candidate in candidates}


def _candidates(model: Model) -> Iterator[Row]:
    """Yield what could be freed: absent parameters at 0, and fixed ones that set no scale."""
    present = {_key(row): row for row in model.rows}
    structural = [name for name in model.eta if name not in model.fixed_x]
    regressed = any(row.op == "~" for row in model.rows)
    items = [name for name in model.observed if name not in model.fixed_x]
    for group in range(len(model.groups)):
        wanted = [Row(f, "=~", x, group) for f in model.latent for x in items]
        wanted += [Row(a, "~~", b, group) for a, b in combinations(items, 2)]
        wanted += [Row(a, "~~", b, group) for a, b in combinations(model.latent, 2)]
        if regressed:
            wanted += [Row(y, "~", x, group) for y in structural for x in model.eta if x != y]
        for row in wanted:
            if _key(row) not in present:
                yield replace(row, free=True, value=nan)


def _extended(model: Model, wide: Model, theta: Array) -> Array:
    """Return theta of the wider model: the old estimates, 0 for what is new."""
    old = dict(zip(model.parameters, theta, strict=True))
    return np.array([old.get(name, 0.0) for name in wide.parameters])


def _table(
    model: Model,
    wide: Model,
    candidates: Sequence[Row],
    g: Array,
    info: tuple[Array, Array],
    known: NDArray[np.intp],
    theta: Array,
) -> pd.DataFrame:
    block, diagonal = info
    base = block[known]
    equal = equalities(model)
    Z = np.eye(len(base)) if equal is None else null_space(equal.jacobian(theta))
    inner = Z @ np.linalg.pinv(Z.T @ base @ Z, hermitian=True) @ Z.T
    sd = [standard_deviations(model, theta, group) for group in range(len(model.groups))]
    errors = [residual_deviations(model, theta, group) for group in range(len(model.groups))]
    at = {name: k for k, name in enumerate(wide.parameters)}
    found = []
    for row in candidates:
        k = at[parameter_name(row, wide.groups)]
        cross = block[k]
        rest = diagonal[k] - cross @ inner @ cross
        if not rest > 1e-8 * diagonal[k]:
            # the model has another form in which this parameter is already free, or it moves nothing
            continue
        epc = g[k] / rest
        size = sd[row.group]
        scale = size[row.rhs] / size[row.lhs] if row.op == "~" else size[row.lhs] / size[row.rhs]
        if row.op == "~~":
            scale = 1 / (errors[row.group][row.lhs] * errors[row.group][row.rhs])
        found.append((model.groups[row.group], row.lhs, row.op, row.rhs, g[k] * epc, epc, epc * scale))
    table = pd.DataFrame(found, columns=COLUMNS)
    return table.sort_values("mi", ascending=False, kind="stable").reset_index(drop=True)
