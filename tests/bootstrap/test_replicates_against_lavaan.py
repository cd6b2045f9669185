"""Given the same resamples, our replicates are lavaan's own fits of them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.bootstrap.replicate_cases import (
    CASES,
    REPLICATES,
    drawn_units,
    lavaan_solutions,
    prepared,
    replicates_of,
)
from werksem.estimators.objective import evaluate
from werksem.estimators.problem import build_problem
from werksem.moments import moments

CLOSE = 2e-5
# samples with more minima than lavaan found from its two starts: ours has the smaller discrepancy
ELSEWHERE = {("weighted", 2)}


def discrepancy(name: str, r: int, theta: np.ndarray) -> float:
    """Return F of one replicate of a model in one group at theta."""
    ready = prepared(name)
    people, at = ready.respondents[0], drawn_units(name)[r]
    weights = None if people.weights is None else people.weights[at]
    problem = build_problem(ready.model, [moments(people.rows[at], ready.model.observed, weights=weights)])
    point = evaluate(problem, theta * problem.scale)
    assert point is not None
    return point.discrepancy


@pytest.mark.parametrize(("name", "r"), ELSEWHERE)
def test_where_we_end_elsewhere_the_discrepancy_is_smaller(name: str, r: int) -> None:
    theirs = [found.theta for found in lavaan_solutions(name) if found.replicate == r]
    lowest = min(discrepancy(name, r, theta) for theta in theirs)
    assert discrepancy(name, r, replicates_of(name).theta[r]) < lowest - 0.01


def distances(name: str) -> dict[int, tuple[float, str]]:
    """Return per replicate both solve the distance to the nearest of lavaan's fits, and how that ended."""
    ours, estimated = replicates_of(name), ~np.array(prepared(name).model.exogenous)
    found: dict[int, tuple[float, str]] = {}
    for their in lavaan_solutions(name):
        r = their.replicate
        if their.status == "lost" or ours.status[r] == "not_converged":
            continue
        left, right = ours.theta[r][estimated], their.theta[estimated]
        error = float((np.abs(left - right) / np.maximum(1.0, np.abs(right))).max())
        found[r] = min(found.get(r, (np.inf, "")), (error, their.status))
    return found


@pytest.mark.parametrize("name", CASES)
def test_replicates_are_those_of_lavaan(name: str) -> None:
    # lavaan does not report the moments of fixed x
    missing = np.isnan(lavaan_solutions(name)[0].theta)
    assert missing.tolist() == list(prepared(name).model.exogenous)
    found = distances(name)
    compared = [r for r in found if (name, r) not in ELSEWHERE]
    print(name, len(compared), "replicates, largest difference", max(found[r][0] for r in compared))
    assert len(compared) >= (0.6 if name == "small" else 0.9) * REPLICATES
    for r in compared:
        error, ended = found[r]
        assert error < CLOSE, r
        assert (replicates_of(name).status[r] == "heywood") == (ended == "heywood"), r


def test_enough_replicates_are_compared() -> None:
    """Some of them have a negative variance."""
    statuses = [status for name in CASES for _, status in distances(name).values()]
    assert len(statuses) > 0.94 * REPLICATES * len(CASES)
    assert statuses.count("heywood") >= 20
