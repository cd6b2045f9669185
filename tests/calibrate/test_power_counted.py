"""Power is counted with the study's own intervals, and what it would take is that of R's noncentral t."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, t

from werksem.calibrate.coverage import coverage_table
from werksem.calibrate.method import Method, Result
from werksem.calibrate.power import power_table
from werksem.calibrate.power_needed import Sample, clusters_needed, respondents_needed, t_df, t_power
from werksem.calibrate.surveys import Run
from werksem.calibrate.tables_shown import power_said, power_tables

SURVEYS = 4000


def few_clusters(clusters: int, sd: float, r: float = 0.0, df: float = 0.0) -> Run:
    """Return surveys of two estimates that correlate ``r``, t intervals of ``clusters`` - 1 df, or df."""
    numbers = np.random.default_rng(7)
    df = df or clusters - 1
    mixed = np.linalg.cholesky(np.array([[1.0, r], [r, 1.0]]))
    estimate = sd * numbers.standard_normal((SURVEYS, 2)) @ mixed.T + 0.3
    se = sd * np.sqrt(numbers.chisquare(df, (SURVEYS, 1)) / df) * np.ones((1, 2))
    half = t.ppf(0.975, df) * se
    keys = pd.DataFrame({
        "engine": "ols", "interval": "cluster", "own": True, "group": "all", "lhs": "y", "op": "~",
        "rhs": ["x", "z"], "quantity": "std", "truth": 0.3, "level": 0.95,
    })  # fmt: skip
    values = np.stack([estimate, se, estimate - half, estimate + half], axis=2)
    return Run(Method(keys, lambda inputs, seed: Result(np.zeros((2, 4)))), values, np.full(SURVEYS, "ok"))


def powers(run: Run, n: int, clusters: int | None = None, difference: float = 0.05) -> pd.DataFrame:
    """Return the power of surveys whose intervals are judged with it."""
    return power_table([run], coverage_table([run], n), difference, n, clusters)


def narrowed(run: Run, by: float) -> Run:
    """Return surveys whose limits are ``by`` as far from their estimates, under the same errors."""
    values = run.values.copy()
    values[:, :, 2:] = values[:, :, :1] + by * (values[:, :, 2:] - values[:, :, :1])
    return Run(run.method, values, run.status)


def test_power_by_formula_is_that_of_r() -> None:
    """R 4: q <- qt(.975, df); pt(q, df, ncp, lower.tail = FALSE) + pt(-q, df, ncp)"""
    for shift, df, known in (
        (2.8016, 9, 0.7037875817), (2.0, 4, 0.3359651039), (3.0, 1, 0.1861320616), (2.5, 30, 0.6770315128),
    ):  # fmt: skip
        assert t_power(shift, df) == pytest.approx(known, abs=1e-8)
    assert t_power(2.5, math.inf) == pytest.approx(norm.sf(1.959964 - 2.5) + norm.cdf(-1.959964 - 2.5))
    assert all(t_power(shift, 9) == pytest.approx(1) for shift in (8.5, 12.0, 40.0, 300.0))


def test_respondents_that_would_do_are_those_of_r() -> None:
    """R 4: power.t.test(delta = .3, sd = 1, power = .8, type = "one.sample", strict = TRUE): n = 89.149"""
    assert respondents_needed(Sample(0.3, 400), 1 / math.sqrt(400), 399.0) == 90
    assert clusters_needed(Sample(0.3, 400, 50), 1 / math.sqrt(50), 49.0) == 90
    # one organisation leaves no degree of freedom, whatever the difference
    assert clusters_needed(Sample(0.9, 400, 50), 0.0001, 49.0) == 2
    # nor does it say how organisations differ
    alone = powers(few_clusters(40, 0.02), 1200, 1)
    assert alone[["clusters_80", "n_80"]].isna().all(axis=None)


def test_a_regression_of_few_respondents_keeps_the_degrees_that_its_predictors_take() -> None:
    """One of three predictors: of n there are n - 4 degrees, so 5 leave one, whose t has .69.

    R 4: f <- function(n) {q <- qt(.975, n - 4); pt(q, n - 4, .9/.15*sqrt(n/60), lower.tail = FALSE) +
    pt(-q, n - 4, .9/.15*sqrt(n/60))}; f(15), f(16): 0.7796, 0.8115
    """
    assert respondents_needed(Sample(0.9, 60, lost=4), 0.02, 56.0) == 6
    assert respondents_needed(Sample(0.9, 60, lost=4), 0.15, 56.0) == 16
    # half the respondents left a question open: 60 of them are 30 in the regression
    assert respondents_needed(Sample(0.9, 60, lost=4), 0.02, 26.0) == 10


@pytest.mark.parametrize("df", [1, 4, 9, 292, 17000])
def test_degrees_of_freedom_are_read_off_the_interval(df: int) -> None:
    assert t_df(float(t.ppf(0.975, df)), 0.95) == pytest.approx(df, rel=1e-4)
    assert t_df(float(t.ppf(0.9, df)), 0.8) == pytest.approx(df, rel=1e-4)


def test_few_organisations_take_the_t_test_that_the_study_makes() -> None:
    """At .8 by a normal test with a known error the study's own test, t of 5 df, has .58."""
    table = powers(few_clusters(6, 0.05 / 2.8016), 1200, 6)
    path = table[table["kind"] == "path"].iloc[0]
    known = t_power(2.8016, 5.0)
    assert known < 0.65
    assert path["power"] == pytest.approx(known, abs=4 * np.sqrt(0.25 / SURVEYS))
    assert path["power_formula"] == pytest.approx(known, abs=0.03)  # the SD is that of 4,000 surveys
    assert path["n_80"] == 1200 * path["clusters_80"] / 6
    assert t_power(0.05 / path["se"] * math.sqrt(path["clusters_80"] / 6), path["clusters_80"] - 1) >= 0.8


