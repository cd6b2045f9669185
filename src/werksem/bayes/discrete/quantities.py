"""Draws as quantities: paths, intercepts, thresholds and explained variance of the latent response.

Standardised in latent-response form (McKelvey and Zavoina 1975): b SD(x) / SD(z), with
var(z) = explained + residual, the residual 1 for probit and pi² / 3 for logit.

- a group: the SDs of its own predictors, var(z) = b_g' S_g b_g + residual;
- ``common``: the pooled within-group SDs of predictors, and of z as all groups' paths imply it,
  sum_g w_g b_g' S b_g + residual, one factor per draw for all groups;
- everyone: total SDs of predictors, and var(z) over all groups together, differences between their
  levels included.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.discrete.design import Discrete, threshold_names
from werksem.bayes.discrete.draws import DiscreteDraws
from werksem.bayes.discrete.likelihood import RESIDUAL
from werksem.bayes.names import intercept_name
from werksem.bayes.quantities import Quantity, Scaled
from werksem.bayes.statistics import group_cov, group_mean, pooled_cov, total_cov

__all__ = ["common_sd", "quantities"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Spread:
    """Variances of z per draw: explained (S, G) within groups, (S,) over everyone, (S,) pooled within."""

    group: Array
    everyone: Array
    common: Array


def quantities(model: Discrete, draws: DiscreteDraws) -> tuple[Quantity, ...]:
    """Return the regression's quantities: paths, the intercept, thresholds, then explained variance."""
    spread = _spread(model, draws)
    return (*_paths(model, draws, spread), *_levels(model, draws), _explained(model, spread))


def common_sd(model: Discrete, draws: DiscreteDraws) -> Array:
    """Return (S,) the latent response's pooled within-group SD."""
    return np.asarray(np.sqrt(_spread(model, draws).common + RESIDUAL[model.family]))


def _share(model: Discrete) -> Array:
    return np.where(model.statistics.rows > 0, model.statistics.share, 0.0)


def _spread(model: Discrete, draws: DiscreteDraws) -> _Spread:
    found, P = model.statistics, len(model.scale)
    share = _share(model)
    b = draws.group[..., 1:]
    own, S = group_cov(found)[:, :P, :P], pooled_cov(found)[:P, :P]
    explained = np.einsum("sgi,gij,sgj->sg", b, own, b)
    common = np.einsum("sgi,ij,sgj,g->s", b, S, b, share, optimize=True)
    present = found.rows > 0
    w, n, rows = share[present], found.n[present], found.rows.sum()
    mu = draws.group[:, present, 0] + np.einsum("sgi,gi->sg", b[:, present], group_mean(found)[present, :P])
    off = mu - (mu @ w)[:, None]
    within = np.where(np.isfinite(explained[:, present]), explained[:, present], 0.0) * ((n - 1) / n)
    return _Spread(explained, (within + off**2) @ w * rows / (rows - 1), common)


def _paths(model: Discrete, draws: DiscreteDraws, spread: _Spread) -> Iterator[Quantity]:
    found, residual, P = model.statistics, RESIDUAL[model.family], len(model.scale)
    equation, share = found.equation, _share(model)
    sd = np.sqrt(np.diagonal(group_cov(found), axis1=1, axis2=2)[:, :P])
    sd = np.where(sd > 0, sd, np.nan)
    total = np.sqrt(np.diag(total_cov(found))[:P])
    sd_z = np.sqrt(spread.group + residual)
    all_z = np.sqrt(spread.everyone + residual)
    common = model.scale / np.sqrt(spread.common + residual)[:, None]
    for k in range(P):
        group = draws.group[..., k + 1]
        everyone, typical, new = group @ share, draws.typical[:, k + 1], draws.new[:, k + 1]
        factor = common[:, k]
        by_common = Scaled(group * factor[:, None], everyone * factor, typical * factor, new * factor)
        name, rhs = equation.parameters[k], equation.predictors[k]
        label = "" if name == f"{equation.outcome}~{rhs}" else name
        yield Quantity(
            name, equation.outcome, "~", rhs, label, Scaled(group, everyone, typical, new),
            Scaled(group * sd[:, k] / sd_z, everyone * total[k] / all_z, by_common.typical, by_common.new),
            by_common, found.rows > 0, bool(model.varies[k + 1]),
        )  # fmt: skip


def _levels(model: Discrete, draws: DiscreteDraws) -> Iterator[Quantity]:
    """Yield the intercept, and for ordered categories the thresholds, which groups share."""
    y, present = model.outcome, model.statistics.rows > 0
    none = Scaled()
    levels = draws.group[..., 0]
    if model.family != "ordered" or model.varies[0]:
        raw = Scaled(levels, levels @ _share(model), draws.typical[:, 0], draws.new[:, 0])
        yield Quantity(intercept_name(y), y, "~1", "", "", raw, none, none, present, bool(model.varies[0]))
    for j, name in enumerate(threshold_names(model)):
        cut = draws.thresholds[:, j]
        raw = Scaled(np.repeat(cut[:, None], len(present), axis=1), cut, cut, cut)
        yield Quantity(f"{y}|{name}", y, "|", name, "", raw, none, none, present, False)


def _explained(model: Discrete, spread: _Spread) -> Quantity:
    """Return R² of the latent response (McKelvey and Zavoina), NaN for a group of one row."""
    residual = RESIDUAL[model.family]
    raw = Scaled(spread.group / (spread.group + residual), spread.everyone / (spread.everyone + residual))
    y, none = model.outcome, Scaled()
    return Quantity(f"{y}r2{y}", y, "r2", y, "", raw, none, none, model.statistics.rows > 0, False)
