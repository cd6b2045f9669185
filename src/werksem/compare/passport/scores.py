"""Regressions on scale means as rungs of a ladder: of their own rows, or of anyone's covariances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.compare.passport.records import Rung
from werksem.compare.passport.regressions import betas
from werksem.compare.passport.samples import Draws, Sample, resampled, sample_of
from werksem.inference.reliability import alpha
from werksem.inputs import Inputs
from werksem.moments import moments
from werksem.reliabilities import stated_reliabilities
from werksem.resampling.products import squares
from werksem.spec.types import ModelSpec
from werksem.survey.moments_input import scale_weights

__all__ = ["Covs", "Regression", "of_covs", "of_items", "of_own_rows", "reliabilities"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Regression:
    """One regression: its outcome, its predictors, and those of them that a publication is taken to have."""

    outcome: str
    predictors: tuple[str, ...]
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Covs:
    """Covariances (p, p) of named variables, those of all resamples (R, p, p) or None, and n respondents."""

    names: tuple[str, ...]
    cov: Array
    drawn: Array | None
    n: float


def of_own_rows(
    name: str, inputs: Inputs, regressions: Sequence[Regression], draws: Draws | None, *,
    weighted: bool = True,
) -> tuple[Rung, tuple[Sample, ...]]:  # fmt: skip
    """Return the rung of regressions as a publication made them, and the rows that each of them has."""
    if inputs.scores is None:
        raise ValueError("regressions on their own rows take respondents")
    samples = tuple(
        sample_of(inputs, inputs.scores[[*r.first, r.outcome]].to_numpy(dtype=float), weighted=weighted)
        for r in regressions
    )
    drawn = [None] * len(samples) if draws is None else resampled(draws, samples)
    found = []
    for r, sample, again in zip(regressions, samples, drawn, strict=True):
        names = (*r.first, r.outcome)
        own = moments(sample.rows, names, weights=sample.weights)
        covs = None if again is None else squares(again[1], np.tril_indices(len(names)))
        found.append(Covs(names, own.cov, covs, float(len(sample.rows))))
    return _rung(name, regressions, found, first=True), samples


def of_covs(name: str, regressions: Sequence[Regression], covs: Covs, *, first: bool) -> Rung:
    """Return the rung of regressions from one set of covariances, with the ``first`` predictors or all."""
    return _rung(name, regressions, [covs] * len(regressions), first=first)


def of_items(items: Covs, spec: ModelSpec) -> Covs:
    """Return the covariances W S W' of scale means and plain columns from those of items without blanks."""
    names, W = scale_weights(items.names, spec)
    drawn = None if items.drawn is None else W @ items.drawn @ W.T
    return Covs(names, W @ items.cov @ W.T, drawn, items.n)


def reliabilities(items: Covs, covs: Array, scores: Sequence[str], spec: ModelSpec) -> Array:
    """Return the reliability (…, s) of scores from covariances ``covs`` (…, p, p) of the items.

    Cronbach's (1951) alpha of a scale, of a second-order one that of the scale means in it; what the model
    file states of a single item, else 1. NaN for a scale that moments are given of without its items.
    """
    stated, found = stated_reliabilities(spec), []
    for name in scores:
        scale = spec.scale(name)
        if scale is None or len(scale.items) == 1:
            found.append(np.full(covs.shape[:-2], stated.get(name, 1.0)))
            continue
        if name in items.names:
            found.append(np.full(covs.shape[:-2], np.nan))
            continue
        known, W = scale_weights(items.names, spec)
        every = {
            **dict(zip(items.names, np.eye(len(items.names)), strict=True)),
            **dict(zip(known, W, strict=True)),
        }
        part = np.array([every[item] for item in scale.items])
        found.append(alpha(part @ covs @ part.T))
    return np.stack(found, axis=-1)


def _rung(name: str, regressions: Sequence[Regression], covs: Sequence[Covs], *, first: bool) -> Rung:
    est, drawn, n = [], [], []
    for r, found in zip(regressions, covs, strict=True):
        used = r.first if first else r.predictors
        here = [r.predictors.index(one) for one in used]
        at = [found.names.index(one) for one in used]
        outcome = found.names.index(r.outcome)
        est.append(_spread(betas(found.cov, at, outcome), here, len(r.predictors)))
        n.append(np.full(len(r.predictors), found.n))
        if found.drawn is not None:
            drawn.append(_spread(betas(found.drawn, at, outcome), here, len(r.predictors)))
    whole = np.concatenate(drawn, axis=-1) if drawn else None
    return Rung(name, np.concatenate(est), np.concatenate(n), whole)


def _spread(values: Array, at: Sequence[int], k: int) -> Array:
    """Return values (…, used) at their places among k, NaN at the others."""
    out = np.full((*values.shape[:-1], k), np.nan)
    out[..., at] = values
    return out
