"""The SEM's standardised paths, effects and latent correlations: their joint covariance, or replicates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.effects import effect_rows, quantity_values
from werksem.engines.sem import SemResult
from werksem.estimators.joint import Joint
from werksem.implied import latent_cov, matrices
from werksem.inference.delta import complex_jacobian
from werksem.model import Model

__all__ = ["replicate_joint", "sem_joint"]

Array = NDArray[np.float64]
CHUNK = 512


@dataclass(frozen=True, slots=True)
class _Cells:
    """Which standardised quantities (columns of ``quantity_values``) and pairs of variables are meant."""

    names: tuple[str, ...]
    groups: tuple[str, ...]
    columns: tuple[int, ...]
    pairs: tuple[tuple[int, str, str], ...]


def sem_joint(sem: SemResult) -> Joint:
    """Return paths, effects and correlations of the fit, their covariance by the delta method."""
    cells = _cells(sem)

    def values(theta: Any) -> Any:
        return _values(sem, cells, theta)

    jacobian = complex_jacobian(values, sem.fit.theta)
    cov = jacobian @ sem.vcov @ jacobian.T
    return Joint(cells.names, cells.groups, values(sem.fit.theta), cov, float(sem.fit.n))


def replicate_joint(sem: SemResult, thetas: Array, scales: tuple[float, Array, bool] | None = None) -> Joint:
    """Return the same with a draw per replicate theta (R, q).

    ``scales`` (scale, rscales (R,), mse) are those of replicate weights that came with the data: their
    replicates do not spread as estimates do, so there is a covariance and no draws.
    """
    cells = _cells(sem)
    est = _values(sem, cells, sem.fit.theta)
    parts = [_values(sem, cells, thetas[at : at + CHUNK]) for at in range(0, len(thetas), CHUNK)]
    draws = np.concatenate(parts)
    whole = np.isfinite(draws).all(axis=1)
    n = float(sem.fit.n)
    if scales is not None:
        scale, rscales, mse = scales
        known, weight = draws[whole], rscales[whole]
        centred = known - (est if mse else known[weight > 0].mean(axis=0))
        return Joint(cells.names, cells.groups, est, scale * (centred * weight[:, None]).T @ centred, n)
    known = draws[whole]
    return Joint(cells.names, cells.groups, est, np.cov(known, rowvar=False), n, draws=known)


def _cells(sem: SemResult) -> _Cells:
    model, rows = sem.model, sem.model.rows
    names, groups, columns = [], [], []
    for number, row in enumerate(rows):
        if row.op == "~":
            names.append(f"{row.lhs} ~ {row.rhs}")
            groups.append(_label(model, row.group))
            columns.append(number)
    for number, effect in enumerate(effect_rows(model, sem.effects)):
        names.append(effect.name)
        groups.append(_label(model, effect.groups[0]) if len(effect.groups) == 1 else "all")
        columns.append(len(rows) + number)
    pairs = [
        (g, a, b) for g in range(len(model.groups)) for a, b in combinations(sorted(_variables(model)), 2)
    ]
    names += [f"{a} ~~ {b}" for _, a, b in pairs]
    groups += [_label(model, g) for g, _, _ in pairs]
    return _Cells(tuple(names), tuple(groups), tuple(columns), tuple(pairs))


def _label(model: Model, group: int) -> str:
    return model.groups[group] if len(model.groups) > 1 else "all"


def _variables(model: Model) -> set[str]:
    """Return what is measured or takes part in a regression."""
    paths = {name for row in model.rows if row.op == "~" for name in (row.lhs, row.rhs)}
    return paths | {row.lhs for row in model.rows if row.op == "=~"}


def _values(sem: SemResult, cells: _Cells, theta: Any) -> Any:
    """Return the values (…, k) at theta (…, q)."""
    _, std = quantity_values(sem.model, sem.effects, theta)
    numbers = list(cells.columns)
    found = [std[..., numbers]]
    for group in range(len(sem.model.groups)):
        pairs = [(a, b) for g, a, b in cells.pairs if g == group]
        if pairs:
            found.append(_correlations(sem.model, theta, group, pairs))
    return np.concatenate(found, axis=-1)


def _correlations(model: Model, theta: Any, group: int, pairs: Sequence[tuple[str, str]]) -> Any:
    """Return implied correlations (…, pairs) of latent and observed variables."""
    m = matrices(model, theta, group)
    Phi = latent_cov(m)
    eye = np.broadcast_to(np.eye(len(model.eta)), Phi.shape)
    loads = np.concatenate([eye, m.Lambda], axis=-2)
    S = loads @ Phi @ np.swapaxes(loads, -1, -2)
    size = len(model.eta)
    S[..., size:, size:] += m.Theta
    # a name that is both is the latent one
    at = {name: i for i, name in reversed(list(enumerate((*model.eta, *model.observed))))}
    i, j = (np.array([at[pair[side]] for pair in pairs]) for side in (0, 1))
    return S[..., i, j] / np.sqrt(S[..., i, i] * S[..., j, j])
