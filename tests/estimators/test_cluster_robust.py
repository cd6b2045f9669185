"""CR2, its degrees of freedom and joint tests, and F by robust covariances: beside R and statsmodels.

``tests/reference/ols_cluster.R`` remakes the values of clubSandwich and sandwich.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from werksem.estimators.cluster_robust import clustered_vcov, hotelling, satterthwaite
from werksem.estimators.ols import OlsFit, fit_ols
from werksem.estimators.ols_robust import path_cov, robust
from werksem.inference.joint_paths import joint_of_paths
from werksem.moments import moments

REFERENCE = Path(__file__).parents[1] / "reference"
DATA = pd.read_csv(REFERENCE / "ols_cluster_data.csv")
FOUND = pd.read_csv(REFERENCE / "ols_cluster.csv")
PREDICTORS = {"main": ("treat", "x", "z"), "alone": ("alone", "x", "z")}
CASES = [(model, weighted) for model in PREDICTORS for weighted in (False, True)]


def theirs(model: str, weighted: bool, what: str) -> np.ndarray:
    case = f"{model}_weighted" if weighted else model
    return FOUND[(FOUND["case"] == case) & (FOUND["what"] == what)]["value"].to_numpy()


def prepared(model: str, weighted: bool) -> tuple[OlsFit, np.ndarray, np.ndarray, np.ndarray | None]:
    names = [*PREDICTORS[model], "y"]
    rows = DATA[names].to_numpy(dtype=float)
    weights = DATA["weight"].to_numpy() if weighted else None
    found = moments(rows, names, weights=weights)
    return fit_ols(found, "y", PREDICTORS[model]), rows, found.cov, weights


@pytest.mark.parametrize(("model", "weighted"), CASES)
def test_cr2_is_clubsandwich(model: str, weighted: bool) -> None:
    """Of ``alone`` one cluster has all that there is: its residuals must sum to zero."""
    fit, rows, _, weights = prepared(model, weighted)
    ours = robust(fit, rows[:, :-1], rows[:, -1], DATA["org"].to_numpy(), weights, reduced=True)
    assert [ours.intercept_se, *ours.se] == pytest.approx(theirs(model, weighted, "cr2_se"), rel=1e-9)
    assert [ours.intercept_df, *ours.t_df] == pytest.approx(theirs(model, weighted, "cr2_df"), rel=1e-9)
    assert ours.pvalue == pytest.approx(theirs(model, weighted, "cr2_p")[1:], rel=1e-8)
    expected = [theirs(model, weighted, what)[0] for what in ("htz_f", "htz_df2", "htz_p")]
    assert [ours.f, ours.f_df2, ours.f_pvalue] == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize(("model", "weighted"), CASES)
def test_a_block_under_cr2_is_clubsandwichs_htz(model: str, weighted: bool) -> None:
    fit, rows, cov, weights = prepared(model, weighted)
    vcov = path_cov(fit, cov, rows, se="CR2", cluster=DATA["org"].to_numpy(), weights=weights)
    test = joint_of_paths(fit.b, vcov, np.array([1, 2]))
    expected = [theirs(model, weighted, what)[1] for what in ("htz_f", "htz_df2", "htz_p")]
    assert [test.wald / test.df, test.df2, test.pvalue] == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("weighted", [False, True])
def test_f_by_cluster_and_hc3_is_the_wald_test_of_r(weighted: bool) -> None:
    fit, rows, _, weights = prepared("main", weighted)
    f, p = theirs("main", weighted, "f"), theirs("main", weighted, "f_p")
    for at, (cluster, df2) in enumerate([(DATA["org"].to_numpy(), 12), (None, len(DATA) - 4)]):
        ours = robust(fit, rows[:, :-1], rows[:, -1], cluster, weights)
        assert (ours.f, ours.f_pvalue) == pytest.approx((f[at], p[at]), rel=1e-9)
        assert ours.f_df2 == df2
        assert abs(ours.f / fit.f - 1) > 0.05


@pytest.mark.parametrize("clustered", [False, True])
def test_f_is_that_of_statsmodels(clustered: bool) -> None:
    import statsmodels.api as sm

    fit, rows, _, _ = prepared("main", False)
    org = DATA["org"].to_numpy()
    ours = robust(fit, rows[:, :-1], rows[:, -1], org if clustered else None)
    model = sm.OLS(rows[:, -1], sm.add_constant(rows[:, :-1]))
    found = (
        model.fit(cov_type="cluster", cov_kwds={"groups": org}, use_t=True)
        if clustered
        else model.fit(cov_type="HC3", use_t=True)
    )
    assert (ours.f, ours.f_pvalue) == pytest.approx((float(found.fvalue), float(found.f_pvalue)), rel=1e-8)


@pytest.mark.parametrize("weighted", [False, True])
def test_degrees_of_freedom_of_the_plain_sandwich_are_rs(weighted: bool) -> None:
    fit, rows, _, weights = prepared("main", weighted)
    ours = robust(fit, rows[:, :-1], rows[:, -1], DATA["org"].to_numpy(), weights)
    assert ours.effective_df == pytest.approx(theirs("main", weighted, "cr1_df")[1:], rel=1e-9)
    assert (ours.clusters, ours.t_df.tolist()) == (13, [12.0] * 3)


def test_everything_by_the_formulas_with_all_their_matrices() -> None:
    """Bell & McCaffrey's adjustment and the sums P_ij written out, n by n, with weights."""
    rng = np.random.default_rng(3)
    org = np.sort(rng.integers(0, 9, 80))
    X = np.column_stack([np.ones(80), rng.normal(size=(80, 2))])
    W, e = np.diag(rng.uniform(0.5, 2, 80)), rng.normal(size=80)
    M = np.linalg.inv(X.T @ W @ X)
    rest = np.eye(80) - X @ M @ X.T @ W
    made, meat = [], np.zeros((3, 3))
    for o in np.unique(org):
        at = org == o
        values, vectors = np.linalg.eigh((rest @ rest.T)[np.ix_(at, at)])
        A = (vectors * values**-0.5) @ vectors.T
        a = A @ W[np.ix_(at, at)] @ X[at] @ M
        made.append(rest[at].T @ a)
        meat += np.outer(a.T @ e[at], a.T @ e[at])
    found = clustered_vcov(X, e, org, np.diag(W), reduced=True)
    assert found.vcov == pytest.approx(meat, rel=1e-9)
    P = np.einsum("inc,jnd->ijcd", np.array(made), np.array(made))
    df = [np.trace(P[:, :, c, c]) ** 2 / (P[:, :, c, c] ** 2).sum() for c in range(3)]
    assert satterthwaite(found, np.eye(3)) == pytest.approx(df, rel=1e-9)
    # one path alone: Hotelling's is Satterthwaite's
    for c in range(3):
        assert hotelling(found, np.eye(3)[[c]]) == pytest.approx(df[c], rel=1e-9)


