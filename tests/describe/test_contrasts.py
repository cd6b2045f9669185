"""Tests of one difference: closed forms, and what the corrections of families must do."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from werksem.describe.contrasts import holm, judged, verdict


def test_two_one_sided_tests_are_the_interval_at_twice_the_level() -> None:
    """Equivalence has p < .05 exactly where the 90 % interval lies within the bounds (Schuirmann 1987)."""
    generator = np.random.default_rng(5)
    for _ in range(200):
        value, se, df = (
            generator.normal(0, 0.1),
            generator.uniform(0.01, 0.15),
            int(generator.integers(3, 99)),
        )
        found = judged(value, se, df, 0.95, 0.2)
        half = stats.t.ppf(0.95, df) * se
        assert (found.equivalence < 0.05) == (abs(value) + half < 0.2)
        assert (found.p < 0.05) == (found.lower > 0 or found.upper < 0)


def test_of_two_samples_it_is_the_textbook_test() -> None:
    generator = np.random.default_rng(6)
    x, y = generator.normal(0, 1, 40), generator.normal(0.3, 1, 40)
    reference = stats.ttest_ind(x, y, equal_var=True)
    se = float((x.mean() - y.mean()) / reference.statistic)
    assert judged(x.mean() - y.mean(), se, 78, 0.95, 0.2).p == pytest.approx(reference.pvalue, rel=1e-12)
    upper = stats.ttest_ind(x, y - 0.5, alternative="greater").pvalue  # difference above -.5
    lower = stats.ttest_ind(x, y + 0.5, alternative="less").pvalue  # difference below .5
    found = judged(x.mean() - y.mean(), se, 78, 0.95, 0.5)
    assert found.equivalence == pytest.approx(max(upper, lower), rel=1e-12)


def test_without_a_standard_error_nothing_is_tested() -> None:
    found = judged(0.0, 0.0, 50, 0.95, 0.05)
    assert math.isnan(found.p)
    assert math.isnan(found.equivalence)
    assert verdict(found.p, found.equivalence, 0.95) == "onbeslist"


def test_holm_against_worked_values() -> None:
    """Values of R: p.adjust(c(.01, .02, .03, .04, .5), "holm"); one that is missing is no member."""
    found = holm(np.array([0.04, 0.01, math.nan, 0.5, 0.03, 0.02]))
    np.testing.assert_allclose(found, [0.09, 0.05, math.nan, 0.5, 0.09, 0.08], rtol=1e-12)
    assert holm(np.array([0.6, 0.7])).tolist() == [1.0, 1.0]
