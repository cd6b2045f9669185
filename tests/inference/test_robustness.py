"""Robustness values beside the published ones of Cinelli & Hazlett (2020), and the bounds of stars."""

from __future__ import annotations

from math import nan, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werksem.compare.published import read_published
from werksem.compare.robustness import published_robustness, robustness
from werksem.engines.ols import ols_from_moments, ols_from_scores
from werksem.errors import SpecError
from werksem.inference.robustness import critical_t, robustness_value
from werksem.moments import moments
from werksem.spec.types import Equation

EQUATION = Equation("y", ("x", "z"), ("y~x", "y~z"))


def scores(n: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    x = rng.normal(size=n)
    z = 0.4 * x + rng.normal(size=n)
    return pd.DataFrame({"x": x, "z": z, "y": 0.3 * x + 0.1 * z + rng.normal(size=n)})


def test_darfur() -> None:
    """Directly harmed: t = 4.184, 783 degrees of freedom, RV 13.9 % and 7.6 % (their table 1)."""
    assert robustness_value(4.184, 783) == pytest.approx(0.139, abs=5e-4)
    assert robustness_value(-4.184, 783, 0.05) == pytest.approx(0.076, abs=5e-4)


@pytest.mark.parametrize("t", [0.5, 2.5, 8.0, 60.0])
def test_a_confounder_of_that_strength_brings_the_estimate_to_zero(t: float) -> None:
    """Their bias, se sqrt(df) sqrt(R²y R²d / (1 - R²d)), is the estimate at R²y = R²d = RV."""
    df = 200.0
    share = robustness_value(t, df)
    assert sqrt(df) * sqrt(share * share / (1 - share)) == pytest.approx(t, rel=1e-12)


@pytest.mark.parametrize("t", [2.5, 8.0])
def test_a_confounder_of_that_strength_leaves_the_critical_t(t: float) -> None:
    """Adjusted t = (t - bias) / se ratio, their equations 5 and 6, at RV(alpha); df falls by one."""
    df, share = 200.0, robustness_value(t, 200.0, 0.05)
    bias = sqrt(df) * share / sqrt(1 - share)
    shrink = sqrt((1 - share) / (1 - share)) * sqrt(df / (df - 1))
    assert (t - bias) / shrink == pytest.approx(critical_t(df - 1, 0.05), rel=1e-10)


def test_edges() -> None:
    assert robustness_value(0.0, 50) == 0
    assert robustness_value(1.9, 50, 0.05) == 0
    assert np.isnan(robustness_value(2.0, 1.0))
    assert np.isnan(robustness_value(nan, 50))
    # a very strong estimate on few degrees of freedom: an outcome explained completely asks less
    f, critical = 60 / sqrt(4), critical_t(3, 0.05) / sqrt(3)
    assert robustness_value(60, 4, 0.05) == pytest.approx((f**2 - critical**2) / (1 + f**2))
    assert robustness_value(4.0, 100, 0.05, se_ratio=1.5) < robustness_value(4.0, 100, 0.05)


def test_every_beta_has_one_and_robust_errors_touch_the_test_alone() -> None:
    frame = scores()
    plain = ols_from_scores([EQUATION], frame).tables["robustness"]
    robust = ols_from_scores([EQUATION], frame, se="HC3")
    own = robust.tables["robustness"]
    rows = robust.estimates[robust.estimates["op"] == "~"]
    assert plain["rhs"].tolist() == ["x", "z"]
    assert own["rv"].tolist() == pytest.approx(plain["rv"].tolist(), rel=1e-12)
    ratio = plain["t"].to_numpy() / rows["z"].to_numpy()
    expected = [robustness_value(t, 297, 0.05, r) for t, r in zip(plain["t"], ratio, strict=True)]
    assert own["rv_alpha"].tolist() == pytest.approx(expected, rel=1e-9)
    assert (own["basis"].unique().tolist(), plain["basis"].unique().tolist()) == (["HC3"], ["classical"])


def test_moments_give_the_same_as_respondents() -> None:
    frame = scores()
    source = moments(frame.to_numpy(), list(frame.columns))
    pd.testing.assert_frame_equal(
        ols_from_moments([EQUATION], source).tables["robustness"],
        ols_from_scores([EQUATION], frame).tables["robustness"], rtol=1e-9,
    )  # fmt: skip


def published(folder: Path) -> pd.DataFrame:
    path = folder / "published.yaml"
    path.write_text(
        "outcomes: {y: {n: 787}, w: {n: 100}}\n"
        "betas:\n"
        "- {lhs: y, rhs: a, beta: .1, t: 4.184, df: 783}\n"
        "- {lhs: y, rhs: b, beta: .1, stars: '**'}\n"
        "- {lhs: y, rhs: c, beta: .01}\n"
        "- {lhs: w, rhs: a, beta: .9, stars: '***'}\n"
        "- {lhs: w, rhs: b}\n"
        "- {lhs: v, rhs: a, beta: .3, stars: '*'}\n"
    )
    return read_published(path)


def test_published_betas_have_values_or_bounds(tmp_path: Path) -> None:
    found = published_robustness(published(tmp_path)).set_index(["lhs", "rhs"])
    # lost altogether, and no n: nothing is said
    assert list(found.index) == [("y", "a"), ("y", "b"), ("y", "c"), ("w", "a")]
    assert found.loc["y", "a"]["rv"] == pytest.approx(0.139, abs=5e-4)
    # 787 respondents, three predictors: 783 degrees of freedom, p between .001 and .01
    two = found.loc["y", "b"]
    assert two["df"] == 783
    assert two["rv_lower"] == pytest.approx(robustness_value(2.5823, 783), abs=1e-4)
    assert two["rv_upper"] == pytest.approx(robustness_value(3.3027, 783), abs=1e-4)
    assert 0 < two["rv_alpha_lower"] < two["rv_alpha_upper"] < two["rv_upper"]
    none, three = found.loc["y", "c"], found.loc["w", "a"]
    assert (none["rv_lower"], none["rv_alpha_upper"]) == (0, 0)
    assert none["rv_upper"] == pytest.approx(robustness_value(1.963, 783), abs=1e-4)
    assert three["rv_upper"] == 1
    assert three["rv_lower"] > two["rv_upper"]


def test_both_stand_in_one_table(tmp_path: Path) -> None:
    own = ols_from_scores([EQUATION], scores()).tables["robustness"]
    both = robustness(own, published(tmp_path))
    assert both is not None
    assert both["source"].tolist() == ["ols"] * 2 + ["published"] * 4
    assert robustness(None, None) is None


def test_the_true_t_lies_within_the_bounds_of_its_stars() -> None:
    """Every t from 0 to 6: what it gives itself lies between what its stars leave."""
    for t in np.linspace(0.01, 6, 60):
        p = 2 * (1 - _cdf(t, 96))
        stars = "***" if p <= 0.001 else "**" if p <= 0.01 else "*" if p <= 0.05 else ""
        row = {"lhs": "y", "group": "all", "beta": 0.2, "certainty": "", "n": 100.0, "df": 96.0}
        known, starred = {"rhs": "b", "stars": "", "t": t}, {"rhs": "a", "stars": stars, "t": nan}
        table = pd.DataFrame([row | starred, row | known])
        found = published_robustness(table)
        for name in ("rv", "rv_alpha"):
            low, high = found[f"{name}_lower"][0], found[f"{name}_upper"][0]
            assert low - 1e-12 <= found[name][1] <= high + 1e-12


def _cdf(t: float, df: float) -> float:
    from scipy.stats import t as student

    return float(student.cdf(t, df))


def test_a_t_that_is_no_number_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "published.yaml"
    path.write_text("betas:\n- {lhs: y, rhs: a, t: veel}\n")
    with pytest.raises(SpecError, match='t: found "veel", right is a number'):
        read_published(path)
