"""Moments of ordered variables: the two roads agree, weights count, refusals name what is wrong."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.ordinal_cases import ITEMS, ordinal_case, ordinal_data
from werksem.categorical.casewise import Sides, fit_casewise
from werksem.categorical.categories import category_codes
from werksem.categorical.moments import ordinal_moments
from werksem.categorical.sparse import filled
from werksem.errors import DataError, EstimationError
from werksem.ordinal import OrdinalMoments


def rows_of(name: str) -> np.ndarray:
    return ordinal_data(name)[ITEMS].to_numpy(dtype=float)


@pytest.mark.parametrize("name", ["hs5", "hs2", "sparse"])
def test_casewise_equals_tables(name: str) -> None:
    rows = rows_of(name)
    by_tables = ordinal_moments([rows], ITEMS, ITEMS)[0]
    columns = {item: [rows[:, i]] for i, item in enumerate(ITEMS)}
    coded = {item: category_codes(column, item, ("all",)) for item, column in columns.items()}
    sides = Sides(ITEMS, (True,) * 9, columns, coded, 0)
    by_cases = fit_casewise(sides, np.empty((len(rows), 0)), (), np.ones(len(rows)), "all")
    assert by_cases.cov == pytest.approx(by_tables.cov, abs=1e-9)
    assert by_cases.gamma == pytest.approx(by_tables.gamma, rel=1e-7, abs=1e-7)
    assert by_cases.notes == by_tables.notes[: len(by_cases.notes)]


def test_gamma_is_positive_semidefinite_and_symmetric() -> None:
    gamma = ordinal_moments([rows_of("hs3")], ITEMS, ITEMS)[0].gamma
    assert np.array_equal(gamma, gamma.T)
    assert np.linalg.eigvalsh(gamma)[0] > -1e-9


def test_equal_weights_change_nothing_and_whole_weights_are_repeats_for_the_estimates() -> None:
    rows = rows_of("hs3")
    plain = ordinal_moments([rows], ITEMS, ITEMS)[0]
    equal = ordinal_moments([rows], ITEMS, ITEMS, weights=[np.full(len(rows), 37.0)])[0]
    assert equal.gamma == pytest.approx(plain.gamma, rel=1e-12)
    times = 1 + np.arange(len(rows)) % 2
    weighted = ordinal_moments([rows], ITEMS, ITEMS, weights=[times.astype(float)])[0]
    repeated = ordinal_moments([np.repeat(rows, times, axis=0)], ITEMS, ITEMS)[0]
    assert weighted.cov == pytest.approx(repeated.cov, abs=1e-9)
    assert weighted.n == len(rows)


def test_collapsing_equal_rows_changes_nothing() -> None:
    rows = rows_of("hs2")
    few = ordinal_moments([rows[:, :4]], ITEMS[:4], ITEMS[:4])[0]
    sides = np.tile(rows[:, :4], (3, 1))
    assert ordinal_moments([sides], ITEMS[:4], ITEMS[:4])[0].gamma == pytest.approx(few.gamma, abs=1e-10)


def test_order_of_categories_not_their_numbers_counts() -> None:
    rows = rows_of("hs3")
    other = np.array([0.0, -1.0, 10.0, 77.5])[rows.astype(int)]
    assert ordinal_moments([other], ITEMS, ITEMS)[0].cov == pytest.approx(
        ordinal_moments([rows], ITEMS, ITEMS)[0].cov, abs=1e-12
    )


def test_continuous_variables_only_give_their_covariances() -> None:
    frame = ordinal_data("mixed")
    rows = frame[["x4", "x5", "x1"]].to_numpy(dtype=float)
    found = ordinal_moments([rows], ["x4", "x5", "x1"], ["x1"])[0]
    assert found.cov[:2, :2] == pytest.approx(np.cov(rows[:, :2].T, ddof=0), rel=1e-9)
    assert found.mean[0] == pytest.approx(rows[:, 0].mean())


def test_polyserial_recovers_a_large_sample() -> None:
    rng = np.random.default_rng(8)
    z = rng.multivariate_normal([0, 0, 0], [[1, 0.6, 0.3], [0.6, 1, 0.5], [0.3, 0.5, 1]], 40000)
    rows = np.column_stack([5 + 3 * z[:, 0], np.digitize(z[:, 1], [-0.5, 0.8]), z[:, 2] > 0.3]).astype(float)
    found = ordinal_moments([rows], ["a", "b", "c"], ["b", "c"])[0]
    assert found.cov[0, 1] / 3 == pytest.approx(0.6, abs=0.02)
    assert found.cov[1, 2] == pytest.approx(0.5, abs=0.02)
    se = np.sqrt(np.diag(found.gamma) / 40000)
    assert np.all(se[-3:] < 0.04)


def test_slopes_are_probit_regressions() -> None:
    import statsmodels.api as sm

    frame = ordinal_data("probit")
    rows = frame[["x9", "sex", "agemo"]].to_numpy(dtype=float)
    found = ordinal_moments([rows], ["x9", "sex", "agemo"], ["x9"], x=("sex", "agemo"))[0]
    probit = sm.Probit(rows[:, 0] - 1, sm.add_constant(rows[:, 1:])).fit(disp=False, method="newton")
    assert found.slopes[0] == pytest.approx(probit.params[1:], abs=1e-7)
    assert found.thresholds[0][0] == pytest.approx(-probit.params[0], abs=1e-6)


def test_sparse_tables_are_told() -> None:
    _, data = ordinal_case("sparse")
    assert any("half a respondent moved" in note for note in data[0].notes)
    assert any("empty cells" in note for note in data[0].notes)


def test_impossible_correlations_are_told() -> None:
    _, data = ordinal_case("sparse")
    assert any("not positive definite" in note for note in data[0].notes)
    _, fine = ordinal_case("hs5")
    assert not any("positive definite" in note for note in fine[0].notes)
    rows = rows_of("hs3")
    copied = ordinal_moments([np.column_stack([rows[:, 0], rows[:, 0]])], ["a", "b"], ["a", "b"])[0]
    assert any("nearly 1: a x b" in note for note in copied.notes)


def test_filled_keeps_margins() -> None:
    table = np.array([[3.0, 7.0], [5.0, 0.0]])
    done = filled(table)
    assert done[1, 1] == 0.5
    assert done.sum(axis=0) == pytest.approx(table.sum(axis=0))
    assert done.sum(axis=1) == pytest.approx(table.sum(axis=1))
    assert filled(np.zeros((3, 2))).sum() == 0


def refusal(frame: pd.DataFrame, **settings: object) -> str:
    with pytest.raises((DataError, EstimationError)) as told:
        ordinal_moments([frame.to_numpy(dtype=float)], list(frame), ["a"], **settings)
    return str(told.value)


def test_refusals() -> None:
    fine = pd.DataFrame({"a": [1, 2, 3, 1, 2, 3] * 4, "b": np.arange(24) % 5})
    assert isinstance(ordinal_moments([fine.to_numpy(dtype=float)], ["a", "b"], ["a"])[0], OrdinalMoments)
    assert "blanks" in refusal(fine.assign(b=np.nan))
    assert "one category" in refusal(fine.assign(a=2))
    assert "'c'" in refusal(fine, x=("c",))
    assert "no variance" in refusal(fine.assign(b=3))
    half = fine.to_numpy(dtype=float)
    groups = [half, half[half[:, 0] < 3]]
    with pytest.raises(EstimationError, match=r"'late'.*3.*merge"):
        ordinal_moments(groups, ["a", "b"], ["a"], groups=("early", "late"))
