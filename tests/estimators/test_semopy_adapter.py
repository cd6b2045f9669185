"""semopy as the visible cross-check: close to our optimum, with and without saturated means."""

from __future__ import annotations

import numpy as np
import pytest

from tests.cases import case
from werksem.estimators.ml import fit_ml
from werksem.estimators.semopy_adapter import reason_against, semopy_estimates


@pytest.mark.parametrize("means", [False, True])
@pytest.mark.parametrize("name", ["holzinger", "democracy", "democracy_equal"])
def test_semopy_stops_near_our_optimum(name: str, means: bool) -> None:
    _, model, data, _ = case(name, means)
    assert reason_against(model) == ""
    theirs = semopy_estimates(model, [data])
    assert theirs is not None
    ours = fit_ml(model, [data])
    assert np.abs(theirs - ours.theta).max() < 0.02
    polished = fit_ml(model, [data], start=theirs)
    assert polished.iterations <= 4
    assert np.allclose(polished.theta, ours.theta, atol=1e-7)


@pytest.mark.parametrize(
    ("name", "reason"), [("growth", "a mean structure"), ("mimic", "observed predictors")]
)
def test_what_semopy_cannot_do_is_told(name: str, reason: str) -> None:
    assert reason in reason_against(case(name)[1])
