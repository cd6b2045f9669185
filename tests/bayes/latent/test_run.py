"""The posterior of latent-variable models from respondents to tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

from tests.bayes.cases import LITERAL, SIZES, TWO, rows_of, survey
from tests.bayes.quadrature import posterior
from tests.cases import shared_csv
from werksem.bayes.latent.links import link_arrays, theta_of
from werksem.bayes.latent.prepare import prepared
from werksem.bayes.latent.run import fit_latent
from werksem.bayes.result import BayesResult
from werksem.errors import DataError, SpecError
from werksem.estimators.ml import fit_ml
from werksem.kernels.grouped_latent import linked_latent
from werksem.model import build_model
from werksem.moments import moments
from werksem.rows import Options
from werksem.spec.formula import parse
from werksem.spec.load import load_model
from werksem.spec.study import Bayes
from werksem.spec.types import Effect

FRAME = survey()
OPTIONS = Options(True, True, "marker", ())
FACTORS = "f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\ng ~ b*f + z"


def fitted(
    text: str, frame: pd.DataFrame, group: pd.Series | None, effects=(), options=OPTIONS, **settings
) -> BayesResult:
    chosen = Bayes(level="latent", seed=11, **settings)
    arrays = prepared(load_model({"syntax": text}), frame, group, None, chosen, options)
    return fit_latent(arrays, chosen, effects, quiet=True)


def factors(sizes: dict[str, int], seed: int = 3) -> pd.DataFrame:
    """Return items of two factors in sectors whose path, around .5, and means differ."""
    rng = np.random.default_rng(seed)
    parts = []
    for (label, n), more in zip(sizes.items(), (0.1, -0.1, 0.05, 0.0), strict=False):
        z = rng.standard_normal(n)
        f = 0.3 * rng.standard_normal() + rng.standard_normal(n)
        g = 0.2 * rng.standard_normal() + (0.5 + more) * f + 0.3 * z + 0.8 * rng.standard_normal(n)
        items = {f"x{i}": 3 + [1, 0.8, 1.2][i - 1] * f + 0.7 * rng.standard_normal(n) for i in (1, 2, 3)}
        items |= {f"y{i}": 2 + [1, 0.9, 1.1][i - 1] * g + 0.6 * rng.standard_normal(n) for i in (1, 2, 3)}
        parts.append(pd.DataFrame({**items, "z": z, "sector": label}))
    return pd.concat(parts, ignore_index=True)


def test_exact_against_quadrature() -> None:
    """On observed variables the latent level is the regression that quadrature does exactly."""
    fit = fitted(
        "vertrek ~ c1*betrokkenheid",
        FRAME,
        FRAME["sector"],
        vary=("paths", "means"),
        draws=4000,
        priors=LITERAL,
    )
    groups = [rows_of(FRAME, TWO[1], label) for label in SIZES]
    exact = posterior(groups, ((0, 4.0, 50), (0, 1.2, 50), (0.75, 1.1, 20)))
    mean, sd = exact["coefficients"]
    table = fit.estimates.set_index(["group", "op", "rhs"])
    keys = [(g, op, rhs) for g in ("typical", *SIZES) for op, rhs in (("~1", ""), ("~", "betrokkenheid"))]
    np.testing.assert_array_less(np.abs(table.loc[keys, "est"] - mean) / sd, 0.1)
    np.testing.assert_allclose(table.loc[keys, "se"], sd, rtol=0.05)
    mean, sd = exact["scales"]
    between = fit.tables["between"].set_index("op").loc[["~1", "~"]]
    np.testing.assert_array_less(np.abs(between["est"] - mean[:2]) / sd[:2], 0.1)
    np.testing.assert_allclose(between["se"], sd[:2], rtol=0.06)
    assert fit.diagnostics["ok"].all()
    assert fit.n == 305


@pytest.fixture(scope="module")
def pooled() -> BayesResult:
    frame = factors({"Rijk": 600, "ZBO": 200, "GR": 60, "RM": 2})
    effects = (Effect("twice", parse("2 * b")), Effect("unknown", parse("b * q")))
    return fitted(FACTORS, frame, frame["sector"], effects, vary=("paths", "means"), draws=500, tune=500)


def row(fit: BayesResult, group: str, lhs: str, op: str, rhs: str = "") -> pd.Series:
    found = fit.estimates.query("group == @group and lhs == @lhs and op == @op and rhs == @rhs")
    assert len(found) == 1
    return found.iloc[0]


def test_rows_of_everyone_groups_and_the_typical_group(pooled: BayesResult) -> None:
    share = np.array([600, 200, 60, 2]) / 862
    names = ("Rijk", "ZBO", "GR", "RM")
    paths = [row(pooled, group, "g", "~", "f") for group in names]
    everyone = row(pooled, "all", "g", "~", "f")
    assert everyone["est"] == pytest.approx(share @ [path["est"] for path in paths])
    assert everyone["est"] == pytest.approx(0.55, abs=0.07)
    assert paths[3]["se"] > paths[0]["se"]
    assert row(pooled, "typical", "g", "~", "f")["ci_upper"] > paths[0]["ci_upper"]
    assert row(pooled, "all", "f", "=~", "x1")["est"] == 1.0
    assert 0.6 < row(pooled, "all", "f", "=~", "x2")["std"] < 0.9
    assert (pooled.estimates.query("op == '=~'")["group"] == "all").all()
    assert row(pooled, "Rijk", "g", "r2", "g")["est"] == pytest.approx(0.35, abs=0.15)
    assert row(pooled, "all", "twice", ":=")["est"] == pytest.approx(2 * everyone["est"])
    assert any("'unknown' is left out" in said for said in pooled.warnings)
    assert any("fewer than 30 complete rows in RM" in said for said in pooled.warnings)
    common = [path["std_common"] / path["est"] for path in paths]
    np.testing.assert_allclose(common, common[0], rtol=0.02)


def test_tables_of_the_ledger(pooled: BayesResult) -> None:
    own = pooled.tables["own"].query("rhs == 'f'").set_index("group")
    assert own.loc["Rijk", "se"] < own.loc["ZBO", "se"] < own.loc["GR", "se"]
    assert own.loc["RM", "se"] > 5 * own.loc["GR", "se"]
    share = pooled.tables["pooled_share"].query("rhs == 'f'").set_index("group")["value"]
    assert share["Rijk"] < share["GR"] < share["RM"]
    between = pooled.tables["between"]
    assert between["op"].tolist() == ["~", "~", "~1", "~1"]
    assert (between["std"] > 0).all()
    assert pooled.tables["prior_predictive"]["sd"].between(0.4, 0.7).all()
    assert len(pooled.tables["prior_sensitivity"]) == 2 + 4
    assert [
        line
        for line in pooled.priors
        if line.startswith("sampling of Rijk: centred on its own estimates for ")
    ]
    assert list(pooled.idata.posterior["group"].values) == ["Rijk", "ZBO", "GR", "RM"]


def test_intercepts_are_those_of_the_variables_as_they_are(pooled: BayesResult) -> None:
    assert row(pooled, "all", "x1", "~1")["est"] == pytest.approx(3.0, abs=0.5)
    assert row(pooled, "all", "y3", "~1")["est"] == pytest.approx(2.0, abs=0.5)


def test_unit_variance_scaling_has_one_sign() -> None:
    frame = factors({"Rijk": 150, "ZBO": 40})
    frame[["x1", "x2", "x3"]] = 6 - frame[["x1", "x2", "x3"]]  # every item of f turned round
    text = "f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\ng ~ f"
    options = Options(True, True, "unit_variance", ())
    fit = fitted(text, frame, frame["sector"], options=options, draws=500, tune=500)
    assert fit.diagnostics.set_index("measure").loc["rhat_max", "value"] < 1.02
    loadings = fit.estimates.query("op == '=~' and lhs == 'f'")
    assert (loadings["ci_lower"] * loadings["ci_upper"] > 0).all()
    assert (np.sign(loadings["est"]) == np.sign(loadings["est"].iloc[0])).all()


def test_the_mode_with_flat_priors_is_the_ml_estimate() -> None:
    frame = shared_csv("lavaan_classic", "PoliticalDemocracy.csv")
    text = (
        "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + y2 + y3 + y4\ndem65 =~ y5 + y6 + y7 + y8\ndem60 ~ ind60\n"
        "dem65 ~ ind60 + dem60\ny1 ~~ y5\ny2 ~~ y4 + y6\ny3 ~~ y7\ny4 ~~ y8\ny6 ~~ y8"
    )
    arrays = prepared(load_model({"syntax": text}), frame, None, None, Bayes(level="latent"), OPTIONS)
    found = arrays.moments
    data = (*link_arrays(arrays.links), found.n, found.mean, found.cov, *arrays.cells)

    def falling(b: np.ndarray) -> tuple[float, np.ndarray]:
        slopes = np.empty((1, len(b)))
        value = linked_latent(b[None, :], arrays.given, *data, slopes)
        return -value, -slopes[0] * arrays.free

    begun = arrays.expansion.base + 0.05 * arrays.free
    mode = optimize.minimize(
        falling, begun, jac=True, method="BFGS", options={"gtol": 1e-6, "maxiter": 2000}
    ).x
    model = build_model(load_model({"syntax": text}), ("all",), OPTIONS)
    rows = frame[list(model.observed)].to_numpy(float) - arrays.centre
    fit = fit_ml(model, [moments(rows, model.observed)])
    at = [arrays.model.parameters.index(name) for name in model.parameters]
    found_theta = theta_of(arrays.links, mode, arrays.given[0])[at]
    np.testing.assert_allclose(found_theta, fit.theta, atol=2e-4)


def test_mistakes_are_sentences() -> None:
    frame = factors({"Rijk": 30, "ZBO": 20})
    with pytest.raises(SpecError, match="'f=~x2' belongs to the measurement of items"):
        fitted(FACTORS, frame, frame["sector"], vary=("f=~x2",))
    with pytest.raises(SpecError, match="level latent takes no constraints, found 'a == b'"):
        fitted("y1 ~ a*x1 + b*x2\na == b", frame, None)
    with pytest.raises(DataError, match="1 rows answer all 7 items"):
        fitted(FACTORS, frame.head(1), None)
    with pytest.raises(DataError, match="'z' is 1 in all complete rows"):
        fitted(FACTORS, frame.assign(z=1.0), None)
