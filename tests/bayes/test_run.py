"""One small fit in sectors of 210 down to 1, and what its tables promise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.bayes.cases import LITERAL, SIZES, TWO, rows_of, survey
from tests.bayes.quadrature import posterior
from werksem.bayes.run import BayesResult, fit_scores
from werksem.spec.formula import parse
from werksem.spec.study import Bayes
from werksem.spec.types import Effect

FRAME = survey()
EFFECTS = (
    Effect("veilig -> betrokkenheid -> vertrek", parse("b1 * c1")),
    Effect("unknown", parse("b1 * lambda1")),
)
SETTINGS = Bayes(vary=("paths", "means"), draws=20000, seed=11, priors=dict(**LITERAL))


@pytest.fixture(scope="module")
def fit() -> BayesResult:
    return fit_scores(TWO, FRAME, FRAME["sector"], None, SETTINGS, EFFECTS, quiet=True)


def row(fit: BayesResult, group: str, lhs: str, op: str, rhs: str = ""):
    table = fit.estimates
    keep = (table["group"] == group) & (table["lhs"] == lhs) & (table["op"] == op) & (table["rhs"] == rhs)
    assert keep.sum() == 1
    return table[keep].iloc[0]


def test_exact_against_quadrature(fit: BayesResult) -> None:
    groups = [rows_of(FRAME, TWO[1], label) for label in SIZES]
    exact = posterior(groups, ((0, 4.0, 50), (0, 1.2, 50), (0.75, 1.1, 20)))
    mean, sd = exact["coefficients"]
    rows = [row(fit, g, "vertrek", op, rhs) for g in ("typical", *SIZES)
            for op, rhs in (("~1", ""), ("~", "betrokkenheid"))]  # fmt: skip
    np.testing.assert_array_less(np.abs([r["est"] for r in rows] - mean) / sd, 0.1)
    np.testing.assert_allclose([r["se"] for r in rows], sd, rtol=0.05)
    mean, sd = exact["scales"]
    between = fit.tables["between"][fit.tables["between"]["lhs"] == "vertrek"].set_index("op")
    np.testing.assert_array_less(np.abs(between.loc[["~1", "~"], "est"] - mean[:2]) / sd[:2], 0.1)
    np.testing.assert_allclose(between.loc[["~1", "~"], "se"], sd[:2], rtol=0.05)
    sigma = fit.idata.posterior["residual_sd"].sel(outcome="vertrek").to_numpy()
    assert sigma.mean() == pytest.approx(mean[2], abs=0.1 * sd[2])
    assert sigma.std() == pytest.approx(sd[2], rel=0.05)


def test_diagnostics(fit: BayesResult) -> None:
    table = fit.diagnostics.set_index("measure")
    divergences = table.loc["divergences", "value"]
    assert table["ok"].drop("divergences").all()
    assert table.loc["divergences", "ok"] == (divergences == 0)
    assert table.loc["rhat_max", "value"] < 1.01
    # a sector of one leaves its slopes to the prior; one trajectory in ten thousand may diverge there
    assert divergences <= 1e-4 * SETTINGS.chains * SETTINGS.draws
    assert table.loc["gradient_evaluations", "value"] > 24_000
    assert table.loc["n", "value"] == len(FRAME)
    assert table.loc["ebfmi_min", "value"] > 0.3
    assert table.loc["cpu_seconds", "value"] == fit.timings["bayes_sampling_cpu"] > 0
    assert set(fit.estimates["status"]) == {"ok" if divergences == 0 else "not_converged"}
    assert set(fit.timings) == {"bayes_compile", "bayes_sampling", "bayes_sampling_cpu"}
    assert fit.sizes["vertrek"] == {"all": 305, "Rijk": 208, "ZBO": 60, "GR": 25, "Provincies": 8,
                                    "Waterschappen": 3, "Eén": 1}  # fmt: skip


def test_rows_are_those_of_the_contract(fit: BayesResult) -> None:
    table = fit.estimates
    assert table["group"].drop_duplicates().tolist() == ["all", *SIZES, "typical"]
    assert not table.duplicated(["group", "lhs", "op", "rhs"]).any()
    assert set(table["engine"]) == {"bayes"}
    assert table[["z", "pvalue"]].isna().all(axis=None)
    assert (table["ci_lower"] < table["est"]).all()
    assert (table["est"] < table["ci_upper"]).all()
    assert row(fit, "all", "betrokkenheid", "~", "veilig")["label"] == "b1"
    assert row(fit, "all", "betrokkenheid", "~", "wendbaar")["label"] == ""
    assert fit.warnings == ("bayes: effect 'unknown' is left out, level scores has no lambda1",)


@pytest.mark.parametrize(("lhs", "op", "rhs"), [
    ("vertrek", "~", "betrokkenheid"), ("vertrek", "~1", ""), ("betrokkenheid", "~", "veilig"),
])  # fmt: skip
def test_all_is_the_mean_of_the_groups_by_rows(fit: BayesResult, lhs: str, op: str, rhs: str) -> None:
    sizes = {g: n for g, n in fit.sizes[lhs].items() if g != "all"}
    mean = sum(n * row(fit, g, lhs, op, rhs)["est"] for g, n in sizes.items()) / sum(sizes.values())
    assert row(fit, "all", lhs, op, rhs)["est"] == pytest.approx(mean, rel=1e-9)


def test_standardised_by_the_groups_own_and_by_common_sds(fit: BayesResult) -> None:
    draws = fit.idata.posterior
    X, _ = rows_of(FRAME, TWO[1], "ZBO")
    b = draws["paths"].sel(group="ZBO", path="c1").to_numpy()
    sigma = draws["residual_sd"].sel(outcome="vertrek").to_numpy()
    variance = X[:, 1].var(ddof=1)
    std = b * np.sqrt(variance) / np.sqrt(b**2 * variance + sigma**2)
    found = row(fit, "ZBO", "vertrek", "~", "betrokkenheid")
    assert found["std"] == pytest.approx(std.mean())
    assert found["std_ci_lower"] == pytest.approx(np.quantile(std, 0.025))
    assert row(fit, "ZBO", "vertrek", "r2", "vertrek")["est"] == pytest.approx((std**2).mean())
    paths = [row(fit, g, "vertrek", "~", "betrokkenheid") for g in ("all", *SIZES, "typical")]
    within = FRAME.dropna()
    columns = ["betrokkenheid", "vertrek"]
    centred = within[columns] - within.groupby("sector")[columns].transform("mean")
    sds = np.sqrt((centred**2).sum() / (len(within) - 6))
    factor = sds["betrokkenheid"] / sds["vertrek"]
    np.testing.assert_allclose([p["std_common"] for p in paths], [p["est"] * factor for p in paths])
    assert np.isnan(row(fit, "Eén", "vertrek", "~", "betrokkenheid")["std"])


def test_all_is_standardised_as_ols_on_all_respondents(fit: BayesResult) -> None:
    """By the total SDs: of the predictor as observed, of the outcome as the groups together imply it."""
    whole = FRAME.dropna()
    found = row(fit, "all", "vertrek", "~", "betrokkenheid")
    expected = found["est"] * whole["betrokkenheid"].std() / whole["vertrek"].std()
    assert found["std"] == pytest.approx(expected, rel=0.03)


def test_typical_has_the_interval_of_a_new_group(fit: BayesResult) -> None:
    found = row(fit, "typical", "vertrek", "~", "betrokkenheid")
    hyper = fit.idata.posterior["typical_paths"].sel(path="c1").to_numpy()
    tau = fit.idata.posterior["between_sd"].sel(varying="c1").to_numpy()
    assert found["est"] == pytest.approx(hyper.mean())
    assert found["se"] == pytest.approx(hyper.std(ddof=1))
    new = hyper[..., None] + tau[..., None] * np.random.default_rng(1).standard_normal((*tau.shape, 50))
    width = np.diff(np.quantile(new, [0.025, 0.975]))[0]
    assert found["ci_upper"] - found["ci_lower"] == pytest.approx(width, rel=0.1)


def test_effects_are_formulas_per_draw(fit: BayesResult) -> None:
    name = EFFECTS[0].name
    paths = fit.idata.posterior["paths"]
    per_group = paths.sel(path="b1") * paths.sel(path="c1")
    assert row(fit, "GR", name, ":=")["est"] == pytest.approx(float(per_group.sel(group="GR").mean()))
    shares = [sum(fit.sizes[o][g] / fit.sizes[o]["all"] for o in fit.sizes) / 2 for g in SIZES]
    everyone = (per_group.mean(("chain", "draw")).to_numpy() * shares).sum()
    assert row(fit, "all", name, ":=")["est"] == pytest.approx(everyone)
    assert row(fit, "GR", name, ":=")["std"] == pytest.approx(_product(fit, "GR"), rel=0.1)


def _product(fit: BayesResult, group: str) -> float:
    first = row(fit, group, "betrokkenheid", "~", "veilig")["std"]
    return float(first * row(fit, group, "vertrek", "~", "betrokkenheid")["std"])


def test_pooled_share_is_the_groups_own_variance_in_the_sum(fit: BayesResult) -> None:
    shares = fit.tables["pooled_share"].set_index(["lhs", "rhs", "group"])["value"]
    X, y = rows_of(FRAME, TWO[1], "GR")
    _, rss, *_ = np.linalg.lstsq(X, y, rcond=None)
    s2 = float(rss[0]) / (len(y) - 2) * np.linalg.inv(X.T @ X)[1, 1]
    between = fit.tables["between"][
        (fit.tables["between"]["lhs"] == "vertrek") & (fit.tables["between"]["op"] == "~")
    ]
    tau2 = between["est"].item() ** 2
    assert shares["vertrek", "betrokkenheid", "GR"] == pytest.approx(s2 / (s2 + tau2))
    assert shares["vertrek", "betrokkenheid", "Eén"] == 1
    assert (shares["betrokkenheid", "veilig", "Rijk"] < shares["betrokkenheid", "veilig", "GR"]).all()


def test_small_groups_are_drawn_to_the_typical_one(fit: BayesResult) -> None:
    one, typical = (row(fit, g, "vertrek", "~", "betrokkenheid") for g in ("Eén", "typical"))
    big = row(fit, "Rijk", "vertrek", "~", "betrokkenheid")
    assert abs(one["est"] - typical["est"]) < typical["se"]
    assert big["se"] < 0.6 * one["se"]


def test_inference_data_is_saved_and_read(fit: BayesResult, tmp_path: Path) -> None:
    import arviz as az

    fit.idata.to_netcdf(str(tmp_path / "posterior.nc"), engine="h5netcdf")
    back = az.from_netcdf(str(tmp_path / "posterior.nc"), engine="h5netcdf")
    assert back.posterior["paths"].dims == ("chain", "draw", "group", "path")
    assert back.posterior["path"].to_numpy().tolist() == ["b1", "betrokkenheid~wendbaar", "c1"]
    assert back.posterior["group"].to_numpy().tolist() == list(SIZES)
    assert back.posterior["varying"].to_numpy().tolist()[0] == "betrokkenheid ~1"
    est = float(back.posterior["intercepts"].sel(group="Eén", outcome="vertrek").mean())
    assert est == pytest.approx(row(fit, "Eén", "vertrek", "~1")["est"])
    divergences = fit.diagnostics.set_index("measure").loc["divergences", "value"]
    assert int(back.sample_stats["diverging"].sum()) == divergences


def test_priors_are_printed_literally(fit: BayesResult) -> None:
    assert "b1: normal(0, 2)" in fit.priors
    assert "vertrek ~1: normal(0, 10)" in fit.priors
    assert "between-group SD of c1: halfnormal(1)" in fit.priors
    assert "residual SD of vertrek, shared by the groups: halfnormal(2)" in fit.priors
