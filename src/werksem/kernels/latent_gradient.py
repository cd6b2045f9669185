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

from werksem.kernels.jit import inlined, kernel
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
    ``psi_*``: row >= col, ``psi_twice`` its coef, doubled off the diagonal. ``gamma`` (pairs, 2): where Gamma
    is not zero. ``in_order`` is 0, 1, …; ``*_place`` the place of a path and a Psi cell among m m entries;
    ``weight`` (groups,) n_g / n.
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
    psi_twice: Array
    gamma: Index
    in_order: Index
    path_place: Index
    psi_place: Index
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


# Arrays of a record are taken out once, before the loops: each time costs a reference counted up and
# down, as much as a short loop over lanes.


@inlined
def _between(cells: LatentCells, w: LaneWork, positive: NDArray[np.bool_]) -> None:
    """Write Phi^-1 = (I - B)'Psi^-1 (I - B)."""
    m, Psi, Phi, psi, path = cells.etas, w.Psi, w.Phi, w.psi, w.path
    rows, cols, to, cause = cells.psi_row, cells.psi_col, cells.path_to, cells.path_from
    clear(Psi)
    for k in range(len(rows)):
        i, j = rows[k] * m + cols[k], cols[k] * m + rows[k]
        for lane in range(LANES):
            Psi[i, lane] = psi[k, lane]
            Psi[j, lane] = psi[k, lane]
    inverse(Psi, m, w.root, Phi, positive)
    # causes come before effects, so a column is read before it is changed
    for k in range(len(to)):
        for a in range(m):
            sub_product(Phi, a * m + cause[k], Phi, a * m + to[k], path, k)
    for k in range(len(to)):
        for b in range(m):
            sub_product(Phi, cause[k] * m + b, Phi, to[k] * m + b, path, k)


@inlined
def _posterior(cells: LatentCells, w: LaneWork, positive: NDArray[np.bool_]) -> None:
    """Write y = loading / theta, Gamma and K = (Phi^-1 + Gamma)^-1."""
    m, items, eta = cells.etas, cells.items, cells.load_eta
    Gamma, Phi, M, y, load, theta = w.Gamma, w.Phi, w.M, w.y, w.load, w.theta
    clear(Gamma)
    for i in range(len(theta)):
        for k in range(items[i], items[i + 1]):
            for lane in range(LANES):
                y[k, lane] = load[k, lane] * theta[i, lane]
            for other in range(items[i], items[i + 1]):
                add_product(Gamma, eta[k] * m + eta[other], y, k, load, other)
    for at in range(m * m):
        for lane in range(LANES):
            M[at, lane] = Phi[at, lane] + Gamma[at, lane]
    inverse(M, m, w.root, w.K, positive)


@kernel
def _row_of_products(eta: Index, item: Index, S: Array, i: int, y: Array, z: Array) -> None:
    """Write row i of Z = S Y to z (m, lanes), four items of one latent at a time where they adjoin."""
    clear(z)
    k, loads = 0, len(eta)
    while k < loads:
        j = eta[k]
        if k + 3 < loads and eta[k + 1] == j and eta[k + 2] == j and eta[k + 3] == j:
            a, b, c, d = _at(i, item[k]), _at(i, item[k + 1]), _at(i, item[k + 2]), _at(i, item[k + 3])
            for lane in range(LANES):
                z[j, lane] += (S[a, lane] * y[k, lane] + S[b, lane] * y[k + 1, lane]) + (
                    S[c, lane] * y[k + 2, lane] + S[d, lane] * y[k + 3, lane]
                )
            k += 4
        else:
            add_product(z, j, S, _at(i, item[k]), y, k)
            k += 1


@kernel
def _at(i: int, j: int) -> int:
    """Return where the lower triangle, row by row, holds entry (i, j)."""
    return i * (i + 1) // 2 + j if j <= i else j * (j + 1) // 2 + i


@inlined
def _items(cells: LatentCells, S: Array, w: LaneWork) -> None:
    """Write C = Y'S Y, and what Z = S Y adds to the gradient of loadings and residual variances.

    ``S`` (p (p + 1) / 2, lanes) holds lower triangles row by row.
    """
    m, items, eta, item = cells.etas, cells.items, cells.load_eta, cells.load_item
    C, K, y, z, theta, on_load, on_theta = w.C, w.K, w.y, w.z, w.theta, w.on_load, w.on_theta
    clear(C)
    for i in range(len(theta)):
        _row_of_products(eta, item, S, i, y, z)
        diagonal = i * (i + 1) // 2 + i
        for lane in range(LANES):
            t = theta[i, lane]
            on_theta[i, lane] = t - t * t * S[diagonal, lane]
        for k in range(items[i], items[i + 1]):
            for j in range(m):
                add_product(C, eta[k] * m + j, y, k, z, j)
            for lane in range(LANES):
                on_load[k, lane] = 0.0
            add_dot(on_load, k, z, 0, 1, K, eta[k], m, m)
            for lane in range(LANES):
                on_load[k, lane] *= -theta[i, lane]
                on_theta[i, lane] -= 2.0 * on_load[k, lane] * y[k, lane]


