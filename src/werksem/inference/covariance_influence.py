"""Casewise influence on means and covariances, and on the weights that least squares gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.ls_statistics import FAMILY, Statistics
from werksem.respondents import Respondents

__all__ = ["covariance_influence"]

Array = NDArray[np.float64]
Moves = Callable[[Array], Array]
BLOCK = 2048


def covariance_influence(
    statistics: Sequence[Statistics], respondents: Sequence[Respondents], estimator: str,
    pull: Sequence[Array] | None = None,
) -> Iterator[tuple[int, Array]]:  # fmt: skip
    """Yield (group, influence (block, m)) of rows on means and covariances with divisor n - 1.

    With ``pull`` (m,), each group's weighted residuals W r, what moves gamma = W^-1 counts too: less
    dgamma W r. Weights of unweighted rows only, and none given x: else they are held.
    """
    for g, (s, data) in enumerate(zip(statistics, respondents, strict=True)):
        weights = None if data.weights is None else data.weights * (s.n / data.weights.sum())
        centred = data.rows - np.average(data.rows, axis=0, weights=weights)
        held = pull is None or weights is not None or len(s.row) < _all_pairs(data)
        moves = None if held or pull is None else _moves(s, centred, FAMILY[estimator], pull[g])
        for begin in range(0, len(centred), BLOCK):
            part = centred[begin : begin + BLOCK]
            products = part[:, s.row] * part[:, s.col] * (s.n / (s.n - 1))
            block = np.hstack([part[:, s.level], products - s.values[len(s.level) :]])
            if moves is not None:
                block -= moves(part)
            yield g, block if weights is None else block * weights[begin : begin + BLOCK, None]


def _all_pairs(data: Respondents) -> int:
    p = data.rows.shape[1]
    return p * (p + 1) // 2


def _moves(s: Statistics, centred: Array, family: str, pull: Array) -> Moves | None:
    """Return what gives each row's dgamma W r (block, m), None where weights do not depend on data."""
    if family == "ULS":
        return None
    return _normal_moves(s, centred, pull) if family == "GLS" else _adf_moves(s, centred, family, pull)


def _normal_moves(s: Statistics, centred: Array, pull: Array) -> Moves:
    """Return the moves of gamma under normality: dS P S + S P dS, and dS times the means' pull."""
    k, p = len(s.level), centred.shape[1]
    S = s.start.cov
    P = np.zeros((p, p))
    P[s.row, s.col] = P[s.col, s.row] = np.where(s.row == s.col, 1.0, 0.5) * pull[k:]
    means = np.zeros(p)
    means[s.level] = pull[:k]

    def moves(part: Array) -> Array:
        dS = part[:, :, None] * part[:, None, :] * (s.n / (s.n - 1)) - S
        crossed = dS @ (P @ S)
        crossed += crossed.transpose(0, 2, 1)
        return np.hstack([(dS @ means)[:, s.level], 2 * crossed[:, s.row, s.col]])

    return moves


def _adf_moves(s: Statistics, centred: Array, family: str, pull: Array) -> Moves:
    """Return the moves of gamma from fourth moments: of WLS all of it, of DWLS its diagonal."""
    level, row, col, n = s.level, s.row, s.col, len(centred)
    cov = centred.T @ centred / n

    def products(part: Array) -> Array:
        return np.hstack([part[:, level], part[:, row] * part[:, col] - cov[row, col]])

    k, m, p = len(level), len(pull), centred.shape[1]
    diagonal = family == "DWLS"
    # through the mean: du_ab = -c_b dm_a - c_a dm_b, of means -dm
    T = np.zeros((m, p))
    total = np.zeros(m)
    crossed = np.zeros((m, p))
    for begin in range(0, n, BLOCK):
        part = centred[begin : begin + BLOCK]
        u = products(part)
        along = u * pull if diagonal else np.repeat((u @ pull)[:, None], m, axis=1)
        total += (u * along).sum(axis=0)
        np.add.at(T, (np.arange(k, m), row), -(along[:, k:] * part[:, col]).sum(axis=0))
        np.add.at(T, (np.arange(k, m), col), -(along[:, k:] * part[:, row]).sum(axis=0))
        crossed += u.T @ part
    if diagonal:
        T *= 2
    else:
        R = np.zeros((p, p))
        np.add.at(R, (row, col), pull[k:])
        np.add.at(R, (col, row), pull[k:])
        T -= crossed @ R

    def moves(part: Array) -> Array:
        u = products(part)
        squares = u**2 * pull if diagonal else u * (u @ pull)[:, None]
        return np.asarray(squares - total / n + part @ (T / n).T)

    return moves
