from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.bayes.cases import SIZES, TWO, rows_of, survey
from werksem.bayes.statistics import (
    group_cov,
    group_labels,
    group_mean,
    pooled_cov,
    statistics,
    total_cov,
)
from werksem.errors import DataError

FRAME = survey()
LABELS, CODE = group_labels(FRAME["sector"], len(FRAME))


def test_rows_are_complete_rows_per_regression() -> None:
    assert tuple(SIZES) == LABELS
    assert statistics(TWO[0], FRAME, LABELS, CODE).rows.tolist() == list(SIZES.values())
    assert statistics(TWO[1], FRAME, LABELS, CODE).rows.tolist() == [208, 60, 25, 8, 3, 1]


def test_rss_of_any_line_is_exact_in_the_moments() -> None:
    found = statistics(TWO[1], FRAME, LABELS, CODE)
    a, b = 4.1, -0.7
    for g, label in enumerate(LABELS):
        X, y = rows_of(FRAME, TWO[1], label)
        v = np.array([-(a + b * found.centre[0] - found.centre[1]), -b, 1.0])
        assert v @ found.cross[g] @ v == pytest.approx(((y - X @ [a, b]) ** 2).sum(), rel=1e-12)


def test_a_large_mean_costs_no_digits() -> None:
    shifted = FRAME.assign(veilig=FRAME["veilig"] + 1e6)
    near, far = (statistics(TWO[0], f, LABELS, CODE).cross for f in (FRAME, shifted))
    np.testing.assert_allclose(near, far, rtol=1e-7, atol=1e-7)


def test_covariances() -> None:
    found = statistics(TWO[1], FRAME, LABELS, CODE)
    whole = FRAME.dropna()
    columns = ["betrokkenheid", "vertrek"]
    by = whole.groupby("sector", sort=False)[columns]
    np.testing.assert_allclose(group_mean(found), by.mean())
    covariances = whole[whole["sector"] != "Eén"].groupby("sector", sort=False)[columns].cov()
    np.testing.assert_allclose(group_cov(found)[:5].reshape(10, 2), covariances)
    assert np.isnan(group_cov(found)[5]).all()
    within = (whole[columns] - by.transform("mean")).to_numpy()
    np.testing.assert_allclose(pooled_cov(found), within.T @ within / (len(whole) - 6))
    np.testing.assert_allclose(total_cov(found), whole[columns].cov())


def test_weights_count_by_effective_size() -> None:
    weights = np.random.default_rng(1).uniform(0.5, 2, len(FRAME))
    found = statistics(TWO[0], FRAME, LABELS, CODE, weights)
    first = weights[CODE == 0]
    assert found.n[0] == pytest.approx(first.sum() ** 2 / (first**2).sum())
    assert found.share[0] == pytest.approx(first.sum() / weights.sum())
    assert found.cross[0, 0, 0] == pytest.approx(found.n[0])
    average = np.average(FRAME.loc[CODE == 0, "veilig"], weights=first)
    assert group_mean(found)[0, 0] == pytest.approx(average)
    twice = statistics(TWO[0], FRAME, LABELS, CODE, 2 * weights)
    np.testing.assert_allclose(twice.cross, found.cross)


def test_rows_without_a_group_do_not_count() -> None:
    group = FRAME["sector"].where(FRAME.index != 0)
    labels, code = group_labels(group, len(FRAME))
    assert labels == LABELS
    assert statistics(TWO[0], FRAME, labels, code).rows[0] == 209


@pytest.mark.parametrize(
    ("change", "said"),
    [({"veilig": 3.0}, "'veilig' is 3 in all"), ({"betrokkenheid": np.nan}, "0 complete rows")],
)
def test_what_cannot_be_used_is_named(change: dict[str, float], said: str) -> None:
    with pytest.raises(DataError, match=said):
        statistics(TWO[0], FRAME.assign(**change), LABELS, CODE)


def test_groups_of_one_row_each_have_the_overall_covariance() -> None:
    frame = FRAME.head(6).assign(sector=list("abcdef")).dropna()
    labels, code = group_labels(frame["sector"], len(frame))
    found = statistics(TWO[0], frame, labels, code)
    expected = pd.DataFrame(frame)[["veilig", "wendbaar", "betrokkenheid"]].cov()
    np.testing.assert_allclose(pooled_cov(found), expected)
