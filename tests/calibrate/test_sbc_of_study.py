"""Surveys simulated from a study's posterior: drawn as its rows are, and its own posterior is calibrated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.bayes.cases import ONE, TWO, arrays, rows_of, survey
from tests.calibrate.calibrated import nothing
from werksem.bayes.design import Design, design
from werksem.bayes.draws import raw_draws
from werksem.bayes.graph import data_of
from werksem.bayes.joint import joint_statistics
from werksem.bayes.latent.design import LatentDesign
from werksem.bayes.latent.draws import LatentDraws, group_theta
from werksem.bayes.latent.groups import group_moments
from werksem.bayes.latent.prepare import prepared
from werksem.bayes.marginal import log_likelihood
from werksem.bayes.priors import given_priors
from werksem.bayes.sample import Sampled
from werksem.bayes.statistics import group_labels
from werksem.calibrate.sbc import ranks_of
from werksem.calibrate.sbc_intervals import in_units_of, posterior_intervals
from werksem.calibrate.sbc_latent import both, drawn_moments
from werksem.calibrate.sbc_level import Level
from werksem.calibrate.sbc_moments import drawn_cross, squares, with_both, without_answers
from werksem.calibrate.sbc_prior import prior_sampled
from werksem.calibrate.sbc_scores import Ready, compiled_scores, fitted, scores_level, simulated
from werksem.calibrate.sbc_table import EVERY, calibrated
from werksem.errors import DataError, SpecError
from werksem.implied import implied_moments
from werksem.inputs import Inputs
from werksem.rows import Options
from werksem.spec.load import load_model
from werksem.spec.study import Bayes

FRAME = survey(3, {"a": 12, "b": 7, "c": 30})
FRAME["vertrek"] = FRAME["vertrek"].fillna(3.0)


def test_groups_are_drawn_with_noise_of_every_survey_its_own() -> None:
    """The same noise in every survey would move the ranks of all surveys together."""
    ready = Ready(joint_design(FRAME), Bayes(level="scores", vary=("paths", "means")), (), None, ())
    level = scores_level(ready, 5, 1, prior=True, cores=1)
    chain = prior_sampled(ready.design, 400, np.random.default_rng(2))
    data = level.survey(0)[1]
    one, two = (level.values(chain, data, seed) for seed in (1, 2))
    group = np.array([g in ("a", "b", "c") for _, g in level.names])
    typical = np.array([g == "typical" for _, g in level.names])
    np.testing.assert_array_equal(one[:, typical], two[:, typical])
    assert (one[:, group] != two[:, group]).mean() > 0.9


def test_units_within_groups_are_drawn_around_them() -> None:
    """Two groups of 150 units: intercepts of units have the SD that the truth says, beside sampling error."""
    rng = np.random.default_rng(1)
    rows, units = 20, 300
    x = rng.standard_normal(units * rows)
    frame = pd.DataFrame({"x": x, "y": x + rng.standard_normal(len(x))})
    unit = pd.Series(np.repeat(np.arange(units).astype(str), rows))
    labels, code = group_labels(pd.Series(np.repeat(["a", "b"], len(x) // 2)), len(x))
    found, joints = joint_statistics(ONE, frame, labels, code, None, (), unit)
    model = design(found, ("means",), given_priors({}, []), joints, ("means",))
    ready = Ready(model, Bayes(level="scores", vary=("means",)), (), None, ())
    given = {"path": [[0.5]], "intercept": [[0.0]], "residual_sd": [[0.8]], "between_sd": [[0.0]],
             "nested_sd": [[0.6]]}  # fmt: skip
    truth = Sampled({name: np.array(value)[None] for name, value in given.items()}, {}, 0.0, "given", {})
    empty = without_answers(ready.design)
    cross = simulated(empty, model, truth, raw_draws(empty, truth, 1), rng)[0]
    means = (cross[:, 0, 2] - 0.5 * cross[:, 0, 1]) / cross[:, 0, 0]
    expected = 0.6**2 + 0.8**2 / rows
    assert means.var(ddof=1) == pytest.approx(expected, rel=4 * np.sqrt(2 / units))
    np.testing.assert_allclose(cross[:, :2, :2], model.blocks[0].cross[:, :2, :2], atol=1e-9)


@pytest.mark.parametrize("df", [0.0, 1.0, 2.6, 40.0])
def test_squares_have_the_wishart_mean_and_variance(df: float) -> None:
    rng = np.random.default_rng(2)
    found = np.stack([squares(df, 2, rng) for _ in range(8000)])
    whole = df if df > 1 else round(df)
    se = np.sqrt(max(whole, 1) / 8000)
    assert found[:, 0, 0].mean() == pytest.approx(whole, abs=6 * se)
    assert found[:, 1, 0].mean() == pytest.approx(0.0, abs=5 * se)
    assert found[:, 0, 1].var() == pytest.approx(whole, rel=0.15, abs=1e-12)


def joint_design(frame: pd.DataFrame) -> Design:
    """Return two regressions whose residuals covary, the first outcome predicting the second."""
    labels, code = group_labels(frame["sector"], len(frame))
    equations = (TWO[0], replace(TWO[1], predictors=("betrokkenheid", "veilig"), parameters=("c1", "c2")))
    found, joints = joint_statistics(
        equations, frame, labels, code, None, (("betrokkenheid", "vertrek"),), None
    )
    return design(found, ("paths", "means"), given_priors({}, []), joints)


def drawn_rows(model: Design, b: np.ndarray, root: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return (G, K + E, K + E) cross-products of rows, the first outcome drawn before the second."""
    out = []
    for label, own in zip(model.groups, b, strict=True):
        x = FRAME.loc[FRAME["sector"] == label, ["veilig", "wendbaar"]].to_numpy()
        z = (x - model.mean_x[0, :2]) / model.scale_x[0, :2]
        e = rng.standard_normal((len(x), 2)) @ root.T
        y = own[0] + z @ own[1:3] + e[:, 0]
        raw = model.mean_y[0] + model.scale_y[0] * y
        again = (raw - model.mean_x[1, 0]) / model.scale_x[1, 0]
        v = (x[:, 0] - model.mean_x[1, 1]) / model.scale_x[1, 1]
        w = own[3] + again * own[4] + v * own[5] + e[:, 1]
        ones = np.ones(len(x))
        rows = np.column_stack([ones, z, ones, again, v, y, w])
        out.append(rows.T @ rows)
    return np.stack(out)


