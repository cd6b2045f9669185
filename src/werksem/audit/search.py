"""A correlation matrix of the predictors under which printed cells hold, by constrained optimisation."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from werksem.audit.objective import Array, Wanted, correlation_of, misfit
from werksem.audit.rounding import Interval, absolute
from werksem.audit.strength import strength
from werksem.audit.together import Block

__all__ = ["Matrix", "search", "searchable"]

SEED = 2024
STARTS = 6
PULLS = (0.1, 0.01, 0.001, 0.0)  # towards small correlations, given up step by step
MARGIN = 0.1  # aimed at: this share of an interval away from its ends,
WIDE = 0.01  # where it is no wider than this
LOG_MARGIN = 0.002
STEPS = 2000
DONE = 1e-10


@dataclass(frozen=True, slots=True)
class Matrix:
    """Correlations R (k, k) of a block's predictors and betas (Y, k) of its outcomes.

    ``printed`` where the betas are those printed, else they were moved within their rounding; ``misfit`` is 0
    where everything aimed at holds.
    """

    predictors: tuple[str, ...]
    outcomes: tuple[str, ...]
    R: Array
    beta: Array
    printed: bool
    misfit: float


def searchable(block: Block) -> tuple[str, ...]:
    """Return the outcomes whose every beta is known, which a matrix can be held against."""
    lost = {found.cell.outcome for found in block.bounds if not math.isfinite(found.cell.printed)}
    return tuple(name for name in block.outcomes if name not in lost)


def search(block: Block) -> Matrix | None:
    """Return a matrix for a block, the nearest one found where none fits; None without a known outcome.

    Impossible cells keep their betas, but nothing is asked of their tests, nor of the R² of an outcome
    that has one. First with the betas as printed, then with all betas free within their rounding; several
    starts, the same ones every time. Whether it fits is for ``verify`` to say.
    """
    outcomes = searchable(block)
    if not outcomes:
        return None
    wanted = _wanted(block, outcomes)
    best: Matrix | None = None
    for printed in (True, False):
        asked = replace(wanted, half=np.zeros_like(wanted.half)) if printed else wanted
        for start in range(STARTS):
            root, angle, value = _descend(_start(len(block.predictors), start), asked)
            if best is None or value < best.misfit:
                beta = asked.beta + asked.half * np.sin(angle)
                R = correlation_of(root)[0]
                best = Matrix(block.predictors, outcomes, R, beta, printed, value)
            if value < DONE:
                return best
    return best


def _start(k: int, number: int) -> Array:
    """Return the identity, or a random root near a single factor."""
    if number == 0:
        return np.eye(k)
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence([SEED, number])))
    loading = generator.uniform(-0.3, 0.9, k)
    R = np.outer(loading, loading) + np.diag(1 - loading**2)
    return np.linalg.cholesky(R) + 0.05 * np.tril(generator.standard_normal((k, k)))


def _descend(root: Array, wanted: Wanted) -> tuple[Array, Array, float]:
    """Return root, angle and misfit where the descent ends, the pull to small correlations given up."""
    from scipy.optimize import minimize

    k = len(root)
    lower, free = np.tril_indices(k), wanted.half > 0
    x = np.concatenate([root[lower], np.zeros(int(free.sum()))])

    def unpacked(x: Array) -> tuple[Array, Array]:
        root, angle = np.zeros((k, k)), np.zeros(wanted.beta.shape)
        root[lower], angle[free] = x[: len(lower[0])], x[len(lower[0]) :]
        return root, angle

    def value_and_gradient(x: Array, pull: float) -> tuple[float, Array]:
        value, by_root, by_angle = misfit(*unpacked(x), wanted, pull)
        return value, np.concatenate([by_root[lower], by_angle[free]])

    value = math.inf
    options = {"maxiter": STEPS, "maxfun": 2 * STEPS, "ftol": 0.0, "gtol": 1e-9}
    for pull in PULLS:
        with np.errstate(all="ignore"):  # a step too far is not finite, and not taken
            found = minimize(value_and_gradient, x, (pull,), "L-BFGS-B", jac=True, options=options)
        if np.isfinite(found.fun):
            x, value = found.x, float(found.fun)
    return *unpacked(x), value


def _wanted(block: Block, outcomes: tuple[str, ...]) -> Wanted:
    """Return what a matrix has to give, a little inside the intervals."""
    at = {name: y for y, name in enumerate(outcomes)}
    on = {name: j for j, name in enumerate(block.predictors)}
    shape = (len(outcomes), len(block.predictors))
    df, r2 = np.full(shape[0], np.nan), np.zeros((2, shape[0]))
    found = Wanted(np.zeros(shape), np.zeros(shape), df, _open(shape), _open(shape), r2)
    impossible = {b.cell.outcome for b in block.bounds if b.reason}
    for b in block.bounds:
        if b.cell.outcome not in at:
            continue
        y, j = at[b.cell.outcome], on[b.cell.predictor]
        found.beta[y, j] = b.cell.printed
        if b.outcome.df is not None:
            found.df[y] = b.outcome.df
        found.r2[:, y] = _inside((0.0, 1.0) if b.cell.outcome in impossible else b.outcome.r2)
        if b.reason:
            continue
        low, high = b.cell.beta
        found.half[y, j] = min(high - b.cell.printed, b.cell.printed - low) * (1 - MARGIN)
        if b.outcome.df is not None:
            found.log_t2[:, y, j] = _logs(strength(b.cell, b.outcome.df))
            found.log_se2[:, y, j] = _logs(absolute(b.cell.se))
    return found


def _open(shape: tuple[int, ...]) -> Array:
    return np.stack([np.full(shape, -np.inf), np.full(shape, np.inf)])


def _inside(ends: Interval) -> Interval:
    room = MARGIN * min(ends[1] - ends[0], WIDE)
    return ends[0] + room, ends[1] - room


def _logs(ends: Interval) -> Interval:
    """Return the logs of the squared ends, moved inwards; both the middle where there is no room."""
    low = 2 * math.log(ends[0]) + LOG_MARGIN if ends[0] > 0 else -math.inf
    high = 2 * math.log(ends[1]) - LOG_MARGIN if ends[1] < math.inf else math.inf
    return (low, high) if low <= high else ((low + high) / 2,) * 2
