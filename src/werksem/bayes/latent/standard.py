"""Standard deviations that a latent-variable posterior is standardised by: of groups, pooled, and of
everyone.

- a group's own, as its parameters imply them;
- the common ones, of the variances within groups pooled by size, on which groups are compared;
- everyone's, differences between groups included: sum_g w_g [Phi_g + (mu_g - mu)(mu_g - mu)'].

Where units within groups differ, variances within groups are those of units and of respondents within units:
Phi_g = A (Psi + diag(omega²)) A'.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.latent.design import LatentDesign
from werksem.bayes.latent.draws import LatentDraws, group_theta, raw_means
from werksem.bayes.latent.likelihood import unit_spread
from werksem.implied import latent_cov, matrices

__all__ = ["Everything", "everything"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Everything:
    """Of S draws: ``theta`` (S, G, structural) the groups' values of ``places``, on the variables as they
    are.

    ``sd`` (S, G, m) of the eta in every group, ``mean`` (S, G, m) theirs, ``residual`` (S, G, m) residual
    variances, ``unit`` (S, m) those between units; ``common`` (S, m) and ``total`` (S, m, m): pooled SDs
    within groups and everyone's covariances; ``item`` (S, p) everyone's SDs of the items.
    """

    places: NDArray[np.int64]
    theta: Array
    sd: Array
    mean: Array
    residual: Array
    unit: Array
    common: Array
    total: Array
    item: Array


def everything(design: LatentDesign, draws: LatentDraws, places: NDArray[np.int64]) -> Everything:
    """Return what quantities are made of, one group at a time: parameters of items are never held per
    group.
    """
    model, found = design.model, design.moments
    S, G, m, p = len(draws.typical), len(found.n), len(model.eta), len(model.observed)
    values, sd, mean, residual = (np.empty((S, G, size)) for size in (len(places), m, m, m))
    total, item, within = np.zeros((S, m, m)), np.zeros((S, p)), np.zeros((S, m))
    means = np.empty((S, G, p))
    between = unit_spread(model, design.links.at[design.nested], draws.nested)
    for g in range(G):
        theta = group_theta(design, draws, g)
        parts = matrices(model, theta)
        Phi = latent_cov(parts._replace(Psi=parts.Psi + between))
        A = np.linalg.inv(np.eye(m) - parts.B)
        values[:, g] = raw_means(model, theta, design.centre)[:, places]
        residual[:, g] = np.diagonal(parts.Psi, axis1=1, axis2=2)
        variance = np.diagonal(Phi, axis1=1, axis2=2)
        sd[:, g] = np.sqrt(np.where(variance > 0, variance, np.nan))
        mean[:, g] = (A @ parts.alpha[..., None])[..., 0]
        means[:, g] = parts.nu + (parts.Lambda @ mean[:, g, :, None])[..., 0]
        within += variance * found.n[g] / found.n.sum()
        total += found.share[g] * Phi
        spread = np.einsum("spi,sij,spj->sp", parts.Lambda, Phi, parts.Lambda)
        item += found.share[g] * (spread + np.diagonal(parts.Theta, axis1=1, axis2=2))
    off = mean - np.einsum("g,sgm->sm", found.share, mean)[:, None]
    total += np.einsum("g,sgi,sgj->sij", found.share, off, off)
    away = means - np.einsum("g,sgp->sp", found.share, means)[:, None]
    item += np.einsum("g,sgp->sp", found.share, away**2)
    unit = np.diagonal(between, axis1=1, axis2=2)
    return Everything(places, values, sd, mean, residual, unit, np.sqrt(within), total, np.sqrt(item))
