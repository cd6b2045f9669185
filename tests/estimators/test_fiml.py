"""FIML: sums = a loop over respondents, derivatives = finite differences, recovery, limits, failures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.cases import case, fitted
from tests.fiml_cases import CASES, fiml_case, fiml_data, fiml_fitted
from werksem.errors import EstimationError
from werksem.estimators.constraints import equalities
from werksem.estimators.fiml import FimlProblem, fiml_objective, fiml_problem, fit_fiml
from werksem.estimators.ml import TOLERANCE
from werksem.estimators.pattern_curvature import complete_information, moment_curvature
from werksem.estimators.pattern_sums import batches, pattern_sums
from werksem.estimators.saturated_em import saturated_moments
from werksem.implied import implied_moments
from werksem.patterns import Patterns, patterns

STEP = 1e-5


def by_respondent(rows: np.ndarray, mu: np.ndarray, Sigma: np.ndarray) -> float:
    """Return the mean of log|Sigma_k| + r'Sigma_k^-1 r over rows, one by one: the slow twin."""
    total = []
    for row in rows:
        seen = ~np.isnan(row)
        if seen.any():
            cov, r = Sigma[np.ix_(seen, seen)], row[seen] - mu[seen]
            total.append(np.linalg.slogdet(cov)[1] + r @ np.linalg.solve(cov, r))
    return float(np.mean(total))


def drawn(n: int = 150, p: int = 5, share: float = 0.3, seed: int = 4) -> tuple[np.ndarray, Patterns]:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(n, p)) @ rng.normal(size=(p, p)) * 0.5 + rng.normal(size=p)
    rows[rng.random(rows.shape) < share] = np.nan
    return rows, patterns(rows, [f"v{k}" for k in range(p)])


