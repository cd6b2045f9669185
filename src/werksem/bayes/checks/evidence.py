"""How probable data are that a posterior has not seen: means of densities over its draws, with errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["LogMean", "bridge", "log_mean"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LogMean:
    """The log of a mean of densities, its Monte-Carlo standard error, and how many draws carry it."""

    value: float
    error: float
    effective: float


def log_mean(values: Array) -> LogMean:
    """Return the log of the mean of exp(values), from draws (chains, draws) of a log density.

    The error is by batch means of about sqrt(draws) draws within chains, by the delta method on
    the log (Flegal and Jones 2010); ``effective`` is (sum w)² / sum w² of w = exp(values), Kish's. NaN
    errors where there are fewer than two batches.

    >>> found = log_mean(np.log(np.array([[1.0, 3.0, 1.0, 3.0], [2.0, 2.0, 3.0, 1.0]])))
    >>> round(float(np.exp(found.value)), 9), round(found.error, 9), round(found.effective, 3)
    (2.0, 0.0, 6.737)
    """
    top = float(values.max())
    w = np.exp(values - top)
    mean = float(w.mean())
    return LogMean(top + float(np.log(mean)), _error(w) / mean, _effective(w))


def bridge(before: Array, after: Array) -> LogMean:
    """Return the log of the mean of exp(before), from draws that have not seen the data and draws that have.

    Both (chains, draws) are log densities l of the same data: ``before`` at draws of the posterior without
    them, ``after`` at draws of the posterior with them. The plain mean is carried by the few draws that
    happen to fit; the optimal bridge (Meng and Wong 1996; Bennett 1976) uses both sets, solving

        r = mean_before[ l / (a l + b r) ] / mean_after[ 1 / (a l + b r) ]

    with a, b the shares of the draws in the two sets. The error is that of Frühwirth-Schnatter (2004), with
    batch means; ``effective`` is that of the poorer of the two sets.

    >>> rng = np.random.default_rng(1)    # y = 3 from N(theta, 0.1), theta ~ N(0, 1)
    >>> def density(theta): return -np.log(0.2 * np.pi) / 2 - (3 - theta) ** 2 / 0.2
    >>> seen = 3 / 1.1 + np.sqrt(1 / 11) * rng.standard_normal((2, 4000))
    >>> found = bridge(density(rng.standard_normal((2, 4000))), density(seen))
    >>> exact = -np.log(2.2 * np.pi) / 2 - 9 / 2.2
    >>> bool(abs(found.value - exact) < 3 * found.error < 0.2)
    True
    """
    a = after.size / (before.size + after.size)
    logs = float(np.log(a)), float(np.log1p(-a))
    r, step = log_mean(before).value, np.inf
    for _ in range(1000):
        up, down = _bridged(before, after, r, logs)
        step = float(np.log(up.mean()) - np.log(down.mean()))
        r += step
        if abs(step) < 1e-10:
            break
    parts = _error(up) / float(up.mean()), _error(down) / float(down.mean())
    return LogMean(r, float(np.hypot(parts[0], parts[1])), min(_effective(up), _effective(down)))


def _bridged(before: Array, after: Array, r: float, logs: tuple[float, float]) -> tuple[Array, Array]:
    """Return (l / r) / (a l / r + b) and 1 / (a l / r + b), both between 0 and 1 / min(a, b)."""
    up = np.exp(-np.logaddexp(logs[0], logs[1] - (before - r)))
    down = np.exp(-np.logaddexp(logs[0] + after - r, logs[1]))
    return up, down


def _error(w: Array) -> float:
    """Return the standard error of the mean of w (chains, draws), by batch means within chains."""
    size = int(np.sqrt(w.shape[1]))
    batches = w[:, : w.shape[1] // size * size].reshape(-1, size).mean(axis=1)
    return float(batches.std(ddof=1) / np.sqrt(len(batches))) if len(batches) > 1 else np.nan


def _effective(w: Array) -> float:
    return float(w.sum() ** 2 / (w**2).sum())
