"""Where sampling starts: the maximum-likelihood fit, and each group's own estimates around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.latent.cells import LikelihoodCells
from werksem.bayes.latent.groups import GroupMoments, pooled_within, total
from werksem.bayes.latent.links import LOG_SD, PARTIAL, Links, links_of, theta_of
from werksem.errors import EstimationError
from werksem.estimators.ml import fit_ml
from werksem.implied import standard_deviations
from werksem.inference.vcov import vcov_ml
from werksem.kernels.grouped_latent import grouped_latent
from werksem.model import Model
from werksem.moments import Moments

__all__ = ["Own", "Start", "own_estimates", "start"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
FLOOR = 0.05  # of a variable's variance: a start at or below zero has no log
STEP = 1e-4
ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Start:
    """``theta`` (q,) the estimate of all groups together, made admissible; ``links`` (b,) the same without
    bounds and ``scale`` (b,) their standard errors.
    """

    theta: Array
    links: Array
    scale: Array


@dataclass(frozen=True, slots=True)
class Own:
    """Groups' own deviations from the common estimate: ``estimate``, ``se`` (G, V), NaN where a group says nothing.

    ``pulled`` and ``spread`` (G, V): the same drawn towards no deviation, defined for every group.
    """

    estimate: Array
    se: Array
    pulled: Array
    spread: Array


def start(model: Model, plain: Model, links: Links, found: GroupMoments, *, within: bool) -> Start:
    """Return the start values of ``model``; ``plain`` is the same without means of latents, identified in one group.

    ``within`` takes the covariances within groups, as is right where means vary.
    """
    mean, cov = total(found)
    cov = pooled_within(found) if within and found.n.sum() > 2 * len(mean) else cov
    theta, vcov = _fitted(plain, Moments(model.observed, float(found.n.sum()), mean, cov))
    at = {name: i for i, name in enumerate(plain.parameters)}
    here = np.array([at.get(name, -1) for name in model.parameters])
    full = np.where(here >= 0, theta[here], 0.0)
    error = np.where(here >= 0, np.sqrt(np.maximum(np.diag(vcov), 0))[here], 0.0)
    full = _admissible(model, links, full)
    found_links = links_of(links, full)
    scale = error[links.at]
    sd = links.kind == LOG_SD
    scale = np.where(sd, scale / (2 * np.exp(2 * found_links)), scale)
    scale = np.where(links.kind == PARTIAL, 1.5 / np.sqrt(found.n.sum()), scale)
    usual = np.where(sd | (links.kind == PARTIAL), 1.0, np.maximum(np.abs(found_links), 0.1)) / np.sqrt(
        found.n.sum()
    )
    return Start(full, found_links, np.where(np.isfinite(scale) & (scale > 0), np.minimum(scale, 1.0), usual))


def _fitted(plain: Model, moments: Moments) -> tuple[Array, Array]:
    """Return the ML estimate and its covariances; where the sample covariances are too thin, of a thicker matrix."""
    thicker = np.diag(np.diag(moments.cov))
    for weight in (0.0, 0.1, 0.5):
        cov = (1 - weight) * moments.cov + weight * thicker
        if np.linalg.eigvalsh(cov / np.sqrt(np.outer(np.diag(cov), np.diag(cov))))[0] < 1e-6:
            continue
        thick = Moments(moments.names, moments.n, moments.mean, cov)
        try:
            fit = fit_ml(plain, [thick])
            return fit.theta, vcov_ml(plain, [thick], fit)
        except EstimationError:
            continue
    raise EstimationError("bayes: the latent-variable model cannot be fitted to all groups together")


def _admissible(model: Model, links: Links, theta: Array) -> Array:
    """Return theta with variances above a floor and covariances drawn in until their matrix is positive definite."""
    theta = theta.copy()
    sd = standard_deviations(model, theta)
    for row, at in zip(model.rows, model.free_of_row, strict=True):
        if row.op == "~~" and row.lhs == row.rhs and at >= 0 and not row.exo:
            size = float(np.nan_to_num(sd[row.lhs], nan=1.0)) or 1.0
            theta[at] = max(theta[at], FLOOR * size**2)
    for _ in range(60):
        try:
            if np.isfinite(links_of(links, theta)).all():
                return theta
        except np.linalg.LinAlgError:
            pass
        for block in links.blocks:
            theta[block.theta] *= 0.9
    return theta


def own_estimates(
    cells: LikelihoodCells,
    links: Links,
    found: GroupMoments,
    given: Array,
    base: Array,
    vary: Index,
    usual: Array,
) -> Own:
    """Return each group's own values of the links that vary, the others at ``base`` (b,).

    Newton's method per group on the exact likelihood. ``given`` (G, q) are theta's fixed values, ``usual``
    (V,) the size of deviations that ``pulled`` reckons with.
    """
    G, V = len(found.n), len(vary)
    ridge = np.broadcast_to(1 / usual**2, (G, V))
    pulled, curvature, _ = _newton(cells, links, found, given, base, vary, np.zeros((G, V)), ridge)
    spread = _errors(curvature)
    estimate, curvature, done = _newton(cells, links, found, given, base, vary, pulled, np.zeros((G, V)))
    se = np.where(done[:, None], _errors(curvature), np.nan)
    return Own(np.where(np.isfinite(se), estimate, np.nan), se, pulled, spread)


def _errors(curvature: Array) -> Array:
    """Return (G, V) standard errors, NaN for a group whose information is not positive definite."""
    out = np.full(curvature.shape[:2], np.nan)
    for g, matrix in enumerate(curvature):
        size = np.sqrt(np.maximum(np.diag(matrix), 1e-300))
        scaled = matrix / np.outer(size, size)
        if np.isfinite(scaled).all() and (np.diag(matrix) > 0).all() and np.linalg.eigvalsh(scaled)[0] > 1e-8:
            out[g] = np.sqrt(np.diag(np.linalg.inv(scaled))) / size
    return out


def _newton(
    cells: LikelihoodCells, links: Links, found: GroupMoments, given: Array, base: Array, vary: Index,
    deviation: Array, ridge: Array,
) -> tuple[Array, Array, NDArray[np.bool_]]:  # fmt: skip
    """Return deviations (G, V), minus the Hessian (G, V, V), and which groups have converged."""
    deviation = deviation.copy()
    value, slope = _objective(cells, links, found, given, base, vary, deviation, ridge)
    damping = np.full(len(deviation), 1e-6)
    done = np.zeros(len(deviation), dtype=bool)
    curvature = np.zeros((*deviation.shape, deviation.shape[1]))
    for _ in range(ROUNDS):
        curvature = _curvature(cells, links, found, given, base, vary, deviation, ridge)
        size = np.maximum(np.abs(np.diagonal(curvature, axis1=1, axis2=2)), 1e-8)
        done = (np.abs(slope) / np.sqrt(size)).max(axis=1) < 1e-4
        if done.all() or (damping > 1e6).all():
            break
        damped = curvature + (damping[:, None] * size)[:, :, None] * np.eye(deviation.shape[1])
        step = (
            np.linalg.lstsq(damped[0], slope[0], rcond=None)[0][None]
            if len(damped) == 1
            else np.stack(
                [
                    np.linalg.lstsq(matrix, right, rcond=None)[0]
                    for matrix, right in zip(damped, slope, strict=True)
                ]
            )
        )
        step = np.where(done[:, None], 0.0, np.clip(step, -1.0, 1.0))
        trial, uphill = _objective(cells, links, found, given, base, vary, deviation + step, ridge)
        better = trial >= value - 1e-9 * np.abs(value)
        deviation = np.where(better[:, None], deviation + step, deviation)
        value, slope = np.where(better, trial, value), np.where(better[:, None], uphill, slope)
        damping = np.where(better, np.maximum(damping / 10, 1e-9), np.maximum(damping * 10, 1e-3))
    return deviation, curvature, done


def _objective(
    cells: LikelihoodCells, links: Links, found: GroupMoments, given: Array, base: Array, vary: Index,
    deviation: Array, ridge: Array,
) -> tuple[Array, Array]:  # fmt: skip
    """Return each group's penalised log-likelihood (G,) and its slopes by the deviations (G, V)."""
    G, V = deviation.shape
    b = np.tile(base, (G, 1))
    b[:, vary] += deviation
    theta = np.ascontiguousarray(theta_of(links, b, given))
    slopes = np.empty_like(theta)
    value = np.array([
        grouped_latent(theta[g : g + 1], found.n[g : g + 1], found.mean[g : g + 1], found.cov[g : g + 1],
                       *cells, slopes[g : g + 1])
        for g in range(G)
    ])  # fmt: skip
    steps = np.repeat(b[:, None, :], V, axis=1).astype(complex)
    steps[:, np.arange(V), vary] += 1e-30j
    by_links = np.imag(theta_of(links, steps, given[:, None, :].astype(complex))) / 1e-30
    slope = np.einsum("gvq,gq->gv", by_links, slopes)
    value = value - (ridge * deviation**2).sum(axis=1) / 2
    return np.where(np.isfinite(value), value, -np.inf), np.nan_to_num(slope - ridge * deviation)


def _curvature(
    cells: LikelihoodCells, links: Links, found: GroupMoments, given: Array, base: Array, vary: Index,
    deviation: Array, ridge: Array,
) -> Array:  # fmt: skip
    """Return minus the Hessian (G, V, V), by central differences of the slopes."""
    V = deviation.shape[1]
    out = np.empty((*deviation.shape, V))
    for v in range(V):
        step = np.zeros(V)
        step[v] = STEP
        up = _objective(cells, links, found, given, base, vary, deviation + step, ridge)[1]
        down = _objective(cells, links, found, given, base, vary, deviation - step, ridge)[1]
        out[:, v] = -(up - down) / (2 * STEP)
    return (out + np.swapaxes(out, 1, 2)) / 2
