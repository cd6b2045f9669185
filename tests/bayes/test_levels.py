"""Whole posteriors of joint regressions, correlated deviations and a third level, against quadrature."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.bayes.quadrature import grid, normal_mixture
from werksem.bayes.run import BayesResult, fit_scores
from werksem.spec.study import Bayes
from werksem.spec.types import Equation

ONE = (Equation("y", ("x",), ("y~x",)),)
TWO = (*ONE, Equation("w", ("x",), ("w~x",)))
PRIORS = {
    "paths": "normal(0, 2)", "means": "normal(0, 10)", "residual_sd": "halfnormal(2)",
    "between_sd": "halfnormal(1)", "nested_sd": "halfnormal(1)",
}  # fmt: skip
# of exact numbers: a tenth of a standard deviation for means, 5 % for standard deviations
WITHIN = (0.1, 0.05)


def survey() -> pd.DataFrame:
    """Return two outcomes in groups of 30, 5 and 1, in units within them."""
    rng = np.random.default_rng(7)
    parts = []
    for label, units in (("A", (9, 8, 7, 6)), ("B", (3, 2)), ("C", (1,))):
        off = rng.normal(0, 0.4, 2)
        for o, n in enumerate(units):
            x = rng.standard_normal(n)
            e = rng.multivariate_normal([0, 0], [[0.6, 0.4], [0.4, 0.8]], n) + rng.normal(0, 0.4, 2) + off
            parts.append(pd.DataFrame({"x": x, "y": 1 + 0.5 * x + e[:, 0], "w": 2 - 0.3 * x + e[:, 1],
                                       "sector": label, "unit": f"u{o}"}))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


FRAME = survey()


def half(sd: float, values: np.ndarray) -> np.ndarray:
    return stats.halfnorm(scale=sd).logpdf(values).sum(axis=-1)


def table(fit: BayesResult, group: str, lhs: str, op: str, rhs: str = "") -> pd.Series:
    rows = fit.estimates.set_index(["group", "lhs", "op", "rhs"])
    return rows.loc[(group, lhs, op, rhs)]


def apart(found: list[tuple[float, float]], exact: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Return (2,): how far the farthest mean lies off in standard deviations, and these as a share."""
    values = np.array(found)
    differences = values - np.column_stack(exact)
    return np.abs(differences / exact[1][:, None]).max(axis=0)


def cells(rows: pd.DataFrame | pd.Series) -> list[tuple[float, float]]:
    frame = rows.to_frame().T if isinstance(rows, pd.Series) else rows
    return [(float(e), float(s)) for e, s in zip(frame["est"], frame["se"], strict=True)]


@pytest.mark.slow
def test_two_outcomes_against_quadrature() -> None:
    settings = Bayes(vary=("means",), draws=8000, seed=4, priors=PRIORS)
    fit = fit_scores(TWO, FRAME, FRAME["sector"], None, settings, pairs=[("y", "w")], quiet=True)
    # tau_y, tau_w, sigma_y, sigma_w, rho; typical a_y, b_y, a_w, b_w, then each group's deviations
    scales = grid(((0, 3.5, 18), (0, 3.5, 18), (0.45, 1.4, 12), (0.45, 1.4, 12), (-0.35, 0.97, 13)))
    N, D = len(scales), 10
    s, w, rho = scales[:, 2], scales[:, 3], scales[:, 4]
    det = (s * w) ** 2 * (1 - rho**2)
    omega = np.array([[w**2, -rho * s * w], [-rho * s * w, s**2]]).transpose(2, 0, 1) / det[:, None, None]
    Q0 = np.zeros((N, D, D))
    Q0[:, range(4), range(4)] = [0.01, 0.25, 0.01, 0.25]
    for k in range(2):
        for g in range(3):
            Q0[:, 4 + 2 * g + k, 4 + 2 * g + k] = scales[:, k] ** -2
    Q, moment, yy = Q0.copy(), np.zeros((N, D)), np.zeros((2, 2))
    for g, (_, part) in enumerate(FRAME.groupby("sector")):
        Z = np.zeros((len(part), 2, D))
        Z[:, 0, 0] = Z[:, 1, 2] = Z[:, 0, 4 + 2 * g] = Z[:, 1, 5 + 2 * g] = 1
        Z[:, 0, 1] = Z[:, 1, 3] = part["x"]
        y = part[["y", "w"]].to_numpy()
        Q += np.einsum("nef,efij->nij", omega, np.einsum("rei,rfj->efij", Z, Z))
        moment += np.einsum("nef,efi->ni", omega, np.einsum("rei,rf->efi", Z, y))
        yy += y.T @ y
    base = -len(FRAME) / 2 * np.log(det) - np.einsum("nef,ef->n", omega, yy) / 2
    base += half(1, scales[:, :2]) + half(2, scales[:, 2:4]) + np.log1p(-(rho**2))
    turn = np.eye(D)
    for g in range(3):
        turn[4 + 2 * g, 0] = turn[5 + 2 * g, 2] = 1
    exact, exact_scales = normal_mixture(scales, Q0, Q, moment, base, turn)
    rows = [table(fit, "typical", o, op, r) for o in "yw" for op, r in (("~1", ""), ("~", "x"))]
    rows += [table(fit, g, o, "~1") for g in "ABC" for o in "yw"]
    assert (apart([(r["est"], r["se"]) for r in rows], exact) < WITHIN).all()
    found = cells(fit.tables["between"])
    sds = fit.idata.posterior["residual_sd"]
    found += [(float(sds.sel(outcome=o).mean()), float(sds.sel(outcome=o).std())) for o in "yw"]
    pair = table(fit, "all", "y", "~~", "w")
    assert (apart([*found, (pair["std"], pair["std_se"])], exact_scales) < WITHIN).all()


