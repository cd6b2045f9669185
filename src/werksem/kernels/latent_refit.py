"""Refits of a model with diagonal Theta to many sets of moments, side by side from a common start.

Each replicate walks with the fixed inverse Hessian of the start, sped up by Anderson mixing over
five steps (without it some 10 % do not arrive at N = 2,000; more than five save nothing). What
stalls, leaves the region where the latents' covariances are positive definite, or arrives after F
bent down (mixing also finds saddles, some 1 in 300 where samples of 300 have two minima), is left
to ``kernels.refit``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.jit import inlined, kernel
from werksem.kernels.lanes import LANES, descend
from werksem.kernels.latent_gradient import LaneWork, LatentCells, add_latent_gradient
from werksem.kernels.memory import aligned_zeros

__all__ = ["MEMORY", "STEPS", "Walk", "refit_lanes", "walk_space"]

Array = NDArray[np.float64]
MEMORY = 5
RING = MEMORY + 1
STEPS = 40


class Walk(NamedTuple):
    """Scratch of one thread: rings (RING, q, lanes) of past steps and points; the present ones (q, lanes).

    ``normal`` and ``share`` are of the mixing; ``now, positive, walking`` (lanes,) say how each lane fares,
    ``down`` where F bent down.
    """

    steps: Array
    points: Array
    phi: Array
    gradient: Array
    before: Array  # the gradient at the newest point of the ring
    normal: Array
    share: Array
    now: Array
    total: Array
    positive: NDArray[np.bool_]
    walking: NDArray[np.bool_]
    down: NDArray[np.bool_]


def walk_space(q: int) -> Walk:
    """Return scratch space for q parameters."""
    ring, one, normal = (RING, q, LANES), (q, LANES), (MEMORY * RING, LANES)
    shapes = (ring, ring, one, one, one, normal, (MEMORY, LANES), (LANES,), (LANES,))
    flags = np.zeros((3, LANES), dtype=np.bool_)
    return Walk._make([*(aligned_zeros(shape) for shape in shapes), *flags])


@inlined
def _gradient(
    cells: LatentCells, S: Array, phi: Array, w: LaneWork, gradient: Array, size: Array,
    positive: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Write dF/dphi (q, lanes) and its largest entry (lanes,), infinite where it is not defined."""
    gradient[:] = 0.0
    positive[:] = True
    for g in range(len(cells.weight)):
        add_latent_gradient(cells, g, S[g], phi, w, gradient, positive)
    size[:] = 0.0
    for i in range(len(gradient)):
        for lane in range(LANES):
            entry = abs(gradient[i, lane])
            # a maximum would pass over NaN
            size[lane] = max(size[lane], entry if entry < 1e3 else np.inf)
    for lane in range(LANES):
        if not positive[lane] or size[lane] == np.inf:
            size[lane] = np.inf
            gradient[:, lane] = 0.0


@kernel
def _bends_down(
    phi: Array, last: Array, gradient: Array, before: Array, total: Array, down: NDArray[np.bool_]
) -> None:
    """Mark the lanes where F bends down between the last point and the present one.

    There the difference of the gradients points against that of the points; ``total`` (lanes,) is scratch.
    """
    for lane in range(LANES):
        total[lane] = 0.0
    for k in range(len(phi)):
        for lane in range(LANES):
            total[lane] += (phi[k, lane] - last[k, lane]) * (gradient[k, lane] - before[k, lane])
    for lane in range(LANES):
        down[lane] = down[lane] or total[lane] < 0.0


@kernel
def _mixing(steps: Array, turn: int, N: Array, share: Array) -> None:
    """Write the share (MEMORY, lanes) of each older point in the Anderson combination.

    ``steps`` (RING, q, lanes), ``N`` (MEMORY RING, lanes) is scratch. Least squares of the newest step
    on its differences to older ones, by elimination of the normal equations; differences that no longer
    carry information get no share.
    """
    used = min(turn, MEMORY)
    newest = turn % RING
    for r in range(used):
        older = (turn - 1 - r) % RING
        for s in range(r + 1):
            other = (turn - 1 - s) % RING
            _dot(steps, newest, older, other, N[r * RING + s])
        _dot(steps, newest, older, -1, N[r * RING + MEMORY])
    for lane in range(LANES):
        for r in range(MEMORY):
            share[r, lane] = 0.0
            for s in range(r):
                N[s * RING + r, lane] = N[r * RING + s, lane]
        _solve(N[:, lane], used, share[:, lane])


