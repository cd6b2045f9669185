"""Answers in categories: the density that is sampled, its mode, and the checks before it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.optimize import minimize

from tests.bayes.discrete_cases import FAMILIES, LITERAL, arrays, point, regression, survey
from tests.cases import REFERENCE
from werksem.bayes.discrete.cells import categories
from werksem.bayes.discrete.design import discrete
from werksem.bayes.discrete.graph import log_likelihood, log_likelihood_graph, pymc_model
from werksem.bayes.discrete.likelihood import log_likelihood as by_numpy
from werksem.bayes.discrete.likelihood import log_probabilities
from werksem.bayes.graph import use_numba
from werksem.bayes.priors import given_priors
from werksem.errors import DataError, SpecError

FRAME = survey()
FLAT = {"paths": "flat()", "means": "flat()"}


@pytest.mark.parametrize("family", FAMILIES)
def test_op_and_graph_equal_numpy(family: str) -> None:
    use_numba()
    import pytensor
    import pytensor.tensor as pt

    model = arrays(FRAME, family)
    names = [pt.dmatrix("beta"), pt.dvector("cut")]
    values = [form(model, *names) for form in (log_likelihood, log_likelihood_graph)]
    slopes = [pytensor.grad(value, names) for value in values]
    both = pytensor.function(names, [*values, *slopes[0], *slopes[1]], mode="FAST_COMPILE")
    beta, cut = point(model, 4)
    op, graph, d_beta, d_cut, g_beta, g_cut = both(beta, cut)
    assert op == pytest.approx(by_numpy(model.cells, model.x, family, beta, cut), rel=1e-12)
    assert graph == pytest.approx(op, rel=1e-10)
    np.testing.assert_allclose(d_beta, g_beta, atol=1e-8)
    np.testing.assert_allclose(d_cut, g_cut, atol=1e-8)


@pytest.mark.parametrize("family", FAMILIES)
def test_counts_equal_rows(family: str) -> None:
    model, rows = arrays(FRAME, family), arrays(FRAME, family, collapse=False)
    assert len(rows.x) == len(FRAME) > len(model.x)
    beta, cut = point(model, 5)
    found = [by_numpy(m.cells, m.x, family, beta, cut) for m in (model, rows)]
    assert found[0] == pytest.approx(found[1], rel=1e-12)
    # and the rows are the survey's own
    y = regression(family).outcome
    at = FRAME["sector"].map({name: g for g, name in enumerate(FRAME["sector"].unique())}).to_numpy()
    X = np.column_stack([np.ones(len(FRAME)), (FRAME[["x", "w"]] - model.mean) / model.scale])
    logp = log_probabilities(family, (X * beta[at]).sum(axis=1), cut)
    number = np.searchsorted(model.values, FRAME[y])
    assert found[0] == pytest.approx(logp[np.arange(len(FRAME)), number].sum(), rel=1e-12)


def _graph_functions(model: Any, names: list[str]) -> tuple[Any, Any, Any]:
    graph = pymc_model(model)
    density = graph.compile_fn(graph.logp(jacobian=False), mode="FAST_COMPILE")
    tools = graph.compile_fn(
        graph.replace_rvs_by_values([graph[n] for n in names]), mode="FAST_COMPILE", on_unused_input="ignore"
    )
    return graph, density, tools


@pytest.mark.parametrize("family", FAMILIES)
def test_without_groups_and_under_flat_priors_the_mode_is_that_of_glm_and_polr(family: str) -> None:
    use_numba()
    frame = pd.read_csv(REFERENCE / "discrete_data.csv").assign(sector="one")
    model = arrays(frame, family, priors=FLAT, grouped=False)
    names = ["path", "intercept"] + (["cutpoint"] if family == "ordered" else [])
    graph, density, tools = _graph_functions(model, names)
    start = graph.initial_point()
    sizes = {name: np.size(value) for name, value in start.items()}

    def unpacked(theta: np.ndarray) -> dict[str, np.ndarray]:
        parts = np.split(theta, np.cumsum(list(sizes.values()))[:-1])
        return {n: part.reshape(np.shape(start[n])) for n, part in zip(sizes, parts, strict=True)}

    begin = np.concatenate([np.ravel(value) for value in start.values()])
    done = minimize(lambda t: -float(density(unpacked(t))), begin, method="BFGS", options={"gtol": 1e-7})
    path, intercept, *cut = tools(unpacked(done.x))
    slopes = path / model.scale
    level = intercept[0] - slopes @ model.mean
    found = [level, *slopes]
    if family == "ordered":
        thresholds = np.insert(cut[0], len(cut[0]) // 2 + len(cut[0]) % 2, 0.0) - level
        found = [*slopes, *thresholds]
    table = pd.read_csv(REFERENCE / "discrete.csv")
    np.testing.assert_allclose(found, table.loc[table["family"] == family, "value"], atol=1e-4)


@pytest.mark.parametrize(("family", "priors"), [("probit", LITERAL), ("ordered", LITERAL), ("logit", {})])
def test_the_sampled_model_is_the_stated_one(family: str, priors: dict[str, str]) -> None:
    """Log-posterior differences between points, priors and deviations by scipy: the constants cancel."""
    from dataclasses import replace

    use_numba()
    model = arrays(FRAME, family, priors=priors)
    # a group that cannot tell its own coefficients is sampled non-centred
    model = replace(model, own_se=np.vstack([model.own_se[:2], np.full((1, 3), np.inf)]))
    names = ["path", "intercept", "between_sd", "coefficient"]
    graph, density, tools = _graph_functions(model, names + ["cutpoint"] * (family == "ordered"))
    rng, differences = np.random.default_rng(6), []
    for _ in range(3):
        at = {n: v + 0.3 * rng.standard_normal(np.shape(v)) for n, v in graph.initial_point().items()}
        path, intercept, tau, beta, *rest = tools(at)
        cut = np.sort([*rest[0], 0.0]) if rest else np.zeros(1)
        beta, gamma = beta.reshape(model.own.shape), np.concatenate([intercept, path])
        stated = by_numpy(model.cells, model.x, family, beta, cut)
        off = beta - gamma
        off[:, 0] -= off[:, 1:] @ (model.mean / model.scale * bool(priors))
        # what is sampled is standard normal about a precision-weighted mean: this is its Jacobian
        spread = _conditional(tau, model.mean / model.scale) if priors else tau
        stated += (stats.norm(0, tau).logpdf(off) - np.log(1 / spread**2 + 1 / model.own_se**2) / 2).sum()
        stated += _prior(model, gamma, tau, cut, priors)
        differences.append(float(density(at)) - stated)
    assert np.ptp(differences) < 1e-8


def _conditional(tau: np.ndarray, lever: np.ndarray) -> np.ndarray:
    """Return the SDs of the intercept at the means, and of each path given it and the paths before."""
    A = np.eye(3)
    A[0, 1:] = lever
    return np.diag(np.linalg.cholesky(A @ np.diag(tau**2) @ A.T))


def _prior(model: Any, gamma: np.ndarray, tau: np.ndarray, cut: np.ndarray, priors: dict[str, str]) -> float:
    unit = np.concatenate([[1.0], model.scale])
    if not priors:
        sds = np.array([0.25, 0.1, 0.1]) * model.unit
        total = stats.halfnorm(scale=sds).logpdf(tau).sum()
        total += stats.norm(0, 0.5 * model.unit).logpdf(gamma[1:]).sum()
        return float(total + stats.norm(0, 2.5 * model.unit).logpdf(gamma[0]))
    level = gamma[0] - (gamma[1:] * model.mean / model.scale).sum()
    total = stats.norm(0, 1).logpdf(gamma[1:] / model.scale).sum()
    total += stats.halfnorm(scale=1).logpdf(tau / unit).sum()
    return float(total + stats.norm(0, 3).logpdf(cut - level if model.family == "ordered" else level).sum())


def test_a_category_that_was_never_answered_is_dropped_with_a_sentence() -> None:
    values, said = categories("item", "ordered", np.array([0.0, 10, 9, 9, 3, 10, np.nan]))
    assert values.tolist() == [0, 3, 9, 10]
    assert said == ("bayes: category 1, 2, 4, 5, 6, 7, 8 of 'item' was never answered and is dropped",)


@pytest.mark.parametrize(
    ("family", "values", "said"),
    [
        ("probit", [1.0, 2, 3], "exactly two values, found 1, 2, 3"),
        ("logit", [1.0, 1, 1], "exactly two values, found 1;"),
        ("ordered", [1.0, 2.5, 3], "whole numbers, found 2.5"),
        ("ordered", [0.0, 1, 1], "at least three categories, found 0, 1; right is probit"),
    ],
)
def test_answers_of_another_kind_are_refused(family: str, values: list[float], said: str) -> None:
    with pytest.raises(DataError, match=said):
        categories("y", family, np.array(values))


def test_two_equal_labels_and_bounded_priors_are_refused() -> None:
    equation = regression("probit")
    code = np.zeros(len(FRAME), dtype=np.int64)
    twice = type(equation)("yes", ("x", "w"), ("b", "b"))
    with pytest.raises(SpecError, match="a label of its own"):
        discrete(twice, "probit", FRAME, ("all",), code, None, (), given_priors({}, ["b"]))
    given = given_priors({"means": "uniform(0, 1)"}, [])
    with pytest.raises(SpecError, match="uniform is bounded"):
        discrete(equation, "probit", FRAME, ("all",), code, None, (), given)
