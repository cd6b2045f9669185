"""The OLS engine: standardised betas on scale means, as SPSS prints them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.engines.few_clusters import few_clusters
from werksem.engines.ols_robustness import robustness_table
from werksem.engines.result import EngineResult, diagnostic_rows, fit_rows
from werksem.estimates import estimates_table
from werksem.estimators.joint import Joint
from werksem.estimators.ols import OlsFit, fit_ols
from werksem.estimators.ols_joint import joint_from_moments, joint_from_scores
from werksem.estimators.ols_robust import BY_CLUSTER, robust
from werksem.moments import Moments, moments, select
from werksem.spec.types import Equation

__all__ = ["ols_from_moments", "ols_from_scores", "regression_rows"]

Array = NDArray[np.float64]
LEVEL = 0.95


def ols_from_scores(
    equations: Sequence[Equation], scores: pd.DataFrame, *, se: str = "classical",
    cluster: pd.Series | None = None, weights: pd.Series | None = None,
) -> EngineResult:  # fmt: skip
    """Return every regression of the model on scale means, incomplete rows dropped per equation.

    ``se`` is ``classical``, ``HC3``, or ``cluster`` or ``CR2`` (then ``cluster`` has one code per row).
    """
    began = perf_counter()
    fits = []
    for equation in equations:
        columns = [*equation.predictors, equation.outcome]
        rows, codes, weight = regression_rows(equation, scores, cluster, weights)
        fit = fit_ols(moments(rows, columns, weights=weight), equation.outcome, equation.predictors)
        if se != "classical":
            codes = codes if se in BY_CLUSTER else None
            fit = robust(fit, rows[:, :-1], rows[:, -1], codes, weight, reduced=se == "CR2")
        fits.append(fit)
    joint = partial(joint_from_scores, equations, scores, weights, cluster if se in BY_CLUSTER else None)
    return _result(equations, fits, se, perf_counter() - began, joint)


def regression_rows(
    equation: Equation, scores: pd.DataFrame, cluster: pd.Series | None, weights: pd.Series | None
) -> tuple[Array, NDArray[np.int64] | None, Array | None]:
    """Return the complete rows (n, k + 1) of a regression, its outcome last, their clusters and weights."""
    values = scores[[*equation.predictors, equation.outcome]].to_numpy(dtype=float)
    keep = np.isfinite(values).all(axis=1)
    weight = None if weights is None else weights[keep].to_numpy(dtype=float)
    codes = None if cluster is None else pd.factorize(cluster[keep])[0]
    return values[keep], codes, weight


def ols_from_moments(
    equations: Sequence[Equation], source: Moments, n: Mapping[str, int] | None = None
) -> EngineResult:
    """Return every regression from means and covariances; ``n`` may differ per outcome."""
    began = perf_counter()
    fits = []
    for equation in equations:
        part = select(source, [*equation.predictors, equation.outcome])
        size = float(n.get(equation.outcome, source.n)) if n else source.n
        part = Moments(part.names, size, part.mean, part.cov, part.group)
        fits.append(fit_ols(part, equation.outcome, equation.predictors))
    joint = partial(joint_from_moments, equations, source, n)
    return _result(equations, fits, "classical", perf_counter() - began, joint)


def _result(
    equations: Sequence[Equation], fits: Sequence[OlsFit], se: str, seconds: float, joint: Callable[[], Joint]
) -> EngineResult:
    rows = [row for e, f in zip(equations, fits, strict=True) for row in _rows(e, f, se)]
    fit = pd.concat([_fit_table(f) for f in fits], ignore_index=True)
    vif = max((float(f.vif.max()) for f in fits), default=1.0)
    n = {f.outcome: int(f.n) for f in fits}
    diagnostics = diagnostic_rows(
        "ols", [("n", min(n.values(), default=0), True), ("vif_max", vif, vif < 10)]
    )
    tables = {"robustness": robustness_table(fits, se)}
    return EngineResult(
        "ols",
        estimates_table(rows),
        fit,
        diagnostics,
        n,
        few_clusters(fits, se),
        {"ols": seconds},
        tables,
        joint,
    )


def _rows(equation: Equation, fit: OlsFit, se: str) -> Iterator[dict[str, Any]]:
    from scipy.special import stdtrit

    every = stdtrit(fit.t_df, (1 + LEVEL) / 2)
    common = {"engine": "ols", "group": "all", "lhs": fit.outcome, "method": se, "status": "ok"}
    for k, predictor in enumerate(fit.predictors):
        parameter, t = equation.parameters[k], every[k]
        yield {
            **common, "op": "~", "rhs": predictor,
            "label": "" if parameter == f"{fit.outcome}~{predictor}" else parameter,
            "est": fit.b[k], "se": fit.se[k], "z": fit.t[k], "pvalue": fit.pvalue[k],
            "ci_lower": fit.b[k] - t * fit.se[k], "ci_upper": fit.b[k] + t * fit.se[k], "level": LEVEL,
            "std": fit.beta[k], "std_se": fit.beta_se[k],
            "std_ci_lower": fit.beta[k] - t * fit.beta_se[k],
            "std_ci_upper": fit.beta[k] + t * fit.beta_se[k],
        }  # fmt: skip
    z, t = fit.intercept / fit.intercept_se, float(stdtrit(fit.intercept_df, (1 + LEVEL) / 2))
    yield {
        **common, "op": "~1", "est": fit.intercept, "se": fit.intercept_se, "z": z, "level": LEVEL,
        "ci_lower": fit.intercept - t * fit.intercept_se, "ci_upper": fit.intercept + t * fit.intercept_se,
    }  # fmt: skip
    yield {**common, "op": "~~", "rhs": fit.outcome, "est": fit.residual_variance, "std": 1 - fit.r2}
    yield {**common, "op": "r2", "rhs": fit.outcome, "est": fit.r2}


def _fit_table(fit: OlsFit) -> pd.DataFrame:
    """Return n, R² and F of one regression, each measure followed by its outcome."""
    values = {
        "n": fit.n, "r2": fit.r2, "r2_adj": fit.r2_adj, "f": fit.f,
        "f_df1": float(len(fit.predictors)), "f_df2": fit.f_df2, "f_pvalue": fit.f_pvalue,
    }  # fmt: skip
    return fit_rows("ols", {f"{name}.{fit.outcome}": value for name, value in values.items()})
