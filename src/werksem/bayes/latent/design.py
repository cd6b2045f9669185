"""The latent-variable posterior as arrays: groups' moments, parameters, priors, and how each group is sampled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.latent.cells import LikelihoodCells, likelihood_cells
from werksem.bayes.latent.groups import GroupMoments, total
from werksem.bayes.latent.links import NEGATIVE, POSITIVE, Links, links_of, model_links, with_signs
from werksem.bayes.latent.parameters import (
    between_priors,
    kinds,
    measured,
    names,
    priors,
    varying,
    with_latent_means,
)
from werksem.bayes.latent.start import Own, Start, own_estimates, start
from werksem.bayes.priors import Given
from werksem.implied import matrices
from werksem.model import Model, build_model
from werksem.rows import Options
from werksem.spec.priors import Prior
from werksem.spec.types import ModelSpec

__all__ = ["LatentDesign", "latent_design"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
# measured on 15 paths and 8 means in 6 sectors: at 1 and 1/2 some 70 divergences in 4,000 draws, at 1/3 one or none
CLEARLY = 1 / 3


@dataclass(frozen=True, slots=True)
class LatentDesign:
    """What is sampled, and from what. b links, V of them differ between the G groups.

    ``moments`` are about ``centre`` (p,). ``names`` and ``kinds`` (b,) of the links; ``free`` (b,) which are
    sampled: the typical mean of a latent is 0. ``priors`` (b,) and ``between`` (V,) are on the raw parameters.
    ``given`` (G, q): theta's fixed values. ``vary`` (V,) are links; ``own`` their values per group and
    ``centred`` (G, V) which groups are sampled as they are, the others as deviations in units of the
    between-group SD. ``drift`` (G V, b): how intercepts of items move against groups' means, which keeps
    them apart from these. ``literal`` are the user's priors.
    """

    model: Model
    cells: LikelihoodCells
    moments: GroupMoments
    centre: Array
    links: Links
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    free: NDArray[np.bool_]
    priors: tuple[Prior | None, ...]
    given: Array
    start: Start
    vary: Index
    between: tuple[Prior, ...]
    own: Own
    centred: NDArray[np.bool_]
    drift: Array
    literal: Given


def latent_design(
    spec: ModelSpec, options: Options, found: GroupMoments, vary: Sequence[str], given: Given, *,
    freed: Sequence[str] = (),
) -> LatentDesign:  # fmt: skip
    """Return the arrays of a model; raises ``SpecError`` for what this level cannot do."""
    plain = build_model(spec, ("all",), options)
    model = with_latent_means(spec, options)
    links = model_links(model)
    several = len(found.groups) > 1
    chosen = np.union1d(varying(model, links, vary), measured(model, links, freed)).astype(np.int64)
    chosen = chosen if several else chosen[:0]
    labels, sorts = names(model, links), kinds(model, links)
    means = _latent_means(model, links, plain)
    centre = _centre(found, given)
    found = replace(found, mean=found.mean - centre)
    begun = start(model, plain, links, found, within=bool(set(chosen) & set(np.flatnonzero(means))))
    fixed = _given(model, found)
    links = with_signs(links, model, begun.theta)
    begun = _relinked(begun, links)
    cells = likelihood_cells(model, shared=not freed)
    between = between_priors(model, links, given, begun.theta, chosen)
    usual = np.array([_size(prior) for prior in between])
    own = own_estimates(cells, links, found, fixed, begun.links, chosen, usual)
    centred = _centred(own)
    return LatentDesign(
        model, cells, found, centre, links, labels, sorts, ~means,
        priors(model, links, given, begun.theta, np.zeros(len(centre))), fixed, begun, chosen, between, own, centred,
        _drift(model, links, begun.theta, found, chosen), given,
    )  # fmt: skip


def _relinked(begun: Start, links: Links) -> Start:
    """Return the start in links some of which are logarithms of loadings now."""
    loading = np.isin(links.kind, (POSITIVE, NEGATIVE))
    scale = np.where(loading, begun.scale / np.maximum(np.abs(begun.theta[links.at]), 1e-12), begun.scale)
    return replace(begun, links=links_of(links, begun.theta), scale=np.minimum(scale, 1.0))


def _latent_means(model: Model, links: Links, plain: Model) -> NDArray[np.bool_]:
    """Return (b,) which links are means of latents that the model of one group does not have."""
    return np.array([model.parameters[at] not in plain.parameters for at in links.at], dtype=bool)


def _centre(found: GroupMoments, given: Given) -> Array:
    """Return what is taken off the items: their means, or nothing where the user's priors speak of raw intercepts."""
    raw = {"means", "between_sd"} & set(given.by_kind) or any(name.endswith("~1") for name in given.by_name)
    return np.zeros(found.mean.shape[1]) if raw else total(found)[0]


