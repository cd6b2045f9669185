"""What releasing one equality across groups would gain: suggestions for partial invariance.

The score test of one group's own parameter beside the shared one; formula as in ``modification``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.estimators.fit import Fit
from werksem.estimators.objective import evaluate, gradient, information, problem_terms
from werksem.estimators.problem import build_problem
from werksem.model import Model, model_of_rows
from werksem.moments import Moments

__all__ = ["release_indices"]

Array = NDArray[np.float64]
# of its own information, what others leave of a parameter that can be told apart
IDENTIFIED = 1e-9
COLUMNS = ["group", "lhs", "op", "rhs", "mi", "epc"]


def release_indices(model: Model, moments: Sequence[Moments], fit: Fit) -> pd.DataFrame:
    """Return, for each parameter held equal across groups and each group, the gain of setting it free.

    ``mi`` has one degree of freedom, ``epc`` is the expected difference of the group's own value from
    the shared one; largest gains first, NaN last where the model without the equality is not identified.
    """
    groups_of: dict[str, set[int]] = {}
    for row in model.rows:
        groups_of.setdefault(row.label, set()).add(row.group)
    shared = [bool(row.label) and len(groups_of[row.label]) > 1 for row in model.rows]
    rows = [replace(row, label="") if own else row for row, own in zip(model.rows, shared, strict=True)]
    wide = model_of_rows(model.name, rows, model.groups)
    mi, epc = _scores(model, wide, moments, fit)
    found = [
        (model.groups[row.group], row.lhs, row.op, row.rhs, mi[at], epc[at])
        for row, at, own in zip(model.rows, wide.free_of_row, shared, strict=True)
        if own
    ]
    table = pd.DataFrame(found, columns=COLUMNS)
    return table.sort_values("mi", ascending=False, kind="stable").reset_index(drop=True)


def _scores(model: Model, wide: Model, moments: Sequence[Moments], fit: Fit) -> tuple[Array, Array]:
    """Return (MI, EPC) of every parameter of ``wide``, where each row has one, at the fit of ``model``."""
    q = len(wide.parameters)
    problem = build_problem(wide, moments)
    along = np.zeros((q, len(model.parameters)))  # how the wide parameters move with those of the fit
    for at, narrow in zip(wide.free_of_row, model.free_of_row, strict=True):
        if at >= 0:
            along[at, narrow] = 1.0
    point = evaluate(problem, along @ fit.theta * problem.scale)
    if point is None:
        return np.full(q, np.nan), np.full(q, np.nan)
    along *= problem.scale[:, None]
    along /= np.linalg.norm(along, axis=0)
    terms = problem_terms(problem)
    g = -gradient(problem, terms, point) / 2 * fit.n
    info = information(problem, terms, point) * fit.n
    cross = info @ along
    rest = np.diag(info) - (cross * np.linalg.solve(along.T @ cross, cross.T).T).sum(axis=1)
    rest = np.where(rest > IDENTIFIED * np.diag(info), rest, np.nan)
    return g**2 / rest, g / rest / problem.scale
