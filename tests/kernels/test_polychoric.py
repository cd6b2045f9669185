"""Polychoric and polyserial correlations: scores are derivatives, optima are optima, cells exact."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from werksem.kernels.polychoric import cell_scores, cell_tables, fill_influence, pair_table, polychoric
from werksem.kernels.polyserial import (
    fit_interval_pair,
    fit_mixed_pair,
    interval_scores,
    interval_sides,
    mixed_scores,
    mixed_side,
)

A = np.array([-np.inf, -0.7, 0.4, np.inf])
B = np.array([-np.inf, -1.1, 0.0, 0.9, np.inf])
RHO = 0.45


def tables(rho: float, a: np.ndarray = A, b: np.ndarray = B) -> tuple[np.ndarray, np.ndarray]:
    chance, slope = np.empty((len(a) - 1, len(b) - 1)), np.empty((len(a) - 1, len(b) - 1))
    cell_tables(a, b, rho, chance, slope)
    return chance, slope


def test_cell_probabilities_are_scipys_and_slopes_their_derivatives() -> None:
    chance, slope = tables(RHO)
    both = multivariate_normal(cov=[[1, RHO], [RHO, 1]])
    finite_a, finite_b = np.clip(A, -9, 9), np.clip(B, -9, 9)
    cdf = np.array([[both.cdf([x, y]) for y in finite_b] for x in finite_a])
    assert chance == pytest.approx(np.diff(np.diff(cdf, axis=0), axis=1), abs=1e-12)
    step = 1e-6
    assert slope == pytest.approx((tables(RHO + step)[0] - tables(RHO - step)[0]) / (2 * step), abs=1e-9)


@pytest.mark.parametrize("rho", [-0.93, -0.4, 0.0, 0.45, 0.97])
def test_an_exact_table_gives_its_correlation_back(rho: float) -> None:
    assert polychoric(A, B, 5000 * tables(rho)[0], 0.1) == pytest.approx(rho, abs=1e-9)


def test_compiled_is_plain() -> None:
    table = np.round(300 * tables(RHO)[0])
    assert polychoric(A, B, table, 0.2) == pytest.approx(polychoric.py_func(A, B, table, 0.2), abs=1e-12)


def test_a_table_on_the_diagonal_stops_at_the_limit() -> None:
    table = np.diag([30.0, 40.0, 30.0])
    limits = np.array([-np.inf, *norm.ppf([0.3, 0.7]), np.inf])
    assert 0.99 < polychoric(limits, limits, table, 0.9) < 1


def test_influence_is_the_derivative_of_the_estimate_to_a_cell() -> None:
    """Adding weight eps to one cell, thresholds from the margins, moves rho by eps IF / n."""
    table = 1000 * tables(RHO)[0]
    margins = [table.sum(axis=1) / 1000, table.sum(axis=0) / 1000]

    def limits(share: np.ndarray) -> np.ndarray:
        return np.array([-np.inf, *norm.ppf(np.cumsum(share)[:-1]), np.inf])

    def estimate(t: np.ndarray) -> float:
        n = t.sum()
        return polychoric(limits(t.sum(axis=1) / n), limits(t.sum(axis=0) / n), t, RHO)

    a, b = limits(margins[0]), limits(margins[1])
    effect = []
    for share, cuts in zip(margins, (a, b), strict=True):
        below = np.triu(np.ones((len(share), len(share))))[:, :-1]
        effect.append((below - np.cumsum(share)[:-1]) / norm.pdf(cuts[1:-1]))
    influence = np.empty(table.shape)
    cell_scores(a, b, table, estimate(table), *effect, influence)
    for cell in ((0, 0), (1, 2), (2, 3), (0, 3)):
        up, down = table.copy(), table.copy()
        up[cell] += 0.01
        down[cell] -= 0.01
        numeric = (estimate(up) - estimate(down)) / 0.02 * table.sum()
        assert influence[cell] == pytest.approx(numeric, rel=2e-4, abs=2e-4)
    assert float((influence * table).sum()) == pytest.approx(0.0, abs=1e-6)


def cases(n: int = 400) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(5)
    z = rng.multivariate_normal([0, 0], [[1, RHO], [RHO, 1]], n)
    shift = rng.normal(0, 0.5, n)
    b = np.digitize(z[:, 1], B[1:-1])
    return z[:, 0], B[b] + shift, B[b + 1] + shift


def test_pair_table_counts() -> None:
    rng = np.random.default_rng(1)
    a, b, w = rng.integers(0, 3, 50).astype(np.uint8), rng.integers(0, 4, 50).astype(np.uint8), rng.random(50)
    table = np.empty((3, 4))
    pair_table(a, b, w, table)
    assert table[1, 2] == pytest.approx(w[(a == 1) & (b == 2)].sum())


def test_mixed_scores_are_derivatives() -> None:
    z, low, high = cases()

    def loglik(rho: float, lo: np.ndarray, hi: np.ndarray) -> np.ndarray:
        rest = np.sqrt(1 - rho**2)
        return np.log(norm.cdf((hi - rho * z) / rest) - norm.cdf((lo - rho * z) / rest))

    g, step = np.empty(len(z)), 1e-6
    mixed_scores(z, low, high, RHO, g)
    assert g == pytest.approx(
        (loglik(RHO + step, low, high) - loglik(RHO - step, low, high)) / (2 * step), abs=1e-6
    )
    upper, lower, mean, var = (np.empty(len(z)) for _ in range(4))
    mixed_side(z, low, high, RHO, upper, lower, mean, var)
    assert upper == pytest.approx(
        (loglik(RHO, low, high + step) - loglik(RHO, low, high - step)) / (2 * step), abs=1e-6
    )
    assert -lower == pytest.approx(
        (loglik(RHO, low + step, high) - loglik(RHO, low - step, high)) / (2 * step), abs=1e-6
    )
    rho = fit_mixed_pair(z, low, high, np.ones(len(z)), 0.1, 0.995, g)
    mixed_scores(z, low, high, rho, g)
    assert abs(g.sum()) < 1e-6


def test_interval_scores_are_derivatives() -> None:
    z, low, high = cases()
    a = np.digitize(z, A[1:-1])
    low_a, high_a = A[a], A[a + 1]
    g, sides = np.empty(len(z)), np.empty((4, len(z)))

    def loglik(rho: float, hi: np.ndarray) -> np.ndarray:
        out = np.empty(len(z))
        for r in range(len(z)):
            limits = np.array([low_a[r], hi[r]]), np.array([low[r], high[r]])
            out[r] = np.log(_box(*limits, rho))
        return out

    interval_scores(low_a, high_a, low, high, RHO, g)
    step = 1e-5
    assert g == pytest.approx(
        (loglik(RHO + step, high_a) - loglik(RHO - step, high_a)) / (2 * step), abs=1e-5
    )
    again = np.empty(len(z))
    interval_sides(low_a, high_a, low, high, RHO, again, sides)
    assert again == pytest.approx(g, rel=1e-12, abs=1e-14)
    numeric = (loglik(RHO, high_a + step) - loglik(RHO, high_a - step)) / (2 * step)
    assert sides[0] == pytest.approx(numeric, abs=1e-5)
    interval_sides(low, high, low_a, high_a, RHO, again, swapped := np.empty((4, len(z))))
    assert swapped[[2, 3, 0, 1]] == pytest.approx(sides, rel=1e-10, abs=1e-12)
    rho = fit_interval_pair(low_a, high_a, low, high, np.ones(len(z)), 0.1, 0.999, g)
    interval_scores(low_a, high_a, low, high, rho, g)
    assert abs(g.sum()) < 1e-6


def _box(a: np.ndarray, b: np.ndarray, rho: float) -> float:
    from werksem.kernels.bivariate_normal import bivariate_cdf

    return (
        bivariate_cdf(a[1], b[1], rho) - bivariate_cdf(a[0], b[1], rho)
        - bivariate_cdf(a[1], b[0], rho) + bivariate_cdf(a[0], b[0], rho)
    )  # fmt: skip


def test_fill_influence_looks_up() -> None:
    codes = np.array([[0, 1], [2, 0]], dtype=np.uint8)
    margins = np.arange(12.0).reshape(2, 3, 2)
    cells = np.arange(9.0).reshape(1, 3, 3)
    out = np.empty((2, 5))
    fill_influence(codes, margins, np.array([0, 2, 4]), cells, np.array([1.0, 2.0]), out)
    assert out[0].tolist() == [0, 1, 8, 9, 1]
    assert out[1].tolist() == [8, 10, 12, 14, 12]
