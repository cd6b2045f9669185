"""Posterior predictive checks per group: would the model bring forth the moments that were found?

Each draw of the posterior gives one replicate of every group's moments (Rubin 1984; Gelman, Meng and
Stern 1996). ``ppp`` is the posterior predictive p-value, the share of replicates above what was
observed, ties counting half: near 0 or 1 the model misses it. It is no test: for what the model has
parameters for, it is near one half whatever the truth.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.checks.replicates import replicated_cov, replicated_mean, replicated_share, thinned

__all__ = ["COLUMNS", "MOST", "predictive_table", "rows_of"]

Array = NDArray[np.float64]
COLUMNS = (
    "engine", "group", "statistic", "variable", "observed", "predicted", "ci_lower", "ci_upper", "ppp",
)  # fmt: skip
MOST = 400
LEVEL = 0.95
Row = tuple[str, str, str, str, float, float, float, float, float]


def predictive_table(
    names: Sequence[str], groups: Sequence[str], n: Array, mean: Array, cov: Array, shares: Array,
    mu: Array, Sigma: Array, cuts: Array, rng: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    """Return rows of ``predictive.csv`` for normal items: mean, sd, top2box per item, covariance per group.

    Observed in G groups of ``n`` (G,) respondents: ``mean``, ``shares`` (G, p), ``cov`` (G, p, p) with
    divisor n - 1; ``shares`` are those at or above the category that ``cuts`` (p,) lies just below (NaN
    for none). Draws: ``mu`` (S, G, p), ``Sigma`` (S, G, p, p), of which at most ``MOST`` are used.
    ``covariance`` is the root mean square of the off-diagonal differences between sample and model,
    divided by the model's standard deviations; it depends on the draw, so ``observed`` is its mean over
    the draws. Groups without respondents have no rows, groups of one no sd and no covariance.
    """
    keep = thinned(len(mu), MOST)
    rows: list[Row] = []
    for g, group in enumerate(groups):
        if n[g] > 0:
            seen = (float(n[g]), mean[g], cov[g], shares[g])
            rows += _of_group(group, names, seen, mu[keep, g], Sigma[keep, g], cuts, rng)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of_group(
    group: str, names: Sequence[str], seen: tuple[float, Array, Array, Array], mu: Array, Sigma: Array,
    cuts: Array, rng: np.random.Generator,
) -> Iterator[Row]:  # fmt: skip
    n, mean, cov, shares = seen
    variance = np.diagonal(Sigma, axis1=1, axis2=2)
    yield from rows_of(group, "mean", names, mean, replicated_mean(mu, variance, n, rng))
    if n > 1:
        found = replicated_cov(Sigma, n, rng)
        sd = np.sqrt(np.diagonal(found, axis1=1, axis2=2))
        yield from rows_of(group, "sd", names, np.sqrt(np.diag(cov)), sd)
        if len(names) > 1:
            yield _covariance(group, _distance(cov[None], Sigma), _distance(found, Sigma))
    _, share = replicated_share(mu, variance, cuts, n, rng)
    yield from rows_of(group, "top2box", names, shares, share)


def rows_of(
    group: str, statistic: str, names: Sequence[str], observed: Array, replicated: Array
) -> Iterator[Row]:
    """Yield a row per variable, from observed (p,) and replicates (S, p); none where either is NaN."""
    tail = (1 - LEVEL) / 2
    for k, name in enumerate(names):
        found, drawn = float(observed[k]), replicated[:, k]
        if np.isfinite(found) and np.isfinite(drawn).all():
            low, high = np.quantile(drawn, [tail, 1 - tail])
            ppp = np.mean(drawn > found) + np.mean(drawn == found) / 2
            yield ("bayes", group, statistic, name, found, float(drawn.mean()), low, high, float(ppp))


def _distance(cov: Array, Sigma: Array) -> Array:
    """Return (S,) root mean squares of the standardised off-diagonal differences."""
    sd = np.sqrt(np.diagonal(Sigma, axis1=1, axis2=2))
    off = (cov - Sigma) / (sd[:, :, None] * sd[:, None, :])
    below = np.tril_indices(Sigma.shape[1], -1)
    return np.asarray(np.sqrt(np.mean(off[:, below[0], below[1]] ** 2, axis=1)))


def _covariance(group: str, observed: Array, replicated: Array) -> Row:
    low, high = np.quantile(replicated, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    ppp = float(np.mean(replicated >= observed))
    means = float(observed.mean()), float(replicated.mean())
    return ("bayes", group, "covariance", "", *means, float(low), float(high), ppp)
