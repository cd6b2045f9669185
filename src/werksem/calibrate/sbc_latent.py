"""A latent-variable posterior, ready to be calibrated: truths, surveys by their moments, fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.effect_quantities import usable_effects
from werksem.bayes.graph import use_numba
from werksem.bayes.latent.design import LatentDesign, with_moments
from werksem.bayes.latent.draws import LatentDraws, every, group_theta, latent_draws
from werksem.bayes.latent.graph import KEPT, data_of, latent_model
from werksem.bayes.latent.groups import GroupMoments
from werksem.bayes.latent.likelihood import log_likelihood
from werksem.bayes.latent.prepare import prepared
from werksem.bayes.latent.quantities import latent_quantities
from werksem.bayes.latent.run import TARGET_ACCEPT
from werksem.bayes.sample import Sampled, compiled, default_sampler, sample_model, third_party_warnings
from werksem.calibrate.sbc_level import LIKELIHOOD, Level, named
from werksem.calibrate.sbc_moments import squares
from werksem.effects import defined_effects
from werksem.engines.posterior import latent_options
from werksem.errors import DataError, SpecError
from werksem.implied import implied_moments
from werksem.inputs import Inputs
from werksem.spec.posterior import BETWEEN
from werksem.spec.study import Bayes, Study
from werksem.spec.types import Effect, ModelSpec

__all__ = [
    "ReadyLatent",
    "both",
    "drawn_moments",
    "fitted_latent",
    "latent_level",
    "latent_truths",
    "ready_latent",
]

Array = NDArray[np.float64]
SPREAD = 500  # truths at least, so that their SD is known to 3 %


@dataclass(frozen=True, slots=True)
class ReadyLatent:
    """A study's latent-variable model, compiled once; ``model`` is nutpie's, or None where every fit
    compiles.

    ``left`` are the quantities that are not simulated: none.
    """

    design: LatentDesign
    settings: Bayes
    effects: tuple[Effect, ...]
    model: Any
    left: tuple[str, ...] = ()


def ready_latent(study: Study, model: ModelSpec, inputs: Inputs) -> ReadyLatent:
    """Return a study's model, ready to be fitted to other respondents of the same groups."""
    settings = study.bayes
    if settings is None or inputs.items is None:
        raise DataError("calibrate: the posterior needs respondents, the study gives moments")
    if settings.nested is not None:
        raise SpecError(
            "calibrate simulates units within groups at level scores alone; right is level: scores",
            where="bayes.nested",
        )
    design = prepared(model, inputs.items, inputs.group, inputs.weights, settings, latent_options(study))
    named_here = [name for name, kind in zip(design.names, design.kinds, strict=True) if kind != "intercepts"]
    effects, _ = usable_effects(named_here, defined_effects(model), "latent")
    use_numba()
    ready = None
    if settings.method == "nuts" and default_sampler() == "nutpie":
        with third_party_warnings():
            ready = compiled(latent_model(design, exchange=True), KEPT)
    return ReadyLatent(design, settings, tuple(effects), ready)


def fitted_latent(
    ready: ReadyLatent, data: LatentDesign, *, chains: int, draws: int, tune: int, seed: int, cores: int
) -> Sampled:
    """Return draws of the posterior of ``data``, by the study's own method."""
    if ready.model is not None:
        model = ready.model.with_data(**data_of(data))
    else:
        with third_party_warnings():
            model = latent_model(data)
    if ready.settings.method == "laplace":
        from werksem.bayes.laplace import laplace_model

        return laplace_model(model, chains=chains, draws=draws, seed=seed, kept=KEPT)
    return sample_model(
        model, chains=chains, draws=draws, tune=tune, seed=seed, quiet=True, cores=cores, kept=KEPT,
        target_accept=TARGET_ACCEPT,
    )  # fmt: skip


