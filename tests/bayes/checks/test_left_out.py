"""Densities of left-out groups against exact ones, by a grid over the three SDs of a small regression."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.special import logsumexp

from tests.bayes.cases import LITERAL, ONE, arrays, survey
from werksem.bayes.checks.left_out_scores import (
    Fitting,
    fitted_to,
    group_density,
    leave_groups_out,
    only,
    unpooled,
    without,
)
from werksem.bayes.graph import pymc_model, use_numba
from werksem.bayes.sample import Sampled, sample_model
from werksem.spec.study import Bayes

SIZES = {"a": 24, "b": 9, "c": 7, "d": 2}
FRAME = survey(3, SIZES).rename(columns={"wendbaar": "x", "betrokkenheid": "y"})
SETTINGS = Bayes(vary=("paths", "means"), draws=2000, seed=5, priors=dict(**LITERAL))
AXES = ((0, 5.0, 18), (0, 3.0, 18), (0.2, 1.8, 18))


def nodes(low: float, high: float, n: int) -> list[tuple[float, float]]:
    """Return the nodes and weights of Gauss and Legendre's rule."""
    x, w = np.polynomial.legendre.leggauss(n)
    return list(zip(low + (x + 1) * (high - low) / 2, w * (high - low) / 2, strict=True))


def evidence(frame, axes=AXES) -> float:
    """Return log p(y) under the literal priors; y is jointly normal given (tau_a, tau_b, sigma)."""
    X = np.column_stack([np.ones(len(frame)), frame["x"]])
    y, code = frame["y"].to_numpy(), frame["sector"].to_numpy()
    together = code[:, None] == code[None, :]
    parts = [np.outer(X[:, k], X[:, k]) for k in range(2)]
    fixed = 100 * parts[0] + 4 * parts[1]
    cells = [nodes(*axis) for axis in axes]
    values = []
    for ta, va in cells[0]:
        for tb, vb in cells[1]:
            w, U = np.linalg.eigh(fixed + together * (ta**2 * parts[0] + tb**2 * parts[1]))
            turned = U.T @ y
            for s, vs in cells[2]:
                total = w + s**2
                value = -0.5 * (np.log(2 * np.pi * total) + turned**2 / total).sum()
                prior = stats.halfnorm.logpdf([ta, tb]).sum() + stats.halfnorm.logpdf(s, scale=2)
                values.append(value + prior + np.log(va * vb * vs))
    return float(logsumexp(values))


@pytest.fixture(scope="module")
def model():
    use_numba()
    return arrays(FRAME, ONE, priors=LITERAL)


@pytest.fixture(scope="module")
def fit(model) -> Sampled:
    return sample_model(pymc_model(model, exchange=True), chains=4, draws=2000, tune=1000, seed=5, quiet=True)


@pytest.fixture(scope="module")
def table(model, fit):
    return leave_groups_out(model, fit, SETTINGS, quiet=True).set_index("group")


def test_groups_left_out_have_their_exact_density(table) -> None:
    assert table.index.tolist() == list(SIZES)
    assert table["n"].tolist() == list(SIZES.values())
    assert (table["mc_error"] < 0.1).all()
    assert table["no_pooling"].isna().all()  # the study's own priors: not said
    everyone = evidence(FRAME)
    for group in SIZES:
        exact = everyone - evidence(FRAME[FRAME["sector"] != group])
        assert abs(table.loc[group, "log_density"] - exact) < 4 * table.loc[group, "mc_error"] + 0.01
    assert table.loc["a", "per_respondent"] == pytest.approx(table.loc["a", "log_density"] / 24)


def test_complete_pooling_has_its_exact_density(table) -> None:
    zero = ((0, 1e-9, 1), (0, 1e-9, 1), (0.25, 2.0, 60))
    everyone = evidence(FRAME, zero)
    for group in SIZES:
        exact = everyone - evidence(FRAME[FRAME["sector"] != group], zero)
        found = table.loc[group]
        assert abs(found["complete_pooling"] - exact) < 4 * found["complete_pooling_error"] + 0.01


def test_a_refit_without_compiling_is_the_refit(model, fit) -> None:
    rest = without(model, 1)
    fitting = Fitting(SETTINGS, "nutpie")
    again = fitted_to(rest, None, fitting)
    np.testing.assert_allclose(
        fitted_to(rest, fit.ready, fitting).values["path"].mean(), again.values["path"].mean(), atol=0.01
    )
    assert abs(again.values["path"].mean() - fit.values["path"].mean()) > 1e-4


def test_without_pooling_the_priors_speak() -> None:
    """By the joint normal of one group's answers, at every draw of the residual SD."""
    model = arrays(FRAME, ONE)
    sigma = np.random.default_rng(1).uniform(0.5, 1.5, (1, 6, 1))
    fit = Sampled({"path": np.zeros((1, 6, 1)), "residual_sd": sigma}, {}, 0, "", {})
    found = unpooled(model, 1, fit)[0]
    part = FRAME[FRAME["sector"] == "b"]
    x = (part["x"].to_numpy() - model.mean_x[0, 0]) / model.scale_x[0, 0]
    y = (part["y"].to_numpy() - model.mean_y[0]) / model.scale_y[0]
    for s, value in zip(sigma[0, :, 0], found, strict=True):
        cov = 2.5**2 + 0.5**2 * np.outer(x, x) + s**2 * np.eye(len(x))
        exact = stats.multivariate_normal(np.zeros(len(x)), cov).logpdf(y) - len(y) * np.log(model.scale_y[0])
        assert value == pytest.approx(exact, rel=1e-10)


def test_a_group_of_one_and_of_none(model) -> None:
    assert only(model, 3).groups == ("d",)
    assert only(model, 3).n.tolist() == [[2.0]]
    empty = without(without(without(model, 0), 1), 2)
    fit = Sampled({}, {}, 0, "", {})
    assert leave_groups_out(empty, fit, SETTINGS).empty


@pytest.mark.slow
def test_pymc_refits_give_the_same(model) -> None:
    settings = SETTINGS.model_copy(update={"draws": 1000})
    fit = fitted_to(model, None, Fitting(settings, "pymc"))
    assert fit.ready is None
    rest = fitted_to(without(model, 0), fit.ready, Fitting(settings, "pymc"))
    other = fitted_to(without(model, 0), None, Fitting(settings, "nutpie"))
    first, second = group_density(model, 0, rest), group_density(model, 0, other)
    assert np.median(first) == pytest.approx(np.median(second), abs=0.2)
