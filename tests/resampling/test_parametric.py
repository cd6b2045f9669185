"""Parametric resamples: moments of the Wishart distribution, and of the rows they stand for."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from werksem.errors import EstimationError
from werksem.resampling.parametric import parametric_moments

SIGMA = np.array([[2.0, 0.6, -0.3], [0.6, 1.0, 0.2], [-0.3, 0.2, 0.5]])
MU = np.array([1.0, -2.0, 30.0])
R, N = 40_000, 12
MEANS, COVS = parametric_moments(9, 0, R, MU, SIGMA, N)


def test_means_are_normal_around_the_implied_ones() -> None:
    error = np.sqrt(np.diag(SIGMA) / N)
    assert np.abs((MEANS.mean(axis=0) - MU) / error).max() < 5 / np.sqrt(R)
    spread = np.cov(MEANS.T) * N
    # five standard errors of a covariance of normals
    assert (
        np.abs(spread - SIGMA) < 5 * np.sqrt((np.outer(np.diag(SIGMA), np.diag(SIGMA)) + SIGMA**2) / R)
    ).all()
    assert stats.kstest((MEANS[:, 2] - 30) / error[2], "norm").pvalue > 1e-4


def test_covariances_have_the_moments_of_the_wishart_distribution() -> None:
    """E = (n - 1)/n Sigma and var(S_ij) = (n - 1)/n² (Sigma_ij² + Sigma_ii Sigma_jj)."""
    d = np.diag(SIGMA)
    variance = (N - 1) / N**2 * (SIGMA**2 + np.outer(d, d))
    assert (np.abs(COVS.mean(axis=0) - (N - 1) / N * SIGMA) < 5 * np.sqrt(variance / R)).all()
    fourth = ((COVS - COVS.mean(axis=0)) ** 4).mean(axis=0)
    assert (np.abs(COVS.var(axis=0) - variance) < 5 * np.sqrt((fourth - variance**2) / R)).all()


def test_covariances_have_the_distributions_of_their_parts() -> None:
    """n S_jj / Sigma_jj is chi-square(n - 1); |n S| / |Sigma| a product of chi-squares (Anderson, 2003)."""
    for j in range(3):
        assert stats.kstest(N * COVS[:, j, j] / SIGMA[j, j], stats.chi2(N - 1).cdf).pvalue > 1e-4
    logs = np.linalg.slogdet(N * COVS)[1] - np.linalg.slogdet(SIGMA)[1]
    drawn = np.log(np.random.default_rng(1).chisquare(N - 1 - np.arange(3), (R, 3))).sum(axis=1)
    assert stats.ks_2samp(logs, drawn).pvalue > 1e-4


def test_means_and_covariances_are_independent() -> None:
    r = np.corrcoef(np.column_stack([MEANS, COVS.reshape(R, 9)]).T)[:3, 3:]
    assert np.abs(r).max() < 5 / np.sqrt(R)


def test_replicates_depend_on_seed_number_and_group_alone() -> None:
    means, covs = parametric_moments(9, 17, 3, MU, SIGMA, N)
    assert np.array_equal(means, MEANS[17:20])
    assert np.array_equal(covs, COVS[17:20])
    for other in (
        parametric_moments(10, 17, 3, MU, SIGMA, N),
        parametric_moments(9, 17, 3, MU, SIGMA, N, group=1),
    ):
        assert not np.isclose(other[1], covs).any()


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(EstimationError, match="3 rows has no covariances of 3 variables"):
        parametric_moments(1, 0, 1, MU, SIGMA, 3)
    with pytest.raises(EstimationError, match="not positive definite"):
        parametric_moments(1, 0, 1, MU, SIGMA - 2 * np.eye(3), 50)
