"""Regressions on scale means as quantities: paths, intercepts, residual variances, R² and effects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.design import Design
from werksem.bayes.draws import ScoreDraws
from werksem.bayes.effect_quantities import effect_quantities
from werksem.bayes.names import intercept_name
from werksem.bayes.quantities import Pooled, Quantity, Scaled
from werksem.bayes.standard import Standardised, standardise
from werksem.bayes.statistics import group_mean
from werksem.spec.types import Effect

__all__ = ["scores_quantities"]

Array = NDArray[np.float64]


def scores_quantities(design: Design, draws: ScoreDraws, effects: Sequence[Effect] = ()) -> Pooled:
    """Return what the posterior of the regressions says, paths first and the intercept after, as OLS.

    The residual SD is one for all groups: its variance has no value per group. ``n`` is a group's
    most complete rows in any regression, ``share`` the mean of its shares in the regressions.
    """
    found = design.statistics
    quantities = [q for e in range(len(found)) for q in _of_regression(design, draws, e)]
    quantities += _covariances(design, draws)
    share = np.mean([s.share for s in found], axis=0)
    n = np.max([s.rows for s in found], axis=0).astype(float)
    quantities += effect_quantities(quantities, share, effects)
    means = tuple(_mean(design, draws, e) for e in range(len(found)))
    return Pooled("scores", draws.chains, design.groups, n, share, tuple(quantities), means)


def _of_regression(design: Design, draws: ScoreDraws, e: int) -> Iterator[Quantity]:
    s, outcome, rows = standardise(design, draws, e), design.outcomes[e], design.statistics[e].rows
    for k in range(len(s.common)):
        yield _path(design, draws, s, e, k)
    intercept = Scaled(draws.group[:, e, :, 0], s.everyone[:, 0], draws.typical[:, e, 0], draws.new[:, e, 0])
    varies = bool(design.varies[e, 0])
    yield Quantity(
        intercept_name(outcome), outcome, "~1", "", "", intercept, Scaled(), Scaled(), rows > 0, varies
    )
    variance, residual = Scaled(everyone=draws.sigma[:, e] ** 2), Scaled(everyone=s.residual_all)
    everywhere = np.ones(len(rows), dtype=bool)
    yield Quantity(
        f"{outcome}~~{outcome}", outcome, "~~", outcome, "", variance, residual, Scaled(), everywhere, False
    )
    r2 = Scaled(s.r2, s.r2_all)
    yield Quantity(
        f"{outcome}r2{outcome}", outcome, "r2", outcome, "", r2, Scaled(), Scaled(), rows > 1,
        bool(design.varies[e].any()),
    )  # fmt: skip


def _covariances(design: Design, draws: ScoreDraws) -> Iterator[Quantity]:
    """Yield the covariances of the residuals, one for all groups; standardised they are correlations."""
    everywhere = np.ones(len(design.groups), dtype=bool)
    for pair, (e, f) in enumerate(design.residual_pairs):
        rho, (lhs, rhs) = draws.residual_correlation[:, pair], (design.outcomes[e], design.outcomes[f])
        raw = Scaled(everyone=rho * draws.sigma[:, e] * draws.sigma[:, f])
        yield Quantity(
            f"{lhs}~~{rhs}", lhs, "~~", rhs, "", raw, Scaled(everyone=rho), Scaled(), everywhere, False
        )


def _path(design: Design, draws: ScoreDraws, s: Standardised, e: int, k: int) -> Quantity:
    """Return path ``k`` of regression ``e``; ``typical`` and ``new`` are standardised by the common SDs."""
    equation = design.statistics[e].equation
    predictor, name = equation.predictors[k], equation.parameters[k]
    typical, new = draws.typical[:, e, k + 1], draws.new[:, e, k + 1]
    typical_std, new_std = typical * s.common[k], new * s.common[k]
    return Quantity(
        name, equation.outcome, "~", predictor, "" if name == f"{equation.outcome}~{predictor}" else name,
        Scaled(draws.group[:, e, :, k + 1], s.everyone[:, k + 1], typical, new),
        Scaled(s.group[:, :, k], s.everyone_std[:, k], typical_std, new_std),
        Scaled(s.group_common[:, :, k], s.everyone_common[:, k], typical_std, new_std),
        design.statistics[e].rows > 0, bool(design.varies[e, k + 1]),
    )  # fmt: skip


def _mean(design: Design, draws: ScoreDraws, e: int) -> Quantity:
    """Return the groups' means of an outcome that its regression implies at their own predictors' means."""
    found, outcome = design.statistics[e], design.outcomes[e]
    present = found.rows > 0
    p = len(found.equation.predictors)
    x = np.where(present[:, None], group_mean(found)[:, :p], 0.0)
    coefficients = draws.group[:, e, :, : p + 1]
    value = coefficients[..., 0] + np.einsum("sgk,gk->sg", coefficients[..., 1:], x)
    everyone = value @ np.where(present, found.share, 0.0)
    common = (value - everyone[:, None]) / design.scale_y[e]
    return Quantity(
        f"mean of {outcome}", outcome, "~1", "", "", Scaled(value, everyone), Scaled(), Scaled(common),
        present, bool(design.varies[e].any()),
    )  # fmt: skip
