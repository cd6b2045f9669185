"""The likelihood of the regressions with groups' and units' deviations integrated out, in plain NumPy.

E regressions whose residuals covary, with coefficients stacked to K: Z_i (E, K) has the predictors of row i,
residuals are normal with covariance S S' = diag(sigma) R diag(sigma) (seemingly unrelated regressions,
Zellner 1962; where outcomes predict outcomes without circles, this is the density of the outcomes given the
rest). Group g has coefficients gamma + F z_g, F = W diag(tau) L with L L' the correlations of the deviations;
unit o in it has H z_o more, likewise; z ~ N(0, I): non-centred, so that an SD near zero is no funnel. Given
(gamma, F, S, H) everything is normal, so the z are integrated out exactly and drawn back afterwards: what
is sampled are the population's coefficients, SDs and correlations alone, well conditioned for groups of 1 as
for groups of 100,000. With Q = (S S')^-1, r_i = y_i - Z_i gamma, A = sum Z'Q Z and m = sum Z'Q r of a unit:

    units:   M = I + H'A H,  A <- A - A H M^-1 H'A,  m <- m - A H M^-1 H'm,  then sums over the group
    groups:  M = I + F'A F,  h = F'm,  z | y ~ N(M^-1 h, M^-1)
    log p = sum_i [log|Q| / 2 - E/2 log(2 pi) - r'Q r / 2] + sum over units and groups of
            [h' M^-1 h / 2 - log|M| / 2]

(Lindley and Smith 1972; Rasmussen and Williams 2006, A.3). All in units of the pooled SDs. The
compiled form (``kernels/hierarchical.py``) and the PyTensor graph (``graph.py``) are tested against
this one, and this one against the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.block import Block
from werksem.bayes.design import Design

__all__ = ["Further", "Point", "draw_groups", "log_likelihood", "points", "precisions"]

Array = NDArray[np.float64]
BLOCK = 2_000_000  # numbers per block of draws: some 16 MB, whatever the number of groups


@dataclass(frozen=True, slots=True)
class Further:
    """What joint regressions and a third level have besides gamma, tau and sigma, for S points.

    Lower Cholesky factors of correlations, one entry per block, None for the identity: ``residual``
    (S, E, E), ``between`` (S, V, V), ``within`` (S, V2, V2); and ``nested`` (S, E, K), the SDs between units.
    Empty tuples stand for None everywhere.
    """

    residual: tuple[Array | None, ...] = ()
    between: tuple[Array | None, ...] = ()
    within: tuple[Array | None, ...] = ()
    nested: Array | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """S points of one block: gamma (S, K), F (S, K, V), S (S, E, E) called ``root``, H (S, K, V2)."""

    gamma: Array
    F: Array
    root: Array
    H: Array


NONE = Further()


def points(design: Design, gamma: Array, tau: Array, sigma: Array, more: Further = NONE) -> Iterator[Point]:
    """Yield every block's points, from gamma, tau (S, E, K) and sigma (S, E) of the whole model."""
    for b, block in enumerate(design.blocks):
        e, k, S = block.e, block.k, len(gamma)
        residual, between, within = (part[b] if part else None for part in
                                     (more.residual, more.between, more.within))  # fmt: skip
        nested = np.zeros_like(gamma) if more.nested is None else more.nested
        root = sigma[:, list(block.members), None] * (
            np.eye(len(block.members)) if residual is None else residual
        )
        yield Point(
            gamma[:, e, k], _factor(block.spread, tau[:, e, k][:, block.varies], between),
            np.broadcast_to(root, (S, *root.shape[1:])),
            _factor(block.nested_spread, nested[:, e, k][:, block.nested], within),
        )  # fmt: skip


def _factor(spread: Array, tau: Array, root: Array | None) -> Array:
    """Return W diag(tau) L, (S, K, V)."""
    scaled = spread * tau[:, None, :]
    return scaled if root is None else scaled @ root


