"""From a problem to the arrays the compiled kernels take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.derivatives import Terms
from werksem.estimators.objective import problem_terms
from werksem.estimators.problem import Problem
from werksem.kernels.likelihood import GroupCells, Work, make_work

__all__ = ["pack_cells", "pack_work"]


def pack_cells(problem: Problem) -> GroupCells:
    """Return all groups' cells stacked (G, …), shorter groups padded."""
    terms = problem_terms(problem)
    all_cells = max(len(group.matrix) for group in problem.groups)
    free_cells = max(len(term.u) for term in terms)
    whole = [
        _stack([getattr(group, name) for group in problem.groups], all_cells, repeat=True)
        for name in ("matrix", "row", "col", "free", "coef", "value")
    ]
    kinds = [group.matrix[group.free >= 0] for group in problem.groups]
    free = [
        _stack([getattr(term, name) for term in terms], free_cells, repeat=False)
        for name in ("u", "v", "c", "a", "b", "free", "coef")
    ]
    weight = np.array([[group.weight] for group in problem.groups])
    return GroupCells._make([*whole, _stack(kinds, free_cells, repeat=False), *free, weight])


def _stack(parts: Sequence[NDArray[Any]], size: int, *, repeat: bool) -> NDArray[Any]:
    """Return parts of different lengths as one array, padded with their last entry or with 0."""
    padded = [np.pad(part, (0, size - len(part)), mode="edge" if repeat else "constant") for part in parts]
    return np.ascontiguousarray(np.stack(padded))


def pack_work(problem: Problem, terms: tuple[Terms, ...] | None = None) -> Work:
    """Return scratch space for one thread."""
    terms = problem_terms(problem) if terms is None else terms
    return make_work(problem.n_observed, problem.n_eta, max(len(term.u) for term in terms))
