"""The posterior of latent-variable models is calibrated: whatever is drawn from the priors comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pytest

from tests.bayes import sbc
from werksem.bayes.graph import use_numba
from werksem.bayes.latent.design import LatentDesign, with_moments
from werksem.bayes.latent.graph import KEPT, data_of, latent_model
from werksem.bayes.latent.groups import group_moments
from werksem.bayes.latent.links import LOG_SD, PARTIAL, theta_of
from werksem.bayes.latent.prepare import prepared
from werksem.bayes.latent.run import TARGET_ACCEPT
from werksem.bayes.prior_numbers import draw_prior
from werksem.bayes.sample import compiled, sample_model
from werksem.implied import implied_moments
from werksem.rows import Options
from werksem.spec.load import load_model
from werksem.spec.study import Bayes

SIZES = (40, 40, 15, 5)
CODE = np.repeat(np.arange(4), SIZES)
DRAWS, SURVEYS = 99, 200
PRIORS = {
    "paths": "normal(0.4, 0.4)", "loadings": "normal(1, 0.3)", "means": "normal(3, 1)",
    "residual_sd": "gamma(6, 8)", "latent_sd": "gamma(8, 8)", "latent_correlation": "lkj(2)",
    "between_sd": "halfnormal(0.3)",
}  # fmt: skip
ITEMS = "f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\n"


def design_of(text: str, vary: tuple[str, ...]) -> LatentDesign:
    """Return the arrays of a model under priors that no data enter."""
    rng = np.random.default_rng(4)
    f = rng.standard_normal(len(CODE))
    g = 0.4 * f + rng.standard_normal(len(CODE))
    columns = {f"{name}{i}": 3 + of + 0.7 * rng.standard_normal(len(CODE))
               for name, of in (("x", f), ("y", g)) for i in (1, 2, 3)}  # fmt: skip
    settings = Bayes(level="latent", vary=vary, priors=PRIORS)
    group = pd.Series(np.array(list("abcd"))[CODE])
    options = Options(True, True, "marker", ())
    return prepared(load_model({"syntax": text}), pd.DataFrame(columns), group, None, settings, options)


def simulator(design: LatentDesign) -> Callable[[int], tuple[dict[str, float], LatentDesign]]:
    """Return surveys of parameters from the priors; the one correlation there may be is lkj(2)'s."""

    def simulate(seed: int) -> tuple[dict[str, float], LatentDesign]:
        rng = np.random.default_rng([seed, 7])
        b = np.zeros(len(design.names))
        for j in np.flatnonzero(design.free):
            prior, kind = design.priors[j], design.links.kind[j]
            if kind == PARTIAL:
                b[j] = np.arctanh(2 * rng.beta(2, 2) - 1)
            else:
                drawn = draw_prior(prior, 1, rng)[0]
                b[j] = np.log(drawn) if kind == LOG_SD else drawn
        tau = np.array([draw_prior(prior, 1, rng)[0] for prior in design.between])
        deviation = tau * rng.standard_normal((len(SIZES), len(tau)))
        own = np.tile(b, (len(SIZES), 1))
        own[:, design.vary] += deviation
        mu, Sigma = implied_moments(design.model, theta_of(design.links, own, design.given))
        rows = np.concatenate([rng.multivariate_normal(mu[g], Sigma[g], n) for g, n in enumerate(SIZES)])
        found = group_moments(rows, design.moments.groups, CODE)
        return quantities(design, b[design.free], tau, deviation), with_moments(design, found)

    return simulate


def quantities(
    design: LatentDesign, typical: np.ndarray, between: np.ndarray, deviation: np.ndarray
) -> dict[str, np.ndarray]:
    """Return links, SDs between groups, and what varies in the first and the last group, by name."""
    names = [name for name, free in zip(design.names, design.free, strict=True) if free]
    found = {name: typical[..., j] for j, name in enumerate(names)}
    for v, j in enumerate(design.vary):
        name = design.names[j]
        found[f"between_sd of {name}"] = between[..., v]
        for g in (0, 3):
            found[f"{name} of group {g}"] = found.get(name, 0.0) + deviation[..., g, v]
    return found


def sampler(design: LatentDesign) -> Callable[[LatentDesign], Mapping[str, np.ndarray]]:
    """Return the posterior of a simulated survey, compiled once."""
    use_numba()
    ready = compiled(latent_model(design, exchange=True), KEPT)

    def posterior(data: LatentDesign) -> Mapping[str, np.ndarray]:
        fit = sample_model(
            ready.with_data(**data_of(data)), chains=1, draws=10 * DRAWS, tune=500, seed=1, quiet=True,
            kept=KEPT, target_accept=TARGET_ACCEPT,
        )  # fmt: skip
        typical, between, deviation = (fit.values[name][0] for name in ("typical", "between_sd", "deviation"))
        shape = (len(deviation), len(SIZES), len(design.vary))
        return quantities(design, typical, between, deviation.reshape(shape))

    return posterior


@pytest.mark.parametrize(
    ("text", "vary", "seeds"),
    [
        (ITEMS + "g ~ f", ("paths", "means"), (0, 137)),
        (ITEMS + "f ~~ g", ("means", "variances", "covariances"), (10, 72)),
    ],
    ids=["path", "correlation"],
)
def test_a_survey_far_from_the_start_is_expanded_about(
    text: str, vary: tuple[str, ...], seeds: tuple[int, ...]
) -> None:
    """The likelihood hardly curves somewhere, and a free Newton step goes to where nothing is finite."""
    simulate = simulator(design_of(text, vary))
    for seed in seeds:
        design = simulate(seed)[1]
        found, at = design.expansion, np.flatnonzero(design.free)
        sd = np.sqrt((found.root[at] ** 2).sum(axis=1))
        assert np.isfinite(found.H).all()
        assert np.isfinite(found.pull).all()
        assert ((sd > 0.01) & (sd < 2)).all()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "vary", "count"),
    [
        (ITEMS + "g ~ f", ("paths", "means"), 6 + 4 + 6 + 2 + 1 + 3 * 3),
        (ITEMS + "f ~~ g", ("means", "variances", "covariances"), 6 + 4 + 6 + 2 + 1 + 3 * 5),
    ],
    ids=["path", "correlation"],
)
def test_the_posterior_is_calibrated(text: str, vary: tuple[str, ...], count: int) -> None:
    design = design_of(text, vary)
    found = sbc.ranks(simulator(design), sampler(design), SURVEYS, DRAWS)
    assert len(found) == count
    for name, values in found.items():
        assert sbc.chi_square(values, DRAWS) > 0.01 / len(found), name
        assert sbc.ecdf_band(values, DRAWS) > 0.01 / len(found), name
