"""One small study with every check: what its tables promise."""

from __future__ import annotations

import numpy as np
import pytest

from tests.bayes.cases import SIZES, TWO, survey
from werksem.bayes.checks.cuts import Cut
from werksem.bayes.result import BayesResult
from werksem.bayes.run import fit_scores
from werksem.spec.study import Bayes

FRAME = survey()
SETTINGS = Bayes(vary=("paths", "means"), draws=500, tune=500, seed=11, leave_out=("groups", "respondents"))


@pytest.fixture(scope="module")
def fit() -> BayesResult:
    cuts = {"vertrek": Cut(3.5, 3.5)}
    return fit_scores(TWO, FRAME, FRAME["sector"], None, SETTINGS, cuts=cuts, quiet=True)


def test_observed_statistics_are_those_of_the_rows(fit: BayesResult) -> None:
    table = fit.tables["predictive"].set_index(["group", "statistic", "variable"])["observed"]
    for group in ("Rijk", "Provincies"):
        part = FRAME[FRAME["sector"] == group].dropna(subset=["betrokkenheid", "vertrek"])
        y, x = part["vertrek"], part["betrokkenheid"]
        assert table[group, "mean", "vertrek"] == pytest.approx(y.mean())
        assert table[group, "sd", "vertrek"] == pytest.approx(y.std())
        assert table[group, "covariance", "vertrek~~betrokkenheid"] == pytest.approx(np.cov(x, y)[0, 1])
        assert table[group, "top2box", "vertrek"] == pytest.approx((y >= 3.5).mean())


def test_every_group_and_outcome_is_checked(fit: BayesResult) -> None:
    table = fit.tables["predictive"]
    assert table["group"].drop_duplicates().tolist() == list(SIZES)
    assert not table.duplicated(["group", "statistic", "variable"]).any()
    assert set(table["statistic"]) == {"mean", "sd", "covariance", "top2box"}
    assert set(table.loc[table["statistic"] == "top2box", "variable"]) == {"vertrek"}
    assert table["ppp"].between(0, 1).all()
    assert (table["ci_lower"] <= table["predicted"]).all()
    assert set(table.loc[table["group"] == "Eén", "statistic"]) == {"mean", "top2box"}


def test_groups_and_respondents_are_left_out_on_request(fit: BayesResult) -> None:
    groups, respondents = fit.tables["left_out"], fit.tables["loo"]
    assert groups["group"].tolist() == list(SIZES)
    assert np.isfinite(groups.drop(columns="group").to_numpy()).all()
    # sectors differ, so one line for all of them predicts every large one worse
    assert (groups["log_density"] > groups["complete_pooling"]).all()
    everyone = respondents[respondents["group"] == "all"].set_index("variable")
    assert everyone["n"].to_dict() == {"betrokkenheid": 307, "vertrek": 305}
    parts = respondents[respondents["group"] != "all"].groupby("variable")["elpd"].sum()
    np.testing.assert_allclose(parts[everyone.index], everyone["elpd"])


def test_nothing_is_left_out_unasked() -> None:
    settings = SETTINGS.model_copy(update={"leave_out": (), "draws": 50, "tune": 100})
    found = fit_scores(TWO[1:], FRAME, FRAME["sector"], None, settings, quiet=True).tables
    assert not {"left_out", "loo"} & set(found)
    assert len(found["predictive"])