@pytest.mark.slow
def test_correlated_deviations_against_quadrature() -> None:
    priors = PRIORS | {"between_correlation": "lkj(2)"}
    settings = Bayes(vary=("means", "paths"), draws=8000, seed=5, priors=priors)
    fit = fit_scores(ONE, FRAME, FRAME["sector"], None, settings, quiet=True)
    scales = grid(((0, 3.6, 34), (0, 3.6, 34), (0.5, 1.5, 14), (-1, 1, 24)))
    N, D = len(scales), 8
    a, b, s, rho = scales.T
    between = np.array([[a**2, rho * a * b], [rho * a * b, b**2]]).transpose(2, 0, 1)
    inverse = np.linalg.inv(between)
    Q0 = np.zeros((N, D, D))
    Q0[:, range(2), range(2)] = [0.01, 0.25]
    gram, moment = np.zeros((D, D)), np.zeros(D)
    for g, (_, part) in enumerate(FRAME.groupby("sector")):
        at = slice(2 + 2 * g, 4 + 2 * g)
        Q0[:, at, at] = inverse
        Z = np.zeros((len(part), D))
        Z[:, 0] = Z[:, 2 + 2 * g] = 1
        Z[:, 1] = Z[:, 3 + 2 * g] = part["x"]
        gram += Z.T @ Z
        moment += Z.T @ part["y"]
    base = -len(FRAME) * np.log(s) - (FRAME["y"] ** 2).sum() / (2 * s**2)
    base += half(1, scales[:, :2]) + half(2, scales[:, 2:3]) + np.log1p(-(rho**2))
    turn = np.eye(D)
    turn[[2, 4, 6], 0] = turn[[3, 5, 7], 1] = 1
    precision = Q0 + gram / s[:, None, None] ** 2
    exact, exact_scales = normal_mixture(scales, Q0, precision, moment / s[:, None] ** 2, base, turn)
    rows = [table(fit, g, "y", op, r) for g in ("typical", *"ABC") for op, r in (("~1", ""), ("~", "x"))]
    assert (apart([(r["est"], r["se"]) for r in rows], exact) < WITHIN).all()
    assert fit.tables["between"]["op"].tolist() == ["~1", "~", "~~"]
    assert fit.tables["between"].iloc[2][["level", "lhs", "rhs"]].tolist() == ["group", "y ~1", "y~x"]
    sigma = fit.idata.posterior["residual_sd"]
    found = cells(fit.tables["between"])
    found.insert(2, (float(sigma.mean()), float(sigma.std())))
    assert (apart(found, exact_scales) < WITHIN).all()


