"""Integrals over a group's parameters against closed forms and quadrature."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.special import gammaln, logsumexp

from werksem.bayes.checks.evidence import log_mean
from werksem.bayes.checks.integrate import integrated


@pytest.mark.parametrize(("d", "n"), [(1, 3), (6, 40), (25, 40_000)])
def test_a_regression_has_its_closed_form(d: int, n: int) -> None:
    """y ~ N(X z, 1), z ~ N(0, I), whose marginal is normal: by its sufficient statistics."""
    rng = np.random.default_rng(d)
    X = rng.standard_normal((n, d)) + 0.3
    y = X @ rng.standard_normal(d) + rng.standard_normal(n)
    gram, moment, squares = X.T @ X, X.T @ y, float(y @ y)
    M = gram + np.eye(d)
    exact = -n / 2 * np.log(2 * np.pi) - squares / 2 + moment @ np.linalg.solve(M, moment) / 2
    exact -= np.linalg.slogdet(M)[1] / 2

    def density(z: np.ndarray) -> np.ndarray:
        fit = -2 * z @ moment + np.einsum("mi,ij,mj->m", z, gram, z)
        return -n / 2 * np.log(2 * np.pi) - (squares + fit) / 2

    found = integrated(density, lambda z: moment - gram @ z, d, rng, draws=2000)
    assert found.error < 0.05
    assert abs(found.value - exact) < 4 * found.error
    # what naive draws of z would have given for the large group
    if n == 40_000:
        naive = density(rng.standard_normal((2000, d)))
        assert abs(logsumexp(naive) - np.log(2000) - exact) > 1000


def test_a_skew_integrand_against_quadrature() -> None:
    """Counts of 0 and 1: Poisson with rate exp(1 + 2 z)."""
    counts = np.array([0.0, 1.0])

    def density(z: np.ndarray) -> np.ndarray:
        eta = 1 + 2 * z[:, :1]
        return (counts * eta - np.exp(eta) - gammaln(counts + 1)).sum(axis=1)

    def slope(z: np.ndarray) -> np.ndarray:
        return 2 * (counts - np.exp(1 + 2 * z)).sum(keepdims=True)

    grid = np.linspace(-9, 9, 20001)
    exact = np.log(np.trapezoid(np.exp(density(grid[:, None]) + stats.norm.logpdf(grid)), grid))
    found = integrated(density, slope, 1, np.random.default_rng(3), draws=20000)
    assert found.error < 0.02
    assert abs(found.value - exact) < 4 * found.error


def test_the_start_does_not_matter() -> None:
    def run(start: np.ndarray | None) -> float:
        rng = np.random.default_rng(1)
        return integrated(lambda z: -50 * ((z - 2) ** 2).sum(axis=1), lambda z: -100 * (z - 2), 3, rng,
                          start=start).value  # fmt: skip

    assert run(np.full(3, 5.0)) == pytest.approx(run(None), abs=1e-4)


def test_errors_of_correlated_draws_are_those_over_repetitions() -> None:
    rng = np.random.default_rng(8)
    x = np.zeros((300, 2, 2500))
    noise = rng.standard_normal(x.shape)
    for t in range(1, 2500):
        x[..., t] = 0.8 * x[..., t - 1] + 0.6 * noise[..., t]
    found = [log_mean(0.5 * part) for part in x]
    over = np.std([one.value for one in found], ddof=1)
    assert np.mean([one.error for one in found]) == pytest.approx(over, rel=0.2)
    assert np.mean([one.value for one in found]) == pytest.approx(0.125, abs=4 * over / np.sqrt(300))
