"""The NumPy twins of the priors: densities as PyMC has them, draws of the stated distribution."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from tests.bayes.cases import TWO, arrays, survey
from werksem.bayes.graph import use_numba
from werksem.bayes.prior_numbers import draw_prior, log_prior
from werksem.bayes.prior_predictive import prior_groups, prior_predictive
from werksem.bayes.priors import PYMC, log_density
from werksem.bayes.score_priors import score_predictive
from werksem.spec.priors import parse_prior

FAMILIES = (
    "normal(.3, 2)", "student_t(4, .3, 2)", "cauchy(.3, 2)", "uniform(-1, 3)", "halfnormal(2)",
    "halfstudent_t(4, 2)", "halfcauchy(2)", "exponential(2)", "gamma(2, 3)", "inverse_gamma(2, 3)",
    "flat()", "halfflat()",
)  # fmt: skip


def test_every_family_is_here() -> None:
    assert {parse_prior(text).family for text in FAMILIES} == set(PYMC)


@pytest.mark.parametrize("text", FAMILIES)
def test_density_is_pymcs(text: str) -> None:
    use_numba()
    prior, values = parse_prior(text), np.array([-0.4, 0.05, 0.7, 2.9])
    expected = log_density(prior, values).eval(mode="FAST_COMPILE")
    # PyMC's half families hold log 2 in single precision: 2e-9
    np.testing.assert_allclose(log_prior(prior, values), expected, rtol=1e-8)


@pytest.mark.parametrize("text", FAMILIES[:-2])
def test_draws_follow_the_density(text: str) -> None:
    """Kolmogorov-Smirnov against the integral of the density."""
    prior = parse_prior(text)
    drawn = np.sort(draw_prior(prior, 4000, np.random.default_rng(3)))
    at = drawn[200::600]
    low = 0.0 if prior.positive else (-1.0 if prior.family == "uniform" else -np.inf)
    cdf = [integrate.quad(lambda v: np.exp(log_prior(prior, np.array(v))), low, v)[0] for v in at]
    empirical = np.searchsorted(drawn, at, side="right") / len(drawn)
    assert np.abs(empirical - cdf).max() < 1.63 / np.sqrt(len(drawn))  # 1 % level


def test_flat_priors_have_no_draws() -> None:
    assert np.isnan(draw_prior(parse_prior("flat()"), 5, np.random.default_rng(1))).all()


def test_prior_predictive_of_a_group_is_the_mixture() -> None:
    """b = mu + tau z: variance and the mass beyond 1 by quadrature over tau."""
    mu, tau = parse_prior("normal(0, .5)"), parse_prior("halfnormal(.4)")
    drawn = prior_groups([mu] * 40, [tau] * 40, 7)
    table = prior_predictive([("y", f"x{k}") for k in range(40)], drawn)
    beyond, _ = integrate.quad(
        lambda t: stats.halfnorm.pdf(t, scale=0.4) * 2 * stats.norm.sf(1, scale=np.hypot(0.5, t)), 0, 4
    )
    assert table["sd"].mean() == pytest.approx(np.sqrt(0.25 + 0.16), abs=0.006)
    assert table["beyond_one"].mean() == pytest.approx(beyond, abs=0.003)
    assert table["mean"].mean() == pytest.approx(0, abs=0.005)
    assert table["ci_upper"].mean() == pytest.approx(-table["ci_lower"].mean(), abs=0.02)


def test_scores_speak_of_standardised_paths() -> None:
    """The default is stated on that metric; a literal prior is carried to it by the pooled SDs."""
    default = score_predictive(arrays(survey()), 1)
    assert list(zip(default["lhs"], default["rhs"], strict=True)) == [
        (e.outcome, x) for e in TWO for x in e.predictors
    ]
    sd = np.hypot(0.5, 0.1)
    np.testing.assert_allclose(default["sd"], sd, rtol=0.04)
    np.testing.assert_allclose(default["beyond_one"], 2 * stats.norm.sf(1 / sd), atol=0.012)
    model = arrays(survey(), vary=(), priors={"paths": "normal(0, 2)", "c1": "flat()"})
    literal = score_predictive(model, 1)
    unit = model.scale_x[0] / model.scale_y[0]
    np.testing.assert_allclose(literal["sd"][:2], 2 * unit, rtol=0.04)
    assert literal.loc[2, ["mean", "sd", "ci_lower", "beyond_one"]].isna().all()


def test_the_same_seed_gives_the_same_table() -> None:
    model = arrays(survey())
    pd.testing.assert_frame_equal(score_predictive(model, 4), score_predictive(model, 4))
    assert (score_predictive(model, 5)["sd"] != score_predictive(model, 4)["sd"]).all()