@pytest.mark.slow
def test_third_level_against_quadrature() -> None:
    settings = Bayes(vary=("means",), draws=8000, seed=6, priors=PRIORS)
    fit = fit_scores(ONE, FRAME, FRAME["sector"], None, settings, nested=FRAME["unit"], quiet=True)
    scales = grid(((0, 3.6, 60), (0, 2.4, 60), (0.45, 1.2, 24)))
    places = FRAME[["sector", "unit"]].drop_duplicates().reset_index(drop=True)
    N, G, U = len(scales), 3, len(places)
    D = 2 + G + U
    Z = np.zeros((len(FRAME), D))
    Z[:, 0], Z[:, 1] = 1, FRAME["x"]
    turn = np.eye(D)
    turn[2:, 0] = 1
    for g, label in enumerate("ABC"):
        Z[FRAME["sector"] == label, 2 + g] = 1
    for u, (sector, unit) in enumerate(places.itertuples(index=False)):
        Z[(FRAME["sector"] == sector) & (FRAME["unit"] == unit), 2 + G + u] = 1
        turn[2 + G + u, 2 + "ABC".index(sector)] = 1
    Q0 = np.zeros((N, D, D))
    Q0[:, range(2), range(2)] = [0.01, 0.25]
    for k in range(2, D):
        Q0[:, k, k] = scales[:, int(k >= 2 + G)] ** -2
    s2 = scales[:, 2] ** 2
    base = -len(FRAME) / 2 * np.log(s2) - (FRAME["y"] ** 2).sum() / (2 * s2)
    base += half(1, scales[:, :2]) + half(2, scales[:, 2:])
    precision = Q0 + Z.T @ Z / s2[:, None, None]
    exact, exact_scales = normal_mixture(
        scales, Q0, precision, (Z.T @ FRAME["y"].to_numpy()) / s2[:, None], base, turn
    )
    rows = [table(fit, "typical", "y", "~1"), table(fit, "typical", "y", "~", "x")]
    rows += [table(fit, g, "y", "~1") for g in "ABC"]
    assert (apart([*[(r["est"], r["se"]) for r in rows], *cells(fit.tables["nested"])], exact) < WITHIN).all()
    assert fit.tables["between"]["level"].tolist() == ["group", "nested"]
    sigma = fit.idata.posterior["residual_sd"]
    found = [*cells(fit.tables["between"]), (float(sigma.mean()), float(sigma.std()))]
    assert (apart(found, exact_scales) < WITHIN).all()


