"""Refits of one model to a block of moments: in the space of the latents where it has one, else whole.

``kernels.latent_refit`` walks 64 replicates side by side; what stalls there, and every model without
that form, goes through ``kernels.refit``, which ends with Newton and the observed Hessian.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.estimators.fit import Fit
from werksem.estimators.ml import TOLERANCE
from werksem.estimators.objective import evaluate, hessian, problem_terms
from werksem.estimators.problem import Problem, build_problem
from werksem.kernels.lanes import LANES
from werksem.kernels.latent_gradient import lane_work
from werksem.kernels.latent_pack import LatentForm, latent_form
from werksem.kernels.latent_refit import refit_lanes, walk_space
from werksem.kernels.likelihood import GroupCells
from werksem.kernels.memory import aligned_zeros
from werksem.kernels.moments import fill_lanes
from werksem.kernels.pack import pack_cells, pack_work
from werksem.kernels.refit import polish_block, refit_block
from werksem.model import Model
from werksem.moments import Moments
from werksem.resampling.products import squares

__all__ = ["Refitter", "build_refitter", "refit", "rescaled_moments"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Refitter:
    """What every block needs: the problem, its start (q,) and the inverse Hessian there.

    ``form`` is the model in the space of its latents and ``form_inverse`` its inverse Hessian, None for
    models without one.
    """

    problem: Problem
    cells: GroupCells
    start: Array
    inverse: Array
    form: LatentForm | None
    form_inverse: Array


def build_refitter(model: Model, moments: Sequence[Moments], fit: Fit) -> Refitter:
    """Return what refits start from: the full-sample solution.

    Raises ``EstimationError`` for == constraints, and where the start is no optimum.
    """
    if model.constraints:
        raise EstimationError("full refits take equal labels, not == constraints: write them as labels")
    problem = build_problem(model, moments)
    point = evaluate(problem, fit.theta * problem.scale)
    if point is None:
        raise EstimationError("the implied covariance matrix is not positive definite: nothing to start from")
    H = hessian(problem, problem_terms(problem), point)
    form = latent_form(problem, point.phi)
    kept = np.arange(len(H)) if form is None else form.kept
    inner = np.asarray(np.linalg.inv(H[np.ix_(kept, kept)]), dtype=float)
    inverse = np.asarray(np.linalg.inv(H), dtype=float)
    return Refitter(problem, pack_cells(problem), point.phi, inverse, form, inner)


def refit(refitter: Refitter, means: Array, flat: Array) -> tuple[Array, Array]:
    """Return (theta (R, q), max |dF/dphi| (R,)) of moments (R, groups, p), (R, groups, p(p+1)/2)."""
    R, q = len(flat), len(refitter.start)
    phi, size = np.empty((R, q)), np.full(R, np.inf)
    ways = (_polish, _whole) if refitter.form is not None else (_whole,)
    if refitter.form is not None:
        _in_lanes(refitter, refitter.form, means, flat, phi, size)
    for way in ways:
        left = np.flatnonzero(~(size < TOLERANCE))
        if len(left):
            phi[left], size[left] = way(refitter, means[left], flat[left], phi[left])
    return phi / refitter.problem.scale, size


def _in_lanes(
    refitter: Refitter, form: LatentForm, means: Array, flat: Array, phi: Array, size: Array
) -> None:
    """Write the estimates of every replicate that converges in the space of the latents."""
    problem = refitter.problem
    i, j = np.tril_indices(problem.n_observed)
    factor = np.stack([1 / (group.units[i] * group.units[j]) for group in problem.groups])
    S, best = aligned_zeros((*factor.shape, LANES)), aligned_zeros((len(form.kept), LANES))
    work, walk, largest = lane_work(form.cells), walk_space(len(form.kept)), np.empty(LANES)
    for first in range(0, len(flat), LANES):
        fill_lanes(flat, first, factor, S)
        refit_lanes(
            form.cells, S, refitter.start[form.kept], refitter.form_inverse, TOLERANCE, work, walk,
            best, largest,
        )  # fmt: skip
        lost = _negative(form, best)
        largest[lost] = np.inf
        best[:, lost] = refitter.start[form.kept][:, None]
        here = slice(first, min(first + LANES, len(flat)))
        phi[here, form.kept] = best.T[: here.stop - first]
        size[here] = largest[: here.stop - first]
    if form.intercepts is not None:
        for g, group in enumerate(problem.groups):
            phi[:, form.intercepts[g]] = means[:, g] / group.units


def _negative(form: LatentForm, phi: Array) -> NDArray[np.bool_]:
    """Return which lanes of phi (k, lanes) have a residual variance below 0.

    Where Phi^-1 + Gamma is positive definite Sigma then is not (Haynsworth, 1968): no estimate.
    """
    at, coef = form.cells.theta_at[..., None], form.cells.theta_coef[..., None]
    theta = np.where(at >= 0, coef * phi[form.cells.theta_at], coef)
    return np.asarray((theta <= 0).any(axis=(0, 1)))


def rescaled_moments(problem: Problem, means: Array, flat: Array) -> tuple[Array, Array]:
    """Return covariances (R, groups, p, p) and means (R, groups, p) in the problem's units of measurement.

    ``means`` (R, groups, p) and lower triangles ``flat`` (R, groups, p(p+1)/2) are in those of the data.
    """
    S, mean = squares(flat, np.tril_indices(problem.n_observed)), np.empty(means.shape)
    for g, group in enumerate(problem.groups):
        S[:, g] /= np.outer(group.units, group.units)
        mean[:, g] = means[:, g] / group.units
    return S, mean


def _polish(refitter: Refitter, means: Array, flat: Array, phi: Array) -> tuple[Array, Array]:
    """Return (phi, max |gradient|) of Newton's steps from where the lanes left each replicate."""
    problem, found, largest = refitter.problem, phi.copy(), np.empty(len(phi))
    S, mean = rescaled_moments(problem, means, flat)
    polish_block(
        refitter.cells, pack_work(problem), S, mean, problem.mean_structure, TOLERANCE, found, largest
    )
    return found, largest


def _whole(refitter: Refitter, means: Array, flat: Array, phi: Array) -> tuple[Array, Array]:
    """Return (phi, max |gradient|) of refits one by one from the full-sample solution."""
    problem, found, largest = refitter.problem, np.empty_like(phi), np.empty(len(phi))
    S, mean = rescaled_moments(problem, means, flat)
    refit_block(
        refitter.cells, pack_work(problem), S, mean, problem.mean_structure, refitter.start,
        refitter.inverse, TOLERANCE, found, largest,
    )  # fmt: skip
    return found, largest
