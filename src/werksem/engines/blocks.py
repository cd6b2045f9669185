"""Blocks of predictors tested together, beside the single paths: OLS and SEM (``blocks.csv``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.engines.ols import regression_rows
from werksem.engines.sem import SemResult
from werksem.estimators.ols import OlsFit, classical_vcov, fit_ols
from werksem.estimators.ols_robust import PathCov, path_cov
from werksem.implied import latent_cov, matrices
from werksem.inference.joint_block import explained
from werksem.inference.joint_paths import joint_of_paths
from werksem.inputs import Inputs
from werksem.moments import Moments, moments, select
from werksem.spec.study import Study
from werksem.spec.types import Equation
from werksem.survey.moments_input import scale_moments

__all__ = ["COLUMNS", "Blocks", "ols_blocks", "sem_blocks"]

Array = NDArray[np.float64]
Blocks = Mapping[str, Sequence[str]]
COLUMNS = [
    "engine", "group", "outcome", "block", "predictors", "r2", "delta_r2", "wald", "df", "df2", "pvalue",
    "method",
]  # fmt: skip


def ols_blocks(study: Study, regressions: Sequence[Equation], inputs: Inputs, model: Any) -> pd.DataFrame:
    """Return what each block explains over the other predictors, per regression on scale means.

    ``delta_r2`` is R² minus R² without the block; ``wald`` the joint test of its paths with the
    standard errors the study asks for, p from F with ``df`` and ``df2`` degrees of freedom.
    """
    se = study.ols.se if study.ols else "classical"
    rows = []
    for equation in regressions:
        if not any(set(names) & set(equation.predictors) for names in study.blocks.values()):
            continue
        data, fit, vcov = _regression(equation, inputs, model, se)
        found = {"engine": "ols", "group": data.group, "method": se}
        rows += list(_tested(equation, study.blocks, data.cov, fit.b, vcov, found))
    return pd.DataFrame(rows, columns=COLUMNS)


def _regression(equation: Equation, inputs: Inputs, model: Any, se: str) -> tuple[Moments, OlsFit, PathCov]:
    """Return the moments of a regression, its predictors first, its fit, and the covariances of its paths."""
    names = (*equation.predictors, equation.outcome)
    if inputs.scores is None:
        if inputs.given is None:
            raise ValueError("neither scores nor moments")
        data = select(scale_moments(inputs.given, model), names)
        n = float((inputs.n_of_outcome or {}).get(equation.outcome, data.n))
        data = Moments(data.names, n, data.mean, data.cov, data.group)
        fit = fit_ols(data, equation.outcome, equation.predictors)
        return data, fit, PathCov(classical_vcov(fit, data.cov), fit.df)
    rows, codes, weight = regression_rows(equation, inputs.scores, inputs.cluster, inputs.weights)
    data = moments(rows, names, weights=weight)
    fit = fit_ols(data, equation.outcome, equation.predictors)
    return data, fit, path_cov(fit, data.cov, rows, se=se, cluster=codes, weights=weight)


def sem_blocks(regressions: Sequence[Equation], sem: SemResult, blocks: Blocks) -> pd.DataFrame:
    """Return what each block explains over the other predictors, per regression of the SEM.

    ``r2`` and ``delta_r2`` are those of the implied covariances of outcome and predictors, without
    another fit; ``wald`` is chi-square with the covariances of the estimates the study asks for.
    """
    model, rows = sem.model, []
    if not sem.fit.converged:
        return pd.DataFrame(columns=COLUMNS)
    for group, label in enumerate(model.groups):
        Phi = latent_cov(matrices(model, sem.fit.theta, group))
        for equation in regressions:
            names = (*equation.predictors, equation.outcome)
            at = [model.eta.index(name) for name in names]
            free = [_free(sem, equation.outcome, name, group) for name in equation.predictors]
            b, vcov = _estimates(sem, free)
            method = str(sem.tables.estimates["method"].iloc[0])
            found = {"engine": "sem", "group": label, "method": method}
            rows += list(_tested(equation, blocks, Phi[np.ix_(at, at)], b, PathCov(vcov, np.nan), found))
    return pd.DataFrame(rows, columns=COLUMNS)


def _free(sem: SemResult, outcome: str, predictor: str, group: int) -> int:
    """Return the place of a path in theta, -1 where it is fixed."""
    return next(
        at
        for row, at in zip(sem.model.rows, sem.model.free_of_row, strict=True)
        if (row.op, row.lhs, row.rhs, row.group) == ("~", outcome, predictor, group)
    )


def _estimates(sem: SemResult, free: Sequence[int]) -> tuple[Array, Array]:
    """Return paths (k,) and their covariances (k, k); 0 for a fixed one, which no test counts."""
    at = np.maximum(np.array(free), 0)
    moves = np.array(free) >= 0
    b = np.where(moves, sem.fit.theta[at], 0.0)
    return b, sem.vcov[np.ix_(at, at)] * np.outer(moves, moves)


def _members(equation: Equation, names: Sequence[str]) -> NDArray[np.bool_] | None:
    """Return which predictors (k,) are of a block, None where it has none of them."""
    inside = np.array([name in names for name in equation.predictors])
    return inside if inside.any() else None


def _tested(
    equation: Equation, blocks: Blocks, cov: Array, b: Array, vcov: PathCov, found: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    r2 = float(explained(cov, range(len(b))))
    for block, names in blocks.items():
        inside = _members(equation, names)
        if inside is None:
            continue
        without = float(explained(cov, np.flatnonzero(~inside).tolist()))
        test = joint_of_paths(b, vcov, np.flatnonzero(inside))
        yield {
            **found, "outcome": equation.outcome, "block": block, "predictors": int(inside.sum()), "r2": r2,
            "delta_r2": r2 - without, "wald": test.wald, "df": test.df, "df2": test.df2,
            "pvalue": test.pvalue,
        }  # fmt: skip
