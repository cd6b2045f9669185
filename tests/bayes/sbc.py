"""Simulation-based calibration: draw parameters from the prior, data from the parameters, fit, and rank.

The rank of the truth among L independent draws of its posterior is uniform on 0 .. L, for every quantity,
if the program draws from the posterior it says (Cook, Gelman and Rubin 2006; Talts et al. 2018). Any level
of the posterior can be checked: give ``simulate`` and ``posterior``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TypeVar

import numpy as np
from scipy import stats

Data = TypeVar("Data")
Draws = Mapping[str, np.ndarray]  # of one number per draw, by name


def ranks(
    simulate: Callable[[int], tuple[Mapping[str, float], Data]], posterior: Callable[[Data], Draws],
    surveys: int, kept: int, *, first: int = 0,
) -> dict[str, np.ndarray]:  # fmt: skip
    """Return per quantity its rank (surveys,), 0 .. ``kept``, among draws thinned evenly to ``kept``.

    ``simulate(seed)`` returns the truth by name and the data; draws should be long enough that the thinned
    ones are nearly independent. Ties are broken at random.
    """
    found: dict[str, list[int]] = {}
    for seed in range(first, first + surveys):
        truth, data = simulate(seed)
        draws = posterior(data)
        rng = np.random.default_rng([seed, 99])
        for name, value in truth.items():
            places = np.linspace(0, len(draws[name]) - 1, kept).round().astype(int)
            thin = draws[name][places]
            below, tied = int((thin < value).sum()), int((thin == value).sum())
            found.setdefault(name, []).append(below + int(rng.integers(0, tied + 1)))
    return {name: np.array(values) for name, values in found.items()}


def chi_square(found: np.ndarray, kept: int, bins: int = 20) -> float:
    """Return the p-value of uniform ranks, by their counts in bins of equal size."""
    if (kept + 1) % bins:
        raise ValueError(f"{kept + 1} ranks do not fall into {bins} equal bins")
    counts = np.bincount(found * bins // (kept + 1), minlength=bins)
    return float(stats.chisquare(counts).pvalue)


def ecdf_band(found: np.ndarray, kept: int) -> float:
    """Return the p-value of uniform ranks, by the simultaneous band around their ECDF.

    The ECDF at each rank is binomial; the statistic is the smallest of its pointwise tail probabilities,
    whose distribution under uniformity is simulated (Säilynoja, Bürkner and Vehtari 2022, section 2).
    The band at level a contains the ECDF exactly if this p-value is above 1 - a.
    """
    null = _null(len(found), kept)
    return float((1 + np.sum(null <= _narrowest(found[None], kept)[0])) / (1 + len(null)))


@cache
def _null(surveys: int, kept: int, simulated: int = 4000) -> np.ndarray:
    rng = np.random.default_rng(2022)
    return _narrowest(rng.integers(0, kept + 1, (simulated, surveys)), kept)


def _narrowest(found: np.ndarray, kept: int) -> np.ndarray:
    """Return (M,) the smallest pointwise tail probability of the ECDFs of ranks (M, surveys)."""
    counts = np.stack([np.bincount(row, minlength=kept + 1)[:kept].cumsum() for row in found])
    return _tails(found.shape[1], kept)[np.arange(kept), counts].min(axis=1)


@cache
def _tails(surveys: int, kept: int) -> np.ndarray:
    """Return (kept, surveys + 1) the smaller tail probability of every count at every rank."""
    law = stats.binom(surveys, np.arange(1, kept + 1)[:, None] / (kept + 1))
    at = np.arange(surveys + 1)
    return np.minimum(law.cdf(at), law.sf(at - 1))