def schools() -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Return rows whose means and standard errors are those of the eight schools (Rubin 1981), sigma 100."""
    effect = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
    sizes = np.round((100 / np.array([15.0, 10, 16, 11, 9, 11, 10, 18])) ** 2 / 2).astype(int) * 2
    parts = []
    for k, (y, n) in enumerate(zip(effect, sizes, strict=True)):
        e = np.repeat([1.0, -1.0], n // 2)
        x = np.tile([1.0, -1.0], n // 2)
        parts.append(pd.DataFrame({"x": x, "y": y + 100 * e * np.sqrt((n - 1) / n), "sector": f"s{k}"}))
    return pd.concat(parts, ignore_index=True), effect, 100 / np.sqrt(sizes)


@pytest.mark.slow
def test_eight_schools() -> None:
    """mu ~ normal(0, 5), tau ~ halfcauchy(5): exact by a grid over tau, mu about 4.4 and tau about 3.6."""
    frame, effect, se = schools()
    priors = {"paths": "normal(0, 0.001)", "means": "normal(0, 5)", "residual_sd": "uniform(99.99, 100.01)",
              "between_sd": "halfcauchy(5)"}  # fmt: skip
    settings = Bayes(vary=("means",), draws=8000, seed=8, priors=priors)
    fit = fit_scores(ONE, frame, frame["sector"], None, settings, quiet=True)
    tau = (np.arange(40_000) + 0.5) / 100
    weight = 1 / (se**2 + tau[:, None] ** 2)
    precision = weight.sum(axis=1) + 1 / 25
    mean = (weight @ effect) / precision
    log = 0.5 * np.log(weight).sum(axis=1) - 0.5 * (weight @ effect**2) - 0.5 * np.log(precision)
    log += mean**2 * precision / 2 + stats.halfcauchy(scale=5).logpdf(tau)
    p = np.exp(log - log.max())
    p /= p.sum()
    mu = p @ mean
    sd = np.sqrt(p @ (1 / precision + mean**2) - mu**2)
    found = table(fit, "typical", "y", "~1")
    assert found["est"] == pytest.approx(mu, abs=0.1 * sd)
    assert found["se"] == pytest.approx(sd, rel=0.05)
    spread = fit.tables["between"]["est"].item()
    tau_mean = p @ tau
    assert spread == pytest.approx(tau_mean, abs=0.1 * np.sqrt(p @ tau**2 - tau_mean**2))
    assert (mu, tau_mean) == (pytest.approx(4.4, abs=0.1), pytest.approx(3.6, abs=0.15))
    shrunk = weight * tau[:, None] ** 2
    first = p @ (shrunk[:, 0] * effect[0] + (1 - shrunk[:, 0]) * mean)
    assert table(fit, "s0", "y", "~1")["est"] == pytest.approx(first, abs=0.6)


@pytest.fixture(scope="module")
def joint() -> BayesResult:
    priors = {"between_correlation": "lkj(2)", "nested_sd of y ~1": "halfnormal(2)"}
    settings = Bayes(vary=("means", "paths"), draws=500, tune=500, chains=2, seed=9, priors=priors)
    unit = FRAME["unit"].where(FRAME.index != 2)
    by_group = FRAME["sector"].map({"A": 2.0, "B": 0.5, "C": 1.0})
    return fit_scores(
        TWO, FRAME, FRAME["sector"], by_group, settings, pairs=[("y", "w")], nested=unit, quiet=True
    )


def test_tables_of_a_joint_fit(joint: BayesResult, tmp_path: Path) -> None:
    import arviz as az

    pair = table(joint, "all", "y", "~~", "w")
    draws = joint.idata.posterior
    rho = draws["residual_correlation"].sel(residual_pair="y ~~ w")
    covariance = rho * draws["residual_sd"].sel(outcome="y") * draws["residual_sd"].sel(outcome="w")
    assert pair["est"] == pytest.approx(float(covariance.mean()))
    assert pair["std"] == pytest.approx(float(rho.mean()))
    between = joint.tables["between"]
    assert between["level"].tolist() == ["group"] * 4 + ["nested"] * 2 + ["group"] * 6 + ["nested"]
    assert between["op"].tolist()[6:] == ["~~"] * 7
    assert joint.tables["nested"][["group", "unit"]].drop_duplicates().to_numpy().tolist() == [
        ["A", "u0"], ["A", "u1"], ["A", "u2"], ["A", "u3"], ["B", "u0"], ["B", "u1"], ["C", "u0"]
    ]  # fmt: skip
    assert joint.tables["nested"].groupby("lhs")["n"].sum().tolist() == [35, 35]
    assert joint.n == 35
    assert "residual correlations of y, w: lkj(2)" in joint.priors
    assert "between-unit SD of y ~1: halfnormal(2)" in joint.priors
    assert any(line.startswith("between-unit SD of w ~1 (at the predictors' means)") for line in joint.priors)
    assert joint.warnings[0] == "bayes: 1 rows without a unit of 'unit' are left out"
    assert any("poststratified, exactly" in warning for warning in joint.warnings)
    joint.idata.to_netcdf(str(tmp_path / "posterior.nc"), engine="h5netcdf")
    back = az.from_netcdf(str(tmp_path / "posterior.nc"), engine="h5netcdf").posterior
    assert back["nested_sd"].sizes["varying_nested"] == 2
    assert back["between_correlation"].sizes["varying_pair"] == 6


def test_every_parameter_is_set_against_its_prior(joint: BayesResult) -> None:
    found = joint.tables["prior_sensitivity"].set_index("parameter")
    assert found.index.tolist()[-10:] == [
        "nested_sd of y ~1", "nested_sd of w ~1", "residual_correlation of y~~w",
        *(f"between_correlation of {pair}" for pair in
          ("y ~1~~y~x", "y ~1~~w ~1", "y~x~~w ~1", "y ~1~~w~x", "y~x~~w~x", "w ~1~~w~x")),
        "nested_correlation of y ~1~~w ~1",
    ]  # fmt: skip
    assert found.notna()["prior"].all()


def test_units_spread_the_outcome_of_a_group(joint: BayesResult) -> None:
    """Explained and unexplained variance make the whole: a group's R² counts its units as unexplained."""
    r2 = table(joint, "A", "y", "r2", "y")["est"]
    draws = joint.idata.posterior
    b = draws["paths"].sel(group="A", path="y~x")
    S = FRAME.loc[(FRAME["sector"] == "A") & (FRAME.index != 2), "x"].var()
    units = draws["nested_sd"].sel(varying_nested="y ~1") ** 2
    whole = b**2 * S + units + draws["residual_sd"].sel(outcome="y") ** 2
    assert r2 == pytest.approx(float((b**2 * S / whole).mean()), rel=1e-6)


def test_weights_that_differ_within_groups_make_a_pseudo_posterior() -> None:
    weights = pd.Series(np.resize([0.5, 1.5], len(FRAME)))
    settings = Bayes(draws=50, tune=50, chains=1)
    fit = fit_scores(ONE, FRAME, FRAME["sector"], weights, settings, quiet=True)
    assert fit.warnings == (
        "bayes: weighted, so this is a pseudo-posterior: each group counts with its effective size "
        "(sum of weights)² / (sum of squared weights): A 24, B 4, C 1",
    )
