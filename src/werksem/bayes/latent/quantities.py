"""A latent-variable posterior as quantities: every row of the parameter table, R² and effects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.effect_quantities import effect_quantities
from werksem.bayes.latent.design import LatentDesign
from werksem.bayes.latent.draws import LatentDraws, raw_means, typical_theta
from werksem.bayes.latent.standard import Everything, everything
from werksem.bayes.quantities import Pooled, Quantity, Scaled
from werksem.rows import Row
from werksem.spec.types import Effect

__all__ = ["latent_quantities"]

Array = NDArray[np.float64]


def latent_quantities(design: LatentDesign, draws: LatentDraws, effects: Sequence[Effect] = ()) -> Pooled:
    """Return what the posterior says of every parameter that is not a moment of fixed x.

    Paths, and what varies, have values per group; what the groups share has one for everyone. Standardised
    by the SDs of ``werksem.bayes.latent.standard``.
    """
    model, found = design.model, design.moments
    places = np.array([at for row, at in zip(model.rows, model.free_of_row, strict=True)
                       if at >= 0 and not row.exo], np.int64)  # fmt: skip
    places = np.array(sorted(set(places.tolist())), np.int64)
    structural = np.array([at for at in places if _per_group(design, int(at))], np.int64)
    whole = everything(design, draws, structural)
    typical = raw_means(model, typical_theta(design, draws), design.centre)
    new = raw_means(model, typical_theta(design, draws, new=True), design.centre)
    quantities = [
        _quantity(design, whole, row, at, typical, new)
        for row, at in zip(model.rows, model.free_of_row, strict=True)
        if not row.exo and (at >= 0 or (row.op != "~1" and row.value != 0))
    ]
    quantities += _explained(design, whole)
    quantities += effect_quantities(quantities, found.share, effects)
    means = tuple(_mean(design, whole, j) for j in range(len(model.eta)))
    return Pooled(
        "latent", draws.chains, found.groups, found.rows.astype(float), found.share, tuple(quantities), means
    )


def _per_group(design: LatentDesign, at: int) -> bool:
    """Return whether a parameter has a value per group: paths always, others where they vary."""
    row = design.model.rows[design.model.free_of_row.index(at)]
    return row.op == "~" or _varies(design, at)


def _varies(design: LatentDesign, at: int) -> bool:
    """Return whether theta[at] differs between groups; covariances do where an SD of theirs does."""
    moving = set(design.links.at[design.vary].tolist())
    for block in design.links.blocks:
        spread = {int(design.links.at[j]) for j in (*block.sd[block.sd >= 0], *block.partial)}
        if spread & moving:
            moving |= set(block.theta.tolist())
    return at in moving


def _quantity(
    design: LatentDesign, whole: Everything, row: Row, at: int, typical: Array, new: Array
) -> Quantity:
    model, found = design.model, design.moments
    own = int(np.flatnonzero(whole.places == at)[0]) if at >= 0 and at in whole.places else -1
    fixed = np.full(len(typical), row.value)
    group = whole.theta[:, :, own] if own >= 0 else None
    everyone = group @ found.share if group is not None else typical[:, at] if at >= 0 else fixed
    pooled = own >= 0
    raw = Scaled(group, everyone, typical[:, at] if pooled else None, new[:, at] if pooled else None)
    std, common = _scaled(design, whole, row, raw)
    name = model.parameters[at] if at >= 0 else f"{row.lhs}{row.op}{row.rhs}"
    name = f"{row.lhs} ~1" if row.op == "~1" and not row.label else name
    present = np.ones(len(found.n), dtype=bool)
    return Quantity(
        name, row.lhs, row.op, row.rhs, row.label, raw, std, common, present, at >= 0 and _varies(design, at)
    )


def _scaled(design: LatentDesign, whole: Everything, row: Row, raw: Scaled) -> tuple[Scaled, Scaled]:
    """Return a quantity standardised by the groups' own SDs, and by the pooled ones within groups."""
    eta = {name: j for j, name in enumerate(design.model.eta)}
    everyone = np.sqrt(np.diagonal(whole.total, axis1=1, axis2=2))
    if row.op == "~":
        y, x = eta[row.lhs], eta[row.rhs]
        factor = whole.common[:, x] / whole.common[:, y]
        own = whole.sd[:, :, x] / whole.sd[:, :, y]
        std = _times(raw, own, everyone[:, x] / everyone[:, y], factor)
        return std, _times(raw, factor[:, None], factor, factor)

    def of(name: str) -> Array:
        return everyone[:, eta[name]] if name in eta else whole.item[:, design.model.observed.index(name)]

    if row.op == "=~":
        return Scaled(everyone=_product(raw.everyone, everyone[:, eta[row.lhs]] / of(row.rhs))), Scaled()
    if row.op == "~1":
        inverse = 1 / whole.sd[:, :, eta[row.lhs]] if row.lhs in eta else None
        return _times(raw, inverse, 1 / of(row.lhs), None), Scaled()
    return _covariance(design, whole, row, raw, eta, everyone), Scaled()


