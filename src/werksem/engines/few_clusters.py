"""Sentences on standard errors by cluster that rest on few clusters.

With unequal clusters, or few that a predictor differs between, G clusters count as fewer (Carter,
Schnepel & Steigerwald, 2017). Satterthwaite's degrees of freedom of a coefficient say how many:
below 4 not even CR2's p-values can be relied on (Tipton, 2015). z for clusters wants 50 or so
(Cameron & Miller, 2015). Where one cluster has nearly all that is known of a path, or is the only one
treated, no sandwich sees how that cluster might have been (MacKinnon & Webb, 2018). Of a SEM, n² / sum n_g²
counts the clusters of like size that would say as much.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.ols import OlsFit
from werksem.sem_data import SemData, cluster_codes

__all__ = ["few_clusters", "few_clusters_of_sem"]

# degrees of freedom that are few; how far t may stretch beyond that of clusters less one; CR2's own floor
FEW, STRETCH, FLOOR = 10.0, 1.05, 4.0
# clusters that z takes for many; with 14 in effect of 61 its 95 % intervals hold 91 % of the time, with 41
# of 80 93 %, with 72 of 150 94 % (simulated), as with as many of one size
MANY = 50
# the share of one cluster in the variance of a path from which its standard error says little
ALONE = 0.75
SHOWN = 8
# degrees of freedom are whole up to rounding: 0.99999999999999 is 1
ROUNDING = 1e-6


def few_clusters(fits: Sequence[OlsFit], se: str) -> tuple[str, ...]:
    """Return what a reader must know of regressions with standard errors by cluster; empty of others.

    Paths with few degrees of freedom in effect, and regressions with no fewer coefficients than clusters.
    """
    said = [
        f"ols: {fit.outcome} has {len(fit.predictors) + 1} coefficients and {fit.clusters} clusters: the "
        f"rank of their covariances is {fit.clusters - 1} at most; tests of all of them together say nothing"
        for fit in fits
        if fit.clusters and len(fit.predictors) >= fit.clusters - 1
    ]
    alone = [
        f"{fit.outcome} ~ {name} {100 * share:.0f}%"
        for fit in fits
        for name, share, alone in zip(fit.predictors, fit.largest_cluster, _alone(fit), strict=True)
        if alone
    ]
    if alone:
        named = _listed(alone)
        said.append(
            f"ols: one cluster has most, or one side, of what is known of {named}; no errors by cluster hold "
            "there"
        )
    found = [path for fit in fits if fit.clusters for path in _few(fit, se)]
    if not found:
        return tuple(said)
    named = _listed(found)
    if se == "CR2":
        said.append(
            f"ols: CR2 has fewer than {FLOOR:g} degrees of freedom for {named}; their p-values are rough"
        )
    else:
        said.append(
            f"ols: few clusters in effect, in whole degrees of freedom: {named}; intervals by t with "
            "clusters less one are too short there, right is ols.se: CR2"
        )
    return tuple(said)


def _listed(found: Sequence[str]) -> str:
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return ", ".join(found[:SHOWN]) + more


def _alone(fit: OlsFit) -> NDArray[np.bool_]:
    """Return the paths (k,) of which one cluster has nearly all, or one of the two values, to itself."""
    return (fit.largest_cluster > ALONE) | fit.single_cluster


def _few(fit: OlsFit, se: str) -> list[str]:
    """Return the paths of a regression that few clusters, not one, tell of, with their degrees of freedom."""
    from scipy.special import stdtrit

    most = fit.clusters - 1.0
    df = fit.effective_df
    # of one cluster alone, say, there is no variance, and no degrees of freedom
    known = np.where(np.isfinite(df), df, 0.0)
    if se == "CR2":
        few = known < FLOOR
    else:
        safe = np.maximum(known, 1.0)
        few = (known < FEW) | (stdtrit(safe, 0.975) > STRETCH * stdtrit(most, 0.975))
    return [
        f"{fit.outcome} ~ {name} {int(value + ROUNDING)}/{most:g}"
        for name, value, chosen in zip(fit.predictors, known, few & ~_alone(fit), strict=True)
        if chosen
    ]


def few_clusters_of_sem(data: SemData, method: str, parameters: int) -> tuple[str, ...]:
    """Return what a reader must know of a SEM's standard errors by cluster; empty of others.

    ``method`` is that of the standard errors, ``parameters`` how many are estimated.

    >>> codes = (np.array([0, 1, 2, 2, 3, 3, 3]),)
    >>> few_clusters_of_sem(SemData(("all",), clusters=codes), "cluster", 2)[0][:68]
    'sem: standard errors rest on 4 clusters, 3 in effect by their sizes,'
    """
    if method != "cluster":
        return ()
    sizes = _sizes(data)
    # in whole numbers: Σn² of few clusters tells their sizes
    count, effective = len(sizes), round(float(sizes.sum() ** 2 / (sizes**2).sum()))
    if effective >= MANY:
        return ()
    more = (
        f"; its {parameters} parameters are no fewer, so tests of many of them together say nothing"
        if parameters >= count - 1
        else ""
    )
    return (
        f"sem: standard errors rest on {count} clusters, {effective} in effect by their sizes, and z "
        f"takes them for many ({MANY} or more): intervals may be too short{more}",
    )


def _sizes(data: SemData) -> NDArray[np.float64]:
    """Return the respondents (G,), or their weights, of every cluster over all groups."""
    codes = cluster_codes(data)
    if data.patterns is not None:
        codes = [code[part.order] for code, part in zip(codes, data.patterns, strict=True)]
        weights = [part.weights for part in data.patterns]
    else:
        people = data.respondents or ()
        weights = [np.ones(len(g.rows)) if g.weights is None else g.weights for g in people]
    _, code = np.unique(np.concatenate(codes), return_inverse=True)
    return np.bincount(code, weights=np.concatenate(weights) if weights else None).astype(float)
