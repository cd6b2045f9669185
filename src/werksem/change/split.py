"""The change of a standardised path between two waves, split into what made it.

Four things can be taken from either wave: the shares of the groups (mix), the loadings and errors of the
items, the spread of the latent variables, and the unstandardised paths. Each one's part is what it
changes on average over all orders of changing them (Shapley, 1953), so parts sum to the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.bootstrap.refit import build_refitter, refit
from werksem.change.metric import loading_errors, loadings_metric
from werksem.change.mixture import GroupTotals, mixed, own_shares, shares_for, totals
from werksem.change.parts import (
    Parts,
    beta_of_latents,
    beta_of_scores,
    parts_of,
    standardised_betas,
)
from werksem.change.waves import Wave
from werksem.estimators.ml import TOLERANCE
from werksem.inference.shapley import shapley
from werksem.model import LAMBDA
from werksem.resampling.draws import block_size, multipliers
from werksem.resampling.products import squares
from werksem.spec.equations import equations
from werksem.spec.types import Equation
from werksem.survey.moments_input import scale_weights

__all__ = ["COMPONENTS", "Drawn", "Split", "as_drawn", "drawn", "splits"]

Array = NDArray[np.float64]
COMPONENTS = ("mix", "loadings", "variances", "path")
Pairs = tuple[tuple[Array, Array], tuple[Array, Array]]  # by wave, then by whose shares of the groups
WAYS = {"ols": beta_of_scores, "sem": beta_of_latents}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A wave's estimates over R resamples (or the sample itself): theta (2, R, q) and moments.

    At the first wave's shares of the groups, then at the second's; ``flat`` (R, p(p+1)/2) are the
    covariances at its own. Resamples without a solution are NaN.
    """

    theta: Array
    flat: Array


@dataclass(frozen=True, slots=True)
class Split:
    """One path's change: ``before`` and ``after`` (R,) and parts (R, 5) as ``COMPONENTS`` and a rest."""

    engine: str
    outcome: str
    predictor: str
    before: Array
    after: Array
    parts: Array


def as_drawn(first: Wave, second: Wave) -> tuple[Drawn, Drawn]:
    """Return both waves' estimates of the samples as they are (R = 1)."""
    once = tuple(np.ones((1, wave.resampling.groups[0].count)) for wave in (first, second))
    return _solved(first, second, totals(first.source, once[0]), totals(second.source, once[1]))


def drawn(first: Wave, second: Wave, replicates: int) -> tuple[Drawn, Drawn]:
    """Return both waves' estimates of resamples, each wave drawn by itself in its own design."""
    found = [_resampled(wave, replicates) for wave in (first, second)]
    return _solved(first, second, *found)


def _resampled(wave: Wave, replicates: int) -> GroupTotals:
    block, count = block_size(wave.resampling), wave.resampling.groups[0].count
    parts = []
    for begin in range(0, replicates, block):
        size = min(block, replicates - begin)
        counts = multipliers(wave.resampling, 0, begin, size)[:size, :count]
        parts.append(totals(wave.source, counts.astype(float)))
    return GroupTotals(*(np.concatenate([getattr(p, n) for p in parts]) for n in ("weight", "averages")))


def _solved(first: Wave, second: Wave, one: GroupTotals, two: GroupTotals) -> tuple[Drawn, Drawn]:
    """Return the refits of both waves at either wave's shares of the groups."""
    shares = own_shares(one), own_shares(two)
    theirs = (
        shares_for(first.source.labels, second.source.labels, shares[1]),
        shares_for(second.source.labels, first.source.labels, shares[0]),
    )
    return (
        _refits(first, one, shares[0], theirs[0], swap=False),
        _refits(second, two, shares[1], theirs[1], swap=True),
    )