def test_cross_products_are_distributed_as_those_of_rows() -> None:
    """A chain inside a joint block: means and covariances of all cross-products, against rows."""
    model, rng = joint_design(FRAME), np.random.default_rng(6)
    b = rng.normal(0, 0.4, (3, 6))
    root = np.array([[0.8, 0.0], [0.3, 0.6]])
    fast = np.stack([drawn_cross(model, 0, b, root, rng) for _ in range(2000)])
    slow = np.stack([drawn_rows(model, b, root, rng) for _ in range(2000)])
    se = np.sqrt((fast.var(axis=0) + slow.var(axis=0)) / 2000) + 1e-9
    assert (np.abs(fast.mean(axis=0) - slow.mean(axis=0)) / se).max() < 5
    spread = fast.var(axis=0) > 1e-9
    np.testing.assert_allclose(fast.std(axis=0)[spread], slow.std(axis=0)[spread], rtol=0.1)
    given = slow.std(axis=0) < 1e-9  # what is answered stays as it was
    np.testing.assert_allclose(fast.mean(axis=0)[given], slow.mean(axis=0)[given], atol=1e-9)
    ones = [fast[:, g, -1, -2] for g in range(3)], [slow[:, g, -1, -2] for g in range(3)]
    assert all(stats.ks_2samp(f, s).pvalue > 1e-4 for f, s in zip(*ones, strict=True))


def test_a_group_smaller_than_its_predictors_is_drawn_too() -> None:
    frame = survey(4, {"a": 50, "b": 2, "c": 1})
    frame["vertrek"] = frame["vertrek"].fillna(3.0)
    model = joint_design(frame)
    found = drawn_cross(model, 0, np.zeros((3, 6)), np.eye(2), np.random.default_rng(1))
    assert np.isfinite(found).all()
    assert np.linalg.matrix_rank(found[2]) == 1
    assert np.linalg.matrix_rank(found[1]) == 2


def test_observed_and_simulated_together_are_the_rows_of_both() -> None:
    model = joint_design(FRAME)
    twice = joint_design(pd.concat([FRAME, FRAME], ignore_index=True))
    both = with_both(model, [block.cross for block in model.blocks], observed=True)
    unit = np.concatenate([[1.0], twice.scale_x[0], [1.0], twice.scale_x[1], twice.scale_y])
    own = np.concatenate([[1.0], model.scale_x[0], [1.0], model.scale_x[1], model.scale_y])
    np.testing.assert_array_equal(both.blocks[0].n, twice.blocks[0].n)
    np.testing.assert_allclose(
        both.blocks[0].cross * np.outer(own, own), twice.blocks[0].cross * np.outer(unit, unit), atol=1e-9
    )
    assert {name: value.shape for name, value in data_of(both).items()} == {
        name: value.shape for name, value in data_of(model).items()
    }


