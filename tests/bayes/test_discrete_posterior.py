"""Posteriors of answers in categories: against exact quadrature, and as part of a study's one result."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.bayes.discrete_cases import LITERAL, regression, survey
from tests.bayes.discrete_quadrature import posterior
from werksem.bayes.mixed import worst
from werksem.bayes.result import BayesResult
from werksem.bayes.run import fit_scores
from werksem.compare.ledger import ledger
from werksem.errors import SpecError
from werksem.spec.formula import parse
from werksem.spec.study import Bayes
from werksem.spec.types import Effect, Equation

FRAME = survey()
GRIDS = {
    "yes": [(-0.3, 1.6, 30), (0.0, 4.5, 40), (-4.0, 8.0, 44)],
    "three": [(0.0, 1.2, 20), (0.0, 4.5, 32), (-4.0, 6.0, 32), (-3.0, 7.0, 32)],
}


def beside_quadrature(outcome: str, family: str, draws: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (mean, standard deviation) of every quantity: of the draws, and of exact quadrature."""
    exact = posterior(FRAME, outcome, GRIDS[outcome])
    settings = Bayes(vary=("means",), outcomes={outcome: family}, priors=LITERAL, draws=draws, seed=3)
    equation = regression(family, ("x",), outcome)
    fit = fit_scores([equation], FRAME, FRAME["sector"], None, settings, quiet=True)
    found = {"tau": fit.tables["between"]["est"].item(), "tau_se": fit.tables["between"]["se"].item()}
    q = {quantity.name: quantity.raw for quantity in fit.pooled.quantities}
    levels = q[f"{outcome} ~1"]
    if family == "ordered":
        cuts = [q[f"{outcome}|t{j}"].everyone for j in (1, 2)]
        off = levels.group
    else:
        cuts, off = [-levels.typical], levels.group - levels.typical[:, None]
    draws_of = [q[f"{outcome}~x"].typical, None, *cuts, *off.T]
    moments = [
        (found["tau"], found["tau_se"]) if values is None else (values.mean(), values.std())
        for values in draws_of
    ]
    return np.array(moments).T, np.array(exact)


def test_yes_or_no_equals_quadrature() -> None:
    (mean, sd), exact = beside_quadrature("yes", "probit", 5000)
    assert (np.abs(mean - exact[0]) < 0.1 * exact[1]).all()
    assert sd == pytest.approx(exact[1], rel=0.05)


@pytest.mark.slow
def test_three_ordered_categories_equal_quadrature() -> None:
    (mean, sd), exact = beside_quadrature("three", "ordered", 5000)
    assert (np.abs(mean - exact[0]) < 0.1 * exact[1]).all()
    assert sd == pytest.approx(exact[1], rel=0.05)


MIXED = (
    Equation("m", ("x", "w"), ("a", "m~w")),
    Equation("yes", ("m", "w"), ("b", "yes~w")),
    Equation("item", ("x",), ("item~x",)),
)


@pytest.fixture(scope="module")
def mixed() -> BayesResult:
    rng = np.random.default_rng(4)
    frame = FRAME.assign(m=0.5 * FRAME["x"] + rng.standard_normal(len(FRAME)))
    frame.loc[[2, 5], "item"] = np.nan
    settings = Bayes(
        vary=("means", "yes~w"), outcomes={"yes": "logit", "item": "ordered"}, draws=400, tune=500, chains=2,
        priors={"item~x": "normal(0, 1)", "residual_sd": "halfnormal(3)"},
    )  # fmt: skip
    effects = (Effect("ind", parse("a*b")), Effect("gone", parse("a*zzz")))
    return fit_scores(
        MIXED, frame, frame["sector"], None, settings, effects, pairs=[("m", "yes")], quiet=True
    )


def test_one_result_of_three_kinds(mixed: BayesResult) -> None:
    table = mixed.estimates
    assert not table.duplicated(["group", "lhs", "op", "rhs"]).any()
    everyone = table[table["group"] == "all"]
    assert everyone["lhs"].drop_duplicates().tolist() == ["m", "yes", "item", "ind"]
    named = everyone[["lhs", "op", "rhs"]].agg(" ".join, axis=1).tolist()
    assert {"yes ~1 ", "item | t1", "item | t2", "item | t3", "item ~1 ", "yes r2 yes"} <= set(named)
    thresholds = everyone.loc[everyone["op"] == "|", "est"].to_numpy()
    assert (np.diff(thresholds) > 0).all()
    assert mixed.warnings == (
        "bayes: effect 'gone' is left out, level scores has no zzz",
        "bayes: 'm' ~~ 'yes': not used, residuals covary of continuous outcomes only",
        "bayes: sensitivity to priors, predictive checks and leave_out are of continuous outcomes only, not "
        "of 'item', 'yes'",
    )
    assert mixed.sizes["item"] == {"all": 73, "Rijk": 58, "ZBO": 12, "GR": 3}
    assert mixed.tables["between"]["lhs"].tolist() == ["m", "yes", "yes", "item"]
    assert "item~x: normal(0, 1)" in mixed.priors
    assert "item | t1 … t3, rising: normal(0, 2.5) at the predictors' means" in mixed.priors
    assert set(mixed.tables["pooled_share"]["lhs"]) == {"m", "yes", "item"}
    assert set(mixed.tables["predictive"]["variable"]) >= {"m"}


