"""Given the same resamples, our replicates are lavaan's own fits of them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.bootstrap.replicate_cases import CASES, lavaan_replicates, prepared, replicates_of

CLOSE = 2e-5


@pytest.mark.parametrize("name", CASES)
def test_replicates_are_those_of_lavaan(name: str) -> None:
    theirs, ended = lavaan_replicates(name)
    ours, model = replicates_of(name), prepared(name).model
    # lavaan does not report the moments of fixed x
    assert np.isnan(theirs).all(axis=0).tolist() == list(model.exogenous)
    estimated = ~np.array(model.exogenous)
    both = (ended != "lost") & (ours.status != "not_converged")
    assert both.sum() >= (ended != "lost").sum() - 1
    left, right = ours.theta[both][:, estimated], theirs[both][:, estimated]
    error = np.abs(left - right) / np.maximum(1.0, np.abs(right))
    print(name, "replicates", both.sum(), "largest difference", error.max())
    assert error.max() < CLOSE
    assert np.array_equal(ours.status[both] == "heywood", ended[both] == "heywood")


def test_enough_replicates_are_compared() -> None:
    """All but a few end, and some of them with a negative variance."""
    ended = np.concatenate([lavaan_replicates(name)[1] for name in CASES])
    assert (ended != "lost").mean() > 0.95
    assert (ended == "heywood").sum() >= 20
