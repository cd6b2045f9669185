"""One regression of answers in categories as arrays: cells, units, what varies, priors, first estimates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.discrete.cells import Cells, categories, cells
from werksem.bayes.discrete.likelihood import RESIDUAL
from werksem.bayes.discrete.pilot import own_estimates, pooled_mode
from werksem.bayes.names import intercept_name
from werksem.bayes.priors import DEFAULTS, Given, chosen, rescaled, spread_of
from werksem.bayes.priors_by_level import refuse_unbounded
from werksem.bayes.statistics import Statistics, pooled_cov, scaled_weights, statistics
from werksem.errors import SpecError
from werksem.spec.posterior import BETWEEN
from werksem.spec.priors import Prior, parse_prior
from werksem.spec.types import Equation

__all__ = ["Discrete", "discrete", "literal_between", "threshold_names"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Discrete:
    """A regression with P predictors, K = P + 1 coefficients (the intercept first), J categories, G groups.

    ``statistics`` has the predictors' moments (its outcome is the category's number). Predictors
    x (C, K) are centred at their grand means ``mean`` and in units of the pooled within-group SDs
    ``scale`` (P,); the latent response is in its own units, with residual SD ``unit``. ``varies`` (K,),
    ``lever`` (P,) as in ``bayes.design``; ``own`` and ``own_se`` (G, K) the groups' own estimates and
    standard errors in these units (``pilot.own_estimates``). ``mean_prior`` is that of the
    raw intercept, or of every raw threshold; None is the default, at the predictors' means.
    """

    statistics: Statistics
    family: str
    values: Array
    cells: Cells
    x: Array
    mean: Array
    scale: Array
    unit: float
    varies: NDArray[np.bool_]
    lever: Array
    own: Array
    own_se: Array
    path_priors: tuple[Prior, ...]
    mean_prior: Prior | None
    between_priors: tuple[Prior, ...]
    mode: tuple[Array, Array]
    said: tuple[str, ...]

    @property
    def outcome(self) -> str:
        """The outcome's name."""
        return self.statistics.equation.outcome

    @property
    def varying(self) -> tuple[str, ...]:
        """The names of the coefficients that differ between groups."""
        names = (intercept_name(self.outcome), *self.statistics.equation.parameters)
        return tuple(names[k] for k in np.flatnonzero(self.varies))


def threshold_names(model: Discrete) -> tuple[str, ...]:
    """Return ``t1``, ``t2``, … for ordered categories, nothing for yes or no, which has an intercept."""
    return tuple(f"t{j}" for j in range(1, len(model.values))) if model.family == "ordered" else ()


def discrete(
    equation: Equation, family: str, scores: pd.DataFrame, groups: Sequence[str], code: NDArray[np.int64],
    weights: Array | None, vary: Sequence[str], given: Given, *, collapse: bool = True,
) -> Discrete:  # fmt: skip
    """Return one regression's arrays, from its complete rows; priors are in the model's units.

    ``family`` is ``probit``, ``logit`` or ``ordered``; ``code`` (n,) numbers each row's group. Raises
    ``DataError`` for answers that are not of the family, ``SpecError`` for a label on two paths.
    """
    if len(set(equation.parameters)) < len(equation.parameters):
        raise SpecError(
            f"bayes: a label holds two paths to {equation.outcome!r} equal, which is for continuous outcomes "
            f"only; right is a label of its own for each path"
        )
    complete = scores[list(equation.predictors)].notna().all(axis=1).to_numpy() & (code >= 0)
    answers = scores[equation.outcome].to_numpy(dtype=float)
    values, said = categories(equation.outcome, family, np.where(complete, answers, np.nan))
    number = np.where(np.isfinite(answers), np.searchsorted(values, answers), np.nan)
    found = statistics(equation, scores.assign(**{equation.outcome: number}), groups, code, weights)
    keep = complete & np.isfinite(answers)
    weight = scaled_weights(code[keep], len(groups), None if weights is None else weights[keep])
    raw = scores.loc[keep, list(equation.predictors)].to_numpy(dtype=float)
    table = cells(code[keep], raw, number[keep].astype(np.int64), weight, len(groups), len(values),
                  collapse=collapse)  # fmt: skip
    P = raw.shape[1]
    mean, scale = found.centre[:P], np.sqrt(np.diag(pooled_cov(found))[:P])
    x = np.column_stack([np.ones(len(table.x)), (table.x - mean) / scale])
    unit = float(np.sqrt(RESIDUAL[family]))
    names = (intercept_name(equation.outcome), *equation.parameters)
    kinds = ("means", *["paths"] * P)
    many = len(groups) > 1
    varies = np.array([many and (n in vary or kind in vary) for n, kind in zip(names, kinds, strict=True)])
    step = np.concatenate([[1.0], scale])
    between = [_between(given, name, k, step[k], unit) for k, name in enumerate(names)]
    for prior, differs in zip(between, varies, strict=True):
        if differs:
            refuse_unbounded(BETWEEN, prior, int((found.rows > 0).sum()) - 1)
    mode = pooled_mode(table, x, family)
    lever = mean / scale * (literal_between(given, names[0], 0) is not None)
    own, own_se = own_estimates(table, x, family, *mode)
    return Discrete(
        found, family, values, table, x, mean, scale, unit, varies, lever, own, own_se,
        tuple(_path(given, name, s, unit) for name, s in zip(equation.parameters, scale, strict=True)),
        _mean(given, equation.outcome),
        tuple(prior for prior, differs in zip(between, varies, strict=True) if differs), mode, said,
    )  # fmt: skip


def literal_between(given: Given, name: str, k: int) -> Prior | None:
    """Return the user's prior of a between-group SD: of the parameter, its kind, or of all."""
    return spread_of(given, BETWEEN, name, "paths" if k else "means")


def _path(given: Given, name: str, scale: float, unit: float) -> Prior:
    literal = chosen(given, name, "paths")
    return rescaled(literal, scale) if literal else rescaled(parse_prior(DEFAULTS["paths"]), unit)


def _between(given: Given, name: str, k: int, scale: float, unit: float) -> Prior:
    literal = literal_between(given, name, k)
    default = DEFAULTS["between_sd of paths" if k else "between_sd of means"]
    return rescaled(literal, scale) if literal else rescaled(parse_prior(default), unit)


def _mean(given: Given, outcome: str) -> Prior | None:
    """Return the literal prior of the intercept or of the thresholds, None for the default."""
    name = intercept_name(outcome)
    literal = chosen(given, name, "means")
    if literal is not None and (literal.positive or literal.family == "uniform"):
        raise SpecError(
            f"bayes.priors: {literal.family} is bounded, which intercept and thresholds of the latent "
            f"response of {outcome!r} are not; right is for example {name!r}: normal(0, 10)"
        )
    return literal
