"""One-step replicates: the same draws as the bootstrap by refits, sums over units, the same bytes."""

from __future__ import annotations

import numpy as np
import pytest

from tests.cases import case
from werksem.bootstrap.linear import Linear, linear_steps
from werksem.bootstrap.run import bootstrap
from werksem.estimators.ml import fit_ml
from werksem.inference.moment_influence import moment_influence_blocks
from werksem.resampling.draws import PLAIN, Resampling, multipliers
from werksem.resampling.influence import unit_influence
from werksem.resampling.units import resampling_units, unit_places
from werksem.respondents import Respondents

RNG = np.random.default_rng(4)
CLUSTER = RNG.integers(0, 30, 240)
PEOPLE = Respondents(RNG.normal(size=(240, 2)), None, CLUSTER, CLUSTER % 3)
INFLUENCE = RNG.normal(size=(240, 5))


@pytest.mark.parametrize("scheme", ["cases", "strata", "cluster"])
@pytest.mark.parametrize("kind", ["counts", "rescaled"])
def test_replicates_are_sums_over_the_respondents_drawn(scheme: str, kind: str) -> None:
    groups = (unit_places(PEOPLE, scheme), unit_places(Respondents(PEOPLE.rows[:50]), "cases"))
    rows = [INFLUENCE, INFLUENCE[:50]]
    blocks = [(0, INFLUENCE[:100]), (1, INFLUENCE[:50]), (0, INFLUENCE[100:])]
    solver = Linear(np.ones(5), unit_influence(blocks, groups, 5), 290.0)
    draws = Resampling(kind, 8, groups)
    found = linear_steps(solver, draws, PLAIN, 70)
    for r in (0, 7, 69):
        expected = np.ones(5)
        for number, (group, part) in enumerate(zip(groups, rows, strict=True)):
            counted = multipliers(draws, number, PLAIN, 70)[r][group.unit].astype(float)
            expected += (counted - 1) @ part / 290
        assert np.allclose(found[r], expected, atol=1e-13)


def test_bytes_do_not_depend_on_how_many_there_are() -> None:
    solver = Linear(np.zeros(5), (INFLUENCE,), 240.0)
    draws = Resampling("counts", 3, (unit_places(PEOPLE),))
    whole = linear_steps(solver, draws, 0, PLAIN)
    assert whole[:40].tobytes() == linear_steps(solver, draws, 0, 40).tobytes()


def test_given_resamples_replace_the_draws() -> None:
    drawn = np.array([[0, 0, 2], [1, 1, 1]])
    places = unit_places(Respondents(np.zeros((3, 1))))
    solver = Linear(np.zeros(1), (np.array([[1.0], [2.0], [-3.0]]),), 3.0)
    found = linear_steps(solver, Resampling("given", 0, (places,), drawn), 0, 2)
    assert found.ravel() == pytest.approx([-1 / 3, 2.0])


def test_one_step_follows_the_refits_draw_by_draw() -> None:
    """Of Holzinger copied sixteen times a replicate's first order is nearly all."""
    _, model, data, rows = case("holzinger", True)
    rows = np.tile(rows, (16, 1))
    fit = fit_ml(model, [data])
    units = resampling_units(Respondents(rows))
    full = bootstrap(model, [data], fit, [units], replicates=64, seed=1).theta
    blocks = moment_influence_blocks(model, [data], fit, [Respondents(rows)])
    influence = unit_influence(blocks, [units], len(fit.theta))
    solver = Linear(fit.theta, influence, float(len(rows)))
    found = linear_steps(solver, Resampling("counts", 1, (units,)), 0, 64)
    sd = full.std(axis=0)
    assert (np.median(np.abs(full - found), axis=0) / sd).max() < 0.1
    worst = [np.corrcoef(full[:, k], found[:, k])[0, 1] for k in range(len(sd))]
    assert min(worst) > 0.99
