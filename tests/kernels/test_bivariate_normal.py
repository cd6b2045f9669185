"""The compiled bivariate normal beside SciPy's, and beside its own plain function."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from werksem.kernels.bivariate_normal import bivariate_cdf, bivariate_density, normal_cdf, normal_density

RHOS = [-0.9999, -0.96, -0.9, -0.5, -0.2, 0.0, 1e-9, 0.25, 0.6, 0.924, 0.926, 0.99]


@pytest.mark.parametrize("rho", RHOS)
def test_distribution_is_scipys(rho: float) -> None:
    rng = np.random.default_rng(3)
    both = multivariate_normal(cov=[[1, rho], [rho, 1]])
    for h, k in rng.normal(0, 1.8, (60, 2)):
        assert bivariate_cdf(h, k, rho) == pytest.approx(both.cdf([h, k]), abs=1e-13)
        assert bivariate_density(h, k, rho) == pytest.approx(both.pdf([h, k]), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("rho", RHOS)
def test_compiled_is_plain(rho: float) -> None:
    for h, k in ((0.3, -1.2), (-2.0, 0.7), (1.5, 1.4)):
        assert bivariate_cdf(h, k, rho) == pytest.approx(bivariate_cdf.py_func(h, k, rho), abs=1e-16)


def test_infinite_limits() -> None:
    assert bivariate_cdf(np.inf, 0.4, 0.3) == pytest.approx(norm.cdf(0.4), abs=1e-15)
    assert bivariate_cdf(0.4, np.inf, -0.3) == pytest.approx(norm.cdf(0.4), abs=1e-15)
    assert bivariate_cdf(-np.inf, 0.4, 0.3) == 0.0


def test_known_value() -> None:
    """P(X < 0, Y < 0) = 1/4 + arcsin(rho) / 2 pi (Sheppard, 1899)."""
    for rho in RHOS:
        assert bivariate_cdf(0.0, 0.0, rho) == pytest.approx(0.25 + np.arcsin(rho) / (2 * np.pi), abs=1e-14)


def test_univariate() -> None:
    z = np.linspace(-8, 8, 33)
    assert [normal_cdf(x) for x in z] == pytest.approx(norm.cdf(z), rel=1e-13)
    assert [normal_density(x) for x in z] == pytest.approx(norm.pdf(z), rel=1e-13)
