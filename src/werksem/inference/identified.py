"""Identification told before estimating: the rank of the derivatives at a point in general position."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.errors import EstimationError
from werksem.estimators.constraints import equalities, null_space
from werksem.implied import implied_moments
from werksem.inference.delta import complex_jacobian
from werksem.model import Model

__all__ = ["require_enough_moments", "unidentified"]

Array = NDArray[np.float64]
SEED = 20_261
TOLERANCE = 1e-7


def require_enough_moments(name: str, model: Model) -> None:
    """Raise ``EstimationError`` where the model called ``name`` has more parameters than moments."""
    if model.df < 0:
        raise EstimationError(
            f"model {name!r} is not identified: {model.npar} parameters, "
            f"{model.npar + model.df} moments; fix or drop {-model.df} of them"
        )


def unidentified(model: Model) -> tuple[str, ...]:
    """Return the parameters that no data could tell apart, empty where the model is identified.

    A model is locally identified almost everywhere when the derivatives of its implied moments have
    full rank at a random admissible point (Bekker, Merckens & Wansbeek, 1994); the parameters
    named are those that the null directions move.
    """
    theta = _general_position(model)
    J = complex_jacobian(lambda t: _moments(model, t), theta)
    free = np.flatnonzero(~np.array(model.exogenous, dtype=bool))
    directions = np.eye(len(theta))[:, free]
    equal = equalities(model)
    if equal is not None:
        directions = null_space(equal.jacobian(theta))
    moved = J @ directions
    size = np.linalg.norm(moved, axis=0)
    values, vectors = np.linalg.svd(moved / np.maximum(size, 1e-12), full_matrices=True)[1:]
    rank = int((values > TOLERANCE * values[0]).sum())
    if rank == directions.shape[1]:
        return ()
    null = directions @ (vectors[rank:].T / np.maximum(size, 1e-12)[:, None])
    weight = np.abs(null).max(axis=1)
    return tuple(model.parameters[k] for k in np.flatnonzero(weight > 1e-3 * weight.max()))


def _general_position(model: Model) -> Array:
    """Return random parameter values (q,) with positive variances and small paths."""
    rng = np.random.default_rng(SEED)
    theta = rng.uniform(0.2, 0.5, len(model.parameters))
    for row, at in zip(model.rows, model.free_of_row, strict=True):
        if at >= 0 and row.op == "~~" and row.lhs == row.rhs:
            theta[at] = rng.uniform(1.0, 2.0)
        elif at >= 0 and row.op == "=~":
            theta[at] = rng.uniform(0.6, 1.4)
        elif at >= 0 and row.op == "~~":
            theta[at] = rng.uniform(0.05, 0.2)
    return theta


def _moments(model: Model, theta: object) -> object:
    """Return all groups' implied covariances, and means where they are modelled, side by side."""
    parts = []
    for group in range(len(model.groups)):
        mean, cov = implied_moments(model, theta, group)
        i, j = np.tril_indices(cov.shape[-1])
        parts.append(cov[..., i, j])
        if model.mean_structure:
            parts.append(mean)
    return np.concatenate(parts, axis=-1)
