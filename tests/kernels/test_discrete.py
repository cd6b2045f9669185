"""Likelihoods of answers in categories: equal to NumPy's, gradients to differences, safe in both tails."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import log_ndtr

from tests.bayes.discrete_cases import FAMILIES, arrays, point, survey
from werksem.bayes.discrete.likelihood import log_likelihood
from werksem.bayes.discrete.pilot import kernel_of
from werksem.kernels.discrete import log_normal_cdf, log_normal_interval

FRAME = survey()


@pytest.mark.parametrize("z", [-200.0, -36.0, -34.9, -8.0, -1.0, 0.0, 1e-9, 2.0, 9.0, 40.0])
def test_log_cdf_in_both_tails(z: float) -> None:
    assert log_normal_cdf(z) == pytest.approx(log_ndtr(z), rel=1e-12)


@pytest.mark.parametrize(("a", "b"), [(-41.0, -40.0), (40.0, 41.0), (8.0, 8.5), (-0.3, 0.2), (-9.0, 3.0)])
def test_log_interval_in_both_tails(a: float, b: float) -> None:
    low, high = (a, b) if a + b < 0 else (-b, -a)
    expected = log_ndtr(high) + np.log1p(-np.exp(log_ndtr(low) - log_ndtr(high)))
    assert log_normal_interval(a, b) == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("at", [-30.0, -2.0, 0.0, 3.0, 30.0])
def test_narrow_intervals_join_wide_ones(at: float) -> None:
    """Either side of the width where the formula changes, log P - log(width) is nearly the same."""
    found = [log_normal_interval(at, at + width) - np.log(width) for width in (0.999e-5, 1.001e-5)]
    assert found[0] == pytest.approx(found[1], abs=1e-6)


@pytest.mark.parametrize("family", FAMILIES)
def test_kernel_equals_numpy_and_its_gradient_differences(family: str) -> None:
    model = arrays(FRAME, family)
    beta, cut = point(model, 3)
    d_beta, d_cut = np.empty(beta.shape), np.empty(cut.shape)

    def value(b: np.ndarray, c: np.ndarray) -> float:
        spare = np.empty(beta.shape), np.empty(cut.shape)
        return kernel_of(family)(model.cells.start, model.x, model.cells.counts, b, c, *spare)

    found = kernel_of(family)(model.cells.start, model.x, model.cells.counts, beta, cut, d_beta, d_cut)
    assert found == pytest.approx(log_likelihood(model.cells, model.x, family, beta, cut), rel=1e-12)
    for array, slope in ((beta, d_beta), (cut, d_cut)):
        for cell in np.ndindex(array.shape):
            kept = array[cell]
            array[cell] = kept + 1e-6
            up = value(beta, cut)
            array[cell] = kept - 1e-6
            down = value(beta, cut)
            array[cell] = kept
            assert slope[cell] == pytest.approx((up - down) / 2e-6, rel=1e-6, abs=1e-5)


@pytest.mark.parametrize("family", FAMILIES)
def test_far_from_the_data_value_and_gradient_are_finite(family: str) -> None:
    model = arrays(FRAME, family)
    beta, cut = point(model, 3)
    beta *= 300
    d_beta, d_cut = np.empty(beta.shape), np.empty(cut.shape)
    found = kernel_of(family)(model.cells.start, model.x, model.cells.counts, beta, cut, d_beta, d_cut)
    assert np.isfinite(found)
    assert np.isfinite(d_beta).all()
    assert np.isfinite(d_cut).all()
