"""The likelihood near its mode, quadratic per group: what coordinates and groups' own estimates are made
of.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.latent.cells import LikelihoodCells
from werksem.bayes.latent.groups import GroupMoments
from werksem.bayes.latent.links import LinkArrays
from werksem.bayes.latent.units import NestedArrays
from werksem.kernels.grouped_latent import linked_latent
from werksem.kernels.nested_latent import nested_latent

__all__ = ["Expansion", "Surface", "expansion", "with_omega"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
STEP = 1e-4
ROUNDS = 12
CLOSE = 1e-3  # of a standard error
FAR = 2.0  # prior SDs that one step may go: what hardly curves would be taken to where nothing is finite


@dataclass(frozen=True, slots=True)
class Surface:
    """The groups' log-likelihoods as functions of their links (G, b); ``cells`` are not shared by the
    groups.

    ``units`` within groups have the SDs ``omega`` (V,).
    """

    links: LinkArrays
    moments: GroupMoments
    given: Array
    cells: LikelihoodCells
    units: NestedArrays | None = None
    omega: Array | None = None

    def slopes(self, b: Array) -> tuple[Array, Array]:
        """Return (G,) log-likelihoods and (G, b) their slopes."""
        found = self.moments
        value, slope = np.empty(len(b)), np.empty_like(b)
        for g in range(len(b)):
            at = slice(g, g + 1)
            data = (*self.links, found.n[at], found.mean[at], found.cov[at])
            if self.units is None or self.omega is None:
                value[g] = linked_latent(b[at], self.given[at], *data, *self.cells, slope[at])
            else:
                own, by_omega = self.units.of_group(g), np.empty_like(self.omega)
                value[g] = nested_latent(
                    b[at], self.omega, self.given[at], *data, *own, *self.cells, slope[at], by_omega
                )
        return value, slope

    def omega_slopes(self, b: Array) -> tuple[float, Array]:
        """Return the log-likelihood of all groups and (V,) its slopes by omega."""
        assert self.units is not None
        assert self.omega is not None
        found, slope, by_omega = self.moments, np.empty_like(b), np.empty_like(self.omega)
        data = (*self.links, found.n, found.mean, found.cov, *self.units, *self.cells)
        return float(nested_latent(b, self.omega, self.given, *data, slope, by_omega)), by_omega

    def information(self, b: Array, over: Index) -> Array:
        """Return (G, b, len(over)) minus the second derivatives, by central differences of the slopes."""
        out = np.empty((*b.shape, len(over)))
        for number, j in enumerate(over):
            up, down = b.copy(), b.copy()
            up[:, j] += STEP
            down[:, j] -= STEP
            out[:, :, number] = -(self.slopes(up)[1] - self.slopes(down)[1]) / (2 * STEP)
        return out


@dataclass(frozen=True, slots=True)
class Expansion:
    """``base`` (b,) the typical links and ``tau`` (V,) the SDs about which the likelihood is expanded.

    Group g: slopes ``pull`` (G, V) at no deviation from ``base``, information ``H`` (G, V, V) of the
    deviations and ``cross`` (G, V, b) of deviations with typical links. ``root`` (b, b): the Cholesky factor
    of the typical links' covariances with the deviations integrated out, zero for links that are not free.
    """

    base: Array
    tau: Array
    pull: Array
    H: Array
    cross: Array
    root: Array


def expansion(
    surface: Surface, base: Array, free: NDArray[np.bool_], vary: Index, usual: Array, ridge: Array
) -> Expansion:
    """Return the expansion at the joint mode of typical links and deviations with SDs near ``usual`` (V,).

    Newton steps on all links together; tau follows as in an EM algorithm, from the deviations and their
    errors, between 1/20 and twice ``usual``. ``ridge`` (b,) is the information of priors.
    """
    b, d, tau = base.copy(), np.zeros((len(surface.moments.n), len(vary))), usual.copy()
    for _ in range(ROUNDS):
        slope, info = _at(surface, b, d, vary)
        b_step, d_step, error = _newton(slope, info, d, tau, free, vary, ridge, base - b)
        far = max(np.abs(b_step * np.sqrt(ridge)).max(), np.abs(d_step / tau).max(initial=0.0))
        b_step, d_step = b_step * FAR / max(far, FAR), d_step * FAR / max(far, FAR)
        size = _halved(surface, b, d, tau, vary, b_step, d_step, ridge, base)
        b, d = b + size * b_step, d + size * d_step
        tau = np.clip(np.sqrt((d**2 + error).mean(axis=0)), usual / 20, 2 * usual)
        if size == 1.0 and np.abs(b_step).max(initial=0.0) < CLOSE * np.sqrt(1 / surface.moments.n.sum()):
            break
    slope, info = _at(surface, b, d, vary)
    H = _positive(info[:, vary][:, :, vary])
    pull = slope[:, vary] + np.einsum("gvw,gw->gv", H, d)
    marginal = _marginal(info, H + np.diag(1 / tau**2), vary, ridge)
    return Expansion(b, tau, pull, H, info[:, vary], _factor(marginal, free))


def _at(surface: Surface, b: Array, d: Array, vary: Index) -> tuple[Array, Array]:
    links = np.tile(b, (len(d), 1))
    links[:, vary] += d
    info = surface.information(links, np.arange(len(b)))
    return surface.slopes(links)[1], (info + np.swapaxes(info, 1, 2)) / 2


def _positive(matrices: Array) -> Array:
    """Return symmetric matrices (…, V, V) without their negative eigenvalues."""
    values, vectors = np.linalg.eigh(matrices)
    return np.asarray((vectors * np.maximum(values, 0.0)[..., None, :]) @ np.swapaxes(vectors, -1, -2))


def _marginal(info: Array, inside: Array, vary: Index, ridge: Array) -> Array:
    """Return (b, b) the information of the typical links with deviations integrated out, whose own is
    ``inside`` (G, V, V).
    """
    total = np.diag(ridge)
    for matrix, own in zip(info, inside, strict=True):
        total = total + matrix - matrix[:, vary] @ np.linalg.solve(own, matrix[vary])
    return np.asarray((total + total.T) / 2)


def _newton(
    slope: Array,
    info: Array,
    d: Array,
    tau: Array,
    free: NDArray[np.bool_],
    vary: Index,
    ridge: Array,
    back: Array,
) -> tuple[Array, Array, Array]:
    """Return a step of the typical links (b,), one of the deviations (G, V) and the deviations' variances."""
    inside = _positive(info[:, vary][:, :, vary]) + np.diag(1 / tau**2)
    uphill = slope[:, vary] - d / tau**2
    solved = np.linalg.solve(inside, uphill[..., None])[..., 0]
    score = slope.sum(axis=0) + ridge * back - np.einsum("gbv,gv->b", info[:, :, vary], solved)
    root = _factor(_marginal(info, inside, vary, ridge), free)
    b_step = root @ (root.T @ score)
    moved = np.einsum("gvb,b->gv", info[:, vary], b_step)
    d_step = np.linalg.solve(inside, (uphill - moved)[..., None])[..., 0]
    return b_step, d_step, np.diagonal(np.linalg.inv(inside), axis1=1, axis2=2)