def test_truths_of_the_prior_are_distributed_as_it_says() -> None:
    model = joint_design(FRAME)
    found = {k: v[0] for k, v in prior_sampled(model, 20_000, np.random.default_rng(1)).values.items()}
    for k, prior in enumerate(model.path_priors):
        assert found["path"][:, k].std() == pytest.approx(prior.parameters[1], rel=0.03)
    for t, prior in enumerate(model.between_priors):
        assert (found["between_sd"][:, t] ** 2).mean() == pytest.approx(prior.parameters[-1] ** 2, rel=0.05)
    # lkj(eta) of two variables: rho = 2 u - 1, u ~ Beta(eta, eta), of variance 1 / (2 eta + 1)
    eta = model.residual_prior.parameters[0]
    assert found["residual_correlation"].var() == pytest.approx(1 / (2 * eta + 1), rel=0.05)


def test_nothing_is_drawn_from_a_flat_prior() -> None:
    model = arrays(FRAME, priors={"paths": "flat()"})
    with pytest.raises(SpecError, match=r"nothing can be drawn from flat\(\); right is a proper prior"):
        prior_sampled(model, 10, np.random.default_rng(1))


def test_rows_of_the_case_are_what_the_design_has() -> None:
    """The rows that the simulation is held to are those of the arrays."""
    model = joint_design(FRAME)
    X, y = rows_of(FRAME, TWO[0], "a")
    assert model.blocks[0].cross[0, 0, 0] == len(y)
    np.testing.assert_allclose(
        model.blocks[0].cross[0, 0, 1], ((X[:, 1] - model.mean_x[0, 0]) / model.scale_x[0, 0]).sum()
    )


def test_other_respondents_are_put_into_the_studys_units() -> None:
    """The likelihood of a new survey is the same in its own units and in those of the study."""
    old, new = joint_design(FRAME), joint_design(survey(21, {"a": 20, "b": 9, "c": 14}).fillna(3.0))
    found = in_units_of(old, new)
    rng = np.random.default_rng(3)
    intercept, slope, sigma = rng.normal(3, 1, (2, 1)), rng.normal(0, 0.3, (2, 2)), np.array([[0.7, 0.9]])

    def value(units: Design, data: Design) -> float:
        """Return the log-likelihood at raw intercepts and slopes, without differences between groups."""
        path = slope * units.scale_x / units.scale_y[:, None]
        at_means = intercept[:, 0] + (slope * units.mean_x).sum(axis=1) - units.mean_y
        gamma = np.concatenate([(at_means / units.scale_y)[:, None], path], axis=1)[None]
        scaled = replace(data, scale_y=units.scale_y, n=new.n)
        return float(log_likelihood(scaled, gamma, np.zeros_like(gamma), sigma / units.scale_y)[0])

    assert value(old, found) == pytest.approx(value(new, new), abs=1e-8)


def test_a_survey_of_other_groups_is_refused() -> None:
    other = FRAME.assign(sector=FRAME["sector"].replace("c", "elders"))
    with pytest.raises(DataError, match="a simulated survey has other groups than the study"):
        in_units_of(joint_design(FRAME), joint_design(other))


def latent_design() -> LatentDesign:
    rng = np.random.default_rng(4)
    f = np.repeat([0.0, 0.3, -0.2], (40, 25, 15)) + rng.standard_normal(80)
    g = 0.4 * f + rng.standard_normal(80)
    columns = {f"{name}{i}": 3 + of + 0.7 * rng.standard_normal(80)
               for name, of in (("x", f), ("y", g)) for i in (1, 2, 3)}  # fmt: skip
    settings = Bayes(level="latent", vary=("paths", "means"))
    group = pd.Series(np.repeat(list("abc"), (40, 25, 15)))
    model = load_model({"syntax": "f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\ng ~ f"})
    return prepared(model, pd.DataFrame(columns), group, None, settings, Options(True, True, "marker", ()))


