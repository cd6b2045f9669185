"""Are ranks uniform? By counts in bins, and by the simultaneous band around their empirical distribution."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["band", "chi_square", "ecdf_difference", "ecdf_power", "ecdf_pvalue"]

Array = NDArray[np.float64]
Ranks = NDArray[np.int64]
SMALLEST = 1e-15  # a p-value below it is rounding
NOTHING = 1e-25  # of a step of the walk


def chi_square(ranks: Ranks, kept: int) -> tuple[float, int, float]:
    """Return Pearson's chi-square of ranks 0 … ``kept`` in equal bins, its df and p-value.

    As many bins, of 20, 10 and 5, as leave at least five surveys per bin, else two. Raises ``ValueError``
    where ``kept`` + 1 ranks do not fall into equal bins.

    >>> chi_square(np.arange(120), 119)[:2]
    (0.0, 19)
    """
    from scipy import stats

    bins = next((b for b in (20, 10, 5) if len(ranks) >= 5 * b), 2)
    if (kept + 1) % bins:
        raise ValueError(f"{kept + 1} ranks do not fall into {bins} equal bins")
    counts = np.bincount(ranks * bins // (kept + 1), minlength=bins)
    found = stats.chisquare(counts)
    return float(found.statistic), bins - 1, float(found.pvalue)


def ecdf_difference(ranks: Ranks, kept: int) -> Array:
    """Return (kept + 1,) the share of ranks <= r less that of a uniform one, (r + 1) / (kept + 1).

    >>> ecdf_difference(np.array([0, 0]), 3).tolist()
    [0.75, 0.5, 0.25, 0.0]
    """
    counts = np.bincount(ranks, minlength=kept + 1).cumsum()
    return np.asarray(counts / len(ranks) - np.arange(1, kept + 2) / (kept + 1))


def ecdf_pvalue(ranks: Ranks, kept: int) -> float:
    """Return the p-value of uniform ranks by the simultaneous band around their ECDF, exact.

    The ECDF at each rank is binomial; the statistic is the smallest of the pointwise tail probabilities
    (Säilynoja, Bürkner and Vehtari 2022, section 2). The band of level a contains the ECDF if and only if
    this p-value is above 1 - a.

    >>> 0 < ecdf_pvalue(np.zeros(50, dtype=int), 119) < 1e-10
    True
    """
    counts = np.bincount(ranks, minlength=kept + 1)[:kept].cumsum()
    tails = _tails(len(ranks), kept)
    return max(1 - _inside(len(ranks), kept, float(tails[np.arange(kept), counts].min())), SMALLEST)


def band(surveys: int, kept: int, level: float = 0.95) -> tuple[Array, Array]:
    """Return (kept + 1,) the lower and upper limits of the ECDF's difference, simultaneous at ``level``.

    >>> low, high = band(100, 119)
    >>> bool(low[-1] == high[-1] == 0.0), bool((low <= 0).all() and (high >= 0).all())
    (True, True)
    """
    allowed = _tails(surveys, kept) > _critical(surveys, kept, level)
    first = np.append(allowed.argmax(axis=1), surveys)
    last = np.append(surveys - allowed[:, ::-1].argmax(axis=1), surveys)
    at = np.arange(1, kept + 2) / (kept + 1)
    return first / surveys - at, last / surveys - at


def ecdf_power(law: Array, surveys: int, level: float) -> float:
    """Return the chance that ranks with probabilities ``law`` (kept + 1,) leave the band of ``level``, exact.

    >>> round(ecdf_power(np.full(120, 1 / 120), 50, 0.95), 2)
    0.05
    """
    kept = len(law) - 1
    allowed = _tails(surveys, kept) > _critical(surveys, kept, level)
    return 1 - _walked(surveys, law, allowed)


@cache
def _critical(surveys: int, kept: int, level: float) -> float:
    """Return the largest tail probability that a uniform ECDF goes below seldom enough."""
    values = np.unique(_tails(surveys, kept))
    low, high = 0, len(values) - 1
    while high - low > 1:
        middle = (low + high) // 2
        outside = 1 - _inside(surveys, kept, float(values[middle]))
        low, high = (middle, high) if outside <= 1 - level else (low, middle)
    return float(values[low])


def _inside(surveys: int, kept: int, tail: float) -> float:
    """Return the probability that a uniform ECDF has tail probabilities above ``tail`` at every rank."""
    return _walked(surveys, np.full(kept + 1, 1 / (kept + 1)), _tails(surveys, kept) > tail)


def _walked(surveys: int, law: Array, allowed: NDArray[np.bool_]) -> float:
    """Return the probability that cumulative counts of ranks stay ``allowed`` (kept, surveys + 1).

    Counts of ranks are independent Poissons given their sum, so cumulative counts are a random walk whose
    paths are summed step by step, those outside left out.
    """
    from scipy import stats

    at = np.arange(surveys + 1)
    steps = stats.poisson.pmf(at, surveys * law[:, None])
    walk = np.zeros(surveys + 1)
    walk[0] = 1.0
    for step, here in zip(steps, allowed, strict=False):
        some = step[: 1 + int(np.flatnonzero(step > NOTHING).max(initial=0))]
        walk = np.convolve(walk, some)[: surveys + 1] * here
    return float(walk @ steps[-1][::-1]) / float(stats.poisson.pmf(surveys, surveys))


@cache
def _tails(surveys: int, kept: int) -> Array:
    """Return (kept, surveys + 1) the smaller tail probability of every count at every rank."""
    from scipy import stats

    law = stats.binom(surveys, np.arange(1, kept + 1)[:, None] / (kept + 1))
    at = np.arange(surveys + 1)
    return np.asarray(np.minimum(law.cdf(at), law.sf(at - 1)))
