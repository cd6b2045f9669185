"""Where everything starts: the maximum-likelihood fit of all groups together, made admissible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.latent.groups import GroupMoments, pooled_within, total
from werksem.bayes.latent.links import Links, links_of
from werksem.errors import EstimationError
from werksem.estimators.ml import fit_ml
from werksem.implied import standard_deviations
from werksem.model import Model
from werksem.moments import Moments

__all__ = ["Start", "start"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
FLOOR = 0.05  # of a variable's variance: a start at or below zero has no log
STEP = 1e-4
ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Start:
    """``theta`` (q,) the estimate of all groups together, made admissible; ``links`` (b,) the same without
    bounds.
    """

    theta: Array
    links: Array


def start(model: Model, plain: Model, links: Links, found: GroupMoments, *, within: bool) -> Start:
    """Return the start values of ``model``; ``plain`` is the same without means of latents, identified in one
    group.

    ``within`` takes the covariances within groups, as is right where means vary.
    """
    mean, cov = total(found)
    cov = pooled_within(found) if within and found.n.sum() > 2 * len(mean) else cov
    theta = _fitted(plain, Moments(model.observed, float(found.n.sum()), mean, cov))
    at = {name: i for i, name in enumerate(plain.parameters)}
    here = np.array([at.get(name, -1) for name in model.parameters])
    full = _admissible(model, links, np.where(here >= 0, theta[here], 0.0))
    return Start(full, links_of(links, full))


def _fitted(plain: Model, moments: Moments) -> Array:
    """Return the ML estimate; where the sample covariances are too thin, that of a thicker matrix."""
    thicker = np.diag(np.diag(moments.cov))
    for weight in (0.0, 0.1, 0.5):
        cov = (1 - weight) * moments.cov + weight * thicker
        if np.linalg.eigvalsh(cov / np.sqrt(np.outer(np.diag(cov), np.diag(cov))))[0] < 1e-6:
            continue
        thick = Moments(moments.names, moments.n, moments.mean, cov)
        try:
            return fit_ml(plain, [thick]).theta
        except EstimationError:
            continue
    raise EstimationError("bayes: the latent-variable model cannot be fitted to all groups together")


def _admissible(model: Model, links: Links, theta: Array) -> Array:
    """Return theta with variances above a floor and covariances drawn in until their matrix is positive
    definite.
    """
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