def precisions(block: Block, at: Point) -> tuple[Array, Array, Array]:
    """Return of every unit A (S, U, K, K) and m (S, U, K), and (S,) the log-density without deviations."""
    K, E = len(block.e), len(block.members)
    own = np.repeat(np.arange(E), np.diff(block.at))
    half = np.linalg.inv(at.root)
    Q = np.swapaxes(half, -1, -2) @ half
    A = Q[:, None, own[:, None], own] * block.cross[:, :K, :K]
    V = np.zeros((len(at.gamma), K + E, E))
    V[:, np.arange(K), own] = -at.gamma
    V[:, K + np.arange(E), np.arange(E)] = 1.0
    r = block.cross @ V[:, None]
    m = np.einsum("suif,sif->sui", r[:, :, :K], Q[:, own])
    rss = np.einsum("sie,suif,sef->s", V, r, Q)
    logdet = np.log(np.diagonal(at.root, axis1=1, axis2=2)).sum(axis=1)
    return A, m, -block.n.sum() * (E / 2 * np.log(2 * np.pi) + logdet) - rss / 2


def _solved(A: Array, m: Array, F: Array) -> tuple[Array, Array, Array]:
    """Return L with L L' = I + F'A F, w = L^-1 F'm, and (S,) what integrating out adds to the log-density."""
    F = F[:, None]
    M = np.eye(F.shape[-1]) + np.swapaxes(F, -1, -2) @ A @ F
    L = np.linalg.cholesky(M)
    w = np.linalg.solve(L, np.swapaxes(F, -1, -2) @ m[..., None])[..., 0]
    gained = (w**2).sum(axis=-1) / 2 - np.log(np.diagonal(L, axis1=-2, axis2=-1)).sum(axis=-1)
    return np.asarray(L, dtype=float), w, gained.sum(axis=-1)


def by_group(block: Block, at: Point) -> tuple[Array, Array, Array]:
    """Return A (S, G, K, K) and m (S, G, K) with the units integrated out, and (S,) the log-density so
    far."""
    A, m, value = precisions(block, at)
    if at.H.shape[-1]:
        L, w, gained = _solved(A, m, at.H)
        half = np.linalg.solve(L, np.swapaxes(at.H, -1, -2)[:, None] @ A)
        A = A - np.swapaxes(half, -1, -2) @ half
        m = m - (np.swapaxes(half, -1, -2) @ w[..., None])[..., 0]
        value = value + gained
    groups = [slice(*edge) for edge in zip(block.starts[:-1], block.starts[1:], strict=True)]
    A, m = (np.stack([part[:, g].sum(axis=1) for g in groups], axis=1) for part in (A, m))
    return A, m, value


def log_likelihood(design: Design, gamma: Array, tau: Array, sigma: Array, more: Further = NONE) -> Array:
    """Return (S,) the log-likelihood of the raw outcomes, for S points in the model's units."""
    value = np.full(len(gamma), -float((design.n * np.log(design.scale_y)[:, None]).sum()))
    for block, at in zip(design.blocks, points(design, gamma, tau, sigma, more), strict=True):
        A, m, so_far = by_group(block, at)
        value += so_far + _solved(A, m, at.F)[2]
    return value


def draw_groups(
    design: Design, gamma: Array, tau: Array, sigma: Array, rng: np.random.Generator, more: Further = NONE
) -> Array:
    """Return (S, E, G, K) the groups' coefficients about the grand means, one exact draw per point."""
    (S, E, K), G = gamma.shape, len(design.groups)
    out = np.zeros((S, E, G, K))
    for block, at in zip(design.blocks, points(design, gamma, tau, sigma, more), strict=True):
        size = max(1, BLOCK // (len(block.cross) * len(block.e) ** 2))
        for start in range(0, S, size):
            part = slice(start, start + size)
            here = Point(at.gamma[part], at.F[part], at.root[part], at.H[part])
            A, m, _ = by_group(block, here)
            L, w, _ = _solved(A, m, here.F)
            z = np.linalg.solve(np.swapaxes(L, -1, -2), (w + rng.standard_normal(w.shape))[..., None])[..., 0]
            found = here.gamma[:, None] + z @ np.swapaxes(here.F, -1, -2)
            out[part, block.e, :, block.k] = np.moveaxis(found, -1, 0)
    return out
