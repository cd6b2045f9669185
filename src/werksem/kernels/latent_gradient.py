"""The gradient of the ML discrepancy in the space of the latents, for many replicates side by side.

For models whose residual covariance Theta is diagonal. With Gamma = Lambda'Theta^-1 Lambda and
K = (Phi^-1 + Gamma)^-1, Phi^-1 = (I - B)'Psi^-1 (I - B), Woodbury's identity gives
Sigma^-1 = Theta^-1 - Theta^-1 Lambda K Lambda'Theta^-1: no p x p matrix is inverted. With
Y = Theta^-1 Lambda, Z = S Y, C = Y'Z and G = Sigma^-1 - Sigma^-1 S Sigma^-1:

    diag(G)        = 1/t - s/t^2 - y'K y + 2 (Z K y)/t - y'K C K y      (item by item)
    G Lambda Phi   = Y (K + K C K) - Theta^-1 Z K                       (loadings)
    N = Lambda'G Lambda Phi = Gamma K - (I - Gamma K) C K
    A'N, A'(Lambda'G Lambda) A with A = (I - B)^-1                      (paths, Psi)

A is never formed: paths have no cycles, so products with it are substitutions. The NumPy form of
the same gradient is ``estimators.objective.gradient``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from werksem.kernels.jit import kernel
from werksem.kernels.lanes import LANES, add_dot, add_product, clear, inverse, sub_product
from werksem.kernels.memory import aligned_zeros

__all__ = ["LaneWork", "LatentCells", "add_latent_gradient", "lane_work"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


class LatentCells(NamedTuple):
    """The cells in the order the gradient walks, placed alike in all groups.

    ``at, coef`` (groups, cells): an entry is coef * phi[at], or coef where at < 0. ``load_*``: loadings
    item by item, those of item i from ``items[i]`` to ``items[i + 1]``; ``theta_*``: the residual
    variances; ``path_*``: coefficients of eta ``path_to`` on ``path_from``, causes before effects;
    ``psi_*``: row >= col; ``gamma`` (pairs, 2): where Gamma is not zero; ``weight`` (groups,) n_g / n.
    """

    items: Index
    load_item: Index
    load_eta: Index
    load_at: Index
    load_coef: Array
    theta_at: Index
    theta_coef: Array
    path_to: Index
    path_from: Index
    path_at: Index
    path_coef: Array
    psi_row: Index
    psi_col: Index
    psi_at: Index
    psi_coef: Array
    gamma: Index
    etas: int
    weight: Array


class LaneWork(NamedTuple):
    """Scratch of one thread; matrices (m m, lanes), rows of items (…, lanes)."""

    load: Array
    theta: Array  # 1 / theta
    path: Array
    psi: Array
    y: Array  # one per loading
    Psi: Array
    Phi: Array  # Psi^-1, then Phi^-1
    root: Array
    Gamma: Array
    K: Array
    C: Array
    Q: Array  # K C, then C - Gamma K C
    N: Array
    M: Array
    z: Array  # (m, lanes)
    on_load: Array
    on_theta: Array


def lane_work(cells: LatentCells) -> LaneWork:
    """Return scratch space for a group's cells."""
    m, p = cells.etas, cells.theta_at.shape[1]
    square, loads = m * m, cells.load_at.shape[1]
    sizes = (
        loads, p, cells.path_at.shape[1], cells.psi_at.shape[1], loads, square, square, square, square,
        square, square, square, square, square, m, loads, p,
    )  # fmt: skip
    return LaneWork(*(aligned_zeros((max(size, 1), LANES)) for size in sizes))


@kernel
def _read(out: Array, at: Index, coef: Array, phi: Array) -> None:
    """Write the entries of some cells."""
    for k in range(len(at)):
        if at[k] >= 0:
            for lane in range(LANES):
                out[k, lane] = coef[k] * phi[at[k], lane]
        else:
            for lane in range(LANES):
                out[k, lane] = coef[k]


@kernel
def _between(cells: LatentCells, w: LaneWork, positive: NDArray[np.bool_]) -> None:
    """Write Phi^-1 = (I - B)'Psi^-1 (I - B)."""
    m = cells.etas
    clear(w.Psi)
    for k in range(cells.psi_at.shape[1]):
        i, j = cells.psi_row[k] * m + cells.psi_col[k], cells.psi_col[k] * m + cells.psi_row[k]
        for lane in range(LANES):
            w.Psi[i, lane] = w.psi[k, lane]
            w.Psi[j, lane] = w.psi[k, lane]
    inverse(w.Psi, m, w.root, w.Phi, positive)
    # causes come before effects, so a column is read before it is changed
    for k in range(cells.path_at.shape[1]):
        to, cause = cells.path_to[k], cells.path_from[k]
        for a in range(m):
            sub_product(w.Phi, a * m + cause, w.Phi, a * m + to, w.path, k)
    for k in range(cells.path_at.shape[1]):
        to, cause = cells.path_to[k], cells.path_from[k]
        for b in range(m):
            sub_product(w.Phi, cause * m + b, w.Phi, to * m + b, w.path, k)


