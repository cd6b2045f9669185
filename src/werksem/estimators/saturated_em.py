"""Means and covariances of variables with blanks: the saturated model by EM, accelerated.

One EM step is mu + Sigma b and Sigma - Sigma (K - V) Sigma - (Sigma b)(Sigma b)' with the sums of
``pattern_sums`` (Dempster, Laird & Rubin, 1977). Two steps r, then r + v, are extrapolated to
-2 a r + a² v with a = -|r| / |v| (SQUAREM; Varadhan & Roland, 2008), unless the likelihood falls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.estimators.pattern_sums import Batch, Sums, batches, pattern_sums
from werksem.moments import Moments
from werksem.patterns import Patterns, available_moments

__all__ = ["Saturated", "saturated_moments"]

Array = NDArray[np.float64]
# the largest step, in standard deviations; lavaan stops at 1e-5 of the data's own units
TOLERANCE = 1e-10
MAX_CYCLES = 2000
SINGULAR = 1e-10


@dataclass(frozen=True, slots=True)
class Saturated:
    """ML moments of one group, and the number of EM steps; ``step`` is the last one's size."""

    moments: Moments
    iterations: int
    step: float


@dataclass(frozen=True, slots=True)
class _State:
    mu: Array
    Sigma: Array
    sums: Sums


def saturated_moments(data: Patterns) -> Saturated:
    """Return the ML means (p,) and covariances (p, p) of one group, in the data's units.

    Raises ``EstimationError`` for a variable without variance, and where the covariances become
    singular: an item is a copy of others, or there are too few respondents.
    """
    centre, variance = available_moments(data)
    constant = [name for name, size in zip(data.names, variance, strict=True) if not size > 0]
    if constant:
        raise EstimationError(f"no variance: {', '.join(constant)} (group {data.group})")
    units = np.sqrt(variance)
    try:
        state, iterations, step = _climb(batches(data, units), centre / units)
    except np.linalg.LinAlgError:
        raise EstimationError(_singular(data)) from None
    if np.linalg.eigvalsh(state.Sigma)[0] < SINGULAR:
        raise EstimationError(_singular(data))
    cov = state.Sigma * np.outer(units, units)
    return Saturated(Moments(data.names, data.n, state.mu * units, cov, data.group), iterations, step)


def _singular(data: Patterns) -> str:
    return (
        f"the covariances of group {data.group!r} under missing data are singular: an item is a copy or a "
        "sum of others, or too few respondents answered the same items"
    )


def _climb(parts: Sequence[Batch], mu: Array) -> tuple[_State, int, float]:
    state = _state(parts, mu, np.eye(len(mu)))
    step = np.inf
    for cycle in range(MAX_CYCLES):
        once = _em(parts, state)
        r = _difference(once, state)
        step = float(np.abs(r).max())
        if step < TOLERANCE:
            return once, 2 * cycle + 1, step
        twice = _em(parts, once)
        v = _difference(twice, once) - r
        state = _leap(parts, state, twice, r, v)
    return state, 2 * MAX_CYCLES, step


def _state(parts: Sequence[Batch], mu: Array, Sigma: Array) -> _State:
    return _State(mu, Sigma, pattern_sums(parts, mu, Sigma))


def _em(parts: Sequence[Batch], at: _State) -> _State:
    """Return the state after one EM step."""
    shift = at.Sigma @ at.sums.b
    Sigma = at.Sigma - at.Sigma @ (at.sums.K - at.sums.V) @ at.Sigma - np.outer(shift, shift)
    return _state(parts, at.mu + shift, (Sigma + Sigma.T) / 2)


def _difference(after: _State, before: _State) -> Array:
    """Return the change of the moments, flat."""
    return np.concatenate([after.mu - before.mu, (after.Sigma - before.Sigma).ravel()])


def _leap(parts: Sequence[Batch], start: _State, twice: _State, r: Array, v: Array) -> _State:
    """Return the extrapolated state, or that after two plain steps where it is no better."""
    length = float(np.linalg.norm(r) / max(float(np.linalg.norm(v)), 1e-300))
    if not 1 < length < 1e8:
        return twice
    moved = 2 * length * r + length**2 * v
    p = len(start.mu)
    try:
        ahead = _state(parts, start.mu + moved[:p], start.Sigma + moved[p:].reshape(p, p))
    except np.linalg.LinAlgError:
        return twice
    return ahead if ahead.sums.value <= twice.sums.value else twice