@kernel
def _dot(steps: Array, newest: int, older: int, other: int, out: Array) -> None:
    """Write (newest - older)'(newest - other), or (newest - older)'newest where other < 0."""
    out[:] = 0.0
    for k in range(steps.shape[1]):
        if other < 0:
            for lane in range(LANES):
                out[lane] += (steps[newest, k, lane] - steps[older, k, lane]) * steps[newest, k, lane]
        else:
            for lane in range(LANES):
                left = steps[newest, k, lane] - steps[older, k, lane]
                out[lane] += left * (steps[newest, k, lane] - steps[other, k, lane])


@kernel
def _solve(N: Array, used: int, share: Array) -> None:
    """Write the solution of the normal equations, the newest difference first."""
    for r in range(used):
        for s in range(r):
            factor = N[r * RING + s] / N[s * RING + s] if N[s * RING + s] > 0.0 else 0.0
            for t in range(s + 1, used):
                N[r * RING + t] -= factor * N[s * RING + t]
            N[r * RING + MEMORY] -= factor * N[s * RING + MEMORY]
            N[r * RING + s] = factor
        # what is left of the diagonal beside the whole of it says how new this difference is
        if not N[r * RING + r] > 1e-14 * abs(N[0]):
            N[r * RING + r] = 0.0
    for r in range(used - 1, -1, -1):
        total = N[r * RING + MEMORY]
        for t in range(r + 1, used):
            total -= N[r * RING + t] * share[t]
        share[r] = total / N[r * RING + r] if N[r * RING + r] > 0.0 else 0.0


@kernel
def _advance(steps: Array, points: Array, turn: int, share: Array, phi: Array) -> None:
    """Write the next point (q, lanes): newest point and step, moved towards the older ones."""
    newest = turn % RING
    for k in range(len(phi)):
        for lane in range(LANES):
            phi[k, lane] = points[newest, k, lane] + steps[newest, k, lane]
        for r in range(min(turn, MEMORY)):
            older = (turn - 1 - r) % RING
            for lane in range(LANES):
                moved = points[older, k, lane] + steps[older, k, lane]
                whole = points[newest, k, lane] + steps[newest, k, lane]
                phi[k, lane] -= share[r, lane] * (whole - moved)


@kernel
def refit_lanes(
    cells: LatentCells, S: Array, start: Array, inverse: Array, tolerance: float, w: LaneWork,
    walk: Walk, best: Array, size: Array,
) -> int:  # fmt: skip
    """Write each lane's best point (q, lanes) and max |gradient| (lanes,); return the gradients taken.

    ``S`` (groups, p (p + 1) / 2, lanes) are lower triangles of the covariances, ``inverse`` (q, q) the
    inverse Hessian at ``start`` (q,). A lane is done below the tolerance, and given up when its
    gradient is ten times what it was at its best; one that arrives after F bent down along a step is
    back at the start with size infinity.
    """
    q = len(start)
    steps, points, phi, gradient = walk.steps, walk.points, walk.phi, walk.gradient
    now, total, positive, walking, down = walk.now, walk.total, walk.positive, walk.walking, walk.down
    before = walk.before
    for k in range(q):
        phi[k, :] = start[k]
        best[k, :] = start[k]
    size[:] = np.inf
    walking[:] = True
    down[:] = False
    for turn in range(STEPS):
        _gradient(cells, S, phi, w, gradient, now, positive)
        if turn > 0:
            _bends_down(phi, points[(turn - 1) % RING], gradient, before, total, down)
        left = 0
        for lane in range(LANES):
            if not walking[lane]:
                continue
            if now[lane] < size[lane]:
                size[lane] = now[lane]
                for k in range(q):
                    best[k, lane] = phi[k, lane]
            walking[lane] = size[lane] >= tolerance and now[lane] <= 10.0 * size[lane] and now[lane] < np.inf
            left += walking[lane]
            if size[lane] < tolerance and down[lane]:
                size[lane] = np.inf
                for k in range(q):
                    best[k, lane] = start[k]
        if left == 0:
            return turn + 1
        newest = turn % RING
        for k in range(q):
            for lane in range(LANES):
                points[newest, k, lane] = phi[k, lane]
                before[k, lane] = gradient[k, lane]
        descend(inverse, gradient, steps[newest])
        _mixing(steps, turn, walk.normal, walk.share)
        _advance(steps, points, turn, walk.share, phi)
    return STEPS