@inlined
def _latents(cells: LatentCells, w: LaneWork) -> None:
    """Complete the gradient of loadings and variances; write N, and M = Lambda'G Lambda."""
    m, items, eta, gamma = cells.etas, cells.items, cells.load_eta, cells.gamma
    N, Q, K, C, M, Gamma, whole = w.N, w.Q, w.K, w.C, w.M, w.Gamma, w.root
    y, on_load, on_theta = w.y, w.on_load, w.on_theta
    for a in range(m):  # Q = K C
        for b in range(m):
            at = a * m + b
            for lane in range(LANES):
                Q[at, lane] = 0.0
            add_dot(Q, at, K, a * m, 1, C, b, m, m)
    for a in range(m):  # whole = K + K C K
        for b in range(m):
            at = a * m + b
            for lane in range(LANES):
                whole[at, lane] = K[at, lane]
            add_dot(whole, at, Q, a * m, 1, K, b, m, m)
    for i in range(len(on_theta)):
        for k in range(items[i], items[i + 1]):
            for other in range(items[i], items[i + 1]):
                at = eta[other] * m + eta[k]
                for lane in range(LANES):
                    term = y[other, lane] * whole[at, lane]
                    on_load[k, lane] += term
                    on_theta[i, lane] -= term * y[k, lane]
    # N = Gamma (K + K C K) - C K, where C K = (K C)'; M = N Phi^-1 = Gamma + Gamma K C - C - N Gamma
    for a in range(m):
        for b in range(m):
            for lane in range(LANES):
                N[a * m + b, lane] = -Q[b * m + a, lane]
                M[a * m + b, lane] = Gamma[a * m + b, lane] - C[a * m + b, lane]
    for pair in range(len(gamma)):
        a, c = gamma[pair, 0], gamma[pair, 1]
        for b in range(m):
            add_product(N, a * m + b, Gamma, a * m + c, whole, c * m + b)
            add_product(M, a * m + b, Gamma, a * m + c, Q, c * m + b)
    for pair in range(len(gamma)):
        a, c = gamma[pair, 0], gamma[pair, 1]
        for b in range(m):
            sub_product(M, b * m + c, N, b * m + a, Gamma, a * m + c)


@inlined
def _through_paths(cells: LatentCells, w: LaneWork) -> None:
    """Replace N by A'N and M by A'M A."""
    m, to, cause, path, N, M = cells.etas, cells.path_to, cells.path_from, w.path, w.N, w.M
    for k in range(len(to) - 1, -1, -1):
        for b in range(m):
            add_product(N, cause[k] * m + b, path, k, N, to[k] * m + b)
            add_product(M, cause[k] * m + b, path, k, M, to[k] * m + b)
    for k in range(len(to) - 1, -1, -1):
        for a in range(m):
            add_product(M, a * m + cause[k], M, a * m + to[k], path, k)


@kernel
def _collect(at: Index, coef: Array, factor: float, values: Array, rows: Index, gradient: Array) -> None:
    """Add factor * coef * values[row] to the gradient of each free cell."""
    for k in range(len(at)):
        if at[k] >= 0:
            scaled = factor * coef[k]
            for lane in range(LANES):
                gradient[at[k], lane] += scaled * values[rows[k], lane]


@inlined
def add_latent_gradient(
    cells: LatentCells, g: int, S: Array, phi: Array, w: LaneWork, gradient: Array,
    positive: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Add group g's weight times dF/dphi to ``gradient`` (q, lanes).

    ``S`` (p (p + 1) / 2, lanes), ``phi`` (q, lanes); ``positive`` (lanes,) becomes False where Psi or
    Phi^-1 + Gamma is not positive definite: nothing is known there, nor where a residual variance is
    zero and the gradient not a number.
    """
    weight, theta = cells.weight[g], w.theta
    _read(w.load, cells.load_at[g], cells.load_coef[g], phi)
    _read(theta, cells.theta_at[g], cells.theta_coef[g], phi)
    _read(w.path, cells.path_at[g], cells.path_coef[g], phi)
    _read(w.psi, cells.psi_at[g], cells.psi_coef[g], phi)
    for i in range(cells.theta_at.shape[1]):
        for lane in range(LANES):
            theta[i, lane] = 1.0 / theta[i, lane]
    _between(cells, w, positive)
    _posterior(cells, w, positive)
    _items(cells, S, w)
    _latents(cells, w)
    _through_paths(cells, w)
    _collect(cells.theta_at[g], cells.theta_coef[g], weight, w.on_theta, cells.in_order, gradient)
    _collect(cells.load_at[g], cells.load_coef[g], 2.0 * weight, w.on_load, cells.in_order, gradient)
    _collect(cells.path_at[g], cells.path_coef[g], 2.0 * weight, w.N, cells.path_place, gradient)
    _collect(cells.psi_at[g], cells.psi_twice[g], weight, w.M, cells.psi_place, gradient)
