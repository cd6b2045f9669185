"""Start values: composites of each construct's indicators, corrected for unreliability.

Loadings come from one centroid axis of each block; the covariances of the composites are a first
latent covariance matrix, and its regressions the first paths. Everything is on the rescaled
metric, so the same numbers serve items and incomes.
"""

from __future__ import annotations

from math import isnan

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.problem import Problem
from werksem.model import Model
from werksem.rows import Row

__all__ = ["start_values"]

Array = NDArray[np.float64]
Values = dict[tuple[str, str, str], float]


def start_values(model: Model, problem: Problem) -> Array:
    """Return start values phi (q,) of a model's free parameters; ``start()`` modifiers win."""
    phi = np.zeros(len(model.parameters))
    for group in reversed(range(len(model.groups))):
        rows = [row for row in model.rows if row.group == group]
        values = _group_starts(model, rows, problem.groups[group].cov, problem.groups[group].mean)
        for number, row in enumerate(model.rows):
            at = model.free_of_row[number]
            if row.group == group and at >= 0:
                guess = values.get((row.lhs, row.op, row.rhs), 0.0)
                phi[at] = guess if isnan(row.start) else row.start * problem.scale[at]
    return phi


def _group_starts(model: Model, rows: list[Row], S: Array, mean: Array) -> Values:
    names = list(model.observed)
    weights = dict(zip(names, np.eye(len(names)), strict=True))
    variance = dict(zip(names, np.diag(S), strict=True))
    values: Values = {}
    pending = list(model.latent)
    while pending:
        ready = [f for f in pending if all(i in weights for i in _indicators(rows, f))] or pending[:1]
        for factor in ready:
            pending.remove(factor)
            items = [i for i in _indicators(rows, factor) if i in weights]
            _measure(rows, factor, items, weights, variance, S, values)
    values |= {(name, "~1", ""): float(mean[at]) for at, name in enumerate(names)}
    for name in names:
        values.setdefault((name, "~~", name), float(variance[name]))
    return values | _structure(rows, weights, variance, S)


def _indicators(rows: list[Row], factor: str) -> list[str]:
    return [row.rhs for row in rows if row.op == "=~" and row.lhs == factor]


def _measure(
    rows: list[Row], factor: str, items: list[str], weights: dict[str, Array],
    variance: dict[str, float], S: Array, values: Values,
) -> None:  # fmt: skip
    """Add one construct: its loadings, its composite's weights on the observed, its variance."""
    loading_rows = {row.rhs: row for row in rows if row.op == "=~" and row.lhs == factor}
    stack = np.array([weights[item] for item in items])
    block = stack @ S @ stack.T
    np.fill_diagonal(block, [variance[item] for item in items])
    axis = _centroid(block)
    fixed = [k for k, item in enumerate(items) if not loading_rows[item].free and loading_rows[item].value]
    if len(fixed) > 1:
        # a growth factor: its loadings are given, so its composite is not this axis
        weights[factor], variance[factor] = np.zeros(len(S)), 0.5 * float(np.mean(np.diag(block)))
        values[factor, "~~", factor] = variance[factor] if axis[0] > 0.1 else 0.05
        return
    marker = axis[fixed[0]] / loading_rows[items[fixed[0]]].value if fixed else 1.0
    marker = marker if abs(marker) > 0.2 else 0.2
    for item, loading in zip(items, axis, strict=True):
        values[factor, "=~", item] = float(loading / marker)
        values[item, "~~", item] = float(max(variance[item] - loading**2, 0.1 * variance[item]))
    weights[factor] = marker * (axis @ stack) / max(float(axis @ axis), 1e-3)
    variance[factor] = values[factor, "~~", factor] = float(marker**2)


def _centroid(block: Array) -> Array:
    """Return loadings (k,) of one axis: signs from the first eigenvector, sizes from the centroid."""
    k = len(block)
    if k == 1:
        return np.sqrt(np.diag(block))
    signs = np.sign(np.linalg.eigh(block)[1][:, -1])
    signs = np.where(signs == 0, 1.0, signs) * (signs[0] or 1.0)
    turned = block * np.outer(signs, signs)
    off = turned.sum(axis=1) - np.diag(turned)
    if k == 2:
        sizes = np.sqrt(np.clip(off, 0.1, 0.9))
    else:
        sizes = np.clip(off / np.sqrt(max(off.sum(), 0.05 * k)), 0.2, 0.95)
    return signs * np.minimum(sizes, 0.95 * np.sqrt(np.diag(block)))


def _structure(rows: list[Row], weights: dict[str, Array], variance: dict[str, float], S: Array) -> Values:
    """Return paths by regressions among composites, (residual) variances and covariances."""
    values: Values = {}
    outcomes = dict.fromkeys(row.lhs for row in rows if row.op == "~")
    for outcome in outcomes:
        predictors = [row.rhs for row in rows if row.op == "~" and row.lhs == outcome]
        C = _cov([*predictors, outcome], weights, variance, S)
        b = np.linalg.lstsq(C[:-1, :-1] + 0.05 * np.diag(np.diag(C[:-1, :-1])), C[:-1, -1], rcond=None)[0]
        values |= {(outcome, "~", x): float(v) for x, v in zip(predictors, b, strict=True)}
        explained = float(b @ C[:-1, :-1] @ b)
        values[outcome, "~~", outcome] = max(variance[outcome] - explained, 0.2 * variance[outcome])
    for row in rows:
        if row.op == "~~" and row.lhs != row.rhs and not {row.lhs, row.rhs} & set(outcomes):
            is_error = {row.lhs, row.rhs} <= {r.rhs for r in rows if r.op == "=~"}
            C = _cov([row.lhs, row.rhs], weights, variance, S)
            values[row.lhs, "~~", row.rhs] = 0.0 if is_error else float(C[0, 1])
        elif row.op == "~~" and row.lhs == row.rhs and row.exo:
            values[row.lhs, "~~", row.lhs] = variance[row.lhs]
    return values


def _cov(names: list[str], weights: dict[str, Array], variance: dict[str, float], S: Array) -> Array:
    """Return the covariances of composites, correlations kept within +-.9."""
    stack = np.array([weights[name] for name in names])
    C = stack @ S @ stack.T
    size = np.sqrt([max(variance[name], 1e-6) for name in names])
    C = np.clip(C / np.outer(size, size), -0.9, 0.9) * np.outer(size, size)
    np.fill_diagonal(C, size**2)
    return C
