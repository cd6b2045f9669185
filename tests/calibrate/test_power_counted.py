"""Power is counted with the study's own intervals, and what it would take is that of R's noncentral t."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, t

from werksem.calibrate.method import Method, Result
from werksem.calibrate.power import power_table
from werksem.calibrate.power_needed import Sample, clusters_needed, respondents_needed, t_df, t_power
from werksem.calibrate.surveys import Run

SURVEYS = 4000


def few_clusters(clusters: int, sd: float, r: float = 0.0) -> Run:
    """Return surveys of two estimates that correlate ``r``, with t intervals of ``clusters`` - 1 df."""
    numbers = np.random.default_rng(7)
    df = clusters - 1
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
    assert clusters_needed(Sample(0.3, 400, 50), 1 / math.sqrt(50)) == 90
    # one organisation leaves no degree of freedom, whatever the difference
    assert clusters_needed(Sample(0.9, 400, 50), 0.0001) == 2
    alone = power_table([few_clusters(40, 0.02)], 0.05, 1200, 1)
    assert alone["power_formula"].isna().all()
    assert (alone["clusters_80"] >= 2).all()
    assert (alone["n_80"] == 1200 * alone["clusters_80"]).all()


@pytest.mark.parametrize("df", [1, 4, 9, 292, 17000])
def test_degrees_of_freedom_are_read_off_the_interval(df: int) -> None:
    assert t_df(float(t.ppf(0.975, df)), 0.95) == pytest.approx(df, rel=1e-4)
    assert t_df(float(t.ppf(0.9, df)), 0.8) == pytest.approx(df, rel=1e-4)


def test_few_organisations_take_the_t_test_that_the_study_makes() -> None:
    """At .8 by a normal test with a known error the study's own test, t of 5 df, has .58."""
    table = power_table([few_clusters(6, 0.05 / 2.8016)], 0.05, 1200, 6)
    path = table[table["kind"] == "path"].iloc[0]
    known = t_power(2.8016, 5.0)
    assert known < 0.65
    assert path["power"] == pytest.approx(known, abs=4 * np.sqrt(0.25 / SURVEYS))
    assert path["power_formula"] == pytest.approx(known, abs=0.03)  # the SD is that of 4,000 surveys
    assert path["n_80"] == 1200 * path["clusters_80"] / 6
    assert t_power(0.05 / path["se"] * math.sqrt(path["clusters_80"] / 6), path["clusters_80"] - 1) >= 0.8


@pytest.mark.parametrize("r", [0.0, 0.6])
def test_two_betas_are_told_apart_with_their_correlation(r: float) -> None:
    table = power_table([few_clusters(40, 0.02, r)], 0.05, 1200, 40)
    pair = table[table["kind"] == "difference"].iloc[0]
    sd = 0.02 * math.sqrt(2 - 2 * r)
    assert pair["se"] == pytest.approx(sd, rel=0.05)
    assert pair["power"] == pytest.approx(t_power(0.05 / sd, 39.0), abs=0.04)


def test_without_organisations_the_interval_says_how_many_degrees_it_has() -> None:
    table = power_table([few_clusters(30, 0.02)], 0.05, 1200)
    path = table[table["kind"] == "path"].iloc[0]
    assert path["df"] == pytest.approx(29)
    assert math.isnan(path["clusters_80"])
    n = path["n_80"]
    powers = [t_power(0.05 / path["se"] * math.sqrt(m / 1200), 29 * m / 1200) for m in (n - 1, n)]
    assert powers[0] < 0.8 <= powers[1]