@pytest.mark.parametrize("unit", [1e-7, 1e7, 1e12])
@pytest.mark.parametrize("weighted", [False, True])
def test_units_of_a_predictor_leave_f_and_joint_tests_clubsandwichs(weighted: bool, unit: float) -> None:
    """x in another unit: its path changes, no test of paths does."""
    _, rows, _, weights = prepared("main", weighted)
    rows = rows * [1, unit, 1, 1]
    found = moments(rows, [*PREDICTORS["main"], "y"], weights=weights)
    fit, org = fit_ols(found, "y", PREDICTORS["main"]), DATA["org"].to_numpy()
    ours = robust(fit, rows[:, :-1], rows[:, -1], org, weights, reduced=True)
    expected = [theirs("main", weighted, what) for what in ("htz_f", "htz_df2", "htz_p")]
    assert [ours.f, ours.f_df2, ours.f_pvalue] == pytest.approx([e[0] for e in expected], rel=1e-7)
    vcov = path_cov(fit, found.cov, rows, se="CR2", cluster=org, weights=weights)
    test = joint_of_paths(fit.b, vcov, np.array([1, 2]))
    assert [test.wald / test.df, test.df2, test.pvalue] == pytest.approx([e[1] for e in expected], rel=1e-7)


def test_contrasts_that_depend_on_one_another_have_no_joint_test() -> None:
    _, rows, _, _ = prepared("main", False)
    X = np.column_stack([np.ones(len(rows)), rows[:, :-1]])
    e = rows[:, -1] - X @ np.linalg.lstsq(X, rows[:, -1], rcond=None)[0]
    found = clustered_vcov(X, e, DATA["org"].to_numpy(), None, reduced=True)
    assert np.isnan(hotelling(found, np.array([[0.0, 1.0, 0.0, 0.0], [0.0, 2.0, 0.0, 0.0]])))
    assert np.isnan(hotelling(found, np.array([[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]])))