@pytest.mark.parametrize("r", [0.0, 0.6])
def test_two_betas_are_told_apart_with_their_correlation(r: float) -> None:
    table = powers(few_clusters(40, 0.02, r), 1200, 40)
    pair = table[table["kind"] == "difference"].iloc[0]
    sd = 0.02 * math.sqrt(2 - 2 * r)
    assert pair["se"] == pytest.approx(sd, rel=0.05)
    assert pair["power"] == pytest.approx(t_power(0.05 / sd, 39.0), abs=0.04)


def test_without_organisations_the_interval_says_how_many_degrees_it_has() -> None:
    table = powers(few_clusters(30, 0.02), 32)
    path = table[table["kind"] == "path"].iloc[0]
    assert path["df"] == pytest.approx(29)
    assert math.isnan(path["clusters_80"])
    n = path["n_80"]
    found = [t_power(0.05 / path["se"] * math.sqrt(m / 32), m - 3.0) for m in (n - 1, n)]
    assert found[0] < 0.8 <= found[1]


def test_organisations_that_would_do_keep_the_share_of_degrees_that_satterthwaite_leaves() -> None:
    """R 4: f <- function(m) {df <- 3*(m-1)/9; q <- qt(.975, df); nc <- 2.5*sqrt(m/10);
    pt(q, df, nc, lower.tail = FALSE) + pt(-q, df, nc)}; f(18), f(19): 0.7876, 0.8174
    """
    assert clusters_needed(Sample(0.05, 900, 10), 0.02, 3.0) == 19


def test_satterthwaites_degrees_are_those_of_the_formula_not_organisations_less_one() -> None:
    """Eight organisations whose interval has 3 degrees: counted power is that of t(3), whose n_80 is more."""
    run = few_clusters(8, 0.05 / 2.8016, df=3.0)
    path = powers(run, 740, 8).iloc[0]
    assert path["df"] == pytest.approx(3)
    assert path["power"] == pytest.approx(t_power(2.8016, 3.0), abs=4 * np.sqrt(0.25 / SURVEYS))
    assert path["power_formula"] == pytest.approx(path["power"], abs=0.03)
    assert path["power"] < 0.5
    many = path["clusters_80"]
    shift = 0.05 / path["se"] * math.sqrt(many / 8)
    assert t_power(shift, 3 * (many - 1) / 7) >= 0.8
    assert many > powers(few_clusters(8, 0.05 / 2.8016), 740, 8)["clusters_80"].iloc[0]


def test_a_normal_interval_has_no_degrees_however_few_its_organisations() -> None:
    """SEM's intervals by cluster are ± 1.96 errors, whatever the number of organisations."""
    run = few_clusters(400, 0.02)
    keys = run.method.keys.assign(engine="sem")
    path = powers(Run(Method(keys, run.method.estimate), run.values, run.status), 1200, 8).iloc[0]
    assert path["df"] == math.inf
    assert path["power_formula"] == pytest.approx(t_power(0.05 / path["se"], math.inf))


def test_an_interval_that_is_not_in_order_has_no_number_that_would_do() -> None:
    """Limits of half the width cover 67 %: they leave out zero where there is nothing in 33 of 100."""
    table = powers(narrowed(few_clusters(40, 0.02), 0.5), 1200, 40)
    assert set(table["verdict"]) == {"too low"}
    assert (table.loc[table["kind"] == "path", "power"] > 0.9).all()
    assert table[["clusters_80", "n_80"]].isna().all(axis=None)
    right = powers(few_clusters(40, 0.02), 1200, 40)
    assert not set(right["verdict"]) & {"too low", "biased", "not in order"}
    assert right["n_80"].notna().all()


def test_a_formula_that_is_far_from_what_was_counted_says_nothing_of_other_numbers() -> None:
    """Twice as wide as need be: covers all, and the t of few degrees read off it is not how errors vary."""
    table = powers(narrowed(few_clusters(400, 0.05 / 2.8016), 2.0), 1200)
    path = table[table["kind"] == "path"].iloc[0]
    assert path["verdict"] == "too high"
    assert abs(path["power"] - path["power_formula"]) > 0.1
    assert math.isnan(path["n_80"])


def test_the_page_says_no_power_of_intervals_that_are_not_in_order() -> None:
    manifest = {"calibrate": {"difference": 0.05}}
    broken = powers(narrowed(few_clusters(40, 0.02), 0.5), 1200, 40)
    (said,) = power_said(broken, manifest, "en")
    assert said.startswith("With OLS the intervals of 2 of 2 paths are not in order.")
    pairs = power_tables(broken, manifest, "en")[0].bodies[0].rows
    assert [cell.text for cell in pairs[0][2:]] == ["–", "–", "–"]
    one = broken.assign(verdict=["too low", "ok", "too low"], power=[0.47, 0.81, 0.3])
    first, second = power_said(one, manifest, "en")
    assert first == "OLS tells a β of .05 from zero in 81% of surveys."
    assert second.startswith("With OLS the intervals of 1 of 2 paths")
    unknown = power_said(one.assign(verdict=["undecided", "ok", "undecided"]), manifest, "en")
    assert unknown[0].endswith("if their intervals are in order, which is not shown of 1 of 2 paths.")
