"""Checks of latent-variable posteriors: observed shares, the regression's own LOO, densities of a grid."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.bayes.cases import LITERAL
from tests.bayes.checks.test_left_out import AXES, FRAME, evidence
from tests.bayes.latent.test_run import factors
from werksem.bayes.checks.cuts import item_cuts
from werksem.bayes.checks.given_x import fixed_x, log_moments_of_x, log_x
from werksem.bayes.checks.respondents import respondents
from werksem.bayes.latent.prepare import prepared
from werksem.bayes.latent.run import fit_latent
from werksem.bayes.result import BayesResult
from werksem.bayes.run import fit_scores
from werksem.rows import Options
from werksem.spec.load import load_model
from werksem.spec.study import Bayes
from werksem.spec.types import Equation, ModelSpec, Scale

OPTIONS = Options(True, True, "marker", ())
ITEMS = ("x1", "x2", "x3", "y1", "y2", "y3")
CUTS = item_cuts(ModelSpec("m", (Scale("f", ITEMS, scale=(1, 5)),), ()))


def fitted(text: str, frame: pd.DataFrame, **settings) -> BayesResult:
    chosen = Bayes(level="latent", seed=3, vary=("paths", "means"), **settings)
    arrays = prepared(load_model({"syntax": text}), frame, frame["sector"], None, chosen, OPTIONS)
    people = respondents(arrays, frame, frame["sector"], None, CUTS)
    return fit_latent(arrays, chosen, people=people, quiet=True)


@pytest.fixture(scope="module")
def latent() -> tuple[pd.DataFrame, BayesResult]:
    frame = factors({"Rijk": 200, "ZBO": 60, "GR": 20, "RM": 1})
    frame.loc[3, "x1"] = np.nan
    text = "f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\ng ~ f + z"
    return frame, fitted(text, frame, draws=300, tune=400, leave_out=("groups", "respondents"))


def test_observed_statistics_are_those_of_the_complete_rows(latent) -> None:
    frame, fit = latent
    table = fit.tables["predictive"]
    assert set(table["variable"]) == {*ITEMS, ""}
    assert set(table.loc[table["group"] == "RM", "statistic"]) == {"mean", "top2box"}
    observed = table.set_index(["group", "statistic", "variable"])["observed"]
    for group in ("Rijk", "GR"):
        part = frame[frame["sector"] == group].dropna()
        for item in ITEMS:
            assert observed[group, "mean", item] == pytest.approx(part[item].mean())
            assert observed[group, "sd", item] == pytest.approx(part[item].std())
            assert observed[group, "top2box", item] == pytest.approx((part[item] >= 4).mean())


def test_a_true_model_predicts_its_items(latent) -> None:
    table = latent[1].tables["predictive"].query("group in ['Rijk', 'ZBO'] and statistic in ['mean', 'sd']")
    assert len(table) == 2 * 2 * 6
    assert table["ppp"].between(0.005, 0.995).mean() > 0.9


def test_groups_and_respondents_are_left_out(latent) -> None:
    groups, people = (latent[1].tables[name] for name in ("left_out", "loo"))
    assert groups["group"].tolist() == ["Rijk", "ZBO", "GR", "RM"]
    assert groups["n"].tolist() == [199, 60, 20, 1]
    assert (groups["mc_error"][1:] < 0.3).all()  # of Rijk, most of the respondents, few draws speak
    assert people["n"].tolist() == [280, 199, 60, 20, 1]
    by_group = people.set_index("group")["elpd"]
    assert by_group["all"] == pytest.approx(by_group.drop("all").sum())
    # per respondent both are the same density, of a group's first respondent or of one among many
    np.testing.assert_allclose(groups["per_respondent"][:3], people["per_respondent"][1:4], atol=0.35)


@pytest.fixture(scope="module")
def regression() -> tuple[BayesResult, BayesResult]:
    """Return the same regression as a latent model and on scale means, under the same priors."""
    settings = {"draws": 1000, "tune": 500, "priors": LITERAL, "leave_out": ("groups", "respondents")}
    by_scores = Bayes(vary=("paths", "means"), seed=5, **settings)
    equation = Equation("y", ("x",), ("y~x",))
    other = fit_scores((equation,), FRAME, FRAME["sector"], None, by_scores, quiet=True)
    return fitted("y ~ x", FRAME, **settings), other


@pytest.mark.slow
def test_loo_of_a_regression_is_that_of_scale_means(regression) -> None:
    ours, theirs = (fit.tables["loo"].set_index("group") for fit in regression)
    assert ours["n"].to_dict() == theirs["n"].to_dict()
    np.testing.assert_allclose(ours["elpd"], theirs["elpd"], atol=0.25)
    np.testing.assert_allclose(ours["p_loo"], theirs["p_loo"], atol=0.25)


@pytest.mark.slow
def test_density_of_a_left_out_group_is_the_exact_one(regression) -> None:
    ours = regression[0].tables["left_out"].set_index("group")
    whole = evidence(FRAME, AXES)
    for group in ("a", "c", "d"):
        exact = whole - evidence(FRAME[FRAME["sector"] != group], AXES)
        error = ours.loc[group, "mc_error"]
        assert error < 0.3
        assert abs(ours.loc[group, "log_density"] - exact) < 4 * error + 0.02, group


def test_density_of_x_from_rows_and_from_moments() -> None:
    settings = Bayes(level="latent", vary=("paths",))
    design = prepared(load_model({"syntax": "y ~ x"}), FRAME, FRAME["sector"], None, settings, OPTIONS)
    people = respondents(design, FRAME, FRAME["sector"], None, {})
    each = log_x(design, people.values - design.centre)
    x = FRAME["x"].to_numpy()
    exact = -0.5 * (np.log(2 * np.pi * x.var()) + (x - x.mean()) ** 2 / x.var())
    assert fixed_x(design).tolist() == [name == "x" for name in design.model.observed]
    np.testing.assert_allclose(each, exact)
    for g in range(4):
        assert log_moments_of_x(design, g) == pytest.approx(each[people.code == g].sum())
