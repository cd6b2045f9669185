"""From a problem to the arrays of ``kernels.latent_gradient``, where its shape allows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.problem import GroupProblem, Problem
from werksem.kernels.latent_gradient import LatentCells
from werksem.model import ALPHA, BETA, LAMBDA, NU, PSI, THETA

__all__ = ["LatentForm", "latent_form"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LatentForm:
    """A model in the space of its latents.

    ``kept`` (k,) are the parameters that covariances depend on, in the order ``cells`` number them;
    ``intercepts`` (groups, p) the parameters that equal the means, None without a mean structure.
    """

    cells: LatentCells
    kept: Index
    intercepts: Index | None


def latent_form(problem: Problem, start: Array) -> LatentForm | None:
    """Return a problem's form in the space of the latents, None where it has none.

    It has one where Theta is diagonal and positive at ``start`` (q,), paths have no cycles, means are
    saturated (each item its own intercept, latents centred) or absent, and all groups have the same
    cells.
    """
    first = problem.groups[0]
    same = all(
        np.array_equal(getattr(group, name), getattr(first, name))
        for group in problem.groups[1:]
        for name in ("matrix", "row", "col")
    )
    intercepts = _intercepts(problem) if problem.mean_structure else None
    order = _causal_order(first, problem.n_eta)
    if not same or order is None or (problem.mean_structure and intercepts is None):
        return None
    kept = np.setdiff1d(np.arange(len(problem.scale)), [] if intercepts is None else intercepts.ravel())
    place = np.full(len(problem.scale) + 1, -1)
    place[kept] = np.arange(len(kept))
    cells = _cells(problem, order, place)
    if cells is None or not _positive(cells, start[kept]):
        return None
    return LatentForm(cells, kept, intercepts)


def _intercepts(problem: Problem) -> Index | None:
    """Return the parameter of each group's and item's intercept, where they take up every mean."""
    found = np.full((len(problem.groups), problem.n_observed), -1)
    for g, group in enumerate(problem.groups):
        latent = group.matrix == ALPHA
        if (group.free[latent] >= 0).any() or (group.value[latent] != 0).any():
            return None
        here = group.matrix == NU
        found[g, group.row[here]] = group.free[here]
    own = len(np.unique(found)) == found.size and found.min() >= 0
    return found if own else None


def _causal_order(group: GroupProblem, m: int) -> Index | None:
    """Return each eta's place with causes before effects, None where paths run in a cycle."""
    paths = group.matrix == BETA
    to, cause = group.row[paths], group.col[paths]
    place = np.zeros(m, dtype=np.int64)
    for _ in range(m):
        moved = place.copy()
        np.maximum.at(moved, to, place[cause] + 1)
        if np.array_equal(moved, place):
            return place
        place = moved
    return None


def _cells(problem: Problem, order: Index, place: Index) -> LatentCells | None:
    p, m, first = problem.n_observed, problem.n_eta, problem.groups[0]

    def ordered(matrix: int, *keys: Index) -> Index:
        here = np.flatnonzero(first.matrix == matrix)
        return here[np.lexsort([key[here] for key in reversed(keys)])] if len(here) else here

    load, theta = ordered(LAMBDA, first.row, first.col), ordered(THETA, first.row)
    depth = np.zeros(len(first.row), dtype=np.int64)
    depth[first.matrix == BETA] = order[first.row[first.matrix == BETA]]
    path, psi = ordered(BETA, depth, first.row), ordered(PSI, first.row, first.col)
    diagonal = np.array_equal(first.row[theta], np.arange(p)) and np.array_equal(
        first.col[theta], np.arange(p)
    )
    if not diagonal or not len(load):
        return None
    items = np.searchsorted(first.row[load], np.arange(p + 1))
    etas = [first.col[load][items[i] : items[i + 1]] for i in range(p)]
    pairs = {(a, b) for own in etas for a in own for b in own}
    on_load, on_theta, on_path, on_psi = (
        _entries(problem, cells, place) for cells in (load, theta, path, psi)
    )
    weight = np.array([group.weight for group in problem.groups])
    return LatentCells(
        items, first.row[load], first.col[load], *on_load, *on_theta,
        first.row[path], first.col[path], *on_path,
        first.row[psi], first.col[psi], *on_psi,
        on_psi[1] * np.where(first.row[psi] == first.col[psi], 1.0, 2.0),
        np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2), np.arange(max(len(load), p)),
        first.row[path] * m + first.col[path], first.row[psi] * m + first.col[psi], m, weight,
    )  # fmt: skip


def _entries(problem: Problem, cells: Index, place: Index) -> tuple[Index, Array]:
    """Return (at, coef), each (groups, cells): a parameter and its factor, or -1 and the fixed value."""
    free = np.stack([group.free[cells] for group in problem.groups])
    coef = np.stack([group.coef[cells] for group in problem.groups])
    value = np.stack([group.value[cells] for group in problem.groups])
    return np.ascontiguousarray(place[free]), np.ascontiguousarray(np.where(free >= 0, coef, value))


def _positive(cells: LatentCells, phi: Array) -> bool:
    """Return whether all residual variances and Psi are positive (definite) at phi, as the form needs."""
    theta = np.where(cells.theta_at >= 0, cells.theta_coef * phi[cells.theta_at], cells.theta_coef)
    psi = np.where(cells.psi_at >= 0, cells.psi_coef * phi[cells.psi_at], cells.psi_coef)
    Psi = np.zeros((len(psi), cells.etas, cells.etas))
    Psi[:, cells.psi_row, cells.psi_col] = psi
    Psi[:, cells.psi_col, cells.psi_row] = psi
    return bool((theta > 1e-6).all() and (np.linalg.eigvalsh(Psi) > 1e-6).all())
