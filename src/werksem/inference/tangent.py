"""The inverse curvature of a discrepancy along what equality constraints leave free."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.constraints import equalities, null_space
from werksem.model import Model

__all__ = ["tangent_inverse"]

Array = NDArray[np.float64]


def tangent_inverse(model: Model, phi: Array, scale: Array, half_hessian: Array, gradient: Array) -> Array:
    """Return Z (Z'A Z)^-1 Z' (q, q) in phi, A half the Hessian of the Lagrangian at an optimum.

    Z spans the directions that keep the constraints; without them it is the inverse of
    ``half_hessian`` (q, q). ``gradient`` (q,) is dF/dphi, whose part across the constraints gives
    their multipliers (Aitchison & Silvey, 1958). theta = phi / ``scale``.
    """
    equal = equalities(model)
    if equal is None:
        return np.asarray(np.linalg.inv(half_hessian), dtype=float)
    J = equal.jacobian(phi / scale) / scale
    multipliers: Array = -np.linalg.lstsq(J.T, gradient, rcond=None)[0].astype(float)
    bent = equal.curvature(phi / scale, multipliers) / np.outer(scale, scale)
    Z = null_space(J)
    return np.asarray(Z @ np.linalg.inv(Z.T @ (half_hessian + bent / 2) @ Z) @ Z.T, dtype=float)
