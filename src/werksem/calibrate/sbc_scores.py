"""Regressions on scale means, ready to be calibrated: truths, surveys by their moments, fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.design import Design
from werksem.bayes.draws import ScoreDraws, further, model_units, raw_draws
from werksem.bayes.effect_quantities import usable_effects
from werksem.bayes.graph import data_of, pymc_model, use_numba
from werksem.bayes.marginal import points
from werksem.bayes.mixed import of_continuous
from werksem.bayes.nested import about_means, draw_units
from werksem.bayes.run import score_design
from werksem.bayes.sample import Sampled, compiled, default_sampler, sample_model, third_party_warnings
from werksem.bayes.score_priors import log_likelihoods
from werksem.bayes.score_quantities import scores_quantities
from werksem.calibrate.sbc_level import LIKELIHOOD, Level, named
from werksem.calibrate.sbc_moments import drawn_cross, with_both, without_answers
from werksem.calibrate.sbc_prior import prior_sampled
from werksem.effects import defined_effects
from werksem.errors import DataError
from werksem.inputs import Inputs
from werksem.spec.equations import equations, residual_pairs
from werksem.spec.posterior import BETWEEN, NESTED
from werksem.spec.study import Bayes
from werksem.spec.types import Effect, ModelSpec

__all__ = [
    "Ready", "compiled_scores", "fitted", "one_draw", "one_truth", "ready_scores", "scores_level",
    "simulated", "study_truths",
]  # fmt: skip

Array = NDArray[np.float64]
TUNE = 300  # a gradient costs little and coordinates are near normal: enough for a step size
SPREAD = 500  # truths at least, so that their SD is known to 3 %


@dataclass(frozen=True, slots=True)
class Ready:
    """A study's regressions, compiled once: their arrays, settings, effects, and what is not simulated.

    ``model`` is nutpie's, whose data can be exchanged; None where nutpie is not installed or the method is
    not a sampler, and every fit compiles.
    """

    design: Design
    settings: Bayes
    effects: tuple[Effect, ...]
    model: Any
    left: tuple[str, ...]


def ready_scores(settings: Bayes, model: ModelSpec, inputs: Inputs) -> Ready:
    """Return a study's continuous regressions, ready to be fitted to other data of the same groups."""
    every = equations(model)
    rest = [equation for equation in every if equation.outcome not in settings.outcomes]
    left = tuple(f"{e.outcome}~{rhs}" for e in every if e not in rest for rhs in e.predictors)
    if inputs.scores is None or not rest:
        raise DataError("calibrate: the posterior needs respondents and a continuous outcome")
    if settings.outcomes:
        settings = of_continuous(settings, [e for e in every if e not in rest])
    here = {equation.outcome for equation in rest}
    pairs = [pair for pair in residual_pairs(model) if here.issuperset(pair)]
    design = score_design(rest, inputs.scores, inputs.group, inputs.weights, settings, pairs, inputs.nested)
    effects, _ = usable_effects(design.paths, defined_effects(model), "scores")
    return Ready(design, settings, tuple(effects), compiled_scores(design, settings), left)


def compiled_scores(design: Design, settings: Bayes) -> Any:
    """Return nutpie's model of a design, whose data can be exchanged; None where there is none."""
    use_numba()
    if settings.method != "nuts" or default_sampler() != "nutpie":
        return None
    with third_party_warnings():
        return compiled(pymc_model(design, exchange=True))


def fitted(
    ready: Ready, data: Design, *, chains: int, draws: int, tune: int, seed: int, cores: int
) -> Sampled:
    """Return draws of the posterior of ``data``, by the study's own method."""
    if ready.model is not None:
        model = ready.model.with_data(**data_of(data))
    else:
        with third_party_warnings():
            model = pymc_model(data)
    if ready.settings.method == "laplace":
        from werksem.bayes.laplace import laplace_model

        return laplace_model(model, chains=chains, draws=draws, seed=seed)
    return sample_model(model, chains=chains, draws=draws, tune=tune, seed=seed, quiet=True, cores=cores)


