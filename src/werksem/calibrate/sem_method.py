"""The latent-variable model's intervals: Wald's of every kind of standard error, and the bootstrap's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.calibrate.method import Method, Result, quantity_keys
from werksem.calibrate.population import Population
from werksem.calibrate.resampled import Resampling, resampled, resampling_kinds
from werksem.calibrate.sem_fit import Fitted, fitted, kinds_of, own_kind
from werksem.calibrate.truth import latent_truth
from werksem.effects import quantities
from werksem.engines.sem import LEVEL, SemResult
from werksem.inference.delta import complex_jacobian
from werksem.inference.vcov import standard_errors
from werksem.inputs import Inputs
from werksem.intervals.monte_carlo import monte_carlo, normal_draws
from werksem.model import Model, build_model
from werksem.sem_data import SemData, sem_data, sem_options
from werksem.spec.study import Bootstrap, Sem, Study
from werksem.spec.types import ModelSpec

__all__ = ["sem_method"]

Array = NDArray[np.float64]
MONTE_CARLO = "monte_carlo"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What stays the same over surveys; ``places`` (L,) are the quantities that coverage is asked of."""

    study: Study
    spec: ModelSpec
    settings: Sem
    base: SemResult
    model: Model
    own: str
    kinds: tuple[str, ...]
    wanted: Bootstrap | None
    resampling: Resampling
    replicates: int


def sem_method(
    study: Study, spec: ModelSpec, inputs: Inputs, base: SemResult, source: Population | None, replicates: int
) -> Method:  # fmt: skip
    """Return the intervals of the study's SEM and, where it has one, of its bootstrap.

    ``source`` is None where the study gives moments. Monte-Carlo intervals take the study's own standard
    errors; the bootstrap's kinds share one set of ``replicates``, drawn by the study's scheme.
    """
    settings = study.sem or Sem()
    data = sem_data(study, spec, inputs, by_group=settings.multigroup)
    model, own = build_model(spec, data.groups, sem_options(study)), own_kind(base)
    table = base.tables.estimates[base.tables.estimates["op"] != "r2"].reset_index(drop=True)
    keys = quantity_keys(table)
    places = keys["place"].to_numpy() + len(table) * (keys["quantity"] == "std").to_numpy()
    wanted = _wanted(study, data, replicates)
    drawn: tuple[str, ...] = ()
    if wanted is not None:
        first = fitted(base, model, spec, inputs, data, settings, own)
        drawn = resampling_kinds(first, data, settings, wanted)
    asked = _Asked(
        study, spec, settings, base, model, own, kinds_of(data, settings, own), wanted,
        Resampling(places, drawn), replicates,
    )  # fmt: skip
    theta = base.fit.theta if source is None else latent_truth(base, source)
    truth = quantities(base.model, base.effects, theta)[places]
    keys = keys.drop(columns="place").assign(truth=truth, level=LEVEL)
    return Method(_all_keys(keys, asked), lambda found, seed: _estimate(asked, found, seed))


def _wanted(study: Study, data: SemData, replicates: int) -> Bootstrap | None:
    """Return the bootstrap to run per survey, None where there is none or its weights came with the data."""
    wanted, respondents = study.bootstrap, data.respondents is not None or data.patterns is not None
    if wanted is None or wanted.scheme == "replicate_weights" or not respondents:
        return None
    return wanted.model_copy(update={"replicates": replicates, "indices": None, "engine": "threads"})


def _all_keys(keys: pd.DataFrame, asked: _Asked) -> pd.DataFrame:
    """Return the keys of Wald intervals, the Monte-Carlo one, and those of resamples, in that order."""
    study, kinds = asked.study, asked.resampling.kinds
    parts = [
        keys.assign(interval=kind, own=study.sem is not None and kind == asked.own) for kind in asked.kinds
    ]
    wanted, mine = study.bootstrap, ""
    if wanted is not None:
        mine = wanted.interval if wanted.interval in (*kinds, MONTE_CARLO) else f"one-step {wanted.interval}"
    level = LEVEL if wanted is None else wanted.level
    parts += [
        keys.assign(engine="bootstrap", interval=kind, own=kind == mine, level=level)
        for kind in (MONTE_CARLO, *kinds)
    ]
    return pd.concat(parts, ignore_index=True)


def _estimate(asked: _Asked, inputs: Inputs, seed: int) -> Result:
    """Return every interval of one survey."""
    data = sem_data(asked.study, asked.spec, inputs, by_group=asked.settings.multigroup)
    fit = fitted(asked.base, asked.model, asked.spec, inputs, data, asked.settings, asked.own)
    status, places = fit.sem.fit.status, asked.resampling.places
    if not fit.sem.fit.converged:
        kinds = len(asked.kinds) + 1 + len(asked.resampling.kinds)
        return Result(np.full((kinds * len(places), 4), np.nan), status)
    jacobian = complex_jacobian(lambda t: _quantities(fit, t, places), fit.sem.fit.theta)
    parts = [*_wald(asked, fit, jacobian), _monte_carlo(asked, fit, seed)]
    if asked.wanted is not None:
        wanted = asked.wanted.model_copy(update={"seed": seed})
        parts.append(resampled(fit, data, asked.settings, wanted, asked.resampling, jacobian))
    return Result(np.concatenate(parts), status)


def _quantities(fit: Fitted, theta: Array, places: NDArray[np.int64]) -> Array:
    return np.asarray(quantities(fit.sem.model, fit.sem.effects, theta)[..., places])


def _wald(asked: _Asked, fit: Fitted, jacobian: Array) -> list[Array]:
    """Return estimate ± z standard errors (L, 4) of each kind."""
    from scipy.special import ndtri

    z = float(ndtri((1 + LEVEL) / 2))
    estimate = _quantities(fit, fit.sem.fit.theta, asked.resampling.places)
    errors = [standard_errors(fit.vcov[kind], jacobian) for kind in asked.kinds]
    return [np.column_stack([estimate, se, estimate - z * se, estimate + z * se]) for se in errors]


def _monte_carlo(asked: _Asked, fit: Fitted, seed: int) -> Array:
    """Return the Monte-Carlo interval (L, 4), by the study's own covariances of the estimates."""
    wanted, theta, places = asked.study.bootstrap, fit.sem.fit.theta, asked.resampling.places
    estimate = _quantities(fit, theta, places)
    values = _quantities(fit, normal_draws(theta, fit.vcov[asked.own], asked.replicates, seed), places)
    level = LEVEL if wanted is None else wanted.level
    lower, upper = monte_carlo(values, estimate, level, np.zeros(len(places)))
    return np.column_stack([estimate, np.nanstd(values, axis=0, ddof=1), lower, upper])
