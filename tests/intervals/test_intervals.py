"""Contracts that every registered interval keeps, and known answers of each."""

from __future__ import annotations

import numpy as np
import pytest

from werksem.intervals import INTERVALS

RNG = np.random.default_rng(9)
DRAWS = RNG.normal(0.3, 0.1, (4000, 3))
ESTIMATE = np.array([0.3, 0.3, 0.3])


@pytest.mark.parametrize("name", sorted(INTERVALS))
def test_covers_the_middle_of_normal_replicates(name: str) -> None:
    lower, upper = INTERVALS[name](DRAWS, ESTIMATE, 0.95, np.zeros(3))
    assert np.allclose(lower, 0.3 - 0.196, atol=0.02)
    assert np.allclose(upper, 0.3 + 0.196, atol=0.02)


@pytest.mark.parametrize("name", sorted(INTERVALS))
def test_wider_at_a_higher_level_and_free_of_order(name: str) -> None:
    interval = INTERVALS[name]
    low, high = interval(DRAWS, ESTIMATE, 0.9, np.full(3, 0.02))
    lower, higher = interval(DRAWS, ESTIMATE, 0.99, np.full(3, 0.02))
    assert (lower < low).all()
    assert (higher > high).all()
    again = interval(DRAWS[::-1], ESTIMATE, 0.9, np.full(3, 0.02))
    assert np.array_equal(again, (low, high))


@pytest.mark.parametrize("name", sorted(INTERVALS))
def test_failed_replicates_do_not_count(name: str) -> None:
    holes = DRAWS.copy()
    holes[::5] = np.nan
    kept = INTERVALS[name](np.delete(DRAWS, np.s_[::5], axis=0), ESTIMATE, 0.95, np.zeros(3))
    assert np.allclose(INTERVALS[name](holes, ESTIMATE, 0.95, np.zeros(3)), kept)


@pytest.mark.parametrize("name", ["percentile", "bc", "bca"])
def test_transformations_are_respected(name: str) -> None:
    """The interval of exp(x) is exp of the interval of x, up to interpolation."""
    plain = np.array(INTERVALS[name](DRAWS, ESTIMATE, 0.95, np.full(3, 0.05)))
    bent = np.array(INTERVALS[name](np.exp(DRAWS), np.exp(ESTIMATE), 0.95, np.full(3, 0.05)))
    assert np.allclose(np.log(bent), plain, atol=1e-3)


def test_bca_equals_the_textbook_formula() -> None:
    from scipy.stats import norm

    draws = np.sort(RNG.gamma(2.0, 1.0, 1999))[:, None]
    estimate, a = np.array([2.0]), 0.03
    z0 = norm.ppf((draws < 2.0).mean())
    for side, tail in enumerate((0.025, 0.975)):
        share = norm.cdf(z0 + (z0 + norm.ppf(tail)) / (1 - a * (z0 + norm.ppf(tail))))
        place = 2000 * share - 1
        expected = np.interp(place, np.arange(1999), draws[:, 0])
        assert INTERVALS["bca"](draws, estimate, 0.95, np.array([a]))[side][0] == pytest.approx(expected)


def test_a_quantity_outside_its_replicates_has_no_bca_interval() -> None:
    lower, upper = INTERVALS["bca"](DRAWS[:, :1], np.array([5.0]), 0.95, np.zeros(1))
    assert np.isnan(lower).all()
    assert np.isnan(upper).all()