def _factor(information: Array, free: NDArray[np.bool_]) -> Array:
    """Return (b, b) a factor of the inverse of the free links' information, made positive where it is not."""
    at = np.flatnonzero(free)
    part = information[np.ix_(at, at)]
    size = np.sqrt(np.maximum(np.abs(np.diag(part)), 1e-12))
    values, vectors = np.linalg.eigh(part / np.outer(size, size))
    values = np.maximum(np.abs(values), 1e-6)
    lower = np.linalg.cholesky((vectors / values) @ vectors.T) / size[:, None]
    out = np.zeros_like(information)
    out[np.ix_(at, at)] = lower
    return out


def _halved(
    surface: Surface, b: Array, d: Array, tau: Array, vary: Index, b_step: Array, d_step: Array,
    ridge: Array, base: Array,
) -> float:  # fmt: skip
    """Return the largest of 1, 1/2, 1/4 … at which a step goes uphill, 0 where none does."""

    def value(size: float) -> float:
        links = np.tile(b + size * b_step, (len(d), 1))
        links[:, vary] += d + size * d_step
        found = surface.slopes(links)[0].sum() - (((d + size * d_step) / tau) ** 2).sum() / 2
        found -= (ridge * (b + size * b_step - base) ** 2).sum() / 2
        return float(found) if np.isfinite(found) else -np.inf

    here = value(0.0)
    for size in 0.5 ** np.arange(12):
        if value(float(size)) >= here - 1e-6:
            return float(size)
    return 0.0


def with_omega(surface: Surface, found: Expansion, vary: Index) -> Surface:
    """Return the surface with the likeliest SDs between units at the expansion's links, in a factor of 20."""
    from scipy.optimize import minimize

    assert surface.omega is not None
    inside = found.H + np.diag(1 / found.tau**2)
    b = np.tile(found.base, (len(found.pull), 1))
    b[:, vary] += np.linalg.solve(inside, found.pull[..., None])[..., 0]

    def falling(x: Array) -> tuple[float, Array]:
        value, slope = replace(surface, omega=np.exp(x)).omega_slopes(b)
        return (-value, -slope * np.exp(x)) if np.isfinite(value) else (1e100, np.zeros_like(x))

    at = np.log(surface.omega)
    reach = np.log(20.0)
    done = minimize(falling, at, jac=True, method="L-BFGS-B", bounds=[(x - reach, x + reach) for x in at])
    return replace(surface, omega=np.exp(done.x))
