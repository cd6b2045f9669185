"""Every group's own regression on scale means, standardised by its own standard deviations."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from werksem.compare.passport.regressions import betas
from werksem.inputs import Inputs
from werksem.moments import moments
from werksem.spec.equations import equations
from werksem.spec.types import ModelSpec

__all__ = ["group_betas"]


def group_betas(spec: ModelSpec, inputs: Inputs) -> Mapping[tuple[str, str, str], tuple[float, float]]:
    """Return (beta, n) by outcome, predictor and group, on the group's complete rows, weighted.

    A group with no more rows than the regression has variables, or in which one does not vary, has none.
    """
    if inputs.scores is None or inputs.group is None:
        return {}
    found = {}
    for equation in equations(spec):
        names = [*equation.predictors, equation.outcome]
        values = inputs.scores[names].to_numpy(dtype=float)
        complete = np.isfinite(values).all(axis=1)
        for label in inputs.group.unique():
            keep = complete & (inputs.group == label).to_numpy()
            if keep.sum() <= len(names):
                continue
            weights = None if inputs.weights is None else inputs.weights[keep].to_numpy(dtype=float)
            cov = moments(values[keep], names, weights=weights).cov
            est = betas(cov, range(len(names) - 1), len(names) - 1)
            for predictor, value in zip(equation.predictors, est, strict=True):
                found[equation.outcome, predictor, str(label)] = (float(value), float(keep.sum()))
    return found
