"""One equation: Sigma(theta) and mu(theta) of a model, in plain NumPy.

All functions broadcast over leading dimensions of theta, so the same lines serve one estimate,
thousands of draws, and the complex steps of the delta method.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from werksem.model import ALPHA, BETA, LAMBDA, NU, PSI, THETA, Cells, Model

__all__ = [
    "Matrices", "implied_moments", "latent_cov", "matrices", "residual_deviations", "standard_deviations",
    "standardised",
]  # fmt: skip


class Matrices(NamedTuple):
    """The matrices of one group; p observed, m eta, any leading dimensions."""

    nu: Any  # (…, p)
    alpha: Any  # (…, m)
    Lambda: Any  # (…, p, m)
    B: Any  # (…, m, m)
    Psi: Any  # (…, m, m)
    Theta: Any  # (…, p, p)


def _fill(cells: Cells, matrix: int, theta: Any, shape: tuple[int, ...]) -> Any:
    here = cells.matrix == matrix
    free = here & (cells.free >= 0)
    out = np.zeros((*theta.shape[:-1], *shape), dtype=theta.dtype)
    for where, values in ((here & ~free, cells.value), (free, None)):
        row, col = cells.row[where], cells.col[where]
        filled = theta[..., cells.free[where]] if values is None else values[where]
        if len(shape) == 1:
            out[..., row] = filled
            continue
        out[..., row, col] = filled
        if matrix in (PSI, THETA):
            out[..., col, row] = filled
    return out


def matrices(model: Model, theta: Any, group: int = 0) -> Matrices:
    """Return one group's matrices at theta (…, q)."""
    theta = np.asarray(theta)
    theta = theta if np.iscomplexobj(theta) else theta.astype(float)
    p, m, cells = len(model.observed), len(model.eta), model.cells[group]
    return Matrices(
        _fill(cells, NU, theta, (p,)), _fill(cells, ALPHA, theta, (m,)),
        _fill(cells, LAMBDA, theta, (p, m)), _fill(cells, BETA, theta, (m, m)),
        _fill(cells, PSI, theta, (m, m)), _fill(cells, THETA, theta, (p, p)),
    )  # fmt: skip


def _total(m: Matrices) -> Any:
    """Return A = (I - B)^-1."""
    return np.linalg.inv(np.eye(m.B.shape[-1]) - m.B)


def latent_cov(m: Matrices) -> Any:
    """Return Phi = A Psi A', the covariances of the eta (…, m, m)."""
    A = _total(m)
    return A @ m.Psi @ np.swapaxes(A, -1, -2)


def implied_moments(model: Model, theta: Any, group: int = 0) -> tuple[Any, Any]:
    """Return mu (…, p) and Sigma = Lambda A Psi A' Lambda' + Theta (…, p, p) of one group."""
    m = matrices(model, theta, group)
    Sigma = m.Lambda @ latent_cov(m) @ np.swapaxes(m.Lambda, -1, -2) + m.Theta
    mean = m.nu + (m.Lambda @ (_total(m) @ m.alpha[..., None]))[..., 0]
    return mean, Sigma


def standard_deviations(model: Model, theta: Any, group: int = 0) -> dict[str, Any]:
    """Return the model-implied standard deviation (…) of every variable, observed and latent."""
    m = matrices(model, theta, group)
    Phi = latent_cov(m)
    Sigma = m.Lambda @ Phi @ np.swapaxes(m.Lambda, -1, -2) + m.Theta
    found = {}
    for names, cov in ((model.observed, Sigma), (model.eta, Phi)):
        for at, name in enumerate(names):
            # a complex root keeps complex steps alive; a negative variance has no deviation
            found[name] = _root(cov[..., at, at])
    return found


def _root(variance: Any) -> Any:
    """Return the square root, NaN for what is not positive."""
    positive = np.real(variance) > 0
    return np.where(positive, np.sqrt(np.where(positive, variance, 1.0)), np.nan)


def standardised(model: Model, theta: Any, group: int | None = None) -> Any:
    """Return the completely standardised value (…, rows) of every row of the parameter table.

    lavaan's ``std.all``: loadings and paths times sd(predictor) / sd(outcome), (residual)
    variances and covariances divided by the standard deviations (residual covariances of
    different variables by those of the residuals), intercepts and thresholds by the standard deviation.
    Columns of other groups than ``group`` are NaN where a group is given.
    """
    theta = np.asarray(theta)
    out = np.full((*theta.shape[:-1], len(model.rows)), np.nan, dtype=np.result_type(theta, float))
    for g in range(len(model.groups)):
        if group is not None and g != group:
            continue
        sd = standard_deviations(model, theta, g)
        residual = residual_deviations(model, theta, g)
        # no number is over a NaN deviation, which NumPy says aloud where numbers are complex
        with np.errstate(invalid="ignore"):
            for number, row in enumerate(model.rows):
                if row.group == g:
                    out[..., number] = _value(model, number, theta) * _factor(row, sd, residual)
    return out


def _value(model: Model, number: int, theta: Any) -> Any:
    at = model.free_of_row[number]
    return theta[..., at] if at >= 0 else model.rows[number].value


def _factor(row: Any, sd: dict[str, Any], residual: dict[str, Any]) -> Any:
    match row.op:
        case "=~":
            return sd[row.lhs] / sd[row.rhs]
        case "~":
            return sd[row.rhs] / sd[row.lhs]
        case "~1" | "|":
            return 1 / sd[row.lhs]
        case "~*~":
            return sd[row.lhs]
    if row.lhs == row.rhs:
        return 1 / sd[row.lhs] ** 2
    return 1 / (residual[row.lhs] * residual[row.rhs])


def residual_deviations(model: Model, theta: Any, group: int) -> dict[str, Any]:
    """Return the standard deviations of what the diagonals of Theta and Psi describe."""
    m = matrices(model, theta, group)
    found = {name: _root(m.Theta[..., i, i]) for i, name in enumerate(model.observed)}
    found |= {name: _root(m.Psi[..., i, i]) for i, name in enumerate(model.eta)}
    return found
