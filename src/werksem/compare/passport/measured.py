"""The latent-variable model by ML on complete rows: its paths, reliabilities, and those of all resamples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werksem.bootstrap.refit import build_refitter, refit
from werksem.compare.passport.samples import Drawn, Draws, Sample, one_step
from werksem.engines.sem import SemResult
from werksem.errors import WerksemError
from werksem.estimators.fit import Fit
from werksem.estimators.ml import TOLERANCE, fit_ml
from werksem.implied import standardised
from werksem.inference.delta import complex_jacobian
from werksem.inference.moment_influence import moment_influence_blocks
from werksem.inference.reliability import omega_ave
from werksem.model import Model, build_model
from werksem.moments import Moments
from werksem.reliabilities import stated_reliabilities, with_reliabilities
from werksem.respondents import Respondents
from werksem.rows import Options
from werksem.sem_data import SemData
from werksem.spec.study import Sem, Study
from werksem.spec.types import ModelSpec

__all__ = [
    "Measured",
    "by_ml",
    "omegas",
    "path_jacobian",
    "path_values",
    "paths_once",
    "refitted",
    "where_solved",
]

Array = NDArray[np.float64]
Paths = Sequence[tuple[str, str]]
BY_ML = ("ML", "MLR", "MLM", "MLMV")


@dataclass(frozen=True, slots=True)
class Measured:
    """An ML estimate of the model on complete rows, all respondents together."""

    model: Model
    fit: Fit
    moments: Moments


def by_ml(study: Study, spec: ModelSpec, sem: SemResult, data: SemData, found: Moments) -> Measured | None:
    """Return the study's own fit where it is ML on complete rows, else ML fitted to ``found``.

    None where the SEM is of groups jointly, or ML does not converge.
    """
    settings = study.sem or Sem()
    if len(sem.model.groups) > 1:
        return None
    plain = settings.estimator in BY_ML and data.patterns is None and not data.ordered
    if plain:
        return Measured(sem.model, sem.fit, sem.moments[0]) if sem.fit.converged else None
    try:
        model = build_model(spec, ("all",), Options(False, settings.fixed_x, settings.scaling))
        model = with_reliabilities(model, spec, [found], stated_reliabilities(spec))
        fit = fit_ml(model, [found])
    except WerksemError:
        return None
    return Measured(model, fit, found) if fit.converged else None


def path_values(model: Model, theta: Array, paths: Paths, names: dict[str, str] | None = None) -> Array:
    """Return the standardised paths (…, P) at theta (…, q), NaN for those the model does not have.

    ``names`` says what the model calls a variable where that is another name than the path's.
    """
    called = names or {}
    std = standardised(model, theta, 0)
    at = {(row.lhs, row.rhs): k for k, row in enumerate(model.rows) if row.op == "~" and row.group == 0}
    known = [at.get((called.get(lhs, lhs), called.get(rhs, rhs)), -1) for lhs, rhs in paths]
    return np.stack([std[..., k] if k >= 0 else np.full(std.shape[:-1], np.nan) for k in known], axis=-1)


def path_jacobian(model: Model, theta: Array, paths: Paths, names: dict[str, str] | None = None) -> Array:
    """Return the derivatives (P, q) of the standardised paths in theta."""
    return complex_jacobian(lambda t: path_values(model, t, paths, names), theta)


def refitted(measured: Measured, drawn: Drawn) -> Array | None:
    """Return theta (R, q) of a full refit of every resample, NaN without a solution.

    ``drawn`` are the resamples' moments. None for models with == constraints, which are not refitted.
    """
    means, flat = drawn
    try:
        refitter = build_refitter(measured.model, [measured.moments], measured.fit)
    except WerksemError:
        return None
    theta = np.full((len(flat), len(measured.fit.theta)), np.nan)
    usable = np.isfinite(flat).all(axis=1)
    if usable.any():
        solved, gradient = refit(refitter, means[usable, None], flat[usable, None])
        solved[~(gradient < TOLERANCE)] = np.nan
        theta[usable] = solved
    return theta


def omegas(measured: Measured, theta: Array, names: Sequence[str]) -> Array:
    """Return McDonald's omega (…, names) at theta (…, q), NaN where the model gives a name none."""
    model = measured.model

    def found(at: Array) -> Array:
        known = (
            omega_ave(model, at, name)[0] if name in model.latent else np.full(at.shape[:-1], np.nan)
            for name in names
        )
        return np.stack(list(known), axis=-1)

    return where_solved(measured, theta, found)


def where_solved(measured: Measured, theta: Array, quantities: Callable[[Array], Array]) -> Array:
    """Return the quantities (…, k) at theta (…, q), NaN where theta has no solution."""
    solved = np.isfinite(theta).all(axis=-1, keepdims=True)
    return np.where(solved, quantities(np.where(solved, theta, measured.fit.theta)), np.nan)


def paths_once(measured: Measured, sample: Sample, draws: Draws, paths: Paths) -> Array:
    """Return one-step replicates (R, P) of the ML paths, to set beside those of another estimator."""
    people = Respondents(sample.rows, sample.weights)
    jacobian = np.nan_to_num(path_jacobian(measured.model, measured.fit.theta, paths))
    blocks = moment_influence_blocks(measured.model, [measured.moments], measured.fit, [people])
    est = path_values(measured.model, measured.fit.theta, paths)
    return one_step(draws, est, (block @ jacobian.T for _, block in blocks), sample.at, float(len(sample.at)))