def test_the_ledger_has_every_kind(mixed: BayesResult) -> None:
    tables = mixed.tables
    found = ledger(mixed.pooled, tables["own"], tables["between"], tables["fixed_effects"], 0.05)
    found = found.set_index(["lhs", "rhs", "group"])
    assert set(found.index.get_level_values("lhs")) == {"m", "yes", "item"}
    assert found.loc[("yes", "w", "Rijk"), "shrinkage"] < 1
    row = found.loc[("item", "x", "Rijk")]  # a path that does not differ, and most of the answers
    assert row["shrinkage"] == 1
    assert row["own"] == pytest.approx(row["pooled"], abs=row["own_se"])


def test_an_effect_through_both_kinds_is_their_product_per_draw(mixed: BayesResult) -> None:
    paths = mixed.idata.posterior["paths"].sel(group="ZBO")
    found = mixed.estimates[(mixed.estimates["lhs"] == "ind") & (mixed.estimates["group"] == "ZBO")]
    product = (paths.sel(path="a") * paths.sel(path="b")).to_numpy()
    assert found["est"].item() == pytest.approx(product.mean())
    assert (
        abs(np.corrcoef(paths.sel(path="a").to_numpy().ravel(), paths.sel(path="b").to_numpy().ravel())[0, 1])
        < 0.15
    )


def test_standardised_in_latent_response_form(mixed: BayesResult) -> None:
    """b SD(x) / sqrt(b² SD(x)² + 1), of a group by its own SD, common by the pooled ones within groups."""
    draws = mixed.idata.posterior["paths"].sel(path="item~x", group="ZBO").to_numpy()
    rows = FRAME.drop(index=[2, 5])
    s = rows.loc[rows["sector"] == "ZBO", "x"].std()
    row = mixed.estimates.set_index(["group", "lhs", "op", "rhs"]).loc[("ZBO", "item", "~", "x")]
    assert row["std"] == pytest.approx((draws * s / np.sqrt(draws**2 * s**2 + 1)).mean())
    centred = rows["x"] - rows.groupby("sector")["x"].transform("mean")
    pooled = np.sqrt((centred**2).sum() / (len(rows) - 3))
    assert row["std_common"] == pytest.approx((draws * pooled / np.sqrt(draws**2 * pooled**2 + 1)).mean())


def test_every_draw_is_saved_and_read(mixed: BayesResult, tmp_path) -> None:
    import arviz as az

    mixed.idata.to_netcdf(str(tmp_path / "posterior.nc"), engine="h5netcdf")
    back = az.from_netcdf(str(tmp_path / "posterior.nc"), engine="h5netcdf").posterior
    assert back["path"].to_numpy().tolist() == ["a", "m~w", "b", "yes~w", "item~x"]
    assert back["outcome"].to_numpy().tolist() == ["m", "yes", "item"]
    assert back["threshold"].to_numpy().tolist() == ["item|t1", "item|t2", "item|t3"]
    assert float(back["residual_sd"].sel(outcome="yes").std()) == 0


def test_the_worst_of_two_tables() -> None:
    def table(*rows: tuple[str, float, bool]) -> pd.DataFrame:
        return pd.DataFrame([("bayes", *row) for row in rows], columns=["engine", "measure", "value", "ok"])

    one = table(("rhat_max", 1.001, True), ("ess_bulk_min", 300.0, False), ("divergences", 2.0, False))
    two = table(
        ("rhat_max", 1.03, False),
        ("ess_bulk_min", 900.0, True),
        ("divergences", 1.0, False),
        ("n", 9.0, True),
    )
    found = worst([one, two], 10).set_index("measure")
    assert found["value"].to_dict() == {"rhat_max": 1.03, "ess_bulk_min": 300, "divergences": 3, "n": 10}
    assert found["ok"].tolist() == [False, False, False, True]


def test_a_label_shared_with_another_regression_is_refused() -> None:
    shared = (replace(MIXED[0], parameters=("b", "m~w")), MIXED[1])
    settings = Bayes(outcomes={"yes": "probit"})
    with pytest.raises(SpecError, match="for continuous outcomes only"):
        fit_scores(shared, FRAME.assign(m=FRAME["x"]), None, None, settings, quiet=True)
