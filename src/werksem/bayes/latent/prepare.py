"""From respondents to the arrays of a latent-variable posterior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from werksem.bayes.latent.design import LatentDesign, latent_design
from werksem.bayes.latent.groups import group_moments
from werksem.bayes.latent.links import model_links
from werksem.bayes.latent.parameters import names, with_latent_means
from werksem.bayes.latent.units import unit_means
from werksem.bayes.priors import given_priors
from werksem.bayes.statistics import group_labels
from werksem.errors import DataError
from werksem.rows import Options
from werksem.spec.study import Bayes
from werksem.spec.types import ModelSpec

__all__ = ["prepared"]


def prepared(
    spec: ModelSpec, items: pd.DataFrame, group: pd.Series | None, weights: pd.Series | None, settings: Bayes,
    options: Options, *, freed: Sequence[str] = (), nested: pd.Series | None = None,
) -> LatentDesign:  # fmt: skip
    """Return the arrays for the rows that answer every item of the model; ``freed`` items differ between
    groups.

    ``nested`` labels units within groups, in which ``settings.vary_nested`` differ; rows without one are left
    out.
    Raises ``DataError`` where no row is complete or an item does not vary, ``SpecError`` for what the level
    cannot do.
    """
    spec = _anchored(spec, freed) if options.scaling == "marker" else spec
    model = with_latent_means(spec, options)
    values = items[list(model.observed)].to_numpy(dtype=float)
    labels, code = group_labels(group, len(values))
    keep = np.isfinite(values).all(axis=1) & (code >= 0)
    complete = int(keep.sum())
    if nested is not None:
        keep &= nested.notna().to_numpy()
    if keep.sum() < 2:
        what = f"all {len(model.observed)} items of the model{'' if nested is None else ' and have a unit'}"
        raise DataError(f"bayes: {int(keep.sum())} rows answer {what}")
    for name, column in zip(model.observed, values[keep].T, strict=True):
        if np.ptp(column) == 0:
            raise DataError(f"bayes: {name!r} is {column[0]:g} in all complete rows", where=name)
    weight = None if weights is None else weights.to_numpy(dtype=float)[keep]
    found = group_moments(values[keep], labels, code[keep], weight)
    if nested is not None:
        at = np.array([found.groups.index(labels[c]) for c in code[keep]], np.int64)
        units = unit_means(values[keep], at, nested[keep].tolist(), found.n, found.mean, weight)
        found = replace(found, units=replace(units, without=complete - len(at)))
    links = model_links(model)
    residuals = [row.lhs for row in model.rows if row.op == "~~" and row.lhs == row.rhs and not row.exo]
    given = given_priors(settings.priors, names(model, links), residuals)
    return latent_design(
        spec, options, found, settings.vary, given, freed=freed, vary_nested=settings.vary_nested
    )


def _anchored(spec: ModelSpec, freed: Sequence[str]) -> ModelSpec:
    """Return the model with another item for its scale where the marker of a latent is freed.

    A latent whose scale the model itself sets keeps it.
    """
    statements = list(spec.statements)
    for latent in dict.fromkeys(s.lhs for s in statements if s.op == "=~"):
        own = [at for at, s in enumerate(statements) if s.op == "=~" and s.lhs == latent]
        shared = [at for at in own if statements[at].rhs not in freed]
        plain = not any(statements[at].fixed or statements[at].free or statements[at].start for at in own)
        if plain and shared and shared[0] != own[0]:
            statements[own[0]] = replace(statements[own[0]], free=True)
            statements[shared[0]] = replace(statements[shared[0]], fixed=(1.0,))
    return replace(spec, statements=tuple(statements))
