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
from werksem.model import Model, model_of_rows, parameter_name
from werksem.moments import Moments

__all__ = ["release_indices"]

Array = NDArray[np.float64]
COLUMNS = ["group", "lhs", "op", "rhs", "mi", "epc"]


def release_indices(model: Model, moments: Sequence[Moments], fit: Fit) -> pd.DataFrame:
    """Return, for each parameter held equal across groups and each group, the gain of setting it free.

    ``mi`` has one degree of freedom, ``epc`` is the expected difference of the group's own value from
    the shared one; largest gains first.
    """
    found = []
    for number, row in enumerate(model.rows):
        shared = [r for r in model.rows if r.label and r.label == row.label]
        if len({r.group for r in shared}) < 2:
            continue
        rows = list(model.rows)
        rows[number] = replace(row, label="")
        wide = model_of_rows(model.name, rows, model.groups, model.constraints)
        mi, epc = _score(model, wide, moments, fit, parameter_name(rows[number], model.groups), row.label)
        found.append((model.groups[row.group], row.lhs, row.op, row.rhs, mi, epc))
    table = pd.DataFrame(found, columns=COLUMNS)
    return table.sort_values("mi", ascending=False, kind="stable").reset_index(drop=True)


def _score(
    model: Model, wide: Model, moments: Sequence[Moments], fit: Fit, own: str, shared: str
) -> tuple[float, float]:
    """Return (MI, EPC) of the parameter ``own``, held at the value of ``shared``."""
    old = dict(zip(model.parameters, fit.theta, strict=True))
    theta = np.array([old[shared] if name == own else old[name] for name in wide.parameters])
    problem = build_problem(wide, moments)
    point = evaluate(problem, theta * problem.scale)
    if point is None:
        return float("nan"), float("nan")
    terms = problem_terms(problem)
    g = -gradient(problem, terms, point) / 2 * problem.scale * fit.n
    info = information(problem, terms, point) * np.outer(problem.scale, problem.scale) * fit.n
    k = wide.parameters.index(own)
    # along the shared parameter all groups move together, the new one with them
    known = np.delete(np.eye(len(theta)), k, axis=1)
    known[k, [name for name in wide.parameters if name != own].index(shared)] = 1.0
    base = known.T @ info @ known
    cross = known.T @ info[:, k]
    rest = info[k, k] - cross @ np.linalg.solve(base, cross)
    return float(g[k] ** 2 / rest), float(g[k] / rest)
