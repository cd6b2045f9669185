"""Checks of joint regressions and of a third level: densities are those of all outcomes together."""

from __future__ import annotations

import arviz as az
import numpy as np
import pytest
from scipy import stats

from tests.bayes.checks.cases import plain_draws
from tests.bayes.test_joint import FRAME, SETUPS, THREE, arrays, implied, point, raw_parts
from werksem.bayes.checks.left_out_scores import only, unpooled, varying, without
from werksem.bayes.checks.loo_scores import loo_scores
from werksem.bayes.graph import Roots, data_of, pymc_model, use_numba
from werksem.bayes.graph import log_likelihood as log_likelihood_op
from werksem.bayes.marginal import log_likelihood
from werksem.bayes.sample import Sampled
from werksem.spec.study import Bayes


@pytest.mark.parametrize("name", SETUPS)
def test_a_group_and_the_rest_are_the_whole(name: str) -> None:
    """Given the parameters, groups are independent: their log densities add up to that of all rows."""
    model = arrays(SETUPS[name])
    at, more = point(model, 7)
    whole = log_likelihood(model, *at, more)[0]
    alone = [log_likelihood(only(model, g), *at, more)[0] for g in range(len(model.groups))]
    assert sum(alone) == pytest.approx(whole, abs=1e-9)
    rest = log_likelihood(without(model, 1), *at, more)[0]
    assert rest == pytest.approx(whole - alone[1], abs=1e-9)


def test_a_group_has_the_density_of_its_rows() -> None:
    model = arrays(SETUPS["everything"])
    at, more = point(model, 8)
    parts = raw_parts(model, model.blocks[0], at, more, 0)
    _, y, mean, V = implied(model.blocks[0], parts, FRAME[FRAME["sector"] == "B"])
    found = log_likelihood(only(model, 1), *at, more)[0]
    assert found == pytest.approx(stats.multivariate_normal(mean, V).logpdf(y), abs=1e-8)


@pytest.mark.parametrize("name", ["two outcomes", "everything"])
def test_exchanged_data_reach_the_kernel(name: str) -> None:
    use_numba()
    import pytensor

    model = arrays(SETUPS[name])
    at, more = point(model, 9)
    roots = [tuple(None if r is None else r[0] for r in part)
             for part in (more.residual, more.between, more.within)]  # fmt: skip
    here = (part[0] for part in at)
    value = log_likelihood_op(model, *here, Roots(*roots, more.nested[0]), exchange=True)
    density = pytensor.function([], value, mode="FAST_COMPILE")
    shared = {part.name: part for part in density.get_shared()}
    other = without(model, 0)
    for key, part in data_of(other).items():
        shared[key].set_value(part)
    constant = float((model.n - other.n).T @ np.log(model.scale_y) @ np.eye(4)[0])
    assert float(density()) + constant == pytest.approx(log_likelihood(other, *at, more)[0], abs=1e-9)


def test_a_compiled_model_samples_joint_regressions_without_a_group() -> None:
    from werksem.bayes.checks.left_out_scores import Fitting, fitted_to
    from werksem.bayes.sample import compiled

    model = arrays(SETUPS["two outcomes"])
    fitting = Fitting(Bayes(vary=("means", "paths"), draws=500, tune=500, chains=2, seed=4), "nutpie")
    ready = compiled(pymc_model(model, exchange=True))
    rest = without(model, 0)
    again, fresh = fitted_to(rest, ready, fitting), fitted_to(rest, None, fitting)
    for key in ("path", "residual_correlation"):
        np.testing.assert_allclose(again.values[key].mean((0, 1)), fresh.values[key].mean((0, 1)), atol=0.05)


def test_without_pooling_residuals_still_covary() -> None:
    """By the joint normal of one group's two outcomes, the priors' coefficients integrated out."""
    model = arrays(SETUPS["two outcomes"])
    block = model.blocks[0]
    sigma, rho = np.array([0.7, 0.9, 1.2]), 0.6
    draws = {"path": np.zeros((1, 1, 5)), "residual_sd": sigma[None, None],
             "residual_correlation": np.full((1, 1, 1), rho)}  # fmt: skip
    found = unpooled(model, 3, Sampled(draws, {}, 0, "", {}))[0, 0]
    free = varying(model, every=True)
    tau = np.concatenate([np.full((3, 1), 2.5), 0.5 * np.abs(model.ratio)], axis=1)
    total = 0.0
    for b, block in enumerate(model.blocks):
        more = type("More", (), {"between": (None,) * 2, "within": (None,) * 2, "nested": np.zeros((1, 3, 3)),
                                 "residual": [None, None]})  # fmt: skip
        if len(block.members) == 2:
            more.residual[b] = np.linalg.cholesky([[1, rho], [rho, 1]])[None]
        parts = raw_parts(free, block, [np.zeros((1, 3, 3)), tau[None], sigma[None]], more, b)
        _, y, mean, V = implied(block, parts, FRAME[FRAME["sector"] == "D"])
        total += stats.multivariate_normal(mean, V).logpdf(y)
    assert found == pytest.approx(total, abs=1e-8)


@pytest.mark.filterwarnings("ignore:Estimated shape parameter")  # ArviZ says it, loo.csv counts it
def test_a_respondents_joint_outcomes_are_left_out_together() -> None:
    model = arrays(SETUPS["two outcomes"])
    rng = np.random.default_rng(3)
    S, G = 200, 4
    b = np.array([1.0, 0.4, 0.2]) + 0.03 * rng.standard_normal((S, 3, G, 3))
    sigma, rho = 0.9 + 0.03 * rng.standard_normal((S, 3)), rng.uniform(0.4, 0.6, (S, 1))
    draws = plain_draws(b, sigma, rho)
    code = FRAME["sector"].map({"A": 0, "B": 1, "C": 2, "D": 3}).to_numpy()
    codes = np.tile(code, (3, 1))
    codes[[0, 2]] = np.where(FRAME[["x", "z", "y", "m", "w"]].notna().all(axis=1), code, -1)
    codes[1] = np.where(FRAME["x"].notna(), code, -1)
    found = loo_scores(model, draws, FRAME, codes).set_index(["variable", "group"])
    assert found.index.get_level_values(0).unique().tolist() == ["y, w", "m"]
    rows = np.flatnonzero(codes[0] >= 0)
    values = np.empty((len(rows), S))
    for i, row in enumerate(rows):
        part, g = FRAME.iloc[row], code[row]
        for s in range(S):
            mean = [np.array([1, *part[list(THREE[e].predictors)]], float) @ b[s, e, g] for e in (0, 2)]
            cov = np.outer(sigma[s, [0, 2]], sigma[s, [0, 2]]) * [[1, rho[s, 0]], [rho[s, 0], 1]]
            values[i, s] = stats.multivariate_normal(mean, cov).logpdf(part[["y", "w"]].to_numpy(float))
    data = az.from_dict(posterior={"t": np.zeros((1, S))}, log_likelihood={"y": values.T[None]})
    assert found.loc[("y, w", "all"), "elpd"] == pytest.approx(az.loo(data, reff=1.0).elpd_loo, abs=1e-8)
    assert found.loc[("y, w", "all"), "n"] == len(rows)


def test_respondents_of_units_are_not_left_out() -> None:
    Bayes(leave_out=("respondents",))
    Bayes(leave_out=("groups",), nested="organisation")
    with pytest.raises(ValueError, match=r"where units within groups differ; right is leave_out: \[groups\]"):
        Bayes(leave_out=("respondents",), nested="organisation")
