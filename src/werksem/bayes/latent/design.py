"""The latent-variable posterior as arrays: groups' moments, parameters, priors, and how each group is
sampled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.latent.cells import LikelihoodCells, likelihood_cells
from werksem.bayes.latent.expansion import Expansion, Surface, expansion, with_omega
from werksem.bayes.latent.groups import GroupMoments, total
from werksem.bayes.latent.links import REAL, Links, link_arrays, links_of, model_links, with_signs
from werksem.bayes.latent.own import Own, own_estimates
from werksem.bayes.latent.parameters import (
    between_priors,
    kinds,
    measured,
    names,
    nested_priors,
    nesting,
    priors,
    varying,
    with_latent_means,
)
from werksem.bayes.latent.start import start
from werksem.bayes.latent.units import NestedArrays, nested_arrays
from werksem.bayes.priors import Given, prior_size
from werksem.model import Model, build_model
from werksem.rows import Options
from werksem.spec.posterior import BETWEEN
from werksem.spec.priors import Prior
from werksem.spec.types import ModelSpec

__all__ = ["LatentDesign", "fixed_moments", "latent_design", "with_moments"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LatentDesign:
    """What is sampled, and from what. b links, V of them differ between the G groups.

    ``moments`` are about ``centre`` (p,). ``names`` and ``kinds`` (b,) of the links; ``free`` (b,) which are
    sampled: the typical mean of a latent is 0. ``priors`` (b,) and ``between`` (V,) are on the raw
    parameters. ``given`` (G, q): theta's fixed values; ``fitted`` (q,) the maximum-likelihood estimate that
    scales default priors. ``vary`` (V,) are links, ``own`` their values per group, ``expansion`` what
    coordinates are made of; ``literal`` are the user's priors. ``nested`` (V2,) are the links that differ
    between ``units`` within groups, ``nested_priors`` (V2,) the priors of their SDs.
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
    fitted: Array
    vary: Index
    between: tuple[Prior, ...]
    own: Own
    expansion: Expansion
    literal: Given
    nested: Index
    nested_priors: tuple[Prior, ...]
    units: NestedArrays | None


def latent_design(
    spec: ModelSpec, options: Options, found: GroupMoments, vary: Sequence[str], given: Given, *,
    freed: Sequence[str] = (), vary_nested: Sequence[str] = (),
) -> LatentDesign:  # fmt: skip
    """Return the arrays of a model; raises ``SpecError`` for what this level cannot do.

    ``vary_nested`` counts where ``found`` has units.
    """
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
    # the moments of fixed x over all respondents, which the density given x does not depend on
    fixed = np.tile(fixed_moments(model, *total(found)), (len(found.n), 1))
    links = with_signs(links, model, begun.theta)
    between = between_priors(model, links, given, begun.theta, chosen)
    stated = priors(model, links, given, begun.theta, total(found)[0])
    nested = nesting(model, links, vary_nested) if found.units is not None else chosen[:0]
    spread = nested_priors(model, links, given, begun.theta, nested)
    units = None if found.units is None else nested_arrays(model, found.units, links.at[nested])
    cells = likelihood_cells(model, shared=False)
    surface, expanded = _expanded(
        Surface(link_arrays(links), found, fixed, cells, units, _sizes(spread)),
        links_of(links, begun.theta),
        ~means,
        chosen,
        _sizes(between),
        _prior_information(stated, links),
    )
    return LatentDesign(
        model, likelihood_cells(model, shared=not freed), found, centre, links, labels, sorts, ~means, stated,
        fixed, begun.theta, chosen, between, own_estimates(surface, expanded.base, chosen), expanded, given,
        nested, spread, units,
    )  # fmt: skip


def _expanded(
    surface: Surface, base: Array, free: NDArray[np.bool_], vary: Index, usual: Array, ridge: Array
) -> tuple[Surface, Expansion]:
    """Return the expansion, and the surface with the units' SDs at which it was made."""
    found = expansion(surface, base, free, vary, usual, ridge)
    if surface.units is None:
        return surface, found
    surface = with_omega(surface, found, vary)
    return surface, expansion(surface, found.base, free, vary, usual, ridge)


def with_moments(design: LatentDesign, found: GroupMoments) -> LatentDesign:
    """Return the design with other respondents of the same groups (size 0: none), in the same units and
    priors.

    ``found`` has units within groups where the design has.
    """
    found = replace(found, mean=found.mean - design.centre)
    at = design.links.at[design.nested]
    units = None if found.units is None else nested_arrays(design.model, found.units, at)
    cells = likelihood_cells(design.model, shared=False)
    surface, expanded = _expanded(
        Surface(link_arrays(design.links), found, design.given, cells, units, _sizes(design.nested_priors)),
        design.expansion.base, design.free, design.vary, _sizes(design.between),
        _prior_information(design.priors, design.links),
    )  # fmt: skip
    own = own_estimates(surface, expanded.base, design.vary)
    return replace(design, moments=found, own=own, expansion=expanded, units=units)


def _latent_means(model: Model, links: Links, plain: Model) -> NDArray[np.bool_]:
    """Return (b,) which links are means of latents that the model of one group does not have."""
    return np.array([model.parameters[at] not in plain.parameters for at in links.at], dtype=bool)


def _centre(found: GroupMoments, given: Given) -> Array:
    """Return what is taken off the items: their means, or nothing where the user's priors speak of raw
    intercepts.
    """
    keys = {*given.by_kind, *given.by_name}
    raw = keys & {"means", "between_sd", f"{BETWEEN}means"} or any(key.endswith("~1") for key in keys)
    return np.zeros(found.mean.shape[1]) if raw else total(found)[0]


def fixed_moments(model: Model, mean: Array, cov: Array) -> Array:
    """Return theta (q,) with the means (p,) and covariances (p, p) of fixed x in their places, else zero."""
    at = {name: i for i, name in enumerate(model.observed)}
    theta = np.zeros(len(model.parameters))
    for row, place in zip(model.rows, model.free_of_row, strict=True):
        if row.exo and place >= 0:
            theta[place] = mean[at[row.lhs]] if row.op == "~1" else cov[at[row.lhs], at[row.rhs]]
    return theta


def _sizes(spreads: Sequence[Prior]) -> Array:
    """Return the sizes of deviations that priors of their SDs reckon with, 1 for a flat one."""
    sizes = np.array([prior_size(prior) for prior in spreads])
    return np.where(np.isfinite(sizes), sizes, 1.0)


def _prior_information(design_priors: Sequence[Prior | None], links: Links) -> Array:
    """Return (b,) roughly what priors say of each link: 1 of a logarithm or a correlation, else 1 / SD²."""
    out = np.full(len(links.at), 1.0)
    for j, prior in enumerate(design_priors):
        if links.kind[j] == REAL:
            scale = None if prior is None or prior.family == "uniform" else prior.parameters[-1]
            out[j] = 1e-8 if scale is None else 1 / scale**2
    return out
