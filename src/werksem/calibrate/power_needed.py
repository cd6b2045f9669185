"""Power of a t-test by its noncentral distribution, and how many respondents or organisations it takes.

Degrees of freedom grow with the design: of a regression with k predictors they are u n - k - 1 at n
respondents, u the share of them in it; of an interval of f degrees in G organisations they are
f (G' - 1) / (G - 1) in G' such, which is G' - 1 where f is G - 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Sample", "clusters_needed", "respondents_needed", "t_df", "t_power"]

ENOUGH = 0.80
# from here on t is normal to five decimals
NORMAL = 100_000.0
MOST = 2**40
FAR = 8.0


@dataclass(frozen=True, slots=True)
class Sample:
    """The difference to be seen, in n respondents, who come in ``clusters`` or alone (None).

    A regression loses ``lost`` degrees of freedom, one for each predictor and one.
    """

    difference: float
    n: int
    clusters: int | None = None
    lost: int = 1


def t_df(times: float, level: float) -> float:
    """Return the degrees of freedom of an interval of ± ``times`` errors; infinite at or below the normal's.

    >>> round(t_df(2.262157, 0.95)), t_df(1.959964, 0.95)
    (9, inf)
    """
    from scipy.special import ndtri, stdtridf

    tail = (1 + level) / 2
    if times <= float(ndtri(tail)) * (1 + 1e-6):
        return math.inf
    return float(stdtridf(tail, times))


def t_power(shift: float, df: float, level: float = 0.95) -> float:
    """Return the power of a two-sided t-test whose estimate lies ``shift`` errors from nothing.

    P(|T| > t) with T noncentral t of ``df`` degrees of freedom; normal where they are many, NaN without any.

    >>> round(t_power(2.8016, float("inf")), 3), round(t_power(0.0, 9.0), 3)
    (0.8, 0.05)
    >>> round(t_power(2.8016, 9.0), 3)
    0.704
    """
    from scipy.special import ndtr, ndtri, stdtrit
    from scipy.stats import nct

    tail = (1 + level) / 2
    if not df > 0:
        return math.nan
    if df >= NORMAL:
        z = float(ndtri(tail))
        return float(ndtr(shift - z) + ndtr(-shift - z))
    t = float(stdtrit(df, tail))
    # the far side is below 1e-16 there, and scipy returns NaN
    far = 0.0 if shift > FAR else float(nct.cdf(-t, df, shift))
    return float(nct.sf(t, df, shift)) + far


def respondents_needed(sample: Sample, se: float, df: float, level: float = 0.95) -> float:
    """Return the respondents who give a power of 80 %, where n of them leave an error of ``se`` and ``df``.

    There is at least one degree of freedom.

    >>> respondents_needed(Sample(0.05, 900), 0.02, float("inf"))
    1131.0
    >>> respondents_needed(Sample(0.9, 60, lost=4), 0.02, 56.0)
    6.0
    """
    shift = sample.difference / se / math.sqrt(sample.n)
    each = (df + sample.lost) / sample.n
    # rounded: of 1 + 4 lost 5.0000001 are 5
    least = max(2, math.ceil((1 + sample.lost) / each - 1e-6))
    return _first(lambda n: t_power(shift * math.sqrt(n), max(each * n - sample.lost, 1.0), level), least)


def clusters_needed(sample: Sample, se: float, df: float, level: float = 0.95) -> float:
    """Return the organisations, as large as those there are, that give a power of 80 %: at least 2.

    There is at least one degree of freedom. NaN where there is one organisation, or none: it does not say
    how they differ.

    >>> clusters_needed(Sample(0.05, 900, 10), 0.02, 9.0), clusters_needed(Sample(0.05, 900, 10), 0.02, 3.0)
    (15.0, 19.0)
    """
    if sample.clusters is None or sample.clusters < 2:
        return math.nan
    shift, each = sample.difference / se / math.sqrt(sample.clusters), df / (sample.clusters - 1)
    least = max(2, 1 + math.ceil(1 / each - 1e-6))
    return _first(lambda many: t_power(shift * math.sqrt(many), max(each * (many - 1), 1.0), level), least)


def _first(power: Callable[[int], float], least: int) -> float:
    """Return the smallest whole number from ``least`` on with a power of 80 %, NaN beyond 2^40."""
    low, high = least - 1, least
    while not power(high) >= ENOUGH:
        low, high = high, 2 * high
        if high > MOST:
            return math.nan
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle) >= ENOUGH else (middle, high)
    return float(high)
