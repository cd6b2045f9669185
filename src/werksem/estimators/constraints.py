"""Equality constraints h(theta) = 0 between parameters, linear or not, from formulas of labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.errors import SpecError, did_you_mean
from werksem.model import Model
from werksem.spec.contradictions import refuse_inequalities
from werksem.spec.formula import evaluate, symbols

__all__ = ["Equalities", "equalities", "null_space"]

Array = NDArray[np.float64]
STEP = 1e-30


@dataclass(frozen=True, slots=True)
class Equalities:
    """The constraints of a model as functions of theta (q,)."""

    model: Model

    def values(self, theta: Any) -> Any:
        """Return h (…, c) = left side minus right side, for theta (…, q)."""
        named = {name: theta[..., k] for k, name in enumerate(self.model.parameters)}
        shape = np.shape(theta)[:-1]
        rows = [
            np.broadcast_to(evaluate(c.left, named) - evaluate(c.right, named), shape)
            for c in self.model.constraints
        ]
        return np.stack(rows, axis=-1)

    def jacobian(self, theta: Array) -> Array:
        """Return dh/dtheta (c, q), by complex steps."""
        steps = theta + 1j * STEP * np.eye(len(theta))
        return np.imag(self.values(steps)).T / STEP

    def curvature(self, theta: Array, multipliers: Array) -> Array:
        """Return the Hessian (q, q) of multipliers'h, by differences of exact gradients."""
        q = len(theta)
        H = np.empty((q, q))
        for k in range(q):
            h = 1e-5 * max(1.0, abs(theta[k]))
            step = np.zeros(q)
            step[k] = h
            H[k] = multipliers @ (self.jacobian(theta + step) - self.jacobian(theta - step)) / (2 * h)
        return (H + H.T) / 2


def equalities(model: Model) -> Equalities | None:
    """Return the model's constraints, None where it has none; unknown labels raise ``SpecError``."""
    if not model.constraints:
        return None
    refuse_inequalities(model.constraints)
    for constraint in model.constraints:
        for name in (*symbols(constraint.left), *symbols(constraint.right)):
            if name not in model.parameters:
                raise SpecError(
                    f"constraint {constraint.text!r}: no parameter is labelled {name!r}"
                    f"{did_you_mean(name, model.parameters)}",
                    where=constraint.where,
                )
    return Equalities(model)


def null_space(jacobian: Array) -> Array:
    """Return an orthonormal basis (q, q - rank) of the directions that keep h as it is.

    >>> null_space(np.array([[1.0, -1.0]])).shape
    (2, 1)
    """
    _, size, rows = np.linalg.svd(jacobian, full_matrices=True)
    rank = int((size > 1e-10 * max(size.max(initial=0.0), 1e-300)).sum())
    return rows[rank:].T
