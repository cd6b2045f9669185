"""Groups' deviations around what is known of them: the kernel, its slopes, and that the density stays
exact.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from werksem.bayes.latent.around import deviations, own_weight
from werksem.kernels.around import around, around_back

STEP = 1e-6


def case(seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((3, 4, 6))
    H = 3 * X @ np.swapaxes(X, 1, 2)
    pull = 2 * rng.standard_normal((3, 4))
    H[2] = pull[2] = 0.0  # a group that says nothing
    return np.array([0.5, 1.0, 0.2, 0.01]), pull, rng.standard_normal((3, 4)), H


@pytest.mark.parametrize("kernel", [around, around.py_func])
def test_kernel_is_the_formula(kernel) -> None:
    tau, pull, z, H = case()
    d = np.empty_like(z)
    roots = np.empty_like(H)
    value = kernel(tau, pull, z, H, d, roots)
    exact, density = deviations(tau, pull, z, H)
    np.testing.assert_allclose(d, exact, atol=1e-14)
    assert value == pytest.approx(density, abs=1e-12)
    np.testing.assert_allclose(d[2], tau * z[2])
    M = np.eye(4) + H * tau[:, None] * tau
    R = np.triu(roots)
    np.testing.assert_allclose(np.swapaxes(R, 1, 2) @ R, M, atol=1e-12)


@pytest.mark.parametrize("kernel", [around_back, around_back.py_func])
def test_slopes_against_differences(kernel) -> None:
    arguments = list(case())
    rng = np.random.default_rng(2)
    by_d, by_value = rng.standard_normal((3, 4)), 0.7
    tau, pull, z, H = arguments
    slopes = [np.empty_like(tau), np.empty_like(pull), np.empty_like(z)]
    roots = np.empty_like(H)
    around(tau, pull, z, H, np.empty_like(z), roots)
    kernel(tau, pull, z, roots, by_d, by_value, *slopes)

    def value(number: int, x: np.ndarray) -> float:
        changed = [*arguments]
        changed[number] = x
        d, density = deviations(*changed)
        return float((by_d * d).sum() + by_value * density)

    for number, found in enumerate(slopes):
        for at in np.ndindex(found.shape):
            up, down = arguments[number].copy(), arguments[number].copy()
            up[at] += STEP
            down[at] -= STEP
            exact = (value(number, up) - value(number, down)) / (2 * STEP)
            assert found[at] == pytest.approx(exact, abs=1e-7)


def test_the_density_of_deviations_stays_normal() -> None:
    """In any coordinates: density of w = d / tau, times |dw/dz|."""
    tau, pull, z, H = case()
    d, value = deviations(tau, pull, z, H)
    jacobian = 0.0
    for g in range(3):
        columns = []
        for i in range(4):
            up, down = z.copy(), z.copy()
            up[g, i] += STEP
            down[g, i] -= STEP
            columns.append(
                (deviations(tau, pull, up, H)[0][g] - deviations(tau, pull, down, H)[0][g]) / (2 * STEP)
            )
        jacobian += np.linalg.slogdet(np.array(columns).T / tau[:, None])[1]
    exact = stats.norm.logpdf(d / tau).sum() + jacobian
    assert value == pytest.approx(exact + 12 * np.log(2 * np.pi) / 2, abs=1e-6)


def test_large_groups_are_centred_and_small_ones_not() -> None:
    weight = own_weight(np.array([0.1]), np.array([[[1e5]], [[100.0]], [[0.0]]]))
    np.testing.assert_allclose(weight.ravel(), [1000 / 1001, 0.5, 0.0])
