"""Standardised paths per draw: whose standard deviations they are standardised by.

- a group: the SDs of its own predictors and the SD its regression implies for the outcome,
  sqrt(b' S_g b + sigma²); undefined for a group of one row;
- ``std_common``: the pooled within-group SDs of the data, the same factor for every group and
  draw, so that groups can be compared (``typical`` is standardised by these too);
- ``all``: the SDs over all respondents, differences between groups included, as OLS and SEM on all
  respondents have them: total SDs of the predictors, and for the outcome the SD implied by all
  groups together, sqrt(sum_g w_g [b_g' S_g b_g + sigma² + (mu_g - mu)²]).

With a third level the outcome's variance includes what the units add to it, which the predictors do not
explain.
Predictors are taken as observed: covariances are those of each regression's complete rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.design import Design
from werksem.bayes.draws import ScoreDraws
from werksem.bayes.statistics import group_cov, group_mean, total_cov

__all__ = ["Standardised", "standardise"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Standardised:
    """Of one regression with p predictors: paths by name of the quantity, NaN where undefined.

    ``group``, ``group_common`` (S, G, p); ``everyone`` (S, K) the population's intercept and
    paths, ``everyone_std``, ``everyone_common`` (S, p); ``common`` (p,) the common factors;
    ``r2``, ``residual`` (S, G): explained share and standardised residual variance per group,
    ``r2_all``, ``residual_all`` (S,) over everyone.
    """

    group: Array
    group_common: Array
    everyone: Array
    everyone_std: Array
    everyone_common: Array
    common: Array
    r2: Array
    residual: Array
    r2_all: Array
    residual_all: Array


def standardise(design: Design, draws: ScoreDraws, e: int) -> Standardised:
    """Return regression ``e`` standardised in the ways of this module."""
    found = design.statistics[e]
    p = len(found.equation.predictors)
    b = draws.group[:, e, :, 1 : p + 1]
    variance = draws.sigma[:, e, None] ** 2
    own = group_cov(found)
    explained = np.einsum("sgi,gij,sgj->sg", b, own[:, :p, :p], b)
    within = variance + draws.nested_variance[:, e]
    implied = explained + within
    sd_x = np.sqrt(np.diagonal(own, axis1=1, axis2=2)[:, :p])
    sd_x = np.where(sd_x > 0, sd_x, np.nan)
    common = design.scale_x[e, :p] / design.scale_y[e]
    share = np.where(found.rows > 0, found.share, 0.0)
    everyone = np.einsum("g,sgk->sk", share, draws.group[:, e, :, : p + 1])
    total = total_cov(found)[:p, :p]
    total_y = _total_variance(draws, e, found.rows.sum(), share, design)
    slopes = everyone[:, 1:]
    r2_all = np.einsum("si,ij,sj->s", slopes, total, slopes) / total_y
    return Standardised(
        b * sd_x / np.sqrt(implied)[..., None], b * common, everyone,
        slopes * np.sqrt(np.diag(total)) / np.sqrt(total_y)[:, None], slopes * common, common,
        explained / implied, within / implied, r2_all, variance[:, 0] / total_y,
    )  # fmt: skip


def _total_variance(draws: ScoreDraws, e: int, rows: int, share: Array, design: Design) -> Array:
    """Return (S,) the outcome's variance over everyone that the groups' regressions imply."""
    found = design.statistics[e]
    present = found.rows > 0
    p = len(found.equation.predictors)
    coefficients = draws.group[:, e][:, present, : p + 1]
    b, w = coefficients[..., 1:], share[present]
    mean_x = group_mean(found)[present, :p]
    n = found.n[present]
    S = np.nan_to_num(group_cov(found)[present, :p, :p]) * ((n - 1) / n)[:, None, None]
    mu = coefficients[..., 0] + np.einsum("sgi,gi->sg", b, mean_x)
    off = mu - (mu @ w)[:, None]
    spread = (np.einsum("sgi,gij,sgj->sg", b, S, b) + off**2) @ w
    units = draws.nested_variance[:, e][:, present] @ w
    return np.asarray(spread * rows / (rows - 1) + units + draws.sigma[:, e] ** 2)
