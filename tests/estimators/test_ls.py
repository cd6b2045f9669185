"""Least squares: derivatives are those of F, an exact population comes back, failures are told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.cases import spec_of
from tests.inference.test_ls_continuous import ls_case
from tests.ordinal_cases import ordinal_case
from werksem.errors import EstimationError
from werksem.estimators.ls import fit_ls
from werksem.estimators.ls_curvature import hessian
from werksem.estimators.ls_model import LSModel, continuous_model, exogenous_observed, ordinal_model
from werksem.estimators.ls_problem import LSProblem, evaluate, gradient, jacobians, ls_problem
from werksem.estimators.ls_statistics import Statistics, continuous_statistics, ordinal_statistics
from werksem.implied import implied_moments
from werksem.inference.least_squares import fit_ordinal
from werksem.inference.ls_inference import ls_inference
from werksem.model import build_model
from werksem.moments import Moments
from werksem.ordinal import OrdinalMoments
from werksem.rows import Options

ORDINAL = ["hs5", "hs3", "mixed", "covariates", "probit", "mediator", "school", "school_thresholds"]
CONTINUOUS = [
    ("mimic_means", "GLS"),
    ("democracy", "DWLS"),
    ("growth_means", "WLS"),
    ("holzinger_school", "ULS"),
]


def statistics_of(name: str, estimator: str = "WLSMV") -> tuple[LSModel, tuple[Statistics, ...]]:
    if name in ORDINAL:
        ls, data = ordinal_case(name)
        return ls, ordinal_statistics(ls, data, estimator)
    ls, moments, rows = ls_case(name)
    return ls, continuous_statistics(ls, moments, estimator, rows)


def near_optimum(ls: LSModel, statistics: tuple[Statistics, ...]) -> tuple[LSProblem, np.ndarray]:
    problem = ls_problem(ls, statistics)
    phi = fit_ls(ls, statistics, "WLSMV").theta * problem.problem.scale
    noise = np.zeros(len(phi))
    noise[problem.free] = np.random.default_rng(1).normal(0, 0.03, len(problem.free))
    estimated = np.isin(np.arange(len(phi)), problem.free)
    return problem, np.where(estimated | (not problem.conditional), phi, 0.0) + noise


def moved(problem: LSProblem, phi: np.ndarray, k: int, step: float):
    there = phi.copy()
    there[problem.free[k]] += step
    return evaluate(problem, there)


@pytest.mark.parametrize(("name", "estimator"), [*((n, "WLSMV") for n in ORDINAL), *CONTINUOUS])
def test_gradient_is_the_slope_of_the_discrepancy(name: str, estimator: str) -> None:
    problem, phi = near_optimum(*statistics_of(name, estimator))
    point = evaluate(problem, phi)
    g = gradient(problem, point, jacobians(problem, point))
    up = np.array([moved(problem, phi, k, 1e-6).discrepancy for k in range(len(g))])
    down = np.array([moved(problem, phi, k, -1e-6).discrepancy for k in range(len(g))])
    assert g == pytest.approx((up - down) / 2e-6, abs=2e-7 * max(np.abs(g).max(), 1))


@pytest.mark.parametrize(
    ("name", "estimator"), [*((n, "WLSMV") for n in ("hs5", "hs3", "mixed", "school")), *CONTINUOUS]
)
def test_hessian_is_the_slope_of_the_gradient(name: str, estimator: str) -> None:
    problem, phi = near_optimum(*statistics_of(name, estimator))
    point = evaluate(problem, phi)
    H = hessian(problem, point, jacobians(problem, point))
    for k in range(0, len(H), 3):
        beside = [moved(problem, phi, k, step) for step in (1e-5, -1e-5)]
        up, down = (gradient(problem, p, jacobians(problem, p)) for p in beside)
        assert H[k] == pytest.approx((up - down) / 2e-5, abs=1e-6 * np.abs(H).max())


@pytest.mark.parametrize("name", ORDINAL)
def test_ordered_variables_have_unit_variance_given_the_covariates(name: str) -> None:
    ls, statistics = statistics_of(name)
    theta = fit_ls(ls, statistics, "WLSMV").theta
    for group in range(len(ls.model.groups)):
        cov = implied_moments(ls.model, theta, group)[1]
        at = {variable: i for i, variable in enumerate(ls.model.observed)}
        x, y = [at[v] for v in ls.x], [at[v] for v in ls.ordered]
        explained = cov[np.ix_(y, x)] @ np.linalg.solve(cov[np.ix_(x, x)], cov[np.ix_(x, y)]) if x else 0.0
        scales = np.where(ls.scales[group] >= 0, theta[ls.scales[group]], 1.0)
        assert np.diag(cov[np.ix_(y, y)] - explained) == pytest.approx(1 / scales**2, abs=1e-9)


def test_an_exact_population_comes_back() -> None:
    """Moments made from a model give its parameters back, with every estimator, and a chi-square of 0."""
    text = "f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\ng ~ f"
    model = build_model(spec_of(text), options=Options(mean_structure=True))
    rng = np.random.default_rng(2)
    truth = np.array([
        {"=~": 0.8, "~": 0.5, "~~": 0.6, "~1": 2.0}[p[p.index("~1"):] if "~1" in p else "=~" if "=~" in p else
        "~~" if "~~" in p else "~"] for p in model.parameters
    ])  # fmt: skip
    truth += rng.uniform(0, 0.2, len(truth))
    mean, cov = implied_moments(model, truth)
    exact = Moments(model.observed, 500.0, mean, cov * 499 / 500)
    rows = rng.multivariate_normal(mean, cov, 500)
    ls = continuous_model(model)
    for estimator in ("ULS", "GLS", "WLS", "DWLS"):
        statistics = continuous_statistics(ls, [exact], estimator, [rows])
        fit = fit_ls(ls, statistics, estimator)
        assert fit.theta == pytest.approx(truth, abs=1e-7)
        assert ls_inference(ls, statistics, fit).measures["chisq"] == pytest.approx(0.0, abs=1e-8)


def test_an_exact_ordinal_population_comes_back() -> None:
    base = build_model(spec_of("f =~ x1 + x2 + x3 + x4"), options=Options(mean_structure=True))
    loadings = np.array([0.9, 0.8, 0.7, 0.6])
    R = np.outer(loadings, loadings)
    np.fill_diagonal(R, 1.0)
    thresholds = tuple(np.array([-0.5, 0.5]) + shift for shift in (0.0, 0.1, 0.2, 0.3))
    data = OrdinalMoments(
        base.observed, (True,) * 4, (), 900.0, thresholds, np.zeros(4), np.zeros((4, 0)), R,
        np.zeros(0), np.zeros((0, 0)), np.eye(14),
    )  # fmt: skip
    ls = ordinal_model(base, [data])
    fit = fit_ls(ls, ordinal_statistics(ls, [data], "DWLS"))
    found = dict(zip(ls.model.parameters, fit.theta, strict=True))
    assert found["f=~x3"] == pytest.approx(0.7 / 0.9, abs=1e-8)
    assert found["f~~f"] == pytest.approx(0.81, abs=1e-8)
    assert found["x4~~x4"] == pytest.approx(1 - 0.36, abs=1e-8)
    assert found["x4|t2"] == pytest.approx(0.8, abs=1e-12)


def test_constraints_hold() -> None:
    text = "f =~ x1 + a*x2 + b*x3 + c*x4\na == b*c"
    _, data = ordinal_case("hs5")
    four = replace_variables(data[0], 4)
    ls = ordinal_model(build_model(spec_of(text), options=Options(mean_structure=True)), [four])
    statistics = ordinal_statistics(ls, [four], "WLSMV")
    fit = fit_ls(ls, statistics, "WLSMV")
    found = dict(zip(ls.model.parameters, fit.theta, strict=True))
    assert fit.gradient_max < 1e-8
    assert found["a"] == pytest.approx(found["b"] * found["c"], abs=1e-9)
    inference = ls_inference(ls, statistics, fit)
    assert inference.measures["df"] == 3
    assert np.all(np.isfinite(np.diag(inference.vcov)))


def replace_variables(data: OrdinalMoments, count: int) -> OrdinalMoments:
    """Return the moments of the first variables only."""
    p = len(data.names)
    levels = sum(len(t) for t in data.thresholds[:count])
    all_levels = sum(len(t) for t in data.thresholds)
    pairs = [(i, j) for j in range(p) for i in range(j + 1, p)]
    keep = [*range(levels), *(all_levels + k for k, (i, _) in enumerate(pairs) if i < count)]
    return replace(
        data, names=data.names[:count], ordered=data.ordered[:count], thresholds=data.thresholds[:count],
        mean=data.mean[:count], slopes=data.slopes[:count], cov=data.cov[:count, :count],
        gamma=data.gamma[np.ix_(keep, keep)],
    )  # fmt: skip


def test_what_is_not_identified_is_named() -> None:
    _, data = ordinal_case("hs5")
    four = replace_variables(data[0], 4)
    text = "f =~ x1 + x2\ng =~ x3 + x4\nf ~~ 0*g"
    ls = ordinal_model(build_model(spec_of(text), options=Options(mean_structure=True)), [four])
    statistics = ordinal_statistics(ls, [four], "WLSMV")
    fit = fit_ls(ls, statistics, "WLSMV")
    with pytest.raises(EstimationError, match="not identified"):
        ls_inference(ls, statistics, fit)


def test_a_start_elsewhere_ends_at_the_same_place() -> None:
    ls, statistics = statistics_of("hs3")
    fit = fit_ls(ls, statistics, "WLSMV")
    other = fit_ls(ls, statistics, "WLSMV", start=np.full(len(fit.theta), 0.4))
    assert other.theta == pytest.approx(fit.theta, abs=1e-7)


def test_gls_of_ordered_variables_is_refused() -> None:
    ls, data = ordinal_case("hs5")
    with pytest.raises(EstimationError, match="DWLS"):
        ordinal_statistics(ls, data, "GLS")


def test_exogenous_observed_are_pure_predictors() -> None:
    model = build_model(spec_of("y ~ x + m\nm ~ x\ny ~~ y\nz ~~ x"), options=Options(fixed_x=False))
    assert exogenous_observed(model) == ()
    assert exogenous_observed(build_model(spec_of("y ~ x + m\nm ~ x"))) == ("x",)


def mediated(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return rows of a latent that moves an ordered mediator, which moves an outcome."""
    f = rng.normal(size=n)
    x = f[:, None] * [1.0, 0.5, 0.6] + rng.normal(size=(n, 3)) * [0.6, 1.0, 1.0]
    middle = 0.45 * f + rng.normal(size=n) * np.sqrt(1 - 0.45**2)
    return np.column_stack([x, np.digitize(middle, [-0.6, 0.7]), 0.9 * middle + 0.9 * rng.normal(size=n)])


