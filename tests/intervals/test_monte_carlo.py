"""Draws from the normal distribution of the estimates, and the interval of a product of two."""

from __future__ import annotations

import numpy as np
import pytest

from werksem.errors import EstimationError
from werksem.intervals import INTERVALS
from werksem.intervals.monte_carlo import normal_draws

VCOV = np.array([[4.0, 1.0, 0.0, 2.0], [1.0, 1.0, 0.0, 0.5], [0.0, 0.0, 0.0, 0.0], [2.0, 0.5, 0.0, 1.0]])
THETA = np.array([1.0, -1.0, 0.25, 3.0])


def test_moments_of_the_draws() -> None:
    """Within five standard errors; parameters 0 and 3 correlate perfectly (an equality), 2 is fixed."""
    draws = normal_draws(THETA, VCOV, 40000, 7)
    sd = np.sqrt(np.diag(VCOV))
    assert (np.abs(draws.mean(axis=0) - THETA) <= 5 * sd / 200).all()
    assert (np.abs(np.cov(draws.T) - VCOV) <= 5 * np.outer(sd, sd) * np.sqrt(2 / 40000) + 1e-15).all()
    assert (draws[:, 2] == 0.25).all()
    assert np.allclose(draws[:, 0] - 1, 2 * (draws[:, 3] - 3), atol=1e-7)


def test_draws_are_normal() -> None:
    from scipy.stats import kstest

    draws = normal_draws(np.zeros(3), np.eye(3), 20000, 11)
    assert all(kstest(draws[:, k], "norm").pvalue > 0.001 for k in range(3))


def test_a_draw_is_the_same_however_many_are_asked() -> None:
    rng = np.random.default_rng(5)
    factor = rng.normal(size=(60, 60))
    theta, vcov = rng.normal(size=60), factor @ factor.T
    many = normal_draws(theta, vcov, 5000, 2024)
    for few in (0, 1, 7, 128, 1000):
        assert np.array_equal(normal_draws(theta, vcov, few, 2024), many[:few])
    assert not np.isclose(normal_draws(theta, vcov, 5, 2025), many[:5]).any()


@pytest.mark.parametrize("q", [1, 3, 4, 5])
def test_one_draw_can_be_made_alone(q: int) -> None:
    """Draw 700 begins 700 times a whole number of advances into the stream of its seed."""
    from scipy.stats import norm

    words = np.random.Philox(key=2024).advance(700 * -(-q // 4)).random_raw(q)
    alone = norm.ppf(((words >> np.uint64(11)).astype(float) + 0.5) / 2**53)
    assert normal_draws(np.zeros(q), np.eye(q), 701, 2024)[700] == pytest.approx(alone, rel=1e-12)


def test_nothing_is_drawn_where_everything_is_fixed() -> None:
    assert np.array_equal(normal_draws(THETA, np.zeros((4, 4)), 3, 1), np.tile(THETA, (3, 1)))


def test_variances_over_many_decades() -> None:
    sd = np.array([1e-9, 1.0, 1e9])
    correlation = np.array([[1.0, 0.5, 0.2], [0.5, 1.0, 0.4], [0.2, 0.4, 1.0]])
    draws = normal_draws(np.zeros(3), correlation * np.outer(sd, sd), 20000, 3)
    assert np.allclose(np.corrcoef(draws.T), correlation, atol=0.04)


@pytest.mark.parametrize(
    ("vcov", "said"),
    [
        (np.array([[1.0, 2.0], [2.0, 1.0]]), "eigenvalue of -1"),
        (np.array([[1.0, 0.0], [0.0, -1.0]]), "variance of -1"),
        (np.array([[1.0, 0.5], [0.5, 0.0]]), "variance of 0"),
        (np.array([[1.0, np.nan], [np.nan, 1.0]]), "not finite"),
    ],
)
def test_what_is_no_covariance_matrix_is_refused(vcov: np.ndarray, said: str) -> None:
    with pytest.raises(EstimationError, match=said):
        normal_draws(np.zeros(2), vcov, 10, 1)


def test_the_interval_of_an_indirect_effect_has_the_limits_of_the_product_of_normals() -> None:
    """Against the distribution of a product of independent normals, by quadrature."""
    from scipy.integrate import quad
    from scipy.optimize import brentq
    from scipy.stats import norm

    a, b, se = 0.3, 0.2, 0.1

    def below(value: float) -> float:
        """P(x y <= value): y above value/x where x is negative."""
        part = quad(lambda x: norm.pdf(x, a, se) * norm.cdf(value / x, b, se), 1e-12, a + 9 * se, limit=300)
        rest = quad(lambda x: norm.pdf(x, a, se) * norm.sf(value / x, b, se), a - 9 * se, -1e-12, limit=300)
        return part[0] + rest[0]

    draws = normal_draws(np.array([a, b]), se**2 * np.eye(2), 20000, 2024)
    products = draws.prod(axis=1, keepdims=True)
    found = INTERVALS["monte_carlo"](products, np.array([a * b]), 0.95, np.zeros(1))
    for limit, tail in zip(found, (0.025, 0.975), strict=True):
        exact = brentq(lambda value, tail=tail: below(value) - tail, -0.3, 0.4)
        # the standard error of these limits is 0.0004
        assert limit[0] == pytest.approx(exact, abs=0.0015)
