"""Measurement quality beside R, lavaan and published values (``tests/reference/quality.R``)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.cases import REFERENCE, data_of, shared_csv, spec_of
from tests.ordinal_cases import ordinal_case
from werksem.estimators.ls import fit_ls
from werksem.estimators.ls_statistics import ordinal_statistics
from werksem.estimators.ml import fit_ml
from werksem.inference.admissible import inadmissible
from werksem.inference.delta import complex_jacobian
from werksem.inference.design_effect import likeness
from werksem.inference.htmt import construct_pairs, htmt
from werksem.inference.item_rest import item_rest
from werksem.inference.ordinal_reliability import omega_ordinal, sum_covariance
from werksem.inference.reliability import alpha, alpha_error, alpha_if_dropped, omega_ave
from werksem.inference.resamples import Answers, pairwise_covariances, resampled
from werksem.inference.scale_quantities import Scales, scale_quantities, scales_of
from werksem.inference.vcov import standard_errors, vcov_ml
from werksem.model import build_model
from werksem.moments import moments
from werksem.survey.keying import against_the_rest

VALUES = pd.read_csv(REFERENCE / "quality.csv")
HS = {"visual": ("x1", "x2", "x3"), "textual": ("x4", "x5", "x6"), "speed": ("x7", "x8", "x9")}
BFI = {letter: tuple(f"{letter}{i}" for i in range(1, 6)) for letter in "ACENO"}
REVERSED = ["A1", "C4", "C5", "E1", "E2", "O2", "O5"]


def values(data: str, quantity: str) -> dict[str, float]:
    rows = VALUES[(VALUES.data == data) & (VALUES.quantity == quantity)]
    assert len(rows)
    return dict(zip(rows.name, rows.value, strict=True))


def bfi(*, keyed: bool = True) -> pd.DataFrame:
    data = shared_csv("bfi", "bfi.csv")
    return data.assign(**{item: 7 - data[item] for item in REVERSED}) if keyed else data


def scale_data(name: str) -> tuple[Scales, np.ndarray]:
    scales = scales_of(HS if name == "holzinger" else BFI)
    data = data_of("holzinger") if name == "holzinger" else bfi()
    return scales, np.cov(data[list(scales.names)].dropna().to_numpy(dtype=float).T)


@pytest.mark.parametrize("name", ["holzinger", "bfi"])
def test_classic_quantities_equal_r(name: str) -> None:
    scales, cov = scale_data(name)
    found = dict(zip(scales.keys, scale_quantities(cov, scales), strict=True))
    alphas, rest, dropped = (values(name, q) for q in ("alpha", "item_rest", "alpha_if_dropped"))
    for construct, at in zip(scales.constructs, scales.members, strict=True):
        assert found["alpha", construct, ""] == pytest.approx(alphas[construct], abs=1e-9)
        for item, value in zip(at, alpha_if_dropped(cov[np.ix_(at, at)]), strict=True):
            assert value == pytest.approx(dropped[scales.names[item]], abs=1e-9)
            assert found["rest", construct, scales.names[item]] == pytest.approx(
                rest[scales.names[item]], abs=1e-9
            )
    for kind in ("htmt", "htmt2"):
        ratios = values(name, kind)
        pairs = construct_pairs(len(scales.constructs))
        assert len(ratios) == len(pairs)
        for i, j in pairs:
            a, b = scales.constructs[i], scales.constructs[j]
            assert found[kind, a, b] == pytest.approx(ratios[f"{a} {b}"], abs=1e-9)


def test_alphas_of_bfi_are_those_of_the_psych_manual() -> None:
    data = bfi()
    published = {"A": 0.703, "C": 0.727, "E": 0.762, "N": 0.814, "O": 0.600}
    for letter, value in published.items():
        assert float(alpha(data[list(BFI[letter])].cov().to_numpy())) == pytest.approx(value, abs=5e-4)


def test_items_of_bfi_that_run_against_their_scale_are_found() -> None:
    data = bfi(keyed=False)
    found = {
        items[at]: r
        for items in BFI.values()
        for at, r in against_the_rest(data[list(items)].cov().to_numpy(), len(data)).items()
    }
    assert sorted(found) == REVERSED
    assert max(found.values()) < -0.3
    # the item-rest correlation itself, once the others run the right way
    keyed = bfi()[list(BFI["C"])].cov().to_numpy()
    assert found["C4"] == pytest.approx(-item_rest(keyed)[3], abs=1e-12)


def test_nothing_runs_against_a_keyed_scale_and_both_of_two_opposites_do() -> None:
    data = bfi()
    for items in BFI.values():
        assert not against_the_rest(data[list(items)].cov().to_numpy(), len(data))
    assert against_the_rest(np.array([[1.0, -0.5], [-0.5, 1.0]]), 100) == {0: -0.5, 1: -0.5}
    assert not against_the_rest(np.array([[1.0, -0.1], [-0.1, 1.0]]), 100)


def test_omega_and_ave_equal_lavaan_with_their_intervals() -> None:
    spec = spec_of((REFERENCE / "models" / "holzinger.lavaan").read_text() + "\nx7 ~~ x8")
    model = build_model(spec)
    data = moments(data_of("holzinger")[list(model.observed)].to_numpy(dtype=float), model.observed)
    fit = fit_ml(model, [data])
    vcov = vcov_ml(model, [data], fit)
    est, low, high = (values("holzinger_c", q) for q in ("defined", "defined_ci_lower", "defined_ci_upper"))
    for construct in ("visual", "speed"):

        def both(theta: np.ndarray, construct: str = construct) -> np.ndarray:
            return np.stack(omega_ave(model, theta, construct), axis=-1)

        se = standard_errors(vcov, complex_jacobian(both, fit.theta))
        for name, value, error in zip(("omega", "ave"), both(fit.theta), se, strict=True):
            key = f"{name}_{construct}"
            assert value == pytest.approx(est[key], abs=2e-5)
            assert 2 * 1.959964 * error == pytest.approx(high[key] - low[key], rel=1e-3)


def test_omega_of_many_theta_at_once_and_of_items_that_take_part_in_regressions() -> None:
    plain = build_model(spec_of("f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6"))
    apart = build_model(spec_of("f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nx9 ~ x1"))
    assert "x1" in apart.eta
    data = data_of("holzinger")
    thetas = []
    for model in (plain, apart):
        fit = fit_ml(model, [moments(data[list(model.observed)].to_numpy(dtype=float), model.observed)])
        thetas.append(fit.theta)
    many = np.stack([thetas[0], 1.1 * thetas[0]])
    for k in range(2):
        assert omega_ave(plain, many, "f")[k][0] == pytest.approx(omega_ave(plain, thetas[0], "f")[k])
    # the same model of x1 … x6, whichever matrix holds x1
    free = dict(zip(apart.parameters, thetas[1], strict=True))
    same = np.array([free[name] for name in plain.parameters])
    for a, b in zip(omega_ave(plain, same, "f"), omega_ave(apart, thetas[1], "f"), strict=True):
        assert a == pytest.approx(b, abs=1e-12)


def test_likeness_equals_anova_and_bliese() -> None:
    data = shared_csv("army_bh1996", "bh1996.csv")
    codes = pd.factorize(data["GRP"])[0]
    for name in ("COHES", "LEAD", "HRS", "WBEING"):
        found = likeness(data[name].to_numpy(dtype=float), codes)
        for quantity in ("icc1", "icc2", "design_effect"):
            expected = values("bh1996", quantity)[name]
            assert getattr(found, quantity) == pytest.approx(expected, abs=1e-9)
    assert found.icc1 == pytest.approx(0.0434, abs=2e-4)  # Bliese takes the mean group size for n0
    assert found.icc2 == pytest.approx(0.7717, abs=5e-5)


def test_likeness_below_zero_costs_nothing_and_blanks_are_left_out() -> None:
    data = data_of("holzinger_full")
    codes, y = pd.factorize(data["school"])[0], data["x1"].to_numpy(dtype=float)
    found = likeness(y, codes)
    assert found.icc1 == pytest.approx(values("holzinger_full", "icc1")["x1"], abs=1e-9)
    assert found.icc1 < 0
    assert found.design_effect == 1.0
    blank = np.concatenate([y, [np.nan]])
    assert likeness(blank, np.append(codes, 7)) == found
    assert np.isnan(likeness(y, np.zeros(len(y), dtype=np.int64)).icc1)
    assert np.isnan(likeness(y, np.arange(len(y))).design_effect)


def test_htmt_leaves_out_an_item_of_both_constructs_with_itself() -> None:
    _, cov = scale_data("holzinger")
    R = cov / np.sqrt(np.outer(np.diag(cov), np.diag(cov)))
    plain, second = htmt(R, [np.array([0, 1, 2]), np.array([2, 3])])
    hetero = np.abs([R[0, 2], R[1, 2], R[0, 3], R[1, 3], R[2, 3]])
    within = np.abs([R[0, 1], R[0, 2], R[1, 2]])
    assert plain[0] == pytest.approx(hetero.mean() / np.sqrt(within.mean() * abs(R[2, 3])))
    logs = np.log(hetero).mean() - (np.log(within).mean() + np.log(abs(R[2, 3]))) / 2
    assert second[0] == pytest.approx(np.exp(logs))


@pytest.mark.parametrize("clustered", [False, True])
def test_resamples_have_the_spread_of_plain_bootstraps(clustered: bool) -> None:
    rng = np.random.default_rng(1)
    unit = np.repeat(np.arange(30), 5) if clustered else None
    rows = rng.normal(size=(150, 1)) + rng.normal(size=(150, 3))
    if clustered:
        rows += 2 * np.repeat(rng.normal(size=(30, 3)), 5, axis=0)
    found = resampled(
        [Answers(rows, None, unit)], lambda cov: alpha(cov)[:, None], replicates=1000, seed=7, jobs=2
    )[0][:, 0]
    plain = []
    for _ in range(1000):
        drawn = (
            rng.integers(0, 30, 30)[:, None] * 5 + np.arange(5) if clustered else rng.integers(0, 150, 150)
        )
        plain.append(float(alpha(np.cov(rows[drawn.ravel()].T))))
    assert found.std() == pytest.approx(np.std(plain), rel=0.1)
    assert found.mean() == pytest.approx(np.mean(plain), abs=4 * np.std(plain) / np.sqrt(500))


def test_resamples_do_not_depend_on_jobs_and_groups_are_drawn_apart() -> None:
    rows = np.round(np.random.default_rng(2).normal(size=(90, 2)) * 2)
    groups = [Answers(rows[:40]), Answers(rows[40:])]
    one, two = (
        resampled(groups, lambda cov: cov[:, 0, :], replicates=150, seed=1, jobs=jobs) for jobs in (1, 2)
    )
    for a, b in zip(one, two, strict=True):
        assert a.shape == (150, 2)
        assert (a == b).all()
    assert one[0][:, 0].mean() == pytest.approx(rows[:40, 0].var(), rel=0.05)


@pytest.mark.parametrize("blank", [False, True])
def test_resamples_carry_weights(blank: bool) -> None:
    rng = np.random.default_rng(5)
    rows = np.round(rng.normal(size=(4000, 2)) * 2) * np.repeat([[1.0], [2.0]], 2000, axis=0)
    weights = np.repeat([0.4, 1.6], 2000)
    expected = np.cov(rows.T, aweights=weights, ddof=0)
    if blank:
        rows[rng.random(rows.shape) < 0.05] = np.nan
    found = resampled([Answers(rows, weights)], lambda cov: cov[:, 0, :], replicates=200, seed=1)[0]
    assert found.mean(axis=0) == pytest.approx(expected[0], abs=0.4 if blank else 0.1)
    assert abs(found[:, 0].mean() - np.nanvar(rows[:, 0])) > 1


def test_pairwise_covariances_are_the_plain_ones_without_blanks_and_close_to_pandas_with() -> None:
    data = bfi()[list(BFI["A"])]
    whole = data.dropna().to_numpy(dtype=float)
    ones = np.ones((1, len(whole)), dtype=np.float32)
    assert pairwise_covariances(whole, ones)[0] == pytest.approx(np.cov(whole.T, ddof=0), rel=1e-5)
    ones = np.ones((1, len(data)), dtype=np.float32)
    found = pairwise_covariances(data.to_numpy(dtype=float), ones)[0]
    assert found == pytest.approx(data.cov(ddof=0).to_numpy(), abs=2e-3)


def test_error_of_alpha_under_normality_is_the_spread_of_alpha() -> None:
    rng = np.random.default_rng(3)
    cov = np.array([[1.0, 0.5, 0.3], [0.5, 2.0, 0.6], [0.3, 0.6, 1.5]])
    draws = rng.multivariate_normal(np.zeros(3), cov, size=(3000, 200))
    spread = np.std([float(alpha(np.cov(sample.T))) for sample in draws])
    assert alpha_error(cov, 200) == pytest.approx(spread, rel=0.05)


def test_ordinal_omega_and_alpha_equal_r() -> None:
    ls, data = ordinal_case("hs5")
    fit = fit_ls(ls, ordinal_statistics(ls, data, "DWLS"), "DWLS")
    omegas, alphas = values("hs5", "omega_ordinal"), values("hs5", "alpha_ordinal")
    for construct, items in HS.items():
        assert omega_ordinal(ls.model, fit.theta, construct) == pytest.approx(omegas[construct], abs=2e-5)
        at = [data[0].names.index(item) for item in items]
        found = float(alpha(data[0].cov[np.ix_(at, at)]))
        assert found == pytest.approx(alphas[construct], abs=1e-5)
        assert omegas[construct] < omega_ave(ls.model, fit.theta, construct)[0]


def test_ordinal_omega_is_the_correlation_of_parallel_sums() -> None:
    rng = np.random.default_rng(4)
    loading, cuts = np.array([0.8, 0.7, 0.6]), np.array([-0.5, 0.4, 1.2])
    f = rng.normal(size=(200_000, 1))
    error = np.sqrt(1 - loading**2)
    one, two = (
        np.digitize(f * loading + rng.normal(size=(len(f), 3)) * error, cuts).sum(axis=1) for _ in range(2)
    )
    common = np.outer(loading, loading)
    total = np.where(np.eye(3) > 0, 1.0, common)
    assert sum_covariance(total, [cuts] * 3) == pytest.approx(one.var(), rel=0.01)
    share = sum_covariance(common, [cuts] * 3) / sum_covariance(total, [cuts] * 3)
    assert share == pytest.approx(np.corrcoef(one, two)[0, 1], abs=0.005)


def test_omega_is_undefined_for_one_item_and_for_constructs_of_constructs() -> None:
    model = build_model(spec_of("f =~ x1 + x2 + x3\ng =~ x4\nh =~ x5 + x6 + x7\ns =~ f + g + h"))
    theta = np.full(len(model.parameters), 0.5)
    for construct in ("g", "s"):
        assert np.isnan(omega_ave(model, theta, construct)).all()
    assert np.isfinite(omega_ave(model, theta, "f")).all()


def test_inadmissible_solutions_are_named() -> None:
    model = build_model(spec_of("f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nh =~ x7 + x8 + x9\nh ~ f"))
    theta = np.where([name.count("~~") for name in model.parameters], 0.5, 1.0)
    names = list(model.parameters)
    theta[[names.index(f"{name}~~{name}") for name in "fgh"]] = 1.0
    theta[names.index("x4~~x4")] = -0.25
    theta[names.index("h~~h")] = -0.1
    theta[names.index("f~~g")] = 1.2
    assert inadmissible(model, theta) == (
        "heywood: the residual variance of x4 is -0.25, below zero",
        "heywood: the residual variance of h is -0.1, below zero",
        "not_positive_definite: the correlation of f and g is 1.200",
    )


def test_variables_that_contradict_each_other_together_are_named() -> None:
    model = build_model(spec_of("f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nh =~ x7 + x8 + x9"))
    found = dict.fromkeys(model.parameters, 1.0)
    found |= {"f~~g": 0.8, "f~~h": 0.8, "g~~h": -0.8}
    said = inadmissible(model, np.array(list(found.values())))
    assert len(said) == 1
    assert said[0].startswith("not_positive_definite: the covariances of f, g, h contradict each other")
    found |= {"f~~h": 0.1, "g~~h": 0.1}
    assert inadmissible(model, np.array(list(found.values()))) == ()


def test_htmt2_of_a_correlation_that_is_zero_but_for_rounding_is_zero() -> None:
    R = np.full((4, 4), 0.3)
    R[:2, :2] = R[2:, 2:] = 0.6
    np.fill_diagonal(R, 1.0)
    R[0, 2] = R[2, 0] = 3e-17
    _, second = htmt(R, [np.array([0, 1]), np.array([2, 3])])
    assert second[0] < 1e-20
