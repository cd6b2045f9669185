"""Influence summed over the units that are drawn, and the acceleration that follows from it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import skew

from werksem.resampling.influence import acceleration_of, unit_influence
from werksem.resampling.units import unit_places
from werksem.respondents import Respondents

RNG = np.random.default_rng(4)
CLUSTER = RNG.integers(0, 30, 240)
PEOPLE = Respondents(np.zeros((240, 2)), None, CLUSTER)
INFLUENCE = RNG.normal(size=(240, 5))


@pytest.mark.parametrize("scheme", ["cases", "cluster"])
def test_acceleration_is_the_skewness_of_the_influence_of_units(scheme: str) -> None:
    """With I one unit's influence, sum I³ / (6 (sum I²)^1.5) is skewness / (6 sqrt(units))."""
    jacobian = np.vstack([np.eye(5), np.ones(5), np.zeros(5)])
    centred = INFLUENCE - INFLUENCE.mean(axis=0)
    blocks = [(0, centred[:100]), (0, centred[100:])]
    found = acceleration_of(unit_influence(blocks, [unit_places(PEOPLE, scheme)], 5), jacobian)
    codes = np.arange(240) if scheme == "cases" else CLUSTER
    whole = np.stack([centred[codes == code].sum(axis=0) for code in np.unique(codes)]) @ jacobian[:-1].T
    assert np.allclose(found[:-1], skew(whole) / (6 * np.sqrt(len(whole))), rtol=1e-10, atol=1e-15)
    assert found[-1] == 0
    if scheme == "cases":
        by_block = acceleration_of((block for _, block in blocks), jacobian)
        assert np.allclose(by_block, found, rtol=1e-10, atol=1e-15)
