"""Least squares in one call: from moments or rows to estimates, covariances and fit measures.

Two doors, by what the variables are: ``fit_continuous`` for numbers, ``fit_ordinal`` where some are
categories. Each step behind them is public too: statistics, ``fit_ls``, ``ls_inference``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.categorical.moments import ordinal_moments
from werksem.errors import SpecError, did_you_mean
from werksem.estimators.fit import Fit
from werksem.estimators.ls import fit_ls
from werksem.estimators.ls_model import LSModel, continuous_model, ordinal_model
from werksem.estimators.ls_statistics import FAMILY, Statistics, continuous_statistics, ordinal_statistics
from werksem.inference.ls_inference import LSInference, ls_inference
from werksem.model import Model
from werksem.moments import Moments

__all__ = ["LSResult", "fit_continuous", "fit_ordinal"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LSResult:
    """A least squares fit with all that was computed on the way.

    ``ls.model`` has every row of the parameter table, thresholds included, and names ``fit.theta``;
    ``inference`` has its covariances and the measures; ``notes`` say what was done about sparse
    categories, ``warnings`` what is not to be trusted.
    """

    ls: LSModel
    statistics: tuple[Statistics, ...]
    fit: Fit
    inference: LSInference
    notes: tuple[str, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader should know before trusting the numbers."""
        return self.inference.warnings


def fit_continuous(
    model: Model, moments: Sequence[Moments], estimator: str, rows: Sequence[Array] | None = None,
    *, se: str | None = None, test: str | None = None,
) -> LSResult:  # fmt: skip
    """Return the ULS, GLS, WLS or DWLS fit (or a robust variant) of continuous variables.

    ``rows`` are each group's complete rows in the order of ``model.observed``; without them ULS
    and GLS still give naive errors. lavaan's default for these estimators is random x: build the
    model with ``fixed_x=False``.
    """
    _known(estimator)
    ls = continuous_model(model)
    robust = se == "robust" or test not in (None, "standard")
    statistics = continuous_statistics(ls, moments, estimator, rows, robust=robust)
    fit = fit_ls(ls, statistics, estimator)
    return LSResult(ls, statistics, fit, ls_inference(ls, statistics, fit, se=se, test=test), ())


def fit_ordinal(
    base: Model, rows: Sequence[Array], ordered: Sequence[str], estimator: str = "WLSMV", *,
    weights: Sequence[Array] | None = None, equal_thresholds: bool = False, se: str | None = None,
    test: str | None = None,
) -> LSResult:  # fmt: skip
    """Return the fit of a model in which some observed variables are ordered categories.

    ``base`` is built with ``mean_structure=True`` and fixed x; ``rows`` are each group's complete
    rows in the order of ``base.observed``. Predictors that nothing explains are covariates, taken
    as they are even where ``ordered`` names them, as lavaan does; a note says so. Names in
    ``ordered`` that are not in the model are passed over.
    """
    _known(estimator)
    x = base.fixed_x
    taken = [name for name in ordered if name in base.observed and name not in x]
    groups = base.groups
    moments = ordinal_moments(rows, base.observed, taken, x=x, groups=groups, weights=weights)
    ls = ordinal_model(base, moments, equal_thresholds=equal_thresholds)
    statistics = ordinal_statistics(ls, moments, estimator)
    fit = fit_ls(ls, statistics, estimator)
    notes = [note for group in moments for note in group.notes]
    notes += [
        f"{name}: an exogenous predictor, taken as it is (not as ordered)" for name in ordered if name in x
    ]
    return LSResult(ls, statistics, fit, ls_inference(ls, statistics, fit, se=se, test=test), tuple(notes))


def _known(estimator: str) -> None:
    if estimator not in FAMILY:
        raise SpecError(f"{estimator!r} is not a least squares estimator{did_you_mean(estimator, FAMILY)}")
