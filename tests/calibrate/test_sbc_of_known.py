"""Ranks of a posterior that is known: uniform where it is right, and said not to be where it is wrong."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.bayes import sbc
from tests.calibrate.calibrated import nothing
from werksem.bayes.sample import Sampled
from werksem.calibrate.sbc import ranks_of
from werksem.calibrate.sbc_level import Level
from werksem.calibrate.sbc_table import EVERY, KEPT, calibrated
from werksem.calibrate.sbc_uniform import band, ecdf_difference, ecdf_pvalue

SURVEYS = 200


def conjugate(n: float = 1.0, spread: float = 1.0, shift: float = 0.0) -> Level:
    """Return the posterior of the mean of N(theta, 1), theta ~ N(0, 1), given five and five more.

    Wrong where the likelihood counts ``n`` times the respondents, the SD is multiplied by ``spread`` or the
    mean moved by ``shift`` SDs.
    """
    observed = np.array([0.3, -0.4, 1.1, 0.9, 0.2])

    def law(total: float, count: float) -> tuple[float, float]:
        return total * n / (1 + n * count), 1 / np.sqrt(1 + n * count)

    def simulated(i: int) -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.default_rng([i, 1])
        mean, sd = law(observed.sum(), 5)
        theta = mean + sd * rng.standard_normal(1)
        return theta, theta + rng.standard_normal(5)

    def fit(data: np.ndarray, draws: int, seed: int) -> Sampled:
        mean, sd = law(observed.sum() + data.sum(), 10)
        rng = np.random.default_rng(seed)
        values = mean + shift * sd + spread * sd * rng.standard_normal((1, draws, 1))
        return Sampled({"theta": values}, {}, 0.0, "exact", {}, {"pareto_k": 0.0, "ess_importance": draws})

    def values(found: Sampled, _: np.ndarray, __: int) -> np.ndarray:
        return found.values["theta"][0]

    return Level((("theta", "all"),), simulated, fit, values, np.array([law(0.0, 5)[1]]))


def test_an_exact_posterior_given_both_data_sets_is_calibrated() -> None:
    found = calibrated(ranks_of(conjugate(), SURVEYS, 5, 1, nothing))
    every, theta = found.iloc[0], found.iloc[1]
    assert every["quantity"] == EVERY
    assert every["verdict"] == "calibrated"
    assert theta["verdict"] == "uniform"
    for level in (50, 90, 95):
        held = stats.binomtest(round(theta[f"coverage_{level}"] * SURVEYS), SURVEYS, level / 100)
        assert held.pvalue > 0.001
    assert abs(theta["z_mean"]) < 4 / np.sqrt(SURVEYS)
    # five observed and five simulated answers: variance 1/11 against 1/6
    assert theta["contraction"] == pytest.approx(1 - 6 / 11, abs=0.02)


@pytest.mark.parametrize(
    "wrong",
    [{"n": 2.0}, {"spread": 1.2}, {"spread": 0.8}, {"shift": 0.4}],
    ids=["n", "wide", "narrow", "biased"],
)
def test_a_wrong_posterior_is_called_so(wrong: dict[str, float]) -> None:
    found = calibrated(ranks_of(conjugate(**wrong), 4 * SURVEYS, 5, 1, nothing))
    assert list(found["verdict"]) == ["not calibrated", "not uniform"]


def test_the_coverage_of_a_wrong_posterior_is_what_its_width_makes_it() -> None:
    found = calibrated(ranks_of(conjugate(spread=0.8), 4 * SURVEYS, 5, 1, nothing)).iloc[1]
    expected = 2 * stats.norm.cdf(1.959964 * 0.8) - 1
    assert found["coverage_95"] == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / 800))


def test_numbers_do_not_depend_on_the_threads_and_every_survey_ticks() -> None:
    ticks: list[int] = []
    one = ranks_of(conjugate(), 12, 5, 1, lambda: ticks.append(1))
    two = ranks_of(conjugate(), 12, 5, 2, nothing)
    pd.testing.assert_frame_equal(one, two)
    assert len(ticks) == 12


def test_the_p_value_of_the_band_is_that_of_simulated_ranks() -> None:
    """Exact by a random walk, against the distribution of the statistic over simulated ranks."""
    rng = np.random.default_rng(4)
    for surveys in (25, 60):
        for _ in range(6):
            ranks = rng.integers(0, KEPT + 1, surveys)
            assert ecdf_pvalue(ranks, KEPT) == pytest.approx(sbc.ecdf_band(ranks, KEPT), abs=0.04)
    # all ranks 0 have probability (1 / 120)^3 at rank 0, all ranks 119 the same at the other end
    assert ecdf_pvalue(np.zeros(3, dtype=int), KEPT) == pytest.approx(2 * (1 / 120) ** 3, rel=1e-6)


def test_chains_that_went_wrong_are_counted_and_decide() -> None:
    found = ranks_of(conjugate(), 40, 5, 1, nothing)
    found.loc[found["survey"] < 3, "divergences"] = 2
    found.loc[found["survey"] == 39, "rhat"] = 1.2
    # of a sound sampler 4 or more of 40 fail in 14 of 100 calibrations, 5 or more in fewer than 5
    assert calibrated(found)[["failed", "verdict"]].iloc[0].tolist() == [4, "calibrated"]
    found.loc[found["survey"] == 38, "rhat"] = 1.2
    table = calibrated(found, left=("y~x",))
    assert table["failed"].iloc[0] == 5
    assert list(table["verdict"]) == ["not in order", "uniform", "not simulated"]


def test_chains_too_short_for_independent_ranks_are_failures() -> None:
    found = ranks_of(conjugate(), 40, 5, 1, nothing)
    assert calibrated(found)["failed"].iloc[0] == 0
    found.loc[found["survey"] < 5, "ess"] = KEPT - 1.0
    table = calibrated(found)
    assert (table["failed"].iloc[0], table["verdict"].iloc[0]) == (5, "not in order")


def test_the_band_holds_the_difference_exactly_where_the_p_value_says_so() -> None:
    rng = np.random.default_rng(8)
    inside = []
    low, high = band(60, KEPT)
    for _ in range(400):
        ranks = rng.integers(0, KEPT + 1, 60)
        difference = ecdf_difference(ranks, KEPT)
        within = bool(((difference >= low - 1e-12) & (difference <= high + 1e-12)).all())
        pvalue = ecdf_pvalue(ranks, KEPT)
        if abs(pvalue - 0.05) > 0.01:
            assert within == (pvalue > 0.05)
        inside.append(within)
    assert stats.binomtest(sum(inside), 400, 0.95).pvalue > 0.001