def scores_level(ready: Ready, surveys: int, seed: int, *, prior: bool, cores: int) -> Level:
    """Return the level for calibration; truths are from the prior, or from the study's own posterior.

    Truths of the posterior are conditioned on the answers that were observed, so fits have both (Säilynoja,
    Schmitt, Bürkner and Vehtari 2025); truths of the prior are fitted to the simulated answers alone (Talts
    et al. 2018).
    """
    design = ready.design
    truths, draws = study_truths(ready, max(surveys, SPREAD), seed, prior=prior, cores=cores)
    names, every = _values(ready, truths, design, draws)
    of = np.linspace(0, len(every) - 1, surveys).round().astype(int).tolist()
    given = without_answers(design) if prior else design

    def survey(i: int) -> tuple[Array, Design]:
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(4, i)))
        truth, drawn = one_truth(truths, of[i]), one_draw(draws, of[i])
        data = with_both(design, simulated(given, design, truth, drawn, rng), observed=not prior)
        return _values(ready, truth, data, drawn)[1][0], data

    def fit(data: Design, length: int, stream: int) -> Sampled:
        return fitted(ready, data, chains=1, draws=length, tune=TUNE, seed=stream, cores=1)

    def values(sampled: Sampled, data: Design, stream: int) -> Array:
        # of its own per survey: groups drawn with the same noise everywhere would move all ranks together
        return _values(ready, sampled, data, raw_draws(data, sampled, stream))[1]

    return Level(names, survey, fit, values, every.std(axis=0, ddof=1))


def study_truths(
    ready: Ready, surveys: int, seed: int, *, prior: bool, cores: int
) -> tuple[Sampled, ScoreDraws]:
    """Return ``surveys`` truths as draws of one chain: the parameters, and the groups' coefficients."""
    design = ready.design
    if prior:
        found = prior_sampled(
            design, surveys, np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(5,)))
        )
        return found, raw_draws(without_answers(design), found, seed)
    settings = ready.settings
    sampled = fitted(ready, design, chains=settings.chains, draws=settings.draws, tune=settings.tune,
                     seed=settings.seed, cores=cores)  # fmt: skip
    flat = {name: value.reshape(-1, value.shape[-1]) for name, value in sampled.values.items()}
    some = np.linspace(0, len(flat["path"]) - 1, surveys).round().astype(int)
    found = replace(sampled, values={name: value[some][None] for name, value in flat.items()}, stats={})
    return found, raw_draws(design, found, seed)


def simulated(
    given: Design, design: Design, truth: Sampled, draws: ScoreDraws, rng: np.random.Generator
) -> list[Array]:
    """Return every block's cross-products of one new survey: groups as drawn, units around them.

    Units' coefficients are drawn given the answers in ``given``, those of ``design`` or none.
    """
    flat = {name: value[0] for name, value in truth.values.items()}
    gamma, tau, sigma = model_units(design, flat)
    groups = about_means(design, draws.group)
    found = []
    for b, (block, at) in enumerate(zip(
        design.blocks, points(design, gamma, tau, sigma, further(design, flat)), strict=True
    )):  # fmt: skip
        own = groups[0][block.e, :, block.k].T
        of = np.repeat(np.arange(len(block.n)), np.diff(block.starts))
        units = own[of]
        if block.nested.size:
            answered = given.blocks[b]
            units = np.stack([draw_units(answered, at, own[g][None], np.array([u]), rng)[0, 0]
                              for u, g in enumerate(of)])  # fmt: skip
        found.append(drawn_cross(design, b, units, at.root[0], rng))
    return found


def _values(
    ready: Ready, sampled: Sampled, data: Design, draws: ScoreDraws
) -> tuple[tuple[tuple[str, str], ...], Array]:
    """Return names and values (S, k): parameters, effects, SDs between groups and units, log-likelihood."""
    design = ready.design
    flat = {name: value.reshape(-1, value.shape[-1]) for name, value in sampled.values.items()}
    more: dict[str, Array] = {}
    for level, names, found in ((BETWEEN, design.varying, draws.between),
                                (NESTED, design.nested_varying, draws.nested)):  # fmt: skip
        more |= {level + name: found[:, v] for v, name in enumerate(names)}
    more |= _correlations("between_correlation", design.between_pairs, draws.between_correlation)
    more |= _correlations("nested_correlation", design.nested_pairs, draws.nested_correlation)
    more[LIKELIHOOD] = log_likelihoods(data, flat)
    return named(scores_quantities(design, draws, ready.effects), more)


def _correlations(kind: str, pairs: Sequence[tuple[str, str]], found: Array) -> Mapping[str, Array]:
    return {f"{kind} of {one}~~{other}": found[:, v] for v, (one, other) in enumerate(pairs)}


def one_truth(sampled: Sampled, i: int) -> Sampled:
    """Return the parameters of truth i."""
    return replace(sampled, values={name: value[:, [i]] for name, value in sampled.values.items()})


def one_draw(draws: ScoreDraws, i: int) -> ScoreDraws:
    """Return the groups' coefficients of truth i."""
    parts = {name: getattr(draws, name)[[i]] for name in ScoreDraws.__slots__ if name != "chains"}
    return ScoreDraws(1, **parts)