def test_moments_of_latent_surveys_are_those_of_rows_and_add_up() -> None:
    design = latent_design()
    S, V = 3000, len(design.vary)
    rng = np.random.default_rng(2)
    deviation = 0.2 * rng.standard_normal((1, 3, V))
    truth = LatentDraws(
        1, design.expansion.base[None], np.full((1, V), 0.2), deviation, np.zeros((1, V)), np.zeros((1, 0)),
    )  # fmt: skip
    found = [drawn_moments(design, truth, rng) for _ in range(S)]
    for g, n in enumerate(design.moments.n):
        mu, Sigma = implied_moments(design.model, group_theta(design, truth, g)[0])
        means = np.stack([part.mean[g] for part in found])
        covs = np.stack([part.cov[g] for part in found])
        assert (np.abs(means.mean(axis=0) - mu) / np.sqrt(np.diag(Sigma) / n / S)).max() < 5
        np.testing.assert_allclose(np.cov(means.T) * n, Sigma, atol=0.12)
        # Wishart of n - 1 degrees of freedom: cov(s_ij) = (S_ii S_jj + S_ij²) (n - 1) / n²
        np.testing.assert_allclose(covs.mean(axis=0), Sigma * (n - 1) / n, atol=0.05)
        size = np.outer(np.diag(Sigma), np.diag(Sigma)) + Sigma**2
        np.testing.assert_allclose(covs.var(axis=0), size * (n - 1) / n**2, rtol=0.2)


def test_two_sets_of_moments_are_those_of_all_rows() -> None:
    design = latent_design()
    rng = np.random.default_rng(6)
    code = np.repeat([0, 1, 2], (40, 25, 15))
    one, two = (rng.standard_normal((80, 6)) + code[:, None] for _ in range(2))
    old = group_moments(one - design.centre, design.moments.groups, code)
    new = group_moments(two - design.centre, design.moments.groups, code)
    whole = group_moments(np.concatenate([one, two]), design.moments.groups, np.concatenate([code, code]))
    found = both(replace(design, moments=old), new)
    np.testing.assert_array_equal(found.n, whole.n)
    np.testing.assert_allclose(found.mean, whole.mean, atol=1e-12)
    np.testing.assert_allclose(found.cov, whole.cov, atol=1e-12)


def study_of(frame: pd.DataFrame, truths: str = "posterior") -> tuple[Ready, Level]:
    """Return a small study of two regressions jointly, compiled, and its level for 120 surveys."""
    settings = Bayes(level="scores", vary=("paths", "means"), draws=1000)
    design = joint_design(frame)
    ready = Ready(design, settings, (), compiled_scores(design, settings), ())
    return ready, scores_level(ready, 120, 3, prior=truths == "prior", cores=2)


@pytest.mark.slow
@pytest.mark.parametrize("truths", ["posterior", "prior"])
def test_the_posterior_of_a_study_is_calibrated(truths: str) -> None:
    _, level = study_of(FRAME, truths)
    found = calibrated(ranks_of(level, 120, 3, 2, nothing))
    assert found["verdict"].iloc[0] == "calibrated", found.iloc[0]
    assert {"betrokkenheid~veilig", "betrokkenheid ~1", "betrokkenheid~~vertrek", EVERY} <= set(
        found["quantity"]
    )
    assert {"all", "typical", "a", "b", "c"} == set(found["group"])


@pytest.mark.slow
def test_a_likelihood_that_counts_respondents_twice_is_noticed() -> None:
    _, level = study_of(FRAME)

    def fit(data: Design, draws: int, seed: int) -> Sampled:
        blocks = tuple(replace(b, n=2 * b.n, cross=2 * b.cross) for b in data.blocks)
        return level.fit(replace(data, blocks=blocks), draws, seed)

    found = calibrated(ranks_of(replace(level, fit=fit), 120, 3, 2, nothing)).iloc[0]
    assert found["verdict"] == "not calibrated"
    assert found["width"] > 1.1


@pytest.mark.slow
def test_intervals_of_simulated_respondents_are_those_of_a_fit_to_them() -> None:
    """The study's own answers, handed in as a survey, give the study's own posterior."""
    ready, _ = study_of(FRAME)
    group, scores = FRAME["sector"], FRAME.drop(columns="sector")
    inputs = Inputs(None, None, scores, group, None, None, None, None, {})
    found = posterior_intervals(ready, lambda _: inputs, surveys=2, seed=1, jobs=1, tick=nothing)
    done = fitted(ready, ready.design, chains=4, draws=2000, tune=1000, seed=9, cores=2)
    draws = raw_draws(ready.design, done, 9)
    row = found[(found["group"] == "c") & (found["rhs"] == "wendbaar") & (found["survey"] == 0)].iloc[0]
    slope = draws.group[:, 0, 2, 2]
    assert row["est"] == pytest.approx(slope.mean(), abs=0.15 * slope.std())
    assert row["ci_lower"] == pytest.approx(np.quantile(slope, 0.025), abs=0.25 * slope.std())
    assert set(found["survey"]) == {0, 1}