def test_no_fewer_paths_than_clusters_have_no_f() -> None:
    rng = np.random.default_rng(4)
    X, org = rng.normal(size=(60, 5)), np.arange(60) % 5
    y = X[:, 0] + rng.normal(size=60)
    names = ("a", "b", "c", "d", "e")
    fit = fit_ols(moments(np.column_stack([X, y]), (*names, "y")), "y", names)
    ours = robust(fit, X, y, org)
    assert np.isnan(ours.f)
    assert np.isnan(ours.f_pvalue)
    assert np.isfinite(ours.se).all()


def test_the_largest_share_of_a_cluster_is_in_the_variance_where_errors_are_alike() -> None:
    """The variance of b by hand: weights on y, squared, errors covarying .05 within clusters."""
    fit, rows, _, weights = prepared("main", True)
    org = DATA["org"].to_numpy()
    ours = robust(fit, rows[:, :-1], rows[:, -1], org, weights)
    X, W = np.column_stack([np.ones(len(rows)), rows[:, :-1]]), DATA["weight"].to_numpy()
    on_y = np.linalg.solve(X.T @ (W[:, None] * X), (W[:, None] * X).T)
    alike = np.where(org[:, None] == org, 0.05, 0.0)
    np.fill_diagonal(alike, 1.0)
    for at in (1, 2, 3):
        by_org = np.array([on_y[at] * (org == o) @ alike @ on_y[at] for o in np.unique(org)])
        assert ours.largest_cluster[at - 1] == pytest.approx(by_org.max() / by_org.sum(), rel=1e-9)


@pytest.mark.slow
def test_unequal_clusters_of_which_few_are_treated() -> None:
    """24 clusters of 5 to 60, 3 treated: plain intervals hold far less than promised, not so CR2."""
    rng = np.random.default_rng(6)
    sizes = np.linspace(5, 60, 24).astype(int)
    org = np.repeat(np.arange(24), sizes)
    treated = np.isin(org, [4, 12, 20]).astype(float)
    inside = {"plain": 0, "CR2": 0}
    for _ in range(2000):
        x = rng.normal(size=len(org))
        y = 0.5 * rng.normal(size=24)[org] + rng.normal(size=len(org))
        fit = fit_ols(moments(np.column_stack([treated, x, y]), ("t", "x", "y")), "y", ("t", "x"))
        for kind in inside:
            found = robust(fit, np.column_stack([treated, x]), y, org, reduced=kind == "CR2")
            inside[kind] += abs(found.b[0]) < stats.t.ppf(0.975, found.t_df[0]) * found.se[0]
    # 2,000 surveys: a share of .95 is known to .015
    assert inside["plain"] / 2000 < 0.85
    assert inside["CR2"] / 2000 > 0.93
