"""Replicate weights of a survey, read through a study: the replicates and errors are those of R's survey."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.cases import REFERENCE
from werksem.inputs import read_inputs
from werksem.resampling.products import block_moments
from werksem.resampling.replicate_weights import (
    design_degrees,
    replicate_interval,
    replicate_scales,
    replicate_standard_errors,
)
from werksem.resampling.units import resampling_units
from werksem.respondents import Respondents
from werksem.sem_data import sem_data
from werksem.spec.load import load_model
from werksem.spec.study import Study

MODEL = load_model({"syntax": "y ~ x1 + x2"})
NAMES = ["mean_x1", "mean_x2", "mean_y", "b_0", "b_x1", "b_x2"]
REGION = np.repeat([1 / 2, 3 / 4, 5 / 6], [2, 4, 6])
FREE = np.repeat([1 - 2 / 5, 1 - 4 / 10, 1 - 6 / 24], [2, 4, 6])
KINDS: dict[str, dict[str, Any]] = {
    "bootstrap": {"columns": "bootstrap_*", "type": "bootstrap"},
    "jkn": {"columns": [f"jkn_{r}" for r in range(1, 13)], "type": "jkn", "rscales": REGION.tolist()},
    "jkn_fpc": {"columns": "jkn_fpc_*", "type": "jkn", "rscales": (REGION * FREE).tolist()},
    "jk1": {"columns": "jk1_*", "type": "jk1"},
    "brr": {"columns": "brr_*", "type": "brr"},
    "fay": {"columns": "fay_*", "type": "fay", "rho": 0.3},
}


def read(settings: dict[str, Any]) -> tuple[Study, Respondents]:
    data = {"file": REFERENCE / "survey_sample.csv", "weights": "weight", "replicate_weights": settings}
    study = Study.model_validate({"study": "s", "model": None, "sem": {}, "bootstrap": {}, "data": data})
    people = sem_data(study, MODEL, read_inputs(study, MODEL), by_group=False).respondents
    assert people is not None
    return study, people[0]


def survey_says(kind: str, quantity: str) -> pd.DataFrame:
    found = pd.read_csv(REFERENCE / "survey_replicates.csv")
    return found.query("design == @kind and quantity == @quantity")


def statistics(people: Respondents, weights: np.ndarray) -> np.ndarray:
    """Return (R, 6): means of x1, x2, y and the regression of y on x1 and x2, by moments; weights (R, n)."""
    units = resampling_units(people, "replicate_weights")
    means, covs = block_moments(units.source, weights)
    order = [1, 2, 0]  # the model's variables are y, x1, x2
    means, covs = means[:, order], covs[:, order][:, :, order]
    slopes = np.linalg.solve(covs[:, :2, :2], covs[:, :2, 2:])[..., 0]
    intercept = means[:, 2] - (slopes * means[:, :2]).sum(axis=1)
    return np.column_stack([means, intercept, slopes])


@pytest.mark.parametrize("kind", KINDS)
def test_replicates_errors_and_limits_equal_those_of_survey(kind: str) -> None:
    study, people = read(KINDS[kind])
    settings, weights = study.data.replicate_weights, people.replicate_weights
    assert settings is not None
    assert weights is not None
    replicates = statistics(people, weights.T)
    expected = survey_says(kind, "replicate").pivot_table(index="replicate", columns="name", values="value")
    assert np.allclose(replicates, expected[NAMES], rtol=0, atol=1e-8)
    estimate = statistics(people, people.weights[None])[0]
    assert estimate == pytest.approx(survey_says(kind, "est")["value"].to_numpy(), abs=1e-8)
    scale, rscales = replicate_scales(
        settings.type, len(replicates), scale=settings.scale, rscales=settings.rscales,
        rho=settings.rho or 0.0,
    )  # fmt: skip
    assert scale == pytest.approx(survey_says(kind, "scale")["value"].item(), rel=1e-12)
    assert np.allclose(rscales, survey_says(kind, "rscale")["value"], rtol=1e-12)
    for mse, quantity in ((False, "se"), (True, "se_mse")):
        se = replicate_standard_errors(replicates, estimate, scale, rscales, mse=mse)
        assert se == pytest.approx(survey_says(kind, quantity)["value"].to_numpy(), abs=1e-8)
    degrees = design_degrees(weights)
    assert degrees == survey_says(kind, "degf")["value"].item()
    se = replicate_standard_errors(replicates, estimate, scale, rscales)
    for limit, side in zip(replicate_interval(estimate, se, 0.95, degrees), ("lower", "upper"), strict=True):
        assert limit[:3] == pytest.approx(survey_says(kind, f"ci_{side}")["value"].to_numpy(), abs=1e-8)


def test_factors_become_weights_by_the_sampling_weight() -> None:
    _, whole = read(KINDS["jkn"])
    settings = {**KINDS["jkn"], "columns": "factor_*", "combined": False}
    _, factors = read(settings)
    assert np.allclose(factors.replicate_weights, whole.replicate_weights, rtol=1e-12)


def test_replicates_without_an_rscale_do_not_count_in_the_centre() -> None:
    replicates = np.array([[1.0], [3.0], [99.0]])
    se = replicate_standard_errors(replicates, np.array([2.0]), 1.0, np.array([1.0, 1.0, 0.0]))
    assert se == pytest.approx(np.sqrt(2))


@pytest.mark.parametrize(("kind", "scale"), [("bootstrap", 0.05), ("jk1", 20 / 21), ("other", 1.0)])
def test_a_given_scale_takes_the_place_of_the_default(kind: str, scale: float) -> None:
    assert replicate_scales(kind, 21)[0] == pytest.approx(scale)
    assert replicate_scales(kind, 21, scale=0.25, rscales=[2.0])[0] == 0.25
    assert replicate_scales(kind, 21, rscales=[2.0])[1].tolist() == [2.0] * 21
    with pytest.raises(ValueError, match="3 rscales for 21"):
        replicate_scales(kind, 21, rscales=[1.0, 1.0, 1.0])