def _refits(wave: Wave, found: GroupTotals, own: Array, other: Array, *, swap: bool) -> Drawn:
    """Return a wave's refits at its own shares and at the other's; ``swap`` puts the other's first."""
    refitter = build_refitter(wave.model, [wave.moments], wave.fit)
    thetas, flats = [], []
    for shares in (own, other):
        mean, flat = mixed(wave.source, found, shares)
        theta = np.full((len(flat), len(wave.fit.theta)), np.nan)
        usable = np.isfinite(flat).all(axis=1)
        if usable.any():
            solved, gradient = refit(refitter, mean[usable, None], flat[usable, None])
            solved[~(gradient < TOLERANCE)] = np.nan
            theta[usable] = solved
        thetas.append(theta)
        flats.append(flat)
    return Drawn(np.stack(thetas[::-1] if swap else thetas), flats[0])


def splits(first: Wave, second: Wave, one: Drawn, two: Drawn) -> Iterator[Split]:
    """Yield every path between measured variables: of scale means (``ols``), then of latents (``sem``).

    Without shared groups, or with one, the composition cannot change: mix is 0.
    """
    mixes = len(set(first.source.labels) & set(second.source.labels)) > 1
    theta = ((one.theta[0], one.theta[1 if mixes else 0]), (two.theta[0 if mixes else 1], two.theta[1]))
    names, weights = scale_weights(first.model.observed, first.spec)
    units = _units(first, second, theta)
    for engine, beta in WAYS.items():
        for equation in _measured(first, names):
            terms = (*equation.predictors, equation.outcome)
            W = weights[[names.index(name) for name in terms]]
            parts = [
                [parts_of(wave.model, at, unit, W, equation) for at, unit in zip(pair, own, strict=True)]
                for wave, pair, own in zip((first, second), theta, units, strict=True)
            ]
            values = _coalitions(beta, parts)
            seen = None
            if engine == "ols":
                seen = [_observed(first, drawn.flat, W) for drawn in (one, two)]
            yield from _one(engine, equation, values, seen)


def _units(first: Wave, second: Wave, theta: Pairs) -> Pairs:
    """Return the units (R, m) of the latents of both waves at either mix, beside the first's at its own.

    Either wave at the other's shares is set beside itself at its own, then the waves at their own shares
    side by side, so that the waves in reversed order have the same units but for a constant.
    """
    errors = np.hypot(*(loading_errors(wave.model, wave.moments, wave.fit) for wave in (first, second)))
    between = loadings_metric(second.model, theta[1][1], theta[0][0], errors)
    return (
        (np.zeros_like(between), loadings_metric(first.model, theta[0][1], theta[0][0], errors)),
        (between + loadings_metric(second.model, theta[1][0], theta[1][1], errors), between),
    )


def _coalitions(beta: Callable[[Parts, Parts, Parts], Array], parts: list[list[Parts]]) -> Array:
    """Return the betas (R, k, 16) of every choice of wave for mix, loadings, variances and path."""
    every = [(m, a, v, b) for m in (0, 1) for a in (0, 1) for v in (0, 1) for b in (0, 1)]
    return np.stack([beta(parts[a][m], parts[v][m], parts[b][m]) for m, a, v, b in every], axis=-1)


def _one(engine: str, equation: Equation, values: Array, seen: list[Array] | None) -> Iterator[Split]:
    """Yield the paths of one equation; what the model does not reproduce of ``seen`` is the rest."""
    parts = shapley(values)
    before, after = (values[..., 0], values[..., -1]) if seen is None else seen
    rest = (after - before) - (values[..., -1] - values[..., 0])
    for k, predictor in enumerate(equation.predictors):
        whole = np.concatenate([parts[:, k], rest[:, k, None]], axis=1)
        yield Split(engine, equation.outcome, predictor, before[:, k], after[:, k], whole)


def _observed(wave: Wave, flat: Array, W: Array) -> Array:
    """Return the betas (R, k) of the scale means as they are."""
    cov = squares(flat, np.tril_indices(len(wave.model.observed)))
    return standardised_betas(W @ cov @ W.T)


def _measured(wave: Wave, scored: tuple[str, ...]) -> Iterator[Equation]:
    """Yield the regressions whose variables all have scale means and loadings of their own."""
    loaded = {wave.model.eta[k] for k in wave.model.cells[0].col[wave.model.cells[0].matrix == LAMBDA]}
    for equation in equations(wave.spec):
        if {*equation.predictors, equation.outcome} <= loaded & set(scored):
            yield equation
