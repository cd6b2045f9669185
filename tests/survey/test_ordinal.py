from __future__ import annotations

import numpy as np
import pytest

from werksem.survey.ordinal import cell_probabilities, hermite_coefficients, series

CUTS_X = np.array([-1.4, -0.7, 0.25, 2.2])
CUTS_Y = np.array([-2.0, -0.3, 0.1, 0.9])


def covariance_by_cells(r: float, cuts_x: np.ndarray, cuts_y: np.ndarray) -> float:
    """The slow twin: E[xy] - E[x]E[y] from rectangle probabilities, x = 1 + number of cuts below it."""
    from scipy.stats import multivariate_normal

    def both_above(a: float, b: float) -> float:
        return float(multivariate_normal.cdf([-a, -b], cov=[[1, r], [r, 1]], abseps=1e-12, releps=1e-12))

    above_x, above_y = (
        1 - np.cumsum(cell_probabilities(cuts_x))[:-1],
        1 - np.cumsum(cell_probabilities(cuts_y))[:-1],
    )
    return sum(
        both_above(a, b) - p * q
        for a, p in zip(cuts_x, above_x, strict=True)
        for b, q in zip(cuts_y, above_y, strict=True)
    )


@pytest.mark.parametrize("r", [-0.85, -0.3, 0.0, 0.45, 0.9])
def test_series_equals_bivariate_normal_integrals(r: float) -> None:
    a = hermite_coefficients(CUTS_X, range(1, 6), 160)
    b = hermite_coefficients(CUTS_Y, range(1, 6), 160)
    fast = series(np.stack([a, b]), np.array([[1.0, r], [r, 1.0]]))[0, 1]
    assert fast == pytest.approx(covariance_by_cells(r, CUTS_X, CUTS_Y), abs=2e-7)


def test_squared_coefficients_approach_the_variance_from_below() -> None:
    chance = cell_probabilities(CUTS_X)
    values = np.arange(1, 6)
    variance = chance @ values**2 - (chance @ values) ** 2
    short, long = ((hermite_coefficients(CUTS_X, values, k) ** 2).sum() for k in (20, 5000))
    assert short < long < variance
    assert long == pytest.approx(variance, abs=0.02)


def test_first_coefficient_of_many_fine_steps_is_the_standard_deviation() -> None:
    cuts = np.linspace(-5, 5, 2001)
    middles = np.concatenate([[-5.0025], (cuts[1:] + cuts[:-1]) / 2, [5.0025]])
    assert hermite_coefficients(cuts, middles, 3).tolist() == pytest.approx([1, 0, 0], abs=1e-5)
