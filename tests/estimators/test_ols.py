"""OLS by moments against statsmodels on the same rows; from (R, n) against the published tables."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from werksem.errors import EstimationError
from werksem.estimators.ols import fit_ols
from werksem.estimators.ols_robust import robust
from werksem.moments import Moments, moments

RNG = np.random.default_rng(5)
X = RNG.normal(2, 3, (300, 3)) @ np.array([[1, 0.4, 0], [0, 1, 0.2], [0, 0, 1]])
CLUSTER = RNG.integers(0, 25, 300)
Y = 1 + X @ [0.5, -0.2, 0] + RNG.normal(0, 1 + np.abs(X[:, 0]) / 3, 300) + 0.3 * RNG.normal(size=25)[CLUSTER]
NAMES = ("a", "b", "c", "y")
FIT = fit_ols(moments(np.column_stack([X, Y]), NAMES), "y", ("a", "b", "c"))


def reference(kind: str, **options: object):
    import statsmodels.api as sm

    return sm.OLS(Y, sm.add_constant(X)).fit(cov_type=kind, **options)


def test_classical_equals_statsmodels() -> None:
    found = reference("nonrobust")
    assert np.allclose([FIT.intercept, *FIT.b], found.params)
    assert np.allclose([FIT.intercept_se, *FIT.se], found.bse)
    assert np.allclose(FIT.pvalue, found.pvalues[1:])
    assert np.allclose([FIT.r2, FIT.r2_adj, FIT.f, FIT.f_pvalue], [
        found.rsquared, found.rsquared_adj, found.fvalue, found.f_pvalue,
    ])  # fmt: skip
    assert np.allclose(FIT.beta, FIT.b * X.std(axis=0) / Y.std())
    assert FIT.residual_variance == pytest.approx(found.scale)


@pytest.mark.parametrize("clustered", [False, True])
def test_robust_equals_statsmodels(clustered: bool) -> None:
    ours = robust(FIT, X, Y, CLUSTER if clustered else None)
    options = {"cov_kwds": {"groups": CLUSTER}, "use_t": True} if clustered else {"use_t": True}
    found = reference("cluster" if clustered else "HC3", **options)
    assert np.allclose([ours.intercept_se, *ours.se], found.bse)
    assert np.allclose(ours.pvalue, found.pvalues[1:])
    assert np.allclose(ours.beta_se / ours.se, X.std(axis=0) / Y.std())
    half = stats.t.ppf(0.975, ours.t_df) * ours.se
    assert np.allclose(np.column_stack([ours.b - half, ours.b + half]), found.conf_int()[1:])


@pytest.mark.parametrize("clustered", [False, True])
def test_weighted_robust_equals_statsmodels(clustered: bool) -> None:
    import statsmodels.api as sm

    weights = np.random.default_rng(8).uniform(0.3, 3, 300)
    data = moments(np.column_stack([X, Y]), NAMES, weights=weights)
    ours = robust(fit_ols(data, "y", ("a", "b", "c")), X, Y, CLUSTER if clustered else None, weights)
    options = {"cov_kwds": {"groups": CLUSTER}, "use_t": True} if clustered else {"use_t": True}
    model = sm.WLS(Y, sm.add_constant(X), weights=weights)
    found = model.fit(cov_type="cluster" if clustered else "HC3", **options)
    assert np.allclose([ours.intercept, *ours.b], found.params)
    assert np.allclose([ours.intercept_se, *ours.se], found.bse)


def test_collinear_predictors_are_named() -> None:
    S = np.array([[1, 1, 0.5], [1, 1, 0.5], [0.5, 0.5, 1]])
    with pytest.raises(EstimationError, match="y: the predictors a, b are exactly collinear"):
        fit_ols(Moments(("a", "b", "y"), 50.0, np.zeros(3), S), "y", ("a", "b"))
    with pytest.raises(EstimationError, match="3 complete rows are too few for 2 predictors"):
        fit_ols(Moments(("a", "b", "y"), 3.0, np.zeros(3), np.eye(3)), "y", ("a", "b"))
