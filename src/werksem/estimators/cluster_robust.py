"""The sandwich of a regression by cluster, plain or bias-reduced (CR2), and its degrees of freedom.

With X (n, q) the design, W the weights, M = (X'WX)^-1, e the residuals, the covariance is the sum over
clusters of M X_i'W_i A_i e_i e_i'A_i W_i X_i M. CR1 has A_i = I. CR2 (Bell & McCaffrey, 2002; Pustejovsky &
Tipton, 2018) takes A_i = B_i^-1/2, B_i the covariances of e_i where errors are alike and independent, so
that its expectation is then right. B_i = I + Z_i C Z_i' with Z = X (with weights [X, WX]), so everything is
of the size of a cluster's Gram matrix Z_i'Z_i, whatever its rows.

A contrast's estimated variance is a sum of squares of p_i'y, and Satterthwaite's degrees of freedom are
(sum P_ii)² / sum P_ij², P_ij = p_i'p_j. With a_i = A_i W_i X_i M c and y_i = Z_i'a_i they are
P_ij = (i = j) a_i'a_i + y_i'C y_j, so no matrix of clusters by clusters is formed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Clustered", "clustered_vcov", "hotelling", "satterthwaite"]

Array = NDArray[np.float64]
# shares of the largest size that count as nothing: a direction without rows, a residual that must be zero
EMPTY, CERTAIN = 1e-12, 1e-10
# a usual intraclass correlation of errors
ALIKE = 0.05


@dataclass(frozen=True, slots=True)
class Clustered:
    """A sandwich by cluster: ``vcov`` (q, q), without a factor for few clusters, of ``count`` G clusters.

    ``moved`` (G, m, q) are the y_i, ``spread`` (G, q, q) the a_i'a_j of the coefficients, ``C`` (m, m).
    ``largest`` (q,) is the largest share of one cluster in a coefficient's variance where errors are as
    alike within clusters as they often are (``ALIKE``): of the a_i'a_i (1 - r) + (1'a_i)² r with A_i = I.
    One treated cluster has most of the squared sums (1'a_i)², whatever its size; the others share the rest.
    ``single`` (q,) tells the columns of two values, alike within clusters, of which one is in one cluster
    only: that cluster's residuals sum to zero, so its errors leave no trace, few as clusters may be.
    """

    vcov: Array
    count: int
    moved: Array
    spread: Array
    C: Array
    largest: Array
    single: NDArray[np.bool_]


def clustered_vcov(
    X: Array, residual: Array, cluster: NDArray[np.int64], weights: Array | None, *, reduced: bool
) -> Clustered:
    """Return the sandwich of a regression with design ``X`` (n, q), CR2 where ``reduced``, else CR1's sums.

    ``residual`` (n,) are those of the fit, not weighted; ``weights`` (n,) as the fit had them.
    """
    W = np.ones(len(X)) if weights is None else weights
    R = np.linalg.cholesky(np.linalg.inv(X.T @ (W[:, None] * X)))
    Z = X @ R
    C = -np.eye(len(R))
    if weights is not None:
        Z = np.hstack([Z, W[:, None] * Z])
        Q = Z[:, len(R) :].T @ Z[:, len(R) :]
        C = np.block([[Q, C], [C, np.zeros_like(C)]])
    last = slice(len(C) - len(R), None)
    _, first, code = np.unique(cluster, return_index=True, return_inverse=True)
    gram, scores = _grams(Z, residual, code)
    moved, spread = gram[:, :, last], gram[:, last, last]
    largest = _shares(spread, Z[:, last], code, R)
    if reduced:
        F, power, toward = _adjusted(gram, C)
        shown = np.einsum("gms,gm->gs", toward, scores)
        scores = scores + np.einsum("gms,gs->gm", F, (power - 1) * shown)
        moved = np.matmul(F * power[:, None, :], np.swapaxes(F[:, last], 1, 2))
        spread = np.matmul((F * power[:, None, :] ** 2)[:, last], np.swapaxes(F[:, last], 1, 2))
    mine = scores[:, last]
    vcov, single = R @ (mine.T @ mine) @ R.T, _single(X, first, code)
    return Clustered(vcov, len(gram), moved @ R.T, R @ spread @ R.T, C, largest, single)


def _shares(spread: Array, Z: Array, code: NDArray[np.int64], R: Array) -> Array:
    """Return the largest share (q,) of a cluster in each coefficient's variance under ``ALIKE`` errors."""
    sums = np.zeros((len(spread), Z.shape[1]))
    np.add.at(sums, code, Z)
    own = np.einsum("ca,gab,cb->gc", R, spread, R)
    found = (1 - ALIKE) * own + ALIKE * (sums @ R.T) ** 2
    return np.asarray(found.max(axis=0) / found.sum(axis=0))


def _single(X: Array, first: NDArray[np.int64], code: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return the columns (q,) of two values, alike within clusters, of which one is in one cluster only.

    ``first`` (G,) is a row of each cluster.
    """
    own = X[first]
    low, high = own == own.min(axis=0), own == own.max(axis=0)
    lonely = (low.sum(axis=0) == 1) | (high.sum(axis=0) == 1)
    return np.asarray((own[code] == X).all(axis=0) & (low ^ high).all(axis=0) & lonely)


def _grams(Z: Array, residual: Array, code: NDArray[np.int64]) -> tuple[Array, Array]:
    """Return Z_i'Z_i (G, m, m) and Z_i'e_i (G, m) of every cluster."""
    order = np.argsort(code, kind="stable")
    rows, e = Z[order], residual[order]
    ends = np.cumsum(np.bincount(code))
    gram = np.empty((len(ends), Z.shape[1], Z.shape[1]))
    for i, end in enumerate(ends):
        part = rows[ends[i - 1] if i else 0 : end]
        gram[i] = part.T @ part
    begins = np.concatenate([[0], ends[:-1]])
    return gram, np.add.reduceat(rows * e[:, None], begins, axis=0)


def _adjusted(gram: Array, C: Array) -> tuple[Array, Array, Array]:
    """Return what A_i is made of along B_i's eigenvectors: F = Z_i'U (G, m, m), L^-1/2 and F (F'F)^-1.

    With Z'Z = V D V' and D^1/2 V'C V D^1/2 = E (L - 1) E', F = V D^1/2 E. Residuals that must be zero
    (L = 0: a coefficient of this cluster alone) stay out, as in the Moore-Penrose inverse.
    """
    D, V = np.linalg.eigh(gram)
    D = np.where(EMPTY * D.max(axis=1, keepdims=True) < D, D, 0.0)
    root = np.sqrt(D)
    VD = V * root[:, None, :]
    inner, E = np.linalg.eigh(np.matmul(np.swapaxes(VD, 1, 2) @ C, VD))
    L = 1 + inner
    inverse = np.divide(1.0, root, out=np.zeros_like(root), where=root > 0)
    power = np.where(CERTAIN < L, np.maximum(L, CERTAIN) ** -0.5, 0.0)
    return VD @ E, power, (V * inverse[:, None, :]) @ E


def satterthwaite(found: Clustered, contrasts: Array) -> Array:
    """Return the degrees of freedom (r,) of the variances of contrasts (r, q) of the coefficients.

    Errors are taken as alike and independent (Bell & McCaffrey, 2002): without them there are none.
    """
    out = np.empty(len(contrasts))
    for r, c in enumerate(contrasts):
        y, d = found.moved @ c, found.spread @ c @ c
        bent = np.einsum("gm,mn,gn->g", y, found.C, y)
        inner = found.C @ (y.T @ y)
        squares = d @ d + 2 * d @ bent + float(np.einsum("ij,ji->", inner, inner))
        out[r] = (d + bent).sum() ** 2 / squares if squares > 0 else np.nan
    return out


def hotelling(found: Clustered, contrasts: Array) -> float:
    """Return eta of the joint test that contrasts (r, q) are all zero (HTZ: Pustejovsky & Tipton, 2018).

    With Q their Wald statistic, (eta - r + 1) / (eta r) Q is about F(r, eta - r + 1). The units of contrasts
    make no difference; NaN where they depend on one another.
    """
    r = len(contrasts)
    y, d = found.moved @ contrasts.T, contrasts @ found.spread @ contrasts.T
    bent = np.swapaxes(y, 1, 2) @ (found.C @ y)
    unit = np.sqrt(np.maximum(np.diag((d + bent).sum(axis=0)), 0.0))
    if not (unit > 0).all():
        return float("nan")
    y, d, bent = y / unit, d / np.outer(unit, unit), bent / np.outer(unit, unit)
    values, vectors = np.linalg.eigh((d + bent).sum(axis=0))
    if values[0] <= EMPTY * values[-1]:
        return float("nan")
    root = (vectors / np.sqrt(values)) @ vectors.T
    y = y @ root
    d, bent = root @ d @ root, root @ bent @ root
    H = np.einsum("gms,gnt->stmn", y, y, optimize=True)
    CH = found.C @ H
    # sums over s, t of P^st P^ts + P^ss P^tt: clusters with themselves, then all pairs
    own = np.einsum("gst,gst->", d, d + 2 * bent) + np.einsum("gss,gtt->", d, d + 2 * bent)
    across = np.einsum("stmn,stnm->", CH, CH) + np.einsum("stmn,tsnm->", CH, CH)
    total = float(own + across)
    return r * (r + 1) / total
