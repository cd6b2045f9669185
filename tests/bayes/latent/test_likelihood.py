"""The compiled likelihood against the NumPy twin, against respondents one by one, and its slopes."""

from __future__ import annotations

import numpy as np
import pytest

from tests.bayes.latent.cases import (
    MODELS,
    in_groups,
    measured,
    model_of,
    moments_of,
    row_wise,
    rows_in_groups,
)
from werksem.bayes.latent.cells import likelihood_cells
from werksem.bayes.latent.likelihood import log_likelihood
from werksem.bayes.latent.links import link_arrays, links_of, model_links, theta_of
from werksem.errors import SpecError
from werksem.kernels.grouped_latent import grouped_latent, linked_latent

STEP = 1e-5


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("shared", [True, False])
def test_value_and_slopes(name: str, shared: bool) -> None:
    rng = np.random.default_rng(1)
    model = model_of(MODELS[name])
    theta = in_groups(model, rng, shared=shared)
    rows, code = rows_in_groups(len(model.observed), rng)
    found = moments_of(rows, code)
    data = (found.n, found.mean, found.cov)
    slopes = np.empty_like(theta)
    value = grouped_latent(theta, *data, *likelihood_cells(model, shared=shared), slopes)
    assert value == pytest.approx(log_likelihood(model, theta, *data).sum(), rel=1e-12)
    assert value == pytest.approx(row_wise(model, theta, rows, code), rel=1e-10)
    common = measured(model) & shared
    for at in range(theta.shape[1]):
        for groups in [slice(None)] if common[at] else [slice(g, g + 1) for g in range(len(theta))]:
            up, down = theta.copy(), theta.copy()
            up[groups, at] += STEP
            down[groups, at] -= STEP
            exact = (log_likelihood(model, up, *data).sum() - log_likelihood(model, down, *data).sum()) / (2 * STEP)
            assert slopes[groups, at].sum() == pytest.approx(exact, rel=1e-6, abs=1e-4)


@pytest.mark.parametrize("name", MODELS)
def test_compiled_is_plain(name: str) -> None:
    rng = np.random.default_rng(2)
    model = model_of(MODELS[name])
    theta = in_groups(model, rng)
    found = moments_of(*rows_in_groups(len(model.observed), rng))
    slopes, plain = np.empty_like(theta), np.empty_like(theta)
    arguments = (theta, found.n, found.mean, found.cov, *likelihood_cells(model))
    value = grouped_latent(*arguments, slopes)
    assert value == pytest.approx(grouped_latent.py_func(*arguments, plain), rel=1e-12)
    np.testing.assert_allclose(slopes, plain, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("name", MODELS)
def test_links_go_both_ways_and_carry_slopes(name: str) -> None:
    rng = np.random.default_rng(3)
    model = model_of(MODELS[name])
    links = model_links(model)
    found = moments_of(*rows_in_groups(len(model.observed), rng))
    given = np.zeros((4, links.size))
    exogenous = [at for row, at in zip(model.rows, model.free_of_row, strict=True) if row.exo and row.lhs == row.rhs]
    given[:, exogenous] = 1.0
    b = np.tile(0.3 * rng.standard_normal(len(links.at)), (4, 1))
    np.testing.assert_allclose(links_of(links, theta_of(links, b[0], given[0])), b[0], atol=1e-12)
    b = b + 0.02 * rng.standard_normal(b.shape)
    cells = likelihood_cells(model, shared=False)
    arrays = (*link_arrays(links), found.n, found.mean, found.cov, *cells)
    slopes = np.empty_like(b)
    value = linked_latent(b, given, *arrays, slopes)

    def plain(links_at: np.ndarray) -> np.ndarray:
        return log_likelihood(model, theta_of(links, links_at, given), found.n, found.mean, found.cov)

    assert value == pytest.approx(plain(b).sum(), rel=1e-12)
    for j in range(b.shape[1]):
        step = np.zeros(b.shape[1])
        step[j] = STEP
        exact = (plain(b + step) - plain(b - step)) / (2 * STEP)
        np.testing.assert_allclose(slopes[:, j], exact, rtol=1e-6, atol=1e-4)


def test_a_matrix_that_is_not_positive_definite_has_no_density() -> None:
    rng = np.random.default_rng(4)
    model = model_of(MODELS["correlated residuals"])
    theta = in_groups(model, rng)
    theta[:, model.parameters.index("x1~~y1")] = 5.0
    found = moments_of(*rows_in_groups(len(model.observed), rng))
    arguments = (theta, found.n, found.mean, found.cov, *likelihood_cells(model))
    assert grouped_latent(*arguments, np.empty_like(theta)) == -np.inf


def test_an_item_without_residual_that_loads_twice_is_refused() -> None:
    with pytest.raises(SpecError, match="'x2' has no residual variance"):
        likelihood_cells(model_of("f =~ x1 + x2 + x3\ng =~ y1 + y2 + x2\nx2 ~~ 0*x2"))
