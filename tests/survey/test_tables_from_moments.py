"""Tables 3 and 4 of 2022 from correlations and n: every beta, seven adjusted R², 110 of 112 stars."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from tests.survey.population_files import ROOT
from werksem.compare.stars import stars
from werksem.engines.ols import ols_from_moments
from werksem.engines.result import EngineResult
from werksem.inputs import read_inputs
from werksem.spec.equations import equations
from werksem.spec.load import load_study
from werksem.spec.matrix import correlation_matrix
from werksem.spec.yaml import load
from werksem.survey.moments_input import scale_moments

STUDY = ROOT / "configs" / "cultuur_2022_tabellen.yaml"
TABLES = ("cultuur_2022_tabel_3", "cultuur_2022_tabel_4")
OTHER_STARS = {("vi_privaat", "leren"), ("vi_privaat", "maat")}  # impossible under OLS: `werksem audit`
OTHER_R2 = {"vi_privaat": 0.024}  # printed .046; two of its betas or stars cannot be right


@cache
def published() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the betas by outcome and predictor, and n and adjusted R² by outcome."""
    files = [load(ROOT / "data" / "published" / f"{name}.yaml").data for name in TABLES]
    betas = pd.concat([pd.DataFrame(file["betas"]) for file in files]).set_index(["lhs", "rhs"])
    return betas, pd.DataFrame({name: part for file in files for name, part in file["outcomes"].items()}).T


@cache
def found() -> EngineResult:
    study, model = load_study(STUDY)
    inputs = read_inputs(study, model)
    assert inputs.given is not None
    return ols_from_moments(equations(model), scale_moments(inputs.given, model), inputs.n_of_outcome)


def paths() -> pd.DataFrame:
    table = found().estimates
    return table[table["op"] == "~"].set_index(["lhs", "rhs"])


def test_the_outcomes_correlations_are_the_matrix_times_the_printed_betas() -> None:
    given = load_study(STUDY)[0].data.moments
    assert given is not None
    names, rows = correlation_matrix(given)
    R = pd.DataFrame(rows, names, names)
    betas, outcomes = published()
    assert given.n == outcomes["n"].astype(int).to_dict()
    predictors = list(names[:14])
    for outcome in outcomes.index:
        wanted = R.loc[predictors, predictors] @ betas.loc[outcome, "beta"].loc[predictors]
        np.testing.assert_allclose(R.loc[outcome, predictors], wanted, atol=6e-7)


def test_all_112_betas_are_the_printed_ones_to_three_decimals() -> None:
    betas, _ = published()
    ours = paths()["std"]
    assert len(ours) == 112
    assert (ours.round(3) == betas.loc[ours.index, "beta"]).all()


@pytest.mark.parametrize("outcome", published()[1].index)
def test_adjusted_r2_is_the_printed_one_but_in_the_column_that_cannot_be(outcome: str) -> None:
    fit = found().fit.set_index("measure")["value"]
    _, outcomes = published()
    wanted = OTHER_R2.get(outcome, outcomes.loc[outcome, "adj_r2"])
    assert round(float(fit[f"r2_adj.{outcome}"]), 3) == wanted
    assert fit[f"n.{outcome}"] == outcomes.loc[outcome, "n"]


def test_110_of_112_stars_are_the_printed_ones() -> None:
    betas, _ = published()
    ours = paths()["pvalue"].map(stars)
    differ = ours[ours != betas.loc[ours.index, "stars"]]
    assert set(differ.index) == OTHER_STARS
    assert (differ == "").all()
