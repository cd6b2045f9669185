"""Refits of one model to many sets of moments, from a common start.

Each refit walks with the fixed inverse Hessian of the start (a chord), sped up by Anderson
mixing over three steps; that costs a gradient per step. Where it stalls, Newton with the observed
Hessian takes over. A refit counts as converged at max |dF/dphi| < tolerance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.curvature import add_hessian
from werksem.kernels.jit import kernel
from werksem.kernels.likelihood import GroupCells, Work, add_gradient, expand_group, one_group
from werksem.kernels.linalg import cholesky, copy, solve_cholesky

__all__ = ["evaluate", "hessian_at", "polish_block", "refit_block", "refit_one"]

Array = NDArray[np.float64]
MEMORY = 3
CHORD_STEPS = 30
NEWTON_STEPS = 60


@kernel
def evaluate(
    cells: GroupCells, w: Work, S: Array, means: Array, with_means: bool, phi: Array,
    gradient: Array,
) -> float:  # fmt: skip
    """Write dF/dphi and return F up to a constant, NaN where Sigma is not positive definite."""
    value = 0.0
    gradient[:] = 0.0
    for g in range(len(S)):
        group = one_group(cells, g)
        part = expand_group(group, phi, S[g], means[g], with_means, w)
        if not np.isfinite(part):
            return np.nan
        value += group.weight[0] * part
        add_gradient(group, with_means, w, gradient)
    return value


@kernel
def hessian_at(
    cells: GroupCells, w: Work, S: Array, means: Array, with_means: bool, phi: Array, H: Array
) -> None:
    """Write the Hessian of F at phi, where Sigma is positive definite."""
    H[:] = 0.0
    unused = np.zeros(len(phi))
    for g in range(len(S)):
        group = one_group(cells, g)
        expand_group(group, phi, S[g], means[g], with_means, w)
        add_gradient(group, with_means, w, unused)
        add_hessian(group, with_means, w, H)


@kernel
def _largest(vector: Array) -> float:
    size = 0.0
    for value in vector:
        size = max(size, abs(value))
    return size


@kernel
def _mix(steps: Array, points: Array, count: int, newest: int, out: Array) -> None:
    """Write the Anderson combination: the affine mix of past points whose step is smallest.

    ``steps, points`` (MEMORY + 1, q) are rings; normal equations of the differences to the newest,
    with a ridge against their near-dependence close to the solution.
    """
    q = steps.shape[1]
    used = min(count, MEMORY)
    N = np.zeros((used, used))
    rhs = np.zeros(used)
    for r in range(used):
        older = (newest - 1 - r) % (MEMORY + 1)
        for s in range(r + 1):
            other = (newest - 1 - s) % (MEMORY + 1)
            total = 0.0
            for k in range(q):
                total += (steps[newest, k] - steps[older, k]) * (steps[newest, k] - steps[other, k])
            N[r, s] = total
            N[s, r] = total
        for k in range(q):
            rhs[r] += (steps[newest, k] - steps[older, k]) * steps[newest, k]
    for r in range(used):
        N[r, r] *= 1.0 + 1e-12
    root = np.empty((used, used))
    if used > 0 and cholesky(N, root):
        solve_cholesky(root, rhs)
    else:
        rhs[:] = 0.0
    for k in range(q):
        out[k] = points[newest, k] + steps[newest, k]
        for r in range(used):
            older = (newest - 1 - r) % (MEMORY + 1)
            moved = points[newest, k] + steps[newest, k] - points[older, k] - steps[older, k]
            out[k] -= rhs[r] * moved


@kernel
def _chord(
    cells: GroupCells, w: Work, S: Array, means: Array, with_means: bool, phi: Array,
    inverse: Array, tolerance: float, gradient: Array,
) -> float:  # fmt: skip
    """Walk phi towards the optimum with a fixed inverse Hessian; return max |gradient|.

    Mixing also finds saddles: where F bent down along a step phi is back at its start, and what is
    returned infinite.
    """
    q, down = len(phi), False
    first, before = phi.copy(), np.zeros(len(phi))
    steps = np.zeros((MEMORY + 1, q))
    points = np.zeros((MEMORY + 1, q))
    best = np.inf
    best_phi = phi.copy()
    for turn in range(CHORD_STEPS):
        value = evaluate(cells, w, S, means, with_means, phi, gradient)
        size = _largest(gradient) if np.isfinite(value) else np.inf
        if size < best:
            best = size
            copy(phi, best_phi)
        if turn > 0 and np.dot(gradient - before, phi - points[(turn - 1) % (MEMORY + 1)]) < 0.0:
            down = True
        if size < tolerance or size > 10.0 * best:
            break
        copy(gradient, before)
        newest = turn % (MEMORY + 1)
        copy(phi, points[newest])
        for i in range(q):
            total = 0.0
            for j in range(q):
                total -= inverse[i, j] * gradient[j]
            steps[newest, i] = total
        _mix(steps, points, turn, newest, phi)
    if best < tolerance and down:
        copy(first, phi)
        return np.inf
    copy(best_phi, phi)
    return best


@kernel
def _newton(
    cells: GroupCells, w: Work, S: Array, means: Array, with_means: bool, phi: Array,
    tolerance: float, gradient: Array,
) -> float:  # fmt: skip
    """Walk phi to the optimum with the observed Hessian, damped where it is not positive definite.

    Returns max |gradient| where it ended.
    """
    q = len(phi)
    H = np.empty((q, q))
    root = np.empty((q, q))
    trial = np.empty(q)
    value = evaluate(cells, w, S, means, with_means, phi, gradient)
    size = _largest(gradient) if np.isfinite(value) else np.inf
    for _ in range(NEWTON_STEPS):
        if size < tolerance or not np.isfinite(value):
            return size
        hessian_at(cells, w, S, means, with_means, phi, H)
        damping = 0.0
        top = 0.0
        for k in range(q):
            top = max(top, abs(H[k, k]))
        while not cholesky(H, root):
            extra = max(2.0 * damping, 1e-4 * top)
            for k in range(q):
                H[k, k] += extra - damping
            damping = extra
        step = -gradient
        solve_cholesky(root, step)
        slope = np.dot(gradient, step)
        length = min(1.0, 2.0 / max(_largest(step), 1e-300))
        accepted = False
        for _ in range(40):
            for k in range(q):
                trial[k] = phi[k] + length * step[k]
            moved = evaluate(cells, w, S, means, with_means, trial, gradient)
            if np.isfinite(moved) and moved <= value + 1e-4 * length * slope + 1e-13 * (1.0 + abs(value)):
                accepted = True
                break
            length *= 0.5
        if not accepted:
            return size
        copy(trial, phi)
        value = moved
        size = _largest(gradient)
    return size


@kernel
def refit_one(
    cells: GroupCells, w: Work, S: Array, means: Array, with_means: bool, start: Array,
    inverse: Array, tolerance: float, phi: Array,
) -> float:  # fmt: skip
    """Write the estimate into ``phi`` (q,); return max |gradient|.

    ``S`` (G, p, p) and ``means`` (G, p) are the moments, ``inverse`` (q, q) the inverse Hessian at
    ``start``.
    """
    gradient = np.empty(len(phi))
    copy(start, phi)
    size = _chord(cells, w, S, means, with_means, phi, inverse, tolerance, gradient)
    if size < tolerance:
        return size
    return _newton(cells, w, S, means, with_means, phi, tolerance, gradient)


@kernel
def polish_block(
    cells: GroupCells, w: Work, S: Array, means: Array, with_means: bool, tolerance: float, phi: Array,
    size: Array,
) -> None:  # fmt: skip
    """Walk every replicate of ``phi`` (R, q) from where it is to its optimum, by Newton alone.

    ``S`` (R, G, p, p), ``means`` (R, G, p); ``size`` (R,) receives max |gradient|.
    """
    gradient = np.empty(phi.shape[1])
    for r in range(len(S)):
        size[r] = _newton(cells, w, S[r], means[r], with_means, phi[r], tolerance, gradient)


@kernel
def refit_block(
    cells: GroupCells, w: Work, S: Array, means: Array, with_means: bool, start: Array,
    inverse: Array, tolerance: float, phi: Array, size: Array,
) -> None:  # fmt: skip
    """Refit every replicate of a block: ``S`` (R, G, p, p), ``means`` (R, G, p), ``phi`` (R, q).

    ``size`` (R,) receives max |gradient|.
    """
    for r in range(len(S)):
        size[r] = refit_one(cells, w, S[r], means[r], with_means, start, inverse, tolerance, phi[r])
