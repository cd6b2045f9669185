"""The simulation of a study: its population, its intervals, and what all surveys gave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from werksem.calibrate.draw import drawn_inputs, drawn_moments, stream
from werksem.calibrate.method import Method
from werksem.calibrate.ols_method import ols_method, ols_method_of_moments
from werksem.calibrate.population import Population, population
from werksem.calibrate.sem_method import sem_method
from werksem.calibrate.surveys import Run, run_surveys
from werksem.engines.sem import SemResult, fit_sem
from werksem.errors import EstimationError, SpecError
from werksem.implied import implied_moments
from werksem.inputs import Inputs
from werksem.moments import Moments
from werksem.sem_data import sem_data, sem_options
from werksem.spec.calibrating import Calibrate
from werksem.spec.equations import equations, observed_names
from werksem.spec.study import Sem, Study
from werksem.spec.types import ModelSpec

__all__ = ["Plan", "plan_of", "simulated"]

SEEDS = 2**31  # of what a survey draws itself: resamples and normal draws
AT_ONCE = 16  # each survey holds its answers and their influence: some 200 MB of 20,000 x 60


@dataclass(frozen=True, slots=True)
class Plan:
    """What is simulated: the methods held to their promise, how a survey is drawn, and from what.

    ``population`` is None where the study gives moments, ``n`` the respondents of a survey.
    """

    methods: tuple[Method, ...]
    draw: Callable[[int], tuple[Inputs, int]]
    population: Population | None
    n: int


def plan_of(study: Study, spec: ModelSpec, inputs: Inputs, settings: Calibrate) -> Plan:
    """Return what to simulate for a study; raises ``SpecError`` where it has no intervals at all."""
    latent = study.sem is not None or study.bootstrap is not None
    regressed = study.ols is not None and bool(equations(spec))
    if not latent and not regressed and study.bayes is None:
        raise SpecError("calibrate: the study has neither ols, sem, bootstrap nor bayes: nothing to simulate")
    base = _fit(study, spec, inputs, needed=latent)
    if inputs.given is not None:
        return _of_moments(study, spec, inputs, settings, base, latent=latent)
    source = population(study, spec, inputs, base)
    methods = [ols_method(study, spec, inputs, source)] if regressed else []
    if latent and base is not None:
        methods.append(sem_method(study, spec, inputs, base, source, settings.replicates))

    def draw(survey: int) -> tuple[Inputs, int]:
        numbers = stream(settings.seed, survey)
        return drawn_inputs(source, spec, inputs, numbers), int(numbers.integers(SEEDS))

    return Plan(tuple(methods), draw, source, len(source.blank))


def _fit(study: Study, spec: ModelSpec, inputs: Inputs, *, needed: bool) -> SemResult | None:
    """Return the study's own fit; None where there is none and only regressions are asked for."""
    settings = study.sem or Sem()
    if not needed and inputs.given is not None and set(observed_names(spec)) - set(inputs.given.names):
        return None  # moments of scale means: there are no items to fit
    try:
        data = sem_data(study, spec, inputs, by_group=settings.multigroup)
        found = fit_sem(spec, data, settings, sem_options(study))
    except EstimationError:
        if needed:
            raise
        return None
    return found if needed or found.fit.converged else None


def _of_moments(
    study: Study, spec: ModelSpec, inputs: Inputs, settings: Calibrate, base: SemResult | None, *,
    latent: bool,
) -> Plan:  # fmt: skip
    """Return the plan of a study of moments: normal respondents with the moments that its model implies."""
    if inputs.given is None:
        raise SpecError("the study has neither respondents nor moments")
    given = inputs.given if base is None else _implied(base, inputs.given)
    there = replace(inputs, given=given)
    methods = [ols_method_of_moments(study, spec, there)] if study.ols and equations(spec) else []
    if latent and base is not None:
        methods.append(sem_method(study, spec, there, base, None, settings.replicates))

    def draw(survey: int) -> tuple[Inputs, int]:
        numbers = stream(settings.seed, survey)
        return replace(inputs, given=drawn_moments(given, numbers)), int(numbers.integers(SEEDS))

    return Plan(tuple(methods), draw, None, round(given.n))


def _implied(base: SemResult, given: Moments) -> Moments:
    """Return moments with the covariances that the fit implies."""
    if not base.fit.converged:
        raise EstimationError("calibrate: the model did not converge, so it implies no population")
    mean, cov = implied_moments(base.model, base.fit.theta)
    order = [base.model.observed.index(name) for name in given.names]
    centre = mean[order] if base.model.mean_structure else given.mean
    return replace(given, mean=centre, cov=cov[order][:, order])


def simulated(plan: Plan, settings: Calibrate, *, jobs: int, tick: Callable[[], None]) -> tuple[Run, ...]:
    """Return what every method found in every survey; nothing is drawn where there is none."""
    if not plan.methods:
        return ()
    return run_surveys(plan.methods, plan.draw, settings.surveys, jobs=min(jobs, AT_ONCE), tick=tick)
