"""Whether a correlation matrix gives what was printed: ordinary regressions from it, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from werksem.audit.bounds import Bound
from werksem.audit.rounding import Interval, absolute
from werksem.audit.search import Matrix
from werksem.audit.strength import strength
from werksem.audit.together import Block
from werksem.estimators.ols import OlsFit, fit_ols
from werksem.moments import Moments

__all__ = ["Verified", "joint", "verify"]

SLACK = 1e-6  # of a limit: betas come back from correlations with eight decimals
DECIMALS = 8
MANY = 10**9
SINGULAR = 1e-8  # of an eigenvalue, or of 1 - R²: no regression can be computed


@dataclass(frozen=True, slots=True)
class Verified:
    """What a matrix gives: R² and adjusted R² per outcome, and which cells and R² it does not give."""

    smallest: float
    r2: dict[str, float]
    adjusted: dict[str, float]
    vif: dict[str, float]
    missed: tuple[Bound, ...]
    missed_r2: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Whether all but the impossible cells hold, and R² of every outcome without such cells."""
        lost = {found.cell.outcome for found in self.missed if found.reason}
        return all(found.reason for found in self.missed) and set(self.missed_r2) <= lost


def joint(matrix: Matrix, outcome: str) -> np.ndarray:
    """Return the correlations (k + 1, k + 1) of the predictors and one outcome, last, with eight decimals."""
    R = np.round(matrix.R, DECIMALS)
    r = np.round(R @ matrix.beta[matrix.outcomes.index(outcome)], DECIMALS)
    return np.block([[R, r[:, None]], [r[None, :], np.ones((1, 1))]])


def verify(matrix: Matrix, block: Block) -> Verified:
    """Return how ordinary least squares on the matrix compares with the table, impossible cells included."""
    bounds = [found for found in block.bounds if found.cell.outcome in matrix.outcomes]
    smallest = float(np.linalg.eigvalsh(np.round(matrix.R, DECIMALS))[0])
    r2 = np.einsum("yj,jk,yk->y", matrix.beta, matrix.R, matrix.beta)
    if smallest < SINGULAR or (r2 > 1 - SINGULAR).any():
        return Verified(smallest, {}, {}, {}, tuple(bounds), matrix.outcomes)
    fits = {name: _fit(matrix, name, bounds) for name in matrix.outcomes}
    of = {found.cell.outcome: found.outcome for found in bounds}
    missed_r2 = tuple(name for name, fit in fits.items() if not _within(fit.r2, of[name].r2))
    any_fit = next(iter(fits.values()))
    return Verified(
        smallest,
        {name: fit.r2 for name, fit in fits.items()},
        {name: fit.r2_adj for name, fit in fits.items()},
        dict(zip(any_fit.predictors, any_fit.vif.tolist(), strict=True)),
        tuple(found for found in bounds if not _holds(found, fits[found.cell.outcome])),
        missed_r2,
    )


def _fit(matrix: Matrix, outcome: str, bounds: list[Bound]) -> OlsFit:
    n = next(found.outcome.n for found in bounds if found.cell.outcome == outcome)
    names = (*matrix.predictors, outcome)
    R = joint(matrix, outcome)
    return fit_ols(Moments(names, float(n or MANY), np.zeros(len(R)), R), outcome, matrix.predictors)


def _holds(found: Bound, fit: OlsFit) -> bool:
    at = fit.predictors.index(found.cell.predictor)
    beta, known = float(fit.beta[at]), found.outcome.df is not None
    if not _within(beta, found.cell.beta):
        return False
    t, se = abs(float(fit.t[at])), float(fit.beta_se[at])
    return not known or (
        _within(t, strength(found.cell, found.outcome.df)) and _within(se, absolute(found.cell.se))
    )


def _within(value: float, ends: Interval) -> bool:
    room = SLACK * max(1.0, abs(value))
    return ends[0] - room <= value <= ends[1] + room
