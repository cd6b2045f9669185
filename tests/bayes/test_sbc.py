"""The posterior on scale means is calibrated, and calibration would notice a wrong prior."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from tests.bayes import sbc
from tests.bayes.cases import TWO, arrays, rows_of, survey
from werksem.bayes.design import Design
from werksem.bayes.draws import model_units
from werksem.bayes.graph import data_of, pymc_model, use_numba
from werksem.bayes.marginal import draw_groups
from werksem.bayes.priors import rescaled
from werksem.bayes.sample import compiled, sample_model

SIZES = {"a": 4, "b": 10, "c": 20, "d": 35}
KEPT, SURVEYS = 99, 200
FRAME = survey(1, SIZES)
FRAME.loc[FRAME["vertrek"].isna(), "vertrek"] = 3.0


def conjugate(spread: float) -> Callable[[np.ndarray], Mapping[str, np.ndarray]]:
    """Return the posterior of the mean of N(theta, 1), theta ~ N(0, 1), its SD wrong by a factor."""

    def posterior(y: np.ndarray) -> Mapping[str, np.ndarray]:
        rng = np.random.default_rng(int(1e6 * abs(y[0])))
        mean, sd = y.sum() / (1 + len(y)), 1 / np.sqrt(1 + len(y))
        return {"theta": mean + spread * sd * rng.standard_normal(KEPT)}

    return posterior


def normal_mean(seed: int) -> tuple[dict[str, float], np.ndarray]:
    rng = np.random.default_rng(seed)
    theta = rng.standard_normal()
    return {"theta": theta}, theta + rng.standard_normal(5)


def test_an_exact_posterior_passes_and_wrong_ones_do_not() -> None:
    right = sbc.ranks(normal_mean, conjugate(1.0), 400, KEPT)["theta"]
    assert sbc.chi_square(right, KEPT) > 0.01
    assert sbc.ecdf_band(right, KEPT) > 0.01
    for spread in (0.6, 1.7):
        wrong = sbc.ranks(normal_mean, conjugate(spread), 400, KEPT)["theta"]
        assert sbc.chi_square(wrong, KEPT) < 1e-4
        assert sbc.ecdf_band(wrong, KEPT) < 1e-3


def test_p_values_of_the_band_are_uniform() -> None:
    rng = np.random.default_rng(3)
    found = [sbc.ecdf_band(rng.integers(0, KEPT + 1, 60), KEPT) for _ in range(500)]
    assert stats.kstest(found, "uniform").pvalue > 0.001


def simulator(model: Design) -> Callable[[int], tuple[dict[str, float], Design]]:
    """Return surveys with the predictors of FRAME and outcomes of parameters from the model's priors."""
    groups = [[rows_of(FRAME, equation, label)[0][:, 1:] for label in SIZES] for equation in TWO]

    def simulate(seed: int) -> tuple[dict[str, float], Design]:
        rng = np.random.default_rng([seed, 1])
        path = np.array([rng.normal(*prior.parameters) for prior in model.path_priors])
        flat = {
            "path": path, "intercept": rng.normal(0, 2.5, 2),
            "residual_sd": np.abs([rng.normal(0, *prior.parameters) for prior in model.sd_priors]),
            "between_sd": np.abs([rng.normal(0, *prior.parameters) for prior in model.between_priors]),
        }  # fmt: skip
        gamma, tau, sigma = (part[0] for part in model_units(model, {k: v[None] for k, v in flat.items()}))
        own = gamma[:, None] + tau[:, None] * rng.standard_normal((2, len(SIZES), gamma.shape[1]))
        cross = [np.zeros_like(block.cross) for block in model.blocks]
        for e, parts in enumerate(groups):
            p = parts[0].shape[1]
            for g, x in enumerate(parts):
                z = (x - model.mean_x[e, :p]) / model.scale_x[e, :p]
                D = np.column_stack([np.ones(len(z)), z])
                y = D @ own[e, g, : p + 1] + sigma[e] * rng.standard_normal(len(z))
                cross[e][g] = (rows := np.column_stack([D, y])).T @ rows
        blocks = tuple(replace(block, cross=part) for block, part in zip(model.blocks, cross, strict=True))
        return truth_of(flat, own), replace(model, blocks=blocks)

    return simulate


def truth_of(flat: Mapping[str, np.ndarray], own: np.ndarray) -> dict[str, float]:
    named = {f"{name} {i}": value[..., i] for name, value in flat.items() for i in range(value.shape[-1])}
    for g in (0, 3):
        named |= {f"slope of {g}": own[..., 0, g, 1], f"intercept of {g}": own[..., 1, g, 0]}
    return named


def sampler(model: Design) -> Callable[[Design], Mapping[str, np.ndarray]]:
    """Return the posterior of a simulated survey under ``model``, compiled once."""
    use_numba()
    ready = compiled(pymc_model(model, exchange=True))

    def posterior(data: Design) -> Mapping[str, np.ndarray]:
        fit = sample_model(
            ready.with_data(**data_of(data)), chains=1, draws=990, tune=500, seed=1, quiet=True
        )
        flat = {name: value[0] for name, value in fit.values.items()}
        own = draw_groups(data, *model_units(data, flat), np.random.default_rng(2))
        return truth_of(flat, own)

    return posterior


def test_simulated_surveys_are_the_data_that_a_fit_is_given() -> None:
    model = arrays(FRAME)
    simulate = simulator(model)
    one, two = data_of(simulate(1)[1]), data_of(simulate(2)[1])
    for b in range(2):
        given = one[f"cross_{b}"]
        np.testing.assert_array_equal(given[:, :-1, :-1], two[f"cross_{b}"][:, :-1, :-1])
        np.testing.assert_allclose(given[:, :-1, :-1], model.blocks[b].cross[:, :-1, :-1], atol=1e-9)
        assert (given[:, -1] != two[f"cross_{b}"][:, -1]).all()


@pytest.mark.slow
def test_the_posterior_on_scale_means_is_calibrated() -> None:
    model = arrays(FRAME)
    found = sbc.ranks(simulator(model), sampler(model), SURVEYS, KEPT)
    assert len(found) == 3 + 2 + 2 + 5 + 4
    for name, values in found.items():
        assert sbc.chi_square(values, KEPT) > 0.01 / len(found), name
        assert sbc.ecdf_band(values, KEPT) > 0.01 / len(found), name


@pytest.mark.slow
def test_a_wrong_prior_of_the_between_group_sds_is_noticed() -> None:
    model = arrays(FRAME)
    halved = replace(model, between_priors=tuple(rescaled(prior, 0.5) for prior in model.between_priors))
    found = sbc.ranks(simulator(model), sampler(halved), SURVEYS, KEPT)
    for k in range(len(model.between_priors)):
        assert sbc.ecdf_band(found[f"between_sd {k}"], KEPT) < 0.001