def a_point(p: int = 5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(9)
    root = rng.normal(size=(p, p))
    return rng.normal(size=p) * 0.3, root @ root.T / p + np.eye(p)


def stepped(mu: np.ndarray, Sigma: np.ndarray, k: int, h: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the moments with the k-th of mu, vech(Sigma) moved by h."""
    mu, Sigma = mu.copy(), Sigma.copy()
    if k < len(mu):
        mu[k] += h
    else:
        row, col = (side[k - len(mu)] for side in np.tril_indices(len(mu)))
        Sigma[row, col] += h
        Sigma[col, row] = Sigma[row, col]
    return mu, Sigma


def test_sums_over_patterns_are_sums_over_respondents() -> None:
    rows, data = drawn()
    mu, Sigma = a_point()
    found = pattern_sums(batches(data, np.ones(5)), mu, Sigma)
    assert found.value == pytest.approx(by_respondent(rows, mu, Sigma), abs=1e-12)


def test_gradient_of_the_moments_is_that_of_the_loop() -> None:
    rows, data = drawn()
    mu, Sigma = a_point()
    found = pattern_sums(batches(data, np.ones(5)), mu, Sigma)
    G = found.K - found.V
    row, col = np.tril_indices(5)
    exact = np.concatenate([-2 * found.b, np.where(row == col, 1, 2) * G[row, col]])
    numeric = [
        (
            by_respondent(rows, *stepped(mu, Sigma, k, STEP))
            - by_respondent(rows, *stepped(mu, Sigma, k, -STEP))
        )
        / (2 * STEP)
        for k in range(20)
    ]
    assert np.allclose(exact, numeric, atol=1e-8)


def test_curvature_of_the_moments_is_that_of_the_gradient() -> None:
    _, data = drawn()
    parts = batches(data, np.ones(5))
    mu, Sigma = a_point()
    row, col = np.tril_indices(5)

    def gradient(k: int, h: float) -> np.ndarray:
        found = pattern_sums(parts, *stepped(mu, Sigma, k, h))
        return np.concatenate([-2 * found.b, np.where(row == col, 1, 2) * (found.K - found.V)[row, col]])

    numeric = np.array([(gradient(k, STEP) - gradient(k, -STEP)) / (4 * STEP) for k in range(20)])
    found = moment_curvature(parts, mu, Sigma)
    assert np.allclose(found.observed, numeric, atol=1e-8)
    assert np.array_equal(moment_curvature(parts, mu, Sigma, observed=False).observed, found.expected)


def test_small_batches_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    _, data = drawn()
    mu, Sigma = a_point()
    whole = batches(data, np.ones(5))
    monkeypatch.setattr("werksem.estimators.pattern_sums.STACK", 75)
    small = batches(data, np.ones(5))
    assert max(len(batch.share) for batch in small) == 3
    assert len(small) > len(whole)
    one, other = pattern_sums(whole, mu, Sigma), pattern_sums(small, mu, Sigma)
    assert np.allclose(one.V, other.V, atol=1e-12)
    assert one.value == pytest.approx(other.value, abs=1e-12)
    H = [moment_curvature(parts, mu, Sigma).observed for parts in (whole, small)]
    assert np.allclose(*H, atol=1e-12)


def test_without_blanks_information_is_that_of_complete_data() -> None:
    _, data = drawn(share=0.0)
    mu, Sigma = a_point()
    found = moment_curvature(batches(data, np.ones(5)), mu, Sigma)
    assert np.allclose(found.expected, complete_information(Sigma), atol=1e-12)


def test_em_solves_the_likelihood_equations() -> None:
    for share in (0.0, 0.3, 0.6):
        rows, data = drawn(n=600, share=share)
        moments = saturated_moments(data).moments
        found = pattern_sums(batches(data, np.ones(5)), moments.mean, moments.cov)
        assert np.abs(moments.cov @ found.b).max() < 1e-8
        assert np.abs(moments.cov @ (found.K - found.V) @ moments.cov).max() < 1e-8
        if not share:
            assert np.allclose(moments.mean, rows.mean(axis=0))
            assert np.allclose(moments.cov, np.cov(rows.T, bias=True))


@pytest.mark.parametrize("name", CASES)
def test_derivatives_are_those_of_the_discrepancy(name: str) -> None:
    model = fiml_case(name)[1]
    problem = fiml_problem(model, fiml_data(name))
    objective = fiml_objective(problem)
    phi = fiml_fitted(name).theta * problem.base.scale
    phi = phi + np.random.default_rng(1).normal(0, 0.02, len(phi))
    point = objective.evaluate(phi)
    steps = STEP * np.eye(len(phi))
    up, down = [objective.evaluate(phi + s) for s in steps], [objective.evaluate(phi - s) for s in steps]
    numeric = np.array([(a.discrepancy - b.discrepancy) / (2 * STEP) for a, b in zip(up, down, strict=True)])
    assert np.abs(objective.gradient(point) - numeric).max() < 1e-6
    slopes = [
        (objective.gradient(a) - objective.gradient(b)) / (2 * STEP) for a, b in zip(up, down, strict=True)
    ]
    H = objective.hessian(point)
    assert np.abs(H - np.array(slopes)).max() < 1e-5 * max(1.0, np.abs(H).max())


def perfect(problem: FimlProblem, theta: np.ndarray, model: object) -> tuple[Patterns, ...]:
    """Return the patterns with every pattern's moments as the model implies them."""
    out = []
    for g, data in enumerate(problem.data):
        mean, cov = implied_moments(model, theta, g)
        seen = data.observed[: len(data.cov)]
        both = seen[:, :, None] & seen[:, None, :]
        several = replace(
            data, n=float(data.size[: len(seen)].sum()), observed=seen, size=data.size[: len(seen)],
            mean=mean * seen, cov=cov * both,
        )  # fmt: skip
        out.append(several)
    return tuple(out)


@pytest.mark.parametrize("name", ["holzinger", "mimic", "growth", "fiml_groups", "fiml_bfi"])
def test_recovers_a_population_exactly(name: str) -> None:
    model = fiml_case(name)[1]
    truth = fiml_fitted(name).theta
    data = perfect(fiml_problem(model, fiml_data(name)), truth, model)
    again = fit_fiml(
        model, data, truth + np.random.default_rng(2).normal(0, 0.02, len(truth)) * np.abs(truth)
    )
    assert again.converged
    assert again.discrepancy == pytest.approx(0, abs=1e-10)
    assert np.allclose(again.theta, truth, atol=1e-6 * np.abs(truth).max())
    problem = fiml_problem(model, data)
    objective = fiml_objective(problem)
    point = objective.evaluate(truth * problem.base.scale)
    assert np.allclose(objective.hessian(point) / 2, objective.information(point), atol=1e-8)


def test_without_blanks_fiml_is_ml() -> None:
    _, model, data, rows = case("democracy", True)
    found = fit_fiml(model, [patterns(rows, data.names)])
    plain = fitted("democracy")
    assert found.n * found.discrepancy == pytest.approx(plain.n * plain.discrepancy, abs=1e-9)
    named = dict(zip(model.parameters, found.theta, strict=True))
    for name, value in zip(case("democracy")[1].parameters, plain.theta, strict=True):
        assert named[name] == pytest.approx(value, abs=1e-8)


@pytest.mark.parametrize("name", CASES)
def test_ends_at_a_zero_gradient(name: str) -> None:
    fit = fiml_fitted(name)
    assert fit.status == "ok"
    assert fit.gradient_max < TOLERANCE
    if name == "fiml_constrained":
        assert np.abs(equalities(fiml_case(name)[1]).values(fit.theta)).max() < 1e-9


def test_units_order_and_start_change_nothing() -> None:
    model, data = fiml_case("holzinger")[1], fiml_data("holzinger")[0]
    fit = fiml_fitted("holzinger")
    rows = np.full((len(data.rows), 9), np.nan)
    for k, seen in enumerate(data.observed):
        part = slice(data.first[k], data.first[k + 1])
        rows[part] = np.where(seen, data.rows[part], np.nan)
    units = np.array([1e-9, 1e9, 1, 1e5, 1e-5, 1, 1e3, 1, 1e-3])
    scaled = fit_fiml(model, [patterns(rows * units, data.names)])
    assert scaled.gradient_max < TOLERANCE
    assert scaled.discrepancy == pytest.approx(fit.discrepancy, abs=1e-11)
    shuffled = fit_fiml(model, [patterns(rows[::-1][:, ::-1], data.names[::-1])])
    assert np.allclose(shuffled.theta, fit.theta, atol=1e-8)
    away = fit.theta * np.random.default_rng(3).uniform(0.9, 1.1, len(fit.theta))
    assert np.allclose(fit_fiml(model, [data], away).theta, fit.theta, atol=1e-7)


def test_what_cannot_be_estimated_is_said() -> None:
    model = fiml_case("holzinger")[1]
    data = fiml_data("holzinger")[0]
    with pytest.raises(EstimationError, match="mean structure"):
        fit_fiml(case("holzinger")[1], [data])
    rows = np.random.default_rng(0).normal(size=(50, 9))
    rows[0, 0] = np.nan
    rows[:, 1] = 2.0
    with pytest.raises(EstimationError, match="no variance: x2"):
        fit_fiml(model, [patterns(rows, model.observed)])
    rows[:, 1] = rows[:, 2]
    with pytest.raises(EstimationError, match="singular"):
        fit_fiml(model, [patterns(rows, model.observed)])
