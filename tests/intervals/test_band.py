"""Simultaneous bands: critical values with known answers, coverage by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from werksem.intervals.band import band, band_pvalues
from werksem.intervals.percentile import quantiles

RNG = np.random.default_rng(8)


def equicorrelated(rows: int, columns: int, rho: float) -> np.ndarray:
    common, own = RNG.normal(size=(rows, 1)), RNG.normal(size=(rows, columns))
    return np.sqrt(rho) * common + np.sqrt(1 - rho) * own


def test_independent_columns_have_sidaks_critical_value() -> None:
    critical = band(RNG.normal(size=(20000, 10)), np.zeros(10), 0.95)[2]
    assert critical == pytest.approx(norm.ppf((1 + 0.95**0.1) / 2), abs=0.03)


@pytest.mark.parametrize("rho", [0.3, 0.6, 0.9])
def test_correlated_columns_lie_between_pointwise_and_bonferroni(rho: float) -> None:
    critical = band(equicorrelated(20000, 10, rho), np.zeros(10), 0.95)[2]
    assert norm.ppf(0.975) + 0.1 < critical < norm.ppf(1 - 0.025 / 10)


def test_one_column_and_perfectly_correlated_columns_have_the_pointwise_value() -> None:
    x = RNG.normal(size=(999, 1))
    alone = band(x, np.zeros(1), 0.95)[2]
    assert alone == pytest.approx(quantiles(np.abs(x) / x.std(ddof=1), np.array([0.95]))[0], abs=1e-12)
    assert alone == pytest.approx(1.96, abs=0.15)
    assert band(x * [1.0, -2.0, 0.5], np.zeros(3), 0.95)[2] == pytest.approx(alone, abs=1e-12)


def test_limits_are_the_estimate_and_its_error_times_the_critical_value() -> None:
    x = equicorrelated(500, 4, 0.5) * [1, 2, 3, 4] + 1
    estimate = np.ones(4)
    lower, upper, critical = band(x, estimate, 0.9)
    assert np.allclose(upper - estimate, critical * x.std(axis=0, ddof=1))
    assert np.allclose(estimate - lower, critical * x.std(axis=0, ddof=1))


def test_columns_that_do_not_vary_and_rows_with_holes_are_left_out() -> None:
    x = RNG.normal(size=(800, 5))
    x[:, 1], x[:, 3] = 1 + RNG.normal(0, 1e-16, 800), np.nan
    holes = x.copy()
    holes[::4, 0] = np.nan
    estimate = np.array([0.0, 1.0, 0.0, 0.0, np.nan])
    lower, upper, critical = band(holes, estimate, 0.95)
    rows = np.arange(800) % 4 > 0
    kept = band(x[rows][:, [0, 2]], np.zeros(2), 0.95)
    # sums in another order of memory: the last bit
    assert critical == pytest.approx(kept[2], rel=1e-13)
    assert np.allclose(lower[[0, 2]], kept[0], rtol=1e-13, atol=0)
    assert np.isnan(lower[[1, 3, 4]]).all()
    assert np.isnan(upper[[1, 3, 4]]).all()
    p = band_pvalues(holes, estimate, null=0.5)
    alone = band_pvalues(x[rows][:, [0, 2]], np.zeros(2), null=0.5)
    assert np.allclose(p[[0, 2]], alone, rtol=1e-12, atol=0)
    assert np.isnan(p[[1, 3, 4]]).all()


@pytest.mark.parametrize("x", [np.zeros((50, 2)), np.empty((0, 2)), np.full((50, 2), np.nan), np.eye(2)[:1]])
def test_nothing_is_said_where_nothing_varies(x: np.ndarray) -> None:
    lower, upper, critical = band(x, np.zeros(2), 0.95)
    assert np.isnan([*lower, *upper, critical]).all()
    assert np.isnan(band_pvalues(x, np.zeros(2))).all()


def test_a_column_that_varies_only_in_incomplete_rows_is_left_out() -> None:
    x = RNG.normal(size=(100, 2))
    x[:90, 1] = 2.0
    x[90:, 0] = np.nan
    lower, _, critical = band(x, np.zeros(2), 0.95)
    assert np.isnan(lower[1])
    assert critical == pytest.approx(band(x[:90, :1], np.zeros(1), 0.95)[2], rel=1e-13)


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1), rows=st.integers(30, 200), columns=st.integers(1, 6),
    grid=st.booleans(), level=st.sampled_from([0.5, 0.8, 0.9, 0.95]),
)  # fmt: skip
def test_family_wise_p_agrees_with_the_band(
    seed: int, rows: int, columns: int, grid: bool, level: float
) -> None:
    rng = np.random.default_rng(seed)
    estimate = rng.normal(0, 2, columns)
    x = estimate + rng.normal(size=(rows, columns))
    if grid:
        x, estimate = np.round(x), np.round(estimate)
    lower, upper, _ = band(x, estimate, level)
    p = band_pvalues(x, estimate)
    se = x.std(axis=0, ddof=1)
    # on a grid a limit may be 0 but for rounding
    clear = (np.abs(p - (1 - level)) > 1e-9) & (np.minimum(abs(lower), abs(upper)) > 1e-9 * se)
    assume(clear.any())
    assert np.array_equal((p < 1 - level)[clear], ((lower > 0) | (upper < 0))[clear])
    assert (p[np.isfinite(p)] >= 1 / (rows + 1) - 1e-15).all()


def test_family_wise_coverage() -> None:
    """Means of n = 100 from correlated normals: bands of 400 resamples hold all five at once."""
    mean, n, sets, inside = np.array([0.0, 1, 2, 3, 4]), 100, 1500, 0
    pointwise = 0
    for _ in range(sets):
        sample = mean + equicorrelated(n, 5, 0.5)
        estimate = sample.mean(axis=0)
        counts = RNG.multinomial(n, np.full(n, 1 / n), size=400)
        replicates = counts @ sample / n
        lower, upper, _ = band(replicates, estimate, 0.9)
        inside += ((lower <= mean) & (mean <= upper)).all()
        se = replicates.std(axis=0, ddof=1)
        pointwise += (np.abs(estimate - mean) <= norm.ppf(0.95) * se).all()
    # three standard errors of 0.9 are 0.023; resamples of n = 100 are 0.5 % too narrow
    assert inside / sets == pytest.approx(0.9, abs=0.028)
    assert pointwise / sets < 0.8
