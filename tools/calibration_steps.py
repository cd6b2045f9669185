"""The steps of the calibration: thresholds from shares, latent means from marks, latent correlations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, least_squares
from scipy.special import ndtr, ndtri

from werksem.survey.ordinal import Array, cell_probabilities

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(81)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


@dataclass(frozen=True)
class Item:
    """One item of a scale: its loading and its thresholds in the direction of the construct."""

    loading: float
    thresholds: Array


def scale_distribution(items: Sequence[Item], mean: float, sd: float) -> tuple[Array, Array]:
    """Return the possible scale means (1-5 items) and their chances where the latent is normal(mean, sd)."""
    latent = mean + sd * NODES
    sums = np.ones((len(NODES), 1))
    for item in items:
        noise = np.sqrt(1 - item.loading**2)
        cells = cell_probabilities((item.thresholds - item.loading * latent[:, None]) / noise)
        longer = np.zeros((len(NODES), sums.shape[1] + 4))
        for c in range(5):
            longer[:, c : c + sums.shape[1]] += sums * cells[:, [c]]
        sums = longer
    chance = WEIGHTS @ sums
    return 1 + np.arange(len(chance)) / len(items), chance


def mean_sd(values: Array, chance: Array) -> tuple[float, float]:
    """Return the mean and standard deviation of a discrete distribution."""
    mean = float(chance @ values)
    return mean, float(np.sqrt(chance @ (values - mean) ** 2))


def share(values: Array, chance: Array, rule: str) -> float:
    """Return the share of a rule such as below_3, above_3.5 or upto_2.5."""
    side, at = rule.split("_")
    edge = float(at)
    chosen = {"below": values < edge - 1e-9, "above": values > edge + 1e-9, "upto": values <= edge + 1e-9}[
        side
    ]
    return float(chance[chosen].sum())


def scale_thresholds(
    loadings: Sequence[float], shifts: Sequence[float], target: Mapping[str, float], mean: float, sd: float
) -> Array:
    """Return the four thresholds (before the items' shifts) whose scale has this mean, sd and shares.

    Mean and sd weigh 30 times a share; a weak pull towards evenly spaced thresholds settles what
    the targets leave open.
    """

    def residuals(free: Array) -> Array:
        base = spread(free)
        items = [Item(a, base + b) for a, b in zip(loadings, shifts, strict=True)]
        values, chance = scale_distribution(items, mean, sd)
        m, s = mean_sd(values, chance)
        rules = [share(values, chance, rule) - t for rule, t in target.items() if rule not in ("mean", "sd")]
        return np.array(
            [30 * (m - target["mean"]), 30 * (s - target["sd"]), *rules, *(0.01 * np.diff(free[1:]))]
        )

    start = np.array([-1.9, np.log(0.9), np.log(0.9), np.log(1.2)])
    return spread(least_squares(residuals, start, xtol=1e-12, ftol=1e-12).x)


def spread(free: Array) -> Array:
    """Return ascending thresholds from the first one and the logs of the gaps."""
    return np.concatenate([free[:1], free[0] + np.cumsum(np.exp(free[1:]))])


def cell_thresholds(cells: Sequence[float], loading: float, share_: Array, mean: Array, sd: Array) -> Array:
    """Return the thresholds that give these shares of answers over groups with latent means and sds."""
    spread_ = np.sqrt((loading * sd) ** 2 + 1 - loading**2)
    wanted = np.cumsum(cells)[:-1] / np.sum(cells)

    def excess(threshold: float, below: float) -> float:
        return float(share_ @ ndtr((threshold - loading * mean) / spread_) - below)

    return np.array([brentq(excess, ndtri(b) - 2, ndtri(b) + 2, args=(b,), xtol=1e-12) for b in wanted])


def offset(value_at: Callable[[float], float], target: float) -> float:
    """Return the latent mean at which an increasing function reaches its target."""
    return float(brentq(lambda mean: value_at(mean) - target, -2.0, 2.0, xtol=1e-10))


def extended(
    core: Array, names: Sequence[str], extras: Mapping[str, Mapping[str, Mapping[str, float]]]
) -> Array:
    """Return the latent correlations with further variables: by paths (``from``) or given (``r``)."""
    R, known = core, list(names)
    for name, entry in extras.items():
        given = np.zeros(len(known))
        for other, value in (entry.get("from") or entry.get("r") or {}).items():
            given[known.index(other)] = value
        r = R @ given if "from" in entry else given
        if r @ np.linalg.solve(R, r) >= 0.99:
            raise SystemExit(f"{name}: these correlations are not possible together")
        R = np.block([[R, r[:, None]], [r[None, :], np.ones((1, 1))]])
        known.append(name)
    return R
