from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from werksem.bayes.graph import use_numba
from werksem.bayes.priors import PYMC, given_priors, log_density, random_variable, rescaled
from werksem.errors import SpecError
from werksem.spec.priors import FAMILIES, parse_prior

TRUTH = {
    "normal(.3, 2)": stats.norm(0.3, 2),
    "student_t(4, .3, 2)": stats.t(4, 0.3, 2),
    "cauchy(.3, 2)": stats.cauchy(0.3, 2),
    "uniform(-1, 3)": stats.uniform(-1, 4),
    "halfnormal(2)": stats.halfnorm(scale=2),
    "halfcauchy(2)": stats.halfcauchy(scale=2),
    "exponential(2)": stats.expon(scale=0.5),
    "gamma(2, 3)": stats.gamma(2, scale=1 / 3),
    "inverse_gamma(2, 3)": stats.invgamma(2, scale=3),
}


def test_every_family_is_known_to_pymc() -> None:
    assert set(PYMC) == set(FAMILIES) - {"lkj"}  # a matrix, not a number
    pairs = ((family, names) for family, (names, _) in FAMILIES.items() if family in PYMC)
    assert all(len(PYMC[family][1]) == len(names) for family, names in pairs)


@pytest.mark.parametrize("text", TRUTH)
def test_density_is_the_stated_one_and_scales(text: str) -> None:
    use_numba()
    prior, truth = parse_prior(text), TRUTH[text]
    assert log_density(prior, 0.7).eval(mode="FAST_COMPILE") == pytest.approx(truth.logpdf(0.7))
    ten = log_density(rescaled(prior, 10.0), 7.0).eval(mode="FAST_COMPILE")
    assert ten == pytest.approx(truth.logpdf(0.7) - np.log(10))


def test_half_t_is_twice_the_t() -> None:
    value = log_density(parse_prior("halfstudent_t(4, 2)"), 0.7).eval(mode="FAST_COMPILE")
    assert value == pytest.approx(stats.t(4, 0, 2).logpdf(0.7) + np.log(2))


def test_mixed_families_keep_their_places() -> None:
    import pymc as pm

    texts = ["normal(0, 1)", "uniform(5, 6)", "normal(100, .01)", "exponential(1000)"]
    with pm.Model():
        vector = random_variable("b", [parse_prior(text) for text in texts])
    drawn = pm.draw(vector, draws=50, random_seed=1, mode="FAST_COMPILE")
    assert ((drawn[:, 1] > 5) & (drawn[:, 1] < 6)).all()
    assert np.abs(drawn[:, 2] - 100).max() < 0.1
    assert ((drawn[:, 3] > 0) & (drawn[:, 3] < 0.1)).all()


@pytest.mark.parametrize(
    ("priors", "said"),
    [
        ({"path": "normal(0, 1)"}, "unknown key 'path'; did you mean \"paths\""),
        ({"b1": "normaal(0, 1)"}, 'did you mean "normal"'),
        ({"paths": "normal(0)"}, r"normal\(mean, sd\)"),
        ({"paths": "normal(0, -1)"}, "sd must be above 0"),
        ({"between_sd": "normal(0, 1)"}, "negative standard deviations"),
        ({"residual_sd": "uniform(-1, 1)"}, "negative standard deviations"),
        ({"paths": "uniform(1, 1)"}, "lower must be below upper"),
    ],
)
def test_wrong_priors_are_named(priors: dict[str, str], said: str) -> None:
    with pytest.raises(SpecError, match=said):
        given_priors(priors, ["b1"])


def test_a_bounded_uniform_suits_a_standard_deviation() -> None:
    assert given_priors({"between_sd": "uniform(0, 1)"}, []).by_kind["between_sd"].family == "uniform"
