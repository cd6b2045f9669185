"""Regressions on scale means: every kind of standard error the engine has, as the engine prints them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.calibrate.draw import enlarged
from werksem.calibrate.method import Method, Result, quantity_keys
from werksem.calibrate.population import Population
from werksem.calibrate.truth import score_moments, score_truth
from werksem.engines.ols import LEVEL, ols_from_moments, ols_from_scores, regression_rows
from werksem.errors import DataError
from werksem.estimators.ols import OlsFit, fit_ols
from werksem.estimators.ols_robust import BY_CLUSTER, robust
from werksem.inputs import Inputs
from werksem.moments import Moments, moments, select
from werksem.spec.equations import equations
from werksem.spec.study import Study
from werksem.spec.types import Equation, ModelSpec
from werksem.survey.moments_input import scale_moments

__all__ = ["ols_method", "ols_method_of_moments"]

Array = NDArray[np.float64]
VALUES = {
    "b": ("est", "se", "ci_lower", "ci_upper"),
    "std": ("std", "std_se", "std_ci_lower", "std_ci_upper"),
}


def ols_method(study: Study, spec: ModelSpec, inputs: Inputs, source: Population) -> Method:
    """Return the regressions' intervals: classical, HC3 and, where there are clusters, by cluster."""
    asked, own = equations(spec), study.ols.se if study.ols else "classical"
    by_cluster = ("cluster", *(("CR2",) if own == "CR2" else ()))
    kinds = ("classical", "HC3", *(() if inputs.cluster is None else by_cluster))
    weights = None if inputs.weights is None else inputs.weights.to_numpy(dtype=float)
    true = [score_truth(score_moments(source, spec, [*e.predictors, e.outcome], weights), e) for e in asked]
    first = _first(asked, inputs)
    keys = pd.concat([_keys(first, kind, own, true) for kind in kinds], ignore_index=True)

    def estimate(drawn: Inputs, seed: int) -> Result:
        del seed
        return Result(_limits(asked, drawn, kinds))

    return Method(keys, estimate)


def _limits(asked: Sequence[Equation], drawn: Inputs, kinds: Sequence[str]) -> Array:
    """Return estimate, error and limits (K, 4) of every kind: paths, then betas, equation by equation.

    The engine's own tables hold much beside, and take ten times as long.
    """
    if drawn.scores is None:
        raise DataError("the study has neither respondents nor moments")
    found: dict[str, list[OlsFit]] = {kind: [] for kind in kinds}
    for equation in asked:
        rows, codes, weight = regression_rows(equation, drawn.scores, drawn.cluster, drawn.weights)
        columns = [*equation.predictors, equation.outcome]
        plain = fit_ols(moments(rows, columns, weights=weight), equation.outcome, equation.predictors)
        for kind in kinds:
            if kind == "classical":
                found[kind].append(plain)
                continue
            cluster, reduced = codes if kind in BY_CLUSTER else None, kind == "CR2"
            found[kind].append(robust(plain, rows[:, :-1], rows[:, -1], cluster, weight, reduced=reduced))
    return np.concatenate([_of_kind(found[kind]) for kind in kinds])


def _of_kind(fits: Sequence[OlsFit]) -> Array:
    from scipy.special import stdtrit

    parts = []
    for name, error in (("b", "se"), ("beta", "beta_se")):
        for fit in fits:
            value, se = getattr(fit, name), getattr(fit, error)
            half = stdtrit(fit.t_df, (1 + LEVEL) / 2) * se
            parts.append(np.column_stack([value, se, value - half, value + half]))
    return np.concatenate(parts)


def ols_method_of_moments(study: Study, spec: ModelSpec, inputs: Inputs) -> Method:
    """Return the intervals of regressions from moments alone, which are classical.

    Where outcomes have respondents of their own number (column ``n`` of the keys), those of a smaller one are
    among those of a larger.
    """
    if inputs.given is None:
        raise DataError("the study has neither respondents nor moments")
    given, asked, n = inputs.given, equations(spec), inputs.n_of_outcome
    scores = scale_moments(given, spec)
    true = [score_truth(select(scores, [*e.predictors, e.outcome]), e) for e in asked]
    keys = _keys(ols_from_moments(asked, scores, n).estimates, "classical", "classical", true)
    if n:
        keys = keys.assign(n=[n.get(outcome, round(given.n)) for outcome in keys["lhs"]])

    def estimate(drawn: Inputs, seed: int) -> Result:
        if drawn.given is None:
            raise DataError("the study has neither respondents nor moments")
        samples = _nested(drawn.given, given, sorted({round(given.n), *n.values()}), seed)
        found = [
            ols_from_moments([e], scale_moments(samples[n.get(e.outcome, round(given.n))], spec)).estimates
            for e in asked
        ]
        return Result(_values(pd.concat(found, ignore_index=True), keys))

    return Method(keys, estimate)


def _nested(drawn: Moments, source: Moments, sizes: Sequence[int], seed: int) -> dict[int, Moments]:
    """Return the moments of samples by size, each with all of the smaller ones in it."""
    numbers, found = np.random.default_rng(seed), {}
    for size in sizes:
        drawn = found[size] = enlarged(drawn, source, size, numbers)
    return found


def _first(asked: Sequence[Equation], inputs: Inputs) -> pd.DataFrame:
    """Return the engine's own table, for the names of its rows."""
    if inputs.scores is None:
        raise DataError("the study has neither respondents nor moments")
    return ols_from_scores(asked, inputs.scores, weights=inputs.weights).estimates


def _keys(
    estimates: pd.DataFrame, kind: str, own: str, true: Sequence[tuple[np.ndarray, np.ndarray]]
) -> pd.DataFrame:
    """Return what each row is of, and its truth."""
    found = quantity_keys(estimates)
    found = found[found["op"] == "~"].reset_index(drop=True)
    truth = np.concatenate([part[place] for place in (0, 1) for part in true])
    return found.assign(interval=kind, own=kind == own, truth=truth, level=estimates["level"].iloc[0])


def _values(estimates: pd.DataFrame, keys: pd.DataFrame) -> np.ndarray:
    """Return estimate, error and limits of one kind, for the keys of the first kind (all have the same)."""
    one = keys[keys["interval"] == keys["interval"].iloc[0]]
    return np.concatenate([
        estimates.iloc[one.loc[one["quantity"] == name, "place"]][list(columns)].to_numpy(dtype=float)
        for name, columns in VALUES.items()
    ])  # fmt: skip
