"""Leaving respondents out, one at a time, by Pareto-smoothed importance sampling (PSIS-LOO).

No refit: a draw counts for respondent i with 1 / p(y_i | draw), smoothed in its tail (Vehtari, Gelman and
Gabry 2017; Vehtari et al. 2024). A respondent's k tells how far that can be trusted; above ``limit_of`` the
estimate may be too good. Blocks of respondents go by, so no array has a number per respondent and draw.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import logsumexp

from werksem.bayes.sample import third_party_warnings

__all__ = ["COLUMNS", "MOST", "Pointwise", "limit_of", "loo_rows", "psis_loo"]

Array = NDArray[np.float64]
COLUMNS = (
    "engine", "variable", "group", "n", "elpd", "se", "p_loo", "per_respondent", "k_max", "k_high", "k_limit",
)  # fmt: skip
MOST = 1000
BLOCK = 2000


@dataclass(frozen=True, slots=True)
class Pointwise:
    """Per respondent (N,): the log predictive density without it, how much its own data adds, and Pareto's k.

    NaN for respondents without a density; ``draws`` is how many draws were used.
    """

    elpd: Array
    gained: Array
    k: Array
    draws: int


def limit_of(draws: int) -> float:
    """Return the largest k that can be trusted with so many draws: min(1 - 1 / log10(S), 0.7).

    >>> limit_of(1000), round(limit_of(100), 2)
    (0.6666666666666667, 0.5)
    """
    return min(1 - 1 / float(np.log10(draws)), 0.7)


def psis_loo(density: Callable[[NDArray[np.int64]], Array], respondents: int) -> Pointwise:
    """Return PSIS-LOO of respondents 0 .. N - 1 in blocks.

    ``density`` maps places of respondents (B,) to their log densities per draw (B, S), NaN rows for those
    without. Draws count as independent, as they nearly are where they have been thinned.
    """
    import arviz as az

    elpd, gained, k = (np.full(respondents, np.nan) for _ in range(3))
    S = 0
    for start in range(0, respondents, BLOCK):
        places = np.arange(start, min(start + BLOCK, respondents))
        values = density(places)
        S = values.shape[1]
        known = np.isfinite(values[:, 0])
        values, places = values[known], places[known]
        if len(places) == 0:
            continue
        with third_party_warnings():
            weights, k[places] = az.psislw(-values)
        elpd[places] = logsumexp(weights + values, axis=1)
        gained[places] = logsumexp(values, axis=1) - np.log(S) - elpd[places]
    return Pointwise(elpd, gained, k, S)


def loo_rows(
    found: Pointwise, variable: str, groups: tuple[str, ...], code: NDArray[np.int64]
) -> pd.DataFrame:
    """Return rows of ``loo.csv``: everyone, then each group; respondents without a density are left out.

    ``elpd`` is the sum over the respondents, ``se`` sqrt(n var), ``p_loo`` the effective number of
    parameters, ``k_high`` how many have k above ``k_limit``.
    """
    known = np.isfinite(found.elpd)
    parts = [("all", known & (code >= 0))]
    if groups != ("all",):
        parts += [(group, known & (code == g)) for g, group in enumerate(groups)]
    limit = limit_of(found.draws)
    rows = [_row(found, rows, limit, variable, group) for group, rows in parts if rows.any()]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(
    found: Pointwise, rows: NDArray[np.bool_], limit: float, variable: str, group: str
) -> tuple[str | float, ...]:
    each, k = found.elpd[rows], found.k[rows]
    n, elpd = len(each), float(each.sum())
    se = float(np.sqrt(n * each.var())) if n > 1 else np.nan
    high = int((k > limit).sum())
    return ("bayes", variable, group, n, elpd, se, float(found.gained[rows].sum()), elpd / n, float(k.max()),
            high, limit)  # fmt: skip
