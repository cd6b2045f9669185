"""One unit for a latent variable over two waves: that of the items whose loadings stayed as they were.

A latent variable has no unit but that of its items. Between two estimates its unit differs by the
logarithm of the ratio of their loadings, the same for all items but for sampling error, and but for
items that came to load otherwise. Those are to have no say, be it the marker. Where all items changed
alike the change cannot be told from one of spread, and counts as that.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.fit import Fit
from werksem.implied import latent_cov, matrices
from werksem.inference.delta import complex_jacobian
from werksem.inference.vcov import standard_errors, vcov_ml
from werksem.model import LAMBDA, Model
from werksem.moments import Moments

__all__ = ["loading_errors", "loadings_metric", "robust_centre"]

Array = NDArray[np.float64]
# Tukey's biweight: 95 % efficient where nothing deviates
TUNING = 4.685
ROUNDS = 30


def loadings_metric(model: Model, theta: Array, reference: Array, errors: Array) -> Array:
    """Return by how much each eta's unit (R, m) differs from that at ``reference`` (R, q), as a logarithm.

    ``errors`` are the standard errors of the logarithms of the ratios of loadings, in the order of
    the loadings among the model's cells. Variables without items keep their unit.
    """
    col, row = _loadings(model)
    now, then = (np.abs(matrices(model, at).Lambda[:, row, col]) for at in (theta, reference))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(now) - np.log(then)
    found = np.zeros((len(theta), len(model.eta)))
    for k in np.unique(col):
        found[:, k] = robust_centre(ratio[:, col == k], errors[col == k])
    return found


def robust_centre(values: Array, errors: Array) -> Array:
    """Return the centre (R,) of ``values`` (R, k): a mean in which far ones have no say.

    Tukey's biweight (Beaton & Tukey, 1974) from the median, with scales 4.685 ``errors`` (k,): a value
    further than that from the centre weighs nothing. The median where all do.

    >>> robust_centre(np.array([[0.0, 0.02, 0.04, 0.7]]), np.full(4, 0.05)).round(3).tolist()
    [0.02]
    """
    centre = np.median(values, axis=1)
    with np.errstate(invalid="ignore"):
        for _ in range(ROUNDS):
            off = (values - centre[:, None]) / (TUNING * errors)
            weight = np.where(np.abs(off) < 1, (1 - off**2) ** 2, 0.0) / errors**2
            whole = weight.sum(axis=1)
            moved = (weight * np.where(weight > 0, values, 0.0)).sum(axis=1) / np.where(whole > 0, whole, 1.0)
            centre = np.where(whole > 0, moved, centre)
    return np.asarray(centre, dtype=float)


def loading_errors(model: Model, moments: Moments, fit: Fit) -> Array:
    """Return the standard errors (loadings,) of log loadings, latent variables having a variance of 1.

    So the marker has one too. By the information matrix: they only say what deviates far.
    """
    col, row = _loadings(model)

    def logs(theta: Any) -> Any:
        m = matrices(model, theta)
        variance = np.diagonal(latent_cov(m), axis1=-2, axis2=-1)[..., col]
        # log |x| of a real x, with the derivative of a complex step
        return 0.5 * np.log(m.Lambda[..., row, col] ** 2 * variance)

    found = standard_errors(vcov_ml(model, [moments], fit, "expected"), complex_jacobian(logs, fit.theta))
    return np.maximum(np.asarray(found, dtype=float), 1e-6)


def _loadings(model: Model) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the column and row in Lambda of every loading of an item."""
    cells = model.cells[0]
    here = (cells.matrix == LAMBDA) & (cells.source >= 0)
    return cells.col[here], cells.row[here]