def latent_level(ready: ReadyLatent, surveys: int, seed: int, *, prior: bool, cores: int) -> Level:
    """Return the level for calibration; truths are from the study's own posterior, fits have both data sets.

    Raises ``SpecError`` for truths from the prior: items of a latent whose loadings are drawn near 0 say
    nothing of it, and no survey resembles such data.
    """
    if prior:
        raise SpecError(
            "truths from the prior are drawn at level scores; right here are those of the posterior"
        )
    design, settings = ready.design, ready.settings
    truths = latent_truths(ready, surveys, seed, cores=cores)
    names, spread = _values(ready, design, truths)
    of = np.linspace(0, len(spread) - 1, surveys).round().astype(int)

    def survey(i: int) -> tuple[Array, LatentDesign]:
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(4, i)))
        truth = every(truths, of[[i]])
        data = with_moments(design, both(design, drawn_moments(design, truth, rng)))
        return _values(ready, data, truth)[1][0], data

    def fit(data: LatentDesign, length: int, stream: int) -> Sampled:
        return fitted_latent(
            ready, data, chains=1, draws=length, tune=settings.tune // 2, seed=stream, cores=1
        )

    def values(found: Sampled, data: LatentDesign, stream: int) -> Array:
        return _values(ready, data, latent_draws(data, found, stream))[1]

    return Level(names, survey, fit, values, spread.std(axis=0, ddof=1))


def latent_truths(ready: ReadyLatent, surveys: int, seed: int, *, cores: int) -> LatentDraws:
    """Return at least ``surveys`` draws of the study's own posterior, as one chain."""
    settings = ready.settings
    sampled = fitted_latent(
        ready, ready.design, chains=settings.chains, draws=settings.draws, tune=settings.tune,
        seed=settings.seed, cores=cores,
    )  # fmt: skip
    draws = latent_draws(ready.design, sampled, seed)
    return every(draws, np.linspace(0, len(draws.typical) - 1, max(surveys, SPREAD)).round().astype(int))


def drawn_moments(design: LatentDesign, truth: LatentDraws, rng: np.random.Generator) -> GroupMoments:
    """Return the moments of one new survey of as many respondents per group, about the design's centre.

    The mean is normal with covariance Sigma / n, n times the covariances Wishart of n - 1 degrees of
    freedom: the distribution of n rows (Wishart 1928).
    """
    found = design.moments
    mean, cov = np.empty_like(found.mean), np.empty_like(found.cov)
    for g, n in enumerate(found.n):
        mu, Sigma = implied_moments(design.model, group_theta(design, truth, g)[0])
        root, size = np.linalg.cholesky(Sigma), len(mu)
        mean[g] = mu + root @ rng.standard_normal(size) / np.sqrt(n)
        cov[g] = root @ squares(n - 1, size, rng) @ root.T / n
    return replace(found, mean=mean, cov=cov)


def both(design: LatentDesign, new: GroupMoments) -> GroupMoments:
    """Return the moments of the observed and the new respondents together, on the items as they are."""
    old = design.moments
    n = old.n + new.n
    a, b = (old.n / n)[:, None], (new.n / n)[:, None]
    off = old.mean - new.mean
    spread = (a * b)[..., None] * off[:, :, None] * off[:, None, :]
    cov = a[..., None] * old.cov + b[..., None] * new.cov + spread
    mean = a * old.mean + b * new.mean + design.centre
    return GroupMoments(old.groups, old.rows + new.rows, n, old.share, mean, cov)


def _values(
    ready: ReadyLatent, data: LatentDesign, draws: LatentDraws
) -> tuple[tuple[tuple[str, str], ...], Array]:
    """Return names and values (S, k): parameters, effects, SDs between groups, log-likelihood."""
    design = ready.design
    more = {BETWEEN + design.names[j]: draws.between[:, v] for v, j in enumerate(design.vary)}
    more[LIKELIHOOD] = _log_likelihoods(data, draws)
    names, values = named(latent_quantities(design, draws, ready.effects), more)
    free = [i for i, name in enumerate(names) if not _fixed(design, name[0])]
    return tuple(names[i] for i in free), values[:, free]


def _fixed(design: LatentDesign, name: str) -> bool:
    """Return whether the model fixes a row of the parameter table."""
    return any(at < 0 and name == f"{row.lhs}{row.op}{row.rhs}"
               for row, at in zip(design.model.rows, design.model.free_of_row, strict=True))  # fmt: skip


def _log_likelihoods(data: LatentDesign, draws: LatentDraws) -> Array:
    """Return (S,) the log-likelihood of all groups at every draw."""
    found: Sequence[Any] = [
        log_likelihood(data.model, group_theta(data, draws, g), *(part[[g]] for part in _of(data)))
        for g in range(len(data.moments.n))
    ]
    return np.asarray(np.sum(found, axis=0))


def _of(data: LatentDesign) -> tuple[Array, Array, Array]:
    return data.moments.n, data.moments.mean, data.moments.cov
