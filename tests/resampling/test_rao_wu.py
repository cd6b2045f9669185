"""The rescaling bootstrap: moments of its multipliers, its spread beside R's survey, single units."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from tests.cases import REFERENCE
from werksem.errors import DataError, EstimationError
from werksem.resampling.products import block_moments
from werksem.resampling.rao_wu import rao_wu_multipliers
from werksem.resampling.strata import lonely_strata, refuse_lonely
from werksem.resampling.units import resampling_units
from werksem.respondents import Respondents

STARTS = np.array([0, 2, 6, 12])
NAMES = ["x1", "x2", "y"]
R = 20_000  # the standard deviation of a standard deviation is half a percent


def sample() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the sample of clusters, and what R's survey says of it."""
    return pd.read_csv(REFERENCE / "survey_sample.csv"), pd.read_csv(REFERENCE / "survey_replicates.csv")


def linear_errors(design: str) -> np.ndarray:
    found = sample()[1].query("design == @design and quantity == 'linear_se'")
    return found.set_index("name")["value"][[f"mean_{name}" for name in NAMES]].to_numpy()


def people(strata: str, fraction: bool = False) -> Respondents:
    data = sample()[0]
    codes, names = pd.factorize(data[strata])
    share = data.groupby(strata)["psu"].transform("nunique") / data["population"]
    return Respondents(
        data[NAMES].to_numpy(), data["weight"].to_numpy(), pd.factorize(data["psu"])[0], codes, tuple(names),
        share.to_numpy() if fraction else None,
    )  # fmt: skip


@pytest.mark.parametrize("fraction", [None, np.array([0.4, 0.25, 1.0])])
def test_multipliers_have_the_moments_of_their_formula(fraction: np.ndarray | None) -> None:
    """Expectation 1, variance 1 - f, covariance -(1 - f)/(n - 1) within and 0 between strata."""
    multipliers = rao_wu_multipliers(3, 0, 40_000, STARTS, fraction)
    free = np.ones(3) if fraction is None else 1 - fraction
    expected = np.zeros((12, 12))
    for h, (begin, end) in enumerate(itertools.pairwise(STARTS)):
        expected[begin:end, begin:end] = -free[h] / (end - begin - 1)
        expected[range(begin, end), range(begin, end)] = free[h]
        assert np.allclose(multipliers[:, begin:end].sum(axis=1), end - begin, atol=1e-12)
    # five standard errors of 40,000 draws; the largest variance of a product is 1.5
    assert np.abs(multipliers.mean(axis=0) - 1).max() < 5 / 200
    assert np.abs(np.cov(multipliers.T) - expected).max() < 5 * np.sqrt(1.5) / 200


def test_multipliers_are_those_of_n_minus_one_draws() -> None:
    """Times (n - 1)/n they are whole numbers that add up to n - 1; with f they shrink towards 1."""
    plain = rao_wu_multipliers(5, 10, 30, STARTS)
    for begin, end in itertools.pairwise(STARTS):
        n = end - begin
        times = plain[:, begin:end] * (n - 1) / n
        assert np.allclose(times, np.rint(times), atol=1e-12)
        assert (np.rint(times).sum(axis=1) == n - 1).all()
    shrunk = rao_wu_multipliers(5, 10, 30, STARTS, np.full(3, 0.75))
    assert np.allclose(shrunk - 1, (plain - 1) / 2, atol=1e-12)


def test_replicates_depend_on_their_number_alone() -> None:
    starts = np.array([0, 1, 4, 9])
    block = rao_wu_multipliers(2, 0, 40, starts, lonely="adjust")
    assert np.array_equal(block[25:], rao_wu_multipliers(2, 25, 15, starts, lonely="adjust"))
    assert not np.array_equal(block, rao_wu_multipliers(4, 0, 40, starts, lonely="adjust"))


@pytest.mark.parametrize("fpc", [False, True])
def test_means_spread_as_linearised_in_survey(fpc: bool) -> None:
    """Clusters of a region weigh the same, so means are linear in the multipliers and the errors equal."""
    units = resampling_units(people("region", fpc), "cluster")
    assert units.starts.tolist() == [0, 2, 6, 12]
    multipliers = rao_wu_multipliers(8, 0, R, units.starts, units.fraction)
    means, _ = block_moments(units.source, multipliers)
    expected = linear_errors("region_fpc" if fpc else "region")
    assert means.std(axis=0) == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("rule", ["certainty", "remove", "adjust"])
def test_single_units_add_what_survey_says(rule: str) -> None:
    """By the mean's scores, summed per cluster: sum w (y - ybar) / sum w, linear by definition."""
    group = people("alone")
    weights = group.weights / group.weights.sum()
    scores = weights[:, None] * (group.rows - weights @ group.rows)
    # clusters stand in the order of their strata
    totals = np.stack([np.bincount(group.cluster, weights=column) for column in scores.T], axis=1)
    starts = resampling_units(group, "cluster").starts
    assert starts.tolist() == [0, 1, 6, 12]
    replicates = rao_wu_multipliers(1, 0, R, starts, lonely=rule) @ totals
    assert replicates.std(axis=0) == pytest.approx(linear_errors(f"alone_{rule}"), rel=0.02)


def test_single_units_are_refused_unless_a_rule_says_what_they_add() -> None:
    group = people("alone")
    assert lonely_strata(group, "cluster") == ("one",)
    assert lonely_strata(group, "strata") == ()
    with pytest.raises(DataError, match=r'stratum "one" has one cluster .* certainty or remove'):
        refuse_lonely(group, "cluster", "fail")
    refuse_lonely(group, "cluster", "adjust")
    with pytest.raises(EstimationError, match="1 strata have one unit"):
        rao_wu_multipliers(1, 0, 2, np.array([0, 1, 6, 12]))


def test_a_stratum_sampled_whole_needs_no_rule() -> None:
    group = people("alone")
    whole = np.where(group.stratum == 0, 1.0, 0.25)
    group = Respondents(group.rows, None, group.cluster, group.stratum, group.stratum_names, whole)
    refuse_lonely(group, "cluster", "fail")
    units = resampling_units(group, "cluster")
    assert units.fraction.tolist() == [1.0, 0.25, 0.25]
    assert (rao_wu_multipliers(1, 0, 50, units.starts, units.fraction)[:, 0] == 1).all()


def test_fractions_follow_their_strata_whatever_the_order_of_the_rows() -> None:
    codes = np.array([1, 0, 2, 1, 0, 2, 2])
    share = np.array([0.1, 0.2, 0.3])
    rows = np.arange(14.0).reshape(7, 2)
    group = Respondents(rows, None, np.array([3, 0, 4, 1, 2, 5, 5]), codes, ("a", "b", "c"), share[codes])
    assert resampling_units(group, "strata").fraction.tolist() == share.tolist()
    assert resampling_units(group, "cluster").fraction.tolist() == share.tolist()


def test_real_multipliers_keep_double_precision() -> None:
    """Whole answers are held in 16 bits, for counts; multipliers of 4/3 are not exact in them."""
    rows = np.random.default_rng(1).integers(1, 6, (4, 3)).astype(float)
    multipliers = np.array([[4 / 3, 4 / 3, 4 / 3, 0.0]])
    mean, cov = block_moments(resampling_units(Respondents(rows)).source, multipliers)
    assert np.allclose(mean[0], rows[:3].mean(axis=0), rtol=1e-14)
    assert np.allclose(cov[0], np.cov(rows[:3].T, bias=True), atol=1e-14)