@kernel
def _posterior(cells: LatentCells, w: LaneWork, positive: NDArray[np.bool_]) -> None:
    """Write y = loading / theta, Gamma and K = (Phi^-1 + Gamma)^-1."""
    m = cells.etas
    clear(w.Gamma)
    for i in range(cells.theta_at.shape[1]):
        for k in range(cells.items[i], cells.items[i + 1]):
            for lane in range(LANES):
                w.y[k, lane] = w.load[k, lane] * w.theta[i, lane]
            for other in range(cells.items[i], cells.items[i + 1]):
                add_product(w.Gamma, cells.load_eta[k] * m + cells.load_eta[other], w.y, k, w.load, other)
    for at in range(m * m):
        for lane in range(LANES):
            w.M[at, lane] = w.Phi[at, lane] + w.Gamma[at, lane]
    inverse(w.M, m, w.root, w.K, positive)


@kernel
def _row_of_products(cells: LatentCells, S: Array, i: int, w: LaneWork) -> None:
    """Add row i of Z = S Y to z, items of one latent four at a time where they stand together."""
    k, loads = 0, cells.load_at.shape[1]
    while k < loads:
        eta = cells.load_eta[k]
        if (
            k + 3 < loads
            and cells.load_eta[k + 1] == eta
            and cells.load_eta[k + 3] == eta == cells.load_eta[k + 2]
        ):
            a, b = _at(i, cells.load_item[k]), _at(i, cells.load_item[k + 1])
            c, d = _at(i, cells.load_item[k + 2]), _at(i, cells.load_item[k + 3])
            for lane in range(LANES):
                w.z[eta, lane] += (S[a, lane] * w.y[k, lane] + S[b, lane] * w.y[k + 1, lane]) + (
                    S[c, lane] * w.y[k + 2, lane] + S[d, lane] * w.y[k + 3, lane]
                )
            k += 4
        else:
            add_product(w.z, eta, S, _at(i, cells.load_item[k]), w.y, k)
            k += 1


@kernel
def _at(i: int, j: int) -> int:
    """Return where the lower triangle, row by row, holds entry (i, j)."""
    return i * (i + 1) // 2 + j if j <= i else j * (j + 1) // 2 + i


