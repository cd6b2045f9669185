"""The density that is sampled: equal to the rows' own, in NumPy and in PyTensor."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from tests.bayes.cases import LITERAL, TWO, arrays, rows_of, survey
from werksem.bayes.design import Design
from werksem.bayes.graph import log_likelihood as log_likelihood_op
from werksem.bayes.graph import log_likelihood_graph, pymc_model, use_numba
from werksem.bayes.marginal import draw_groups, log_likelihood

FRAME = survey()


def point(model: Design, rng: np.random.Generator, S: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return gamma, tau (S, E, K) and sigma (S, E) in the model's units; what is absent is zero."""
    there = np.concatenate([np.ones((len(TWO), 1), bool), model.path_of >= 0], axis=1)
    gamma = 0.5 * rng.standard_normal((S, *there.shape)) * there
    tau = rng.uniform(0.01, 0.6, (S, *there.shape)) * model.varies
    return gamma, tau, rng.uniform(0.4, 1.5, (S, len(TWO)))


def raw(model: Design, gamma: np.ndarray, tau: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return per regression the raw mean and covariance of the groups' (intercept, paths)."""
    out = []
    for e, equation in enumerate(TWO):
        p = len(equation.predictors)
        step = model.scale_y[e] / model.scale_x[e, :p]
        # raw = shift + A (coefficients about the grand means)
        A = np.diag(np.concatenate([[model.scale_y[e]], step]))
        A[0, 1:] = -model.mean_x[e, :p] * step
        shift = np.concatenate([[model.mean_y[e]], np.zeros(p)])
        W = np.eye(p + 1)
        W[0, 1:] = model.lever[e, :p]
        half = A @ W @ np.diag(tau[e, : p + 1])
        out.append((shift + A @ gamma[e, : p + 1], half @ half.T))
    return out


def by_rows(model: Design, gamma: np.ndarray, tau: np.ndarray, sigma: np.ndarray) -> float:
    """Return the log-density of every row: normal with the groups' coefficients integrated out."""
    total = 0.0
    for e, (mean, cov) in enumerate(raw(model, gamma, tau)):
        variance = (sigma[e] * model.scale_y[e]) ** 2
        for label in model.groups:
            X, y = rows_of(FRAME, TWO[e], label)
            V = variance * np.eye(len(y)) + X @ cov @ X.T
            total += stats.multivariate_normal(X @ mean, V).logpdf(y)
    return total


@pytest.mark.parametrize("vary", [(), ("means",), ("paths",), ("paths", "means"), ("b1", "vertrek ~1")])
@pytest.mark.parametrize("priors", [{}, LITERAL])
def test_numpy_equals_the_rows(vary: tuple[str, ...], priors: dict[str, str]) -> None:
    model = arrays(FRAME, vary=vary, priors=priors)
    gamma, tau, sigma = point(model, np.random.default_rng(3), S=2)
    for s, value in enumerate(log_likelihood(model, gamma, tau, sigma)):
        assert value == pytest.approx(by_rows(model, gamma[s], tau[s], sigma[s]), rel=1e-10, abs=1e-8)


def test_literal_between_sd_is_of_raw_intercepts_and_paths_independently() -> None:
    model = arrays(FRAME, priors=LITERAL)
    gamma, tau, _ = point(model, np.random.default_rng(4))
    for e, (_, cov) in enumerate(raw(model, gamma[0], tau[0])):
        p = len(TWO[e].predictors)
        step = model.scale_y[e] / np.concatenate([[1.0], model.scale_x[e, :p]])
        np.testing.assert_allclose(cov, np.diag((tau[0, e, : p + 1] * step) ** 2), atol=1e-12)


@pytest.mark.parametrize("form", [log_likelihood_graph, log_likelihood_op])
@pytest.mark.parametrize("vary", [(), ("paths", "means")])
def test_graph_equals_numpy_and_its_gradient_finite_differences(vary: tuple[str, ...], form: Any) -> None:
    use_numba()
    import pytensor
    import pytensor.tensor as pt

    model = arrays(FRAME, vary=vary, priors=LITERAL)
    names = [pt.dmatrix("gamma"), pt.dmatrix("tau"), pt.dvector("sigma")]
    value = form(model, *names)
    slopes = pytensor.grad(value, names, disconnected_inputs="ignore")
    both = pytensor.function(names, [value, *slopes], mode="FAST_COMPILE", on_unused_input="ignore")
    for seed in (1, 2):
        at = [part[0] for part in point(model, np.random.default_rng(seed))]
        found, *gradient = both(*at)
        assert found == pytest.approx(log_likelihood(model, *(a[None] for a in at))[0], rel=1e-12)
        for k, slope in enumerate(gradient):
            for cell in np.ndindex(slope.shape):
                up, down = [a.copy() for a in at], [a.copy() for a in at]
                up[k][cell] += 1e-6
                down[k][cell] -= 1e-6
                moved = (both(*up)[0] - both(*down)[0]) / 2e-6
                if k == 1 and not model.varies[cell]:
                    continue
                assert slope[cell] == pytest.approx(moved, rel=1e-5, abs=2e-4)


@pytest.mark.parametrize(
    "priors", [LITERAL, LITERAL | {"means": "uniform(-5, 9)", "b1": "student_t(3, 1, .2)"}]
)
def test_the_sampled_model_is_the_stated_one(priors: dict[str, str]) -> None:
    """Log-posterior differences between points, raw priors by scipy, rows by scipy: the constants cancel."""
    use_numba()
    model = arrays(FRAME, priors=priors)
    graph = pymc_model(model)
    density = graph.compile_fn(graph.logp(jacobian=False), mode="FAST_COMPILE")
    tools = graph.compile_fn(
        graph.replace_rvs_by_values([graph[n] for n in ("path", "intercept", "residual_sd", "between_sd")]),
        mode="FAST_COMPILE", on_unused_input="ignore",
    )  # fmt: skip
    rng, differences = np.random.default_rng(6), []
    for _ in range(3):
        at = {
            name: value + 0.3 * rng.standard_normal(value.shape)
            for name, value in graph.initial_point().items()
        }
        path, intercept, sigma, between = tools(at)
        known = model.path_of >= 0
        slopes = path[np.where(known, model.path_of, 0)] * known
        gamma = np.concatenate([intercept[:, None], slopes], axis=1)
        tau = np.zeros_like(gamma)
        tau[model.varies] = between
        stated = by_rows(model, gamma, tau, sigma) + _prior(model, gamma, tau, sigma, priors)
        differences.append(float(density(at)) - stated)
    assert np.ptp(differences) < 1e-8


def _prior(
    model: Design, gamma: np.ndarray, tau: np.ndarray, sigma: np.ndarray, priors: dict[str, str]
) -> float:
    total = stats.halfnorm(scale=2).logpdf(sigma * model.scale_y).sum()
    for e, (mean, cov) in enumerate(raw(model, gamma, tau)):
        means = stats.uniform(-5, 14) if "uniform" in priors["means"] else stats.norm(0, 10)
        total += means.logpdf(mean[0]) + stats.halfnorm(scale=1).logpdf(np.sqrt(np.diag(cov))).sum()
        for k, name in enumerate(TWO[e].parameters):
            own = stats.t(3, 1, 0.2) if name in priors else stats.norm(0, 2)
            total += own.logpdf(mean[k + 1])
    return float(total)


def test_groups_are_drawn_from_their_conditional_normal() -> None:
    model = arrays(FRAME, priors=LITERAL)
    gamma, tau, sigma = point(model, np.random.default_rng(8))
    S = 20_000
    many = [np.repeat(part, S, axis=0) for part in (gamma, tau, sigma)]
    drawn = draw_groups(model, *many, np.random.default_rng(9))
    e, g, p = 0, 3, 2
    X, y = rows_of(FRAME, TWO[e], model.groups[g])
    mean, cov = raw(model, gamma[0], tau[0])[e]
    V = (sigma[0, e] * model.scale_y[e]) ** 2 * np.eye(len(y)) + X @ cov @ X.T
    gain = cov @ X.T @ np.linalg.inv(V)
    expected, left = mean + gain @ (y - X @ mean), cov - gain @ X @ cov
    step = model.scale_y[e] / model.scale_x[e, :p]
    slopes = drawn[:, e, g, 1 : p + 1] * step
    at = model.mean_y[e] + model.scale_y[e] * drawn[:, e, g, 0] - slopes @ model.mean_x[e, :p]
    found = np.column_stack([at, slopes])
    se = np.sqrt(np.diag(left) / S)
    assert (np.abs(found.mean(axis=0) - expected) < 4 * se).all()
    np.testing.assert_allclose(np.cov(found.T), left, rtol=0.06, atol=0.02 * np.sqrt(left[0, 0] * left[1, 1]))


def test_groups_without_rows_follow_the_population() -> None:
    frame = FRAME.assign(vertrek=FRAME["vertrek"].where(FRAME["sector"] != "Provincies"))
    model = arrays(frame)
    gamma, tau, sigma = (np.repeat(part, 5000, axis=0) for part in point(model, np.random.default_rng(8)))
    drawn = draw_groups(model, gamma, tau, sigma, np.random.default_rng(9))[:, 1, 3, :2]
    np.testing.assert_allclose(drawn.std(axis=0), tau[0, 1, :2], rtol=0.06)
