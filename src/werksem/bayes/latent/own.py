"""What each group says of itself: its own estimates of what varies, the rest as for everyone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.latent.expansion import Surface

__all__ = ["Own", "own_estimates"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
ROUNDS = 50
DONE = 1e-4  # of a standard error


@dataclass(frozen=True, slots=True)
class Own:
    """``estimate`` and ``se`` (G, V) of a group's own links, NaN where its respondents do not determine them."""

    estimate: Array
    se: Array


def own_estimates(surface: Surface, base: Array, vary: Index) -> Own:
    """Return the groups' maximum-likelihood estimates of the links that vary, the others at ``base`` (b,).

    Newton's method with damped steps; standard errors from the observed information.
    """
    b = np.tile(base, (len(surface.moments.n), 1))
    if not len(vary):
        return Own(np.zeros((len(b), 0)), np.zeros((len(b), 0)))
    value, slope = surface.slopes(b)
    damping, done = np.full(len(b), 1e-6), np.zeros(len(b), dtype=bool)
    info = np.zeros((len(b), len(vary), len(vary)))
    for _ in range(ROUNDS):
        info = surface.information(b, vary)[:, vary]
        size = np.maximum(np.abs(np.diagonal(info, axis1=1, axis2=2)), 1e-8)
        done = (np.abs(slope[:, vary]) / np.sqrt(size)).max(axis=1, initial=0.0) < DONE
        if (done | (damping > 1e6)).all():
            break
        damped = info + (damping[:, None] * size)[:, :, None] * np.eye(len(vary))
        step = np.stack(
            [np.linalg.lstsq(m, s, rcond=None)[0] for m, s in zip(damped, slope[:, vary], strict=True)]
        )
        trial = b.copy()
        trial[:, vary] += np.where(done[:, None], 0.0, np.clip(step, -1.0, 1.0))
        found, uphill = surface.slopes(trial)
        better = found >= value - 1e-9 * np.abs(value)
        b, slope = np.where(better[:, None], trial, b), np.where(better[:, None], uphill, slope)
        value = np.where(better, found, value)
        damping = np.where(better, np.maximum(damping / 10, 1e-9), np.maximum(damping * 10, 1e-3))
    se = np.where(done[:, None], _errors((info + np.swapaxes(info, 1, 2)) / 2), np.nan)
    return Own(np.where(np.isfinite(se), b[:, vary], np.nan), se)


def _errors(information: Array) -> Array:
    """Return (G, V) standard errors, NaN for a group whose information is not positive definite."""
    out = np.full(information.shape[:2], np.nan)
    for g, matrix in enumerate(information):
        size = np.sqrt(np.maximum(np.diag(matrix), 1e-300))
        scaled = matrix / np.outer(size, size)
        if np.isfinite(scaled).all() and (np.diag(matrix) > 0).all() and np.linalg.eigvalsh(scaled)[0] > 1e-8:
            out[g] = np.sqrt(np.diag(np.linalg.inv(scaled))) / size
    return out
