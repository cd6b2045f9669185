"""Joint covariances of standardised estimates: lavaan, perturbed weights, closed forms, many samples."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.cases import REFERENCE, case, data_of, fitted
from werksem.engines.sem import SemResult
from werksem.engines.sem_joint import replicate_joint, sem_joint
from werksem.estimators.joint import Joint
from werksem.estimators.ols import fit_ols
from werksem.estimators.ols_joint import correlations_from_scores, joint_from_moments, joint_from_scores
from werksem.inference.vcov import vcov_ml
from werksem.moments import Moments, moments
from werksem.spec.types import Equation

XS = ("y1", "x1", "x2")
EQUATIONS = [Equation(y, XS, tuple(f"{y}~{x}" for x in XS)) for y in ("y5", "y6", "y7")]
REFERENCES = pd.read_csv(REFERENCE / "joint.csv", skipinitialspace=True)


def democracy() -> pd.DataFrame:
    return data_of("democracy").assign(unit=lambda d: np.arange(len(d)) % 15)


def covariances(joint: Joint, model: str) -> tuple[np.ndarray, np.ndarray]:
    """Return (ours, lavaan's) covariances of every pair of paths."""
    at = {name.replace(" ", ""): i for i, name in enumerate(joint.names)}
    rows = REFERENCES[REFERENCES["model"] == model]
    ours = [joint.cov[at[a], at[b]] for a, b in zip(rows["left"], rows["right"], strict=True)]
    return np.array(ours), rows["covariance"].to_numpy()


def test_three_regressions_equal_lavaans_saturated_path_model() -> None:
    data = democracy()
    ours, theirs = covariances(joint_from_scores(EQUATIONS, data), "ols")
    n, k = len(data), len(XS)
    # lavaan's sandwich has no correction for small samples
    np.testing.assert_allclose(ours * (n - k - 1) / n, theirs, rtol=2e-4, atol=2e-7)


def test_by_cluster_they_equal_lavaan() -> None:
    data = democracy()
    ours, theirs = covariances(joint_from_scores(EQUATIONS, data, cluster=data["unit"]), "cluster")
    n, k = len(data), len(XS)
    np.testing.assert_allclose(ours * (n - k - 1) / (n - 1), theirs, rtol=2e-4, atol=2e-7)


def fitted_sem() -> SemResult:
    _, model, data, _ = case("democracy")
    fit = fitted("democracy")
    vcov = vcov_ml(model, [data], fit, "expected")
    return SemResult(None, model, (), (data,), fit, vcov)  # type: ignore[arg-type]


def test_replicates_spread_as_the_delta_method_says() -> None:
    sem = fitted_sem()
    rng, small = np.random.default_rng(6), 0.01  # so near that values are linear in theta
    thetas = rng.multivariate_normal(sem.fit.theta, sem.vcov * small, 4000)
    delta, drawn = sem_joint(sem), replicate_joint(sem, thetas)
    assert drawn.names == delta.names
    assert "dem60 ~~ ind60" in delta.names
    np.testing.assert_allclose(drawn.est, delta.est)
    np.testing.assert_allclose(np.diag(drawn.cov) / small, np.diag(delta.cov), rtol=0.09)
    # replicate weights: scale times the sum of squares about the estimate, no draws to take quantiles of
    given = replicate_joint(sem, thetas, (0.5, np.full(4000, 2.0), True))
    assert given.draws is None
    assert drawn.draws is not None
    centred = drawn.draws - drawn.est
    np.testing.assert_allclose(given.cov, centred.T @ centred, rtol=1e-9)


def test_correlations_of_latents_are_the_standardised_solutions() -> None:
    joint = sem_joint(fitted_sem())
    at = {name: joint.est[i] for i, name in enumerate(joint.names)}
    # tracing rule: one predictor's path is its correlation; two predictors' correlation has two routes
    assert at["dem60 ~~ ind60"] == pytest.approx(at["dem60 ~ ind60"])
    route = at["dem65 ~ ind60"] + at["dem65 ~ dem60"] * at["dem60 ~ ind60"]
    assert at["dem65 ~~ ind60"] == pytest.approx(route)


def test_the_sems_paths_equal_lavaan() -> None:
    ours, theirs = covariances(sem_joint(fitted_sem()), "sem")
    np.testing.assert_allclose(ours, theirs, rtol=2e-4)


def standardised(data: pd.DataFrame, weights: np.ndarray) -> np.ndarray:
    """The betas and one correlation as functions of weights, from moments alone."""
    found = []
    for y, xs in (("y5", XS), ("y6", ("y1", "x1"))):
        keep = data[[*xs, y]].notna().all(axis=1)
        m = moments(data.loc[keep, [*xs, y]].to_numpy(), [*xs, y], weights=weights[keep])
        found += fit_ols(m, y, tuple(xs)).beta.tolist()
    keep = data[["y5", "y6"]].notna().all(axis=1)
    m = moments(data.loc[keep, ["y5", "y6"]].to_numpy(), ["y5", "y6"], weights=weights[keep])
    return np.array([*found, m.cov[0, 1] / np.sqrt(m.cov[0, 0] * m.cov[1, 1])])


def test_influences_are_derivatives_by_weight_with_blanks_and_weights() -> None:
    data = democracy()[[*XS, "y5", "y6"]].astype(float)
    data.loc[3, "y5"] = data.loc[10, "x2"] = np.nan
    weights = np.random.default_rng(3).uniform(0.5, 2, len(data))
    equations = [Equation("y5", XS, XS), Equation("y6", ("y1", "x1"), ("y1", "x1"))]
    joint = joint_from_scores(equations, data, pd.Series(weights))
    at = [*range(5), joint.names.index("y5 ~~ y6")]
    derivative = np.empty((len(data), 6))
    for i in range(len(data)):
        step = np.where(np.arange(len(data)) == i, 1e-5 * weights[i], 0.0)
        up, down = standardised(data, weights + step), standardised(data, weights - step)
        derivative[i] = (up - down) / 2e-5
    n, rows = len(data), np.array([73, 73, 73, 75, 75, 0])
    k = np.array([3, 3, 3, 2, 2, 0])
    factor = np.sqrt(np.where(k > 0, (rows - 1) / (rows - k - 1.0), 1.0))
    expected = derivative.T @ derivative * np.outer(factor, factor) * n / (n - 1)
    np.testing.assert_allclose(joint.cov[np.ix_(at, at)], expected, rtol=1e-6, atol=1e-12)


R = np.array([[1.0, 0.5, 0.4, 0.3], [0.5, 1.0, 0.3, 0.45], [0.4, 0.3, 1.0, 0.35], [0.3, 0.45, 0.35, 1.0]])
NAMES = ("a", "b", "y", "z")
TWO = [Equation("y", ("a", "b"), ("y~a", "y~b")), Equation("z", ("a", "b"), ("z~a", "z~b"))]


def test_moments_of_normal_respondents_against_many_samples() -> None:
    n, times, rng = 200, 4000, np.random.default_rng(11)
    joint = joint_from_moments(TWO, Moments(NAMES, n, np.zeros(4), R))
    draws = rng.multivariate_normal(np.zeros(4), R, (times, n))
    centred = draws - draws.mean(axis=1, keepdims=True)
    S = np.einsum("tni,tnj->tij", centred, centred)
    sd = np.sqrt(np.einsum("tii->ti", S))
    C = S / (sd[:, :, None] * sd[:, None, :])
    betas = np.linalg.solve(C[:, :2, :2], C[:, :2, 2:])
    found = np.column_stack([betas[:, 0, 0], betas[:, 1, 0], betas[:, 0, 1], betas[:, 1, 1], C[:, 2, 3]])
    at = [0, 1, 2, 3, joint.names.index("y ~~ z")]
    np.testing.assert_allclose(joint.est[at][:2], np.linalg.solve(R[:2, :2], R[:2, 2]), rtol=1e-12)
    simulated, ours = np.cov(found, rowvar=False), joint.cov[np.ix_(at, at)]
    # a variance of 4,000 samples has a Monte-Carlo error of 2.2 %
    np.testing.assert_allclose(np.diag(ours), np.diag(simulated), rtol=0.09)
    scale = np.sqrt(np.outer(np.diag(ours), np.diag(ours)))
    np.testing.assert_allclose(ours / scale, simulated / scale, atol=0.07)
    # contrasts of two equations: their betas are far from independent
    contrast = np.array([1.0, 0, -1, 0, 0])
    assert contrast @ ours @ contrast == pytest.approx(np.var(found[:, 0] - found[:, 2]), rel=0.09)


def test_a_correlation_has_fishers_variance_and_smaller_samples_are_parts() -> None:
    joint = joint_from_moments(TWO, Moments(NAMES, 401, np.zeros(4), R), {"y": 101, "z": 401})
    at = joint.names.index("a ~~ b")
    assert joint.cov[at, at] == pytest.approx((1 - 0.5**2) ** 2 / 400)
    equal = joint_from_moments(TWO, Moments(NAMES, 401, np.zeros(4), R)).cov
    assert joint.cov[0, 0] == pytest.approx(equal[0, 0] * 398 / 98)
    # nested samples: the covariance is that of the larger one
    assert joint.cov[0, 2] / np.sqrt(joint.cov[0, 0] * joint.cov[2, 2]) == pytest.approx(
        0.5 * _correlation_at_equal_n(), rel=1e-9
    )


def _correlation_at_equal_n() -> float:
    cov = joint_from_moments(TWO, Moments(NAMES, 401, np.zeros(4), R)).cov
    return float(cov[0, 2] / np.sqrt(cov[0, 0] * cov[2, 2]))


def test_correlations_of_columns_are_pairwise() -> None:
    data = pd.DataFrame(np.random.default_rng(1).normal(size=(50, 3)), columns=["a", "b", "c"])
    data.loc[:4, "c"] = np.nan
    joint = correlations_from_scores(["c", "b", "a"], data)
    assert joint.names == ("b ~~ c", "a ~~ c", "a ~~ b")
    np.testing.assert_allclose(joint.est, [data[list(p)].corr().iloc[0, 1] for p in ("bc", "ac", "ab")])