@kernel
def _items(cells: LatentCells, S: Array, w: LaneWork) -> None:
    """Write C = Y'S Y, and what Z = S Y adds to the gradient of loadings and residual variances.

    ``S`` (p (p + 1) / 2, lanes) holds lower triangles row by row.
    """
    m, p = cells.etas, cells.theta_at.shape[1]
    clear(w.C)
    for i in range(p):
        clear(w.z)
        _row_of_products(cells, S, i, w)
        for lane in range(LANES):
            t = w.theta[i, lane]
            w.on_theta[i, lane] = t - t * t * S[i * (i + 1) // 2 + i, lane]
        for k in range(cells.items[i], cells.items[i + 1]):
            eta = cells.load_eta[k]
            for j in range(m):
                add_product(w.C, eta * m + j, w.y, k, w.z, j)
            for lane in range(LANES):
                w.on_load[k, lane] = 0.0
            add_dot(w.on_load, k, w.z, 0, 1, w.K, eta, m, m)
            for lane in range(LANES):
                w.on_load[k, lane] *= -w.theta[i, lane]
                w.on_theta[i, lane] -= 2.0 * w.on_load[k, lane] * w.y[k, lane]


@kernel
def _latents(cells: LatentCells, w: LaneWork) -> None:
    """Complete the gradient of loadings and variances; write N, and M = Lambda'G Lambda."""
    m = cells.etas
    for a in range(m):
        for b in range(m):
            at = a * m + b
            for lane in range(LANES):
                w.Q[at, lane] = 0.0
                w.N[at, lane] = w.K[at, lane]
            add_dot(w.Q, at, w.K, a * m, 1, w.C, b, m, m)
    for a in range(m):  # N = K + K C K for now
        for b in range(m):
            add_dot(w.N, a * m + b, w.Q, a * m, 1, w.K, b, m, m)
    for i in range(cells.theta_at.shape[1]):
        for k in range(cells.items[i], cells.items[i + 1]):
            for other in range(cells.items[i], cells.items[i + 1]):
                at = cells.load_eta[other] * m + cells.load_eta[k]
                for lane in range(LANES):
                    term = w.y[other, lane] * w.N[at, lane]
                    w.on_load[k, lane] += term
                    w.on_theta[i, lane] -= term * w.y[k, lane]
    # Gamma (K + K C K) - C K = N, and M = N Phi^-1 = Gamma - Gamma K Gamma - P'C P with P = I - K Gamma
    for at in range(m * m):
        for lane in range(LANES):
            w.root[at, lane] = w.N[at, lane]
    for a in range(m):
        for b in range(m):
            for lane in range(LANES):
                w.N[a * m + b, lane] = -w.Q[b * m + a, lane]  # (K C)' = C K
    for pair in range(len(cells.gamma)):
        a, c = cells.gamma[pair, 0], cells.gamma[pair, 1]
        for b in range(m):
            add_product(w.N, a * m + b, w.Gamma, a * m + c, w.root, c * m + b)
    # M = N Phi^-1 = N (K^-1 - Gamma); N K^-1 = Gamma + Gamma K C - C
    for at in range(m * m):
        for lane in range(LANES):
            w.M[at, lane] = w.Gamma[at, lane] - w.C[at, lane]
    for pair in range(len(cells.gamma)):
        a, c = cells.gamma[pair, 0], cells.gamma[pair, 1]
        for b in range(m):
            add_product(w.M, a * m + b, w.Gamma, a * m + c, w.Q, c * m + b)
        for b in range(m):
            sub_product(w.M, b * m + c, w.N, b * m + a, w.Gamma, a * m + c)


@kernel
def _through_paths(cells: LatentCells, w: LaneWork) -> None:
    """Replace N by A'N and M by A'M A."""
    m = cells.etas
    for k in range(cells.path_at.shape[1] - 1, -1, -1):
        to, cause = cells.path_to[k], cells.path_from[k]
        for b in range(m):
            add_product(w.N, cause * m + b, w.path, k, w.N, to * m + b)
            add_product(w.M, cause * m + b, w.path, k, w.M, to * m + b)
    for k in range(cells.path_at.shape[1] - 1, -1, -1):
        to, cause = cells.path_to[k], cells.path_from[k]
        for a in range(m):
            add_product(w.M, a * m + cause, w.M, a * m + to, w.path, k)


@kernel
def _collect(at: int, factor: float, values: Array, row: int, gradient: Array) -> None:
    if at >= 0:
        for lane in range(LANES):
            gradient[at, lane] += factor * values[row, lane]


@kernel
def add_latent_gradient(
    cells: LatentCells, g: int, S: Array, phi: Array, w: LaneWork, gradient: Array,
    positive: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Add group g's weight times dF/dphi to ``gradient`` (q, lanes).

    ``S`` (p (p + 1) / 2, lanes), ``phi`` (q, lanes); ``positive`` (lanes,) becomes False where Psi or
    Phi^-1 + Gamma is not positive definite: nothing is known there, nor where a residual variance is
    zero and the gradient not a number.
    """
    m, weight = cells.etas, cells.weight[g]
    _read(w.load, cells.load_at[g], cells.load_coef[g], phi)
    _read(w.theta, cells.theta_at[g], cells.theta_coef[g], phi)
    _read(w.path, cells.path_at[g], cells.path_coef[g], phi)
    _read(w.psi, cells.psi_at[g], cells.psi_coef[g], phi)
    for i in range(cells.theta_at.shape[1]):
        for lane in range(LANES):
            w.theta[i, lane] = 1.0 / w.theta[i, lane]
    _between(cells, w, positive)
    _posterior(cells, w, positive)
    _items(cells, S, w)
    _latents(cells, w)
    _through_paths(cells, w)
    for i in range(cells.theta_at.shape[1]):
        _collect(cells.theta_at[g, i], weight * cells.theta_coef[g, i], w.on_theta, i, gradient)
    for k in range(cells.load_at.shape[1]):
        _collect(cells.load_at[g, k], 2.0 * weight * cells.load_coef[g, k], w.on_load, k, gradient)
    for k in range(cells.path_at.shape[1]):
        row = cells.path_to[k] * m + cells.path_from[k]
        _collect(cells.path_at[g, k], 2.0 * weight * cells.path_coef[g, k], w.N, row, gradient)
    for k in range(cells.psi_at.shape[1]):
        i, j = cells.psi_row[k], cells.psi_col[k]
        factor = weight if i == j else 2.0 * weight
        _collect(cells.psi_at[g, k], factor * cells.psi_coef[g, k], w.M, i * m + j, gradient)