def _given(model: Model, found: GroupMoments) -> Array:
    """Return theta's fixed values (G, q): the moments of fixed x over all respondents, which the density given x
    does not depend on.
    """
    mean, cov = total(found)
    at = {name: i for i, name in enumerate(model.observed)}
    theta = np.zeros(len(model.parameters))
    for row, place in zip(model.rows, model.free_of_row, strict=True):
        if row.exo and place >= 0:
            theta[place] = mean[at[row.lhs]] if row.op == "~1" else cov[at[row.lhs], at[row.rhs]]
    return np.tile(theta, (len(found.n), 1))


def _size(prior: Prior) -> float:
    """Return the size of deviations that a prior of their SD reckons with."""
    values = prior.parameters
    match prior.family:
        case "exponential":
            return 1 / values[0]
        case "gamma":
            return values[0] / values[1]
        case "uniform":
            return values[1] / 2
        case "inverse_gamma":
            return values[1] / (values[0] + 1)
    return values[-1] if values else 1.0


def _centred(own: Own) -> NDArray[np.bool_]:
    """Return (G, V) where a group's own standard error is well below the SD between groups, as DerSimonian and
    Laird (1986) estimate it.
    """
    known = np.isfinite(own.se)
    w = np.where(known, 1 / np.where(known, own.se, 1.0) ** 2, 0.0)
    total_w = np.maximum(w.sum(axis=0), 1e-300)
    estimate = np.where(known, own.estimate, 0.0)
    mean = (w * estimate).sum(axis=0) / total_w
    Q = (w * (estimate - mean) ** 2).sum(axis=0)
    scale = total_w - (w**2).sum(axis=0) / total_w
    excess = Q - (known.sum(axis=0) - 1)
    variance = np.where(known.sum(axis=0) > 1, np.maximum(excess, 0) / np.where(scale > 0, scale, 1.0), 0.0)
    return np.where(known, own.se, np.inf) < CLEARLY * np.sqrt(variance)


def _drift(model: Model, links: Links, theta: Array, found: GroupMoments, vary: Index) -> Array:
    """Return (G V, b): by how much each item's intercept falls when a group's mean of a latent rises, so that the
    items' means over all groups stay where they are.
    """
    m = matrices(model, theta)
    reach = m.Lambda @ np.linalg.inv(np.eye(len(model.eta)) - m.B)
    share = found.n / found.n.sum()
    out = np.zeros((len(found.n), len(vary), len(links.at)))
    row_of = [model.rows[model.free_of_row.index(int(at))] for at in links.at]
    items = [(j, model.observed.index(row.lhs)) for j, row in enumerate(row_of)
             if row.op == "~1" and row.lhs not in model.eta]  # fmt: skip
    for v, at in enumerate(vary):
        if row_of[at].op == "~1" and row_of[at].lhs in model.latent:
            eta = model.eta.index(row_of[at].lhs)
            for j, item in items:
                out[:, v, j] = share * reach[item, eta]
    return out.reshape(-1, len(links.at))
