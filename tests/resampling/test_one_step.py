"""One-step replicates: the same draws as the bootstrap by refits, sums over units, the same bytes."""

from __future__ import annotations

import numpy as np
import pytest

from tests.cases import case
from werksem.bootstrap import bootstrap
from werksem.estimators.ml import fit_ml
from werksem.inference.influence import acceleration, influence_blocks
from werksem.resampling.one_step import (
    BLOCK,
    acceleration_of,
    block_counts,
    one_step,
    strata_bounds,
    unit_influence,
)
from werksem.resampling.places import unit_places
from werksem.resampling.units import resampling_units
from werksem.respondents import Respondents

RNG = np.random.default_rng(4)
CLUSTER = RNG.integers(0, 30, 240)
PEOPLE = Respondents(RNG.normal(size=(240, 2)), None, CLUSTER, CLUSTER % 3)
INFLUENCE = RNG.normal(size=(240, 5))


@pytest.mark.parametrize("scheme", ["cases", "strata", "cluster"])
def test_units_are_those_of_the_bootstrap_by_refits(scheme: str) -> None:
    places, units = unit_places(PEOPLE, scheme), resampling_units(PEOPLE, scheme)
    assert places.starts.tolist() == units.starts.tolist()
    if units.source.rows is not None:
        original = units.source.rows * units.source.unit + units.source.centre
        assert np.allclose(original[places.unit], PEOPLE.rows)
    else:
        assert np.array_equal(np.bincount(places.unit), units.source.size)


@pytest.mark.parametrize("scheme", ["cases", "strata", "cluster"])
def test_replicates_are_sums_over_the_respondents_drawn(scheme: str) -> None:
    groups = [unit_places(PEOPLE, scheme), unit_places(Respondents(PEOPLE.rows[:50]), "cases")]
    rows = [INFLUENCE, INFLUENCE[:50]]
    blocks = [(0, INFLUENCE[:100]), (1, INFLUENCE[:50]), (0, INFLUENCE[100:])]
    found = one_step(
        np.ones(5), unit_influence(blocks, groups, 5), groups, 290.0, replicates=BLOCK + 3, seed=8
    )
    bounds = strata_bounds(groups)
    counts = np.concatenate([block_counts(8, 0, bounds), block_counts(8, BLOCK, bounds)])
    for r in (0, 7, BLOCK + 2):
        expected = np.ones(5)
        for group, part, begin in zip(groups, rows, (0, groups[0].count), strict=True):
            drawn = counts[r, begin : begin + group.count][group.unit]
            expected += (drawn - 1) @ part / 290
        assert np.allclose(found[r], expected, atol=1e-13)


def test_bytes_do_not_depend_on_jobs_nor_on_how_many_there_are() -> None:
    places = [unit_places(PEOPLE)]
    given = (np.zeros(5), (INFLUENCE,), places, 240.0)
    alone = one_step(*given, replicates=300, seed=3, jobs=1)
    assert alone.tobytes() == one_step(*given, replicates=300, seed=3, jobs=4).tobytes()
    assert alone[:140].tobytes() == one_step(*given, replicates=140, seed=3, jobs=2).tobytes()


def test_given_resamples_replace_the_draws() -> None:
    drawn = np.array([[0, 0, 2], [1, 1, 1]])
    influence = np.array([[1.0], [2.0], [-3.0]])
    places = [unit_places(Respondents(np.zeros((3, 1))))]
    found = one_step(np.zeros(1), (influence,), places, 3.0, replicates=9, seed=0, indices=drawn)
    assert found.ravel() == pytest.approx([-1 / 3, 2.0])


def test_one_step_follows_the_refits_draw_by_draw() -> None:
    """Of Holzinger copied sixteen times a replicate's first order is nearly all."""
    _, model, data, rows = case("holzinger", True)
    rows = np.tile(rows, (16, 1))
    fit = fit_ml(model, [data])
    people, places = Respondents(rows), [unit_places(Respondents(rows))]
    full = bootstrap(model, [data], fit, [resampling_units(people)], replicates=64, seed=1).theta
    influence = unit_influence(influence_blocks(model, [data], fit, [rows]), places, len(fit.theta))
    found = one_step(fit.theta, influence, places, float(len(rows)), replicates=64, seed=1)
    sd = full.std(axis=0)
    assert (np.median(np.abs(full - found), axis=0) / sd).max() < 0.1
    worst = [np.corrcoef(full[:, k], found[:, k])[0, 1] for k in range(len(sd))]
    assert min(worst) > 0.99


def test_acceleration_is_that_of_the_bootstrap_by_refits() -> None:
    _, model, data, rows = case("holzinger", True)
    fit = fit_ml(model, [data])
    cluster = np.arange(len(rows)) % 40
    influence = np.concatenate([block for _, block in influence_blocks(model, [data], fit, [rows])])
    for scheme, units in (("cases", None), ("cluster", [cluster])):
        places = [unit_places(Respondents(rows, None, cluster), scheme)]
        sums = unit_influence([(0, influence)], places, len(fit.theta))
        jacobian = np.eye(len(fit.theta))[::3]
        expected = acceleration(model, [data], fit, [rows], jacobian, units=units)
        assert np.allclose(acceleration_of(sums, jacobian), expected, rtol=1e-10, atol=1e-15)
