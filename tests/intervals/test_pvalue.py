"""A p-value and an interval of one kind never contradict each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from werksem.errors import SpecError
from werksem.intervals import INTERVALS
from werksem.intervals.places import KINDS, point, ranks, share
from werksem.intervals.pvalue import pvalues

RNG = np.random.default_rng(4)
SEEDS = st.integers(0, 2**32 - 1)


def data(seed: int, rows: int, grid: bool, holes: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return replicates (R, 6) of several shapes, ties on a grid or none, and estimates near them."""
    rng = np.random.default_rng(seed)
    centre, spread = rng.normal(0, 1.5, 6), rng.uniform(0.2, 2, 6)
    shapes = rng.normal(size=(rows, 6)) + rng.uniform(0, 2) * rng.exponential(size=(rows, 6))
    replicates = centre + spread * shapes
    estimate = np.median(replicates, axis=0) + rng.normal(0, 0.4, 6)
    if grid:
        replicates, estimate = np.round(2 * replicates) / 2, np.round(2 * estimate) / 2
    if holes:
        replicates[rng.random(replicates.shape) < 0.2] = np.nan
    return replicates, estimate, rng.normal(0, 0.08, 6)


@settings(max_examples=150, deadline=None)
@given(
    seed=SEEDS, rows=st.integers(60, 300), grid=st.booleans(), holes=st.booleans(),
    level=st.sampled_from([0.5, 0.8, 0.9, 0.95]),
)  # fmt: skip
@pytest.mark.parametrize("kind", sorted(INTERVALS))
def test_p_is_below_one_minus_level_exactly_where_the_interval_excludes_zero(
    kind: str, seed: int, rows: int, grid: bool, holes: bool, level: float
) -> None:
    replicates, estimate, a = data(seed, rows, grid, holes)
    p = pvalues(kind, replicates, estimate, a)
    lower, upper = INTERVALS[kind](replicates, estimate, level, a)
    clear = np.isfinite(p) & (np.abs(p - (1 - level)) > 1e-9)
    assume(clear.any())
    assert np.array_equal((p < 1 - level)[clear], ((lower > 0) | (upper < 0))[clear])


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS, place=st.floats(0.2, 0.8))
@pytest.mark.parametrize("kind", sorted(INTERVALS))
def test_the_interval_at_one_minus_p_ends_at_null(kind: str, seed: int, place: float) -> None:
    replicates, estimate, a = data(seed, 199, False, False)
    null = np.quantile(replicates, place, axis=0)
    value = 2 * estimate - null if kind == "basic" else null
    for k, p in enumerate(pvalues(kind, replicates, estimate, a, null=value)):
        if not 0.011 < p < 0.999:
            continue
        one = np.s_[k : k + 1]
        ends = np.concatenate(INTERVALS[kind](replicates[:, one], estimate[one], 1 - p, a[one]))
        assert np.abs(ends - value[k]).min() < 1e-9


@pytest.mark.parametrize("kind", sorted(INTERVALS))
def test_never_zero_and_never_above_one(kind: str) -> None:
    replicates = RNG.normal(0, 1, (999, 3))
    p = pvalues(kind, replicates, np.zeros(3), np.zeros(3), null=np.array([-50.0, 0.0, 50.0]))
    assert p[[0, 2]] == pytest.approx(2 / 1000)
    assert p[1] <= 1


@pytest.mark.parametrize("kind", sorted(INTERVALS))
def test_missing_replicates_do_not_count_and_constants_have_no_p(kind: str) -> None:
    replicates = RNG.normal(0.1, 0.1, (500, 3))
    replicates[:, 2] = 1 + RNG.normal(0, 1e-16, 500)
    holes = replicates.copy()
    holes[::5, 0] = np.nan
    holes[1::5, 0] = np.inf
    estimate, a = np.array([0.1, 0.1, 1.0]), np.full(3, 0.01)
    p = pvalues(kind, holes, estimate, a)
    kept = np.delete(replicates, np.r_[0:500:5, 1:500:5], axis=0)
    assert p[0] == pvalues(kind, kept, estimate, a)[0]
    assert p[1] == pvalues(kind, replicates, estimate, a)[1]
    assert np.isnan(p[2])
    assert np.isnan(pvalues(kind, np.full((5, 1), np.nan), np.zeros(1), np.zeros(1))).all()
    assert np.isnan(pvalues(kind, np.empty((0, 1)), np.zeros(1), np.zeros(1))).all()


def test_close_to_the_wald_test_of_normal_replicates() -> None:
    from scipy.stats import norm

    replicates = RNG.normal(0.2, 0.1, (20000, 1))
    expected = 2 * norm.sf(2)
    for kind in INTERVALS:
        assert pvalues(kind, replicates, np.array([0.2]), np.zeros(1))[0] == pytest.approx(
            expected, abs=0.006
        )


def test_no_p_where_bca_has_no_interval() -> None:
    replicates = RNG.normal(0, 1, (200, 2))
    assert np.isnan(pvalues("bca", replicates, np.array([9.0, 1.0]), np.array([0.0, 2.0]))).all()


@settings(max_examples=200, deadline=None)
@given(z0=st.floats(-1, 1), a=st.floats(-0.2, 0.2), z=st.floats(-3, 3))
def test_point_is_the_inverse_of_share(z0: float, a: float, z: float) -> None:
    where = share(np.array([z0]), np.array([a]), z)
    assume(np.isfinite(where[0]) and 1e-9 < where[0] < 1 - 1e-9)
    assert point(np.array([z0]), np.array([a]), where)[0] == pytest.approx(z, abs=1e-5)


def test_ranks_at_and_beyond_the_ends() -> None:
    column = np.array([[1.0], [1.0], [2.0], [4.0]])
    expected = {0.0: (0, 0), 1.0: (0, 2), 2.0: (3, 3), 3.0: (3.5, 3.5), 4.0: (4, 5), 5.0: (5, 5)}
    for value, (first, last) in expected.items():
        found = ranks(column, np.array([value]))
        assert (found[0][0], found[1][0], found[2][0]) == (first, last, 4), value


def test_every_interval_has_its_kind_and_others_are_refused() -> None:
    assert set(KINDS) == set(INTERVALS)
    with pytest.raises(SpecError, match='no interval "percentil"; did you mean "percentile"'):
        pvalues("percentil", np.zeros((2, 1)), np.zeros(1), np.zeros(1))
