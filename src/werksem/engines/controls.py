"""``controls.csv``, ``controls_blocks.csv``: betas with and without control variables, on the same rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.engines.drawn_scores import draws_of, regular, replicate_covs, rows_of
from werksem.errors import WerksemError
from werksem.estimators.ols import OlsFit, fit_ols
from werksem.estimators.ols_robust import path_cov
from werksem.inference.joint_block import explained, standardised_slopes
from werksem.inference.joint_paths import joint_of_paths
from werksem.inputs import Inputs
from werksem.moments import moments
from werksem.respondents import Respondents
from werksem.spec.equations import equations
from werksem.spec.predictor_blocks import controls_of
from werksem.spec.study import Bootstrap, Importance, Study
from werksem.spec.types import Equation, ModelSpec

__all__ = ["controls_tables"]

Array = NDArray[np.float64]
LEVEL = 0.95
BETAS = [
    "outcome", "predictor", "n", "beta_without", "beta_with", "difference", "difference_ci_lower",
    "difference_ci_upper", "level", "replicates",
]  # fmt: skip
BLOCKS = [
    "outcome", "block", "over", "n", "r2_without", "r2_with", "delta_r2", "delta_r2_ci_lower",
    "delta_r2_ci_upper", "f", "df1", "df2", "pvalue", "se", "level", "replicates",
]  # fmt: skip


def controls_tables(study: Study, model: ModelSpec, inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Return ``controls`` (a row per facet) and ``controls_blocks`` (the gain in R² of either block).

    Empty where no block is called controls, or no regression has predictors beside it. Both regressions
    are of the rows complete on all their variables. Limits are percentiles of resamples in which both are
    made anew; ``f`` tests the block in the full regression, by Wald where errors are robust.
    """
    controls = controls_of(study)
    if not controls or inputs.scores is None or study.ols is None:
        return {}
    done = [
        _one(study, inputs.scores, inputs, equation, facets, inside)
        for equation, facets, inside in _split(model, controls)
    ]
    if not done:
        return {}
    return {
        "controls": pd.DataFrame([row for betas, _ in done for row in betas], columns=BETAS),
        "controls_blocks": pd.DataFrame([row for _, blocks in done for row in blocks], columns=BLOCKS),
    }


def _split(model: ModelSpec, controls: Sequence[str]) -> Iterator[tuple[Equation, list[int], list[int]]]:
    """Yield each regression that has both, with the places of its facets and of its controls."""
    for equation in equations(model):
        inside = [k for k, name in enumerate(equation.predictors) if name in controls]
        facets = [k for k in range(len(equation.predictors)) if k not in inside]
        if inside and facets:
            yield equation, facets, inside


def _one(
    study: Study, scores: pd.DataFrame, inputs: Inputs, equation: Equation, facets: list[int],
    controls: list[int],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:  # fmt: skip
    """Return the rows of one regression in either table."""
    names = [*equation.predictors, equation.outcome]
    values = scores[names].to_numpy(dtype=float)
    settings = study.importance or Importance()
    wanted = draws_of(study, settings.replicates, settings.seed)
    people = rows_of(inputs, values, np.isfinite(values).all(axis=1), wanted.scheme)
    found = moments(people.rows, names, weights=people.weights)
    fit = fit_ols(found, equation.outcome, equation.predictors)
    drawn = _drawn(people, wanted, np.diag(found.cov))
    common = {"outcome": equation.outcome, "n": len(people.rows), "level": LEVEL, "replicates": len(drawn)}
    betas = [common | row for row in _betas(equation, found.cov, drawn, facets)]
    blocks = []
    for block, others, name, over in (
        (controls, facets, "controls", "facets"), (facets, controls, "facets", "controls"),
    ):  # fmt: skip
        gain, test = _gain(found.cov, drawn, others), _test(study, fit, found.cov, people, block)
        blocks.append(common | {"block": name, "over": over} | gain | test)
    return betas, blocks


def _drawn(people: Respondents, wanted: Bootstrap, variance: Array) -> Array:
    """Return the covariances (R, p, p) of resamples, none where the design does not let any be drawn."""
    p = people.rows.shape[1]
    try:
        return regular(replicate_covs(people, wanted), variance)
    except WerksemError:
        return np.empty((0, p, p))


def _between(change: Array) -> tuple[Array, Array]:
    """Return the lower and upper limits of each column of replicates, NaN without any."""
    if not len(change):
        return np.full(change.shape[1], np.nan), np.full(change.shape[1], np.nan)
    low, high = np.quantile(change, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return low, high


def _betas(equation: Equation, cov: Array, drawn: Array, facets: list[int]) -> Iterator[dict[str, Any]]:
    """Yield each facet's beta without and with the controls, and what they change."""
    every = list(range(len(equation.predictors)))
    without, with_them = standardised_slopes(cov, facets), standardised_slopes(cov, every)[facets]
    change = standardised_slopes(drawn, every)[:, facets] - standardised_slopes(drawn, facets)
    low, high = _between(change)
    for k, at in enumerate(facets):
        yield {
            "predictor": equation.predictors[at], "beta_without": without[k], "beta_with": with_them[k],
            "difference": with_them[k] - without[k], "difference_ci_lower": low[k],
            "difference_ci_upper": high[k],
        }  # fmt: skip


def _gain(cov: Array, drawn: Array, others: list[int]) -> dict[str, float]:
    """Return R² of the others alone and of all predictors, and the limits of what lies between."""
    every = range(len(cov) - 1)
    small, large = explained(cov, others), explained(cov, every)
    change = explained(drawn, every) - explained(drawn, others)
    (low,), (high,) = _between(change[:, None])
    return {
        "r2_without": float(small), "r2_with": float(large), "delta_r2": float(large - small),
        "delta_r2_ci_lower": float(low), "delta_r2_ci_upper": float(high),
    }  # fmt: skip


def _test(study: Study, fit: OlsFit, cov: Array, people: Respondents, block: list[int]) -> dict[str, Any]:
    se = study.ols.se if study.ols else "classical"
    found = path_cov(fit, cov, people.rows, se=se, cluster=people.cluster, weights=people.weights)
    test = joint_of_paths(fit.b, found, np.array(block))
    f = test.wald / test.df if test.df else np.nan
    return {"f": f, "df1": test.df, "df2": test.df2, "pvalue": test.pvalue, "se": se}
