"""Regressions from covariances alone, of a sample and of all its resamples; and with error taken out.

Observed scores have the covariances of true ones, but larger variances: var(x) = var(t) + (1 - r) var(x)
with r the reliability (Spearman, 1904). So r var(x) on the diagonal gives the regression of true scores.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.engines.drawn_scores import definite
from werksem.inference.joint_block import standardised_slopes

__all__ = ["betas", "corrected"]

Array = NDArray[np.float64]


def betas(covs: Array, predictors: Sequence[int], outcome: int) -> Array:
    """Return standardised slopes (…, k) of one variable on others, from covariances (…, p, p).

    NaN where the covariances are no positive definite matrix, so belong to no regression.

    >>> betas(np.array([[4.0, 1.0], [1.0, 1.0]]), [1], 0).tolist()
    [0.5]
    >>> betas(np.array([[1.0, 1.2], [1.2, 1.0]]), [1], 0).tolist()
    [nan]
    """
    at = [*predictors, outcome]
    part = covs[..., at, :][..., at]
    whole = part.reshape(-1, len(at), len(at))
    found = np.full((len(whole), len(predictors)), np.nan)
    usable = definite(whole)
    if usable.any():
        found[usable] = standardised_slopes(whole[usable], range(len(predictors)))
    return found.reshape(*covs.shape[:-2], len(predictors))


def corrected(covs: Array, reliability: Array) -> Array:
    """Return covariances (…, p, p) with the error variance (1 - r) s² taken off the diagonal.

    ``reliability`` (…, p) is 1 for what is measured without error. Errors of different scores are taken
    to be uncorrelated: scores share no items.

    >>> corrected(np.array([[4.0, 1.0], [1.0, 2.0]]), np.array([0.75, 1.0])).tolist()
    [[3.0, 1.0], [1.0, 2.0]]
    """
    p = covs.shape[-1]
    diagonal = np.diagonal(covs, axis1=-2, axis2=-1)
    error: Array = ((1 - reliability) * diagonal)[..., None] * np.eye(p)
    return np.asarray(covs - error, dtype=float)