MEDIATED = "f =~ x1 + x2 + x3\nm ~ f\ny ~ m"


def test_an_ordered_mediators_residual_moves_with_its_path() -> None:
    """Its variance in Psi is derived and moves the outcome's covariances: all of it is in the gradient."""
    base = build_model(spec_of(MEDIATED), options=Options(mean_structure=True))
    found = fit_ordinal(base, [mediated(np.random.default_rng(0), 300)], ["m"])
    problem = ls_problem(found.ls, found.statistics)
    phi = found.fit.theta * problem.problem.scale
    phi[problem.free] += np.random.default_rng(1).normal(0, 0.03, len(problem.free))
    point = evaluate(problem, phi)
    g = gradient(problem, point, jacobians(problem, point))
    up = np.array([moved(problem, phi, k, 1e-6).discrepancy for k in range(len(g))])
    down = np.array([moved(problem, phi, k, -1e-6).discrepancy for k in range(len(g))])
    assert g == pytest.approx((up - down) / 2e-6, abs=1e-7)


@pytest.mark.slow
def test_standard_errors_of_an_ordered_mediator_are_those_of_repeated_samples() -> None:
    """lavaan 0.6-14 leaves the derived residual out of its derivatives and differs here."""
    base = build_model(spec_of(MEDIATED), options=Options(mean_structure=True))
    rng = np.random.default_rng(0)
    fits = [fit_ordinal(base, [mediated(rng, 300)], ["m"]) for _ in range(400)]
    at = [fits[0].ls.model.parameters.index(name) for name in ("y~m", "m~f")]
    estimates = np.array([fit.fit.theta[at] for fit in fits])
    errors = np.array([np.sqrt(np.diag(fit.inference.vcov))[at] for fit in fits])
    assert estimates.mean(axis=0) == pytest.approx([0.9, 0.45], abs=0.02)
    assert errors.mean(axis=0) == pytest.approx(estimates.std(axis=0), rel=0.08)