def _covariance(
    design: LatentDesign, whole: Everything, row: Row, raw: Scaled, eta: dict[str, int], everyone: Array
) -> Scaled:
    """Return a variance as a share of the variable's, a covariance as the correlation of what is left of
    both.
    """
    if row.lhs not in eta:
        observed = design.model.observed
        if row.lhs == row.rhs:
            return Scaled(everyone=_product(raw.everyone, 1 / whole.item[:, observed.index(row.lhs)] ** 2))
        return Scaled()
    i, j = eta[row.lhs], eta[row.rhs]
    if i == j:
        return _times(raw, 1 / whole.sd[:, :, i] ** 2, 1 / everyone[:, i] ** 2, None)
    each = np.sqrt(whole.residual[:, :, i] * whole.residual[:, :, j])
    share = design.moments.share
    both = np.sqrt((whole.residual[:, :, i] @ share) * (whole.residual[:, :, j] @ share))
    return _times(raw, 1 / each, 1 / both, None)


def _times(raw: Scaled, group: Array | None, everyone: Array | None, distribution: Array | None) -> Scaled:
    return Scaled(
        _product(raw.group, group), _product(raw.everyone, everyone),
        _product(raw.typical, distribution), _product(raw.new, distribution),
    )  # fmt: skip


def _product(value: Array | None, factor: Array | None) -> Array | None:
    return None if value is None or factor is None else value * factor


def _explained(design: LatentDesign, whole: Everything) -> Iterator[Quantity]:
    """Yield R² of every outcome: 1 minus the residual share in a group, that between its units included; over
    everyone what the slopes of everyone explain of everyone's variance.
    """
    model, share = design.model, design.moments.share
    eta = {name: j for j, name in enumerate(model.eta)}
    everywhere = np.ones(len(share), dtype=bool)
    for outcome in dict.fromkeys(row.lhs for row in model.rows if row.op == "~"):
        j = eta[outcome]
        group = 1 - (whole.residual[:, :, j] + whole.unit[:, j, None]) / whole.sd[:, :, j] ** 2
        slopes = np.zeros((len(group), len(eta)))
        for row, at in zip(model.rows, model.free_of_row, strict=True):
            if row.op == "~" and row.lhs == outcome:
                value = (
                    whole.theta[:, :, np.flatnonzero(whole.places == at)[0]] @ share if at >= 0 else row.value
                )
                slopes[:, eta[row.rhs]] = value
        everyone = np.einsum("si,sij,sj->s", slopes, whole.total, slopes) / whole.total[:, j, j]
        varies = any(_varies(design, at) for row, at in zip(model.rows, model.free_of_row, strict=True)
                     if row.op == "~" and row.lhs == outcome and at >= 0)  # fmt: skip
        yield Quantity(
            f"{outcome}r2{outcome}", outcome, "r2", outcome, "", Scaled(group, everyone), Scaled(), Scaled(),
            everywhere, varies,
        )  # fmt: skip


def _mean(design: LatentDesign, whole: Everything, j: int) -> Quantity:
    """Return the groups' means of an eta; of a latent from the typical group's, of a variable on its own
    scale.
    """
    model, share = design.model, design.moments.share
    name = model.eta[j]
    centre = design.centre[model.observed.index(name)] if name in model.observed else 0.0
    value = whole.mean[:, :, j] + centre
    everyone = value @ share
    common = (value - everyone[:, None]) / whole.common[:, j, None]
    return Quantity(
        f"mean of {name}", name, "~1", "", "", Scaled(value, everyone), Scaled(), Scaled(common),
        np.ones(len(share), dtype=bool), True,
    )  # fmt: skip
