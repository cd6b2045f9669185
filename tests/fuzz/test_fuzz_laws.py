"""Every law, on a CI-sized budget in the suite and on a nightly one with ``-m slow``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.fuzz.budget import BUDGETS, Law, examples_of, tried_law, try_law
from tests.fuzz.laws import LAWS
from tests.fuzz.laws_of_runs import accepted
from tests.fuzz.numbers import numbers, same_fit, same_numbers
from tests.fuzz.seeds import respondents
from tests.fuzz.terminal import Said, a_sentence

TRIALS = [
    pytest.param(
        law, budget, id=f"{law.name}-{budget}", marks=pytest.mark.slow if budget == "nightly" else ()
    )
    for budget in BUDGETS
    for law in LAWS
    if examples_of(law, budget)
]


@pytest.mark.parametrize(("law", "budget"), TRIALS)
def test_a_law_holds(law: Law, budget: str) -> None:
    assert try_law(law, budget) >= 1


def test_every_law_has_a_name_of_its_own_and_a_nightly_budget() -> None:
    assert len({law.name for law in LAWS}) == len(LAWS)
    assert all(law.nightly > law.ci for law in LAWS)


def test_a_law_that_does_not_hold_is_counted_with_its_example() -> None:
    tried = tried_law(replace(LAWS[0], holds=lambda text: 1 / 0), "ci")
    assert tried.examples == 0
    assert "ZeroDivisionError" in tried.broken
    assert "example=" in tried.broken


def test_a_third_of_what_check_and_fit_are_given_is_accepted() -> None:
    law, found = next(law for law in LAWS if law.name == "check_and_fit"), []
    count = replace(law, holds=lambda study: found.append((repr(study), accepted(study))), ci=45)
    assert try_law(count, "ci") == 45
    assert np.mean([passed for _, passed in found]) >= 0.3
    assert len({study for study, passed in found if passed}) >= 10


@pytest.mark.parametrize(
    "said",
    [
        Said(70, "", "werksem: s.yaml: internal error\n"),
        Said(2, "", "werksem: one\nwerksem: s.yaml: two\n"),
        Said(2, "", "werksem: nobody knows where\n"),
        Said(2, "", "RuntimeWarning: divide\nwerksem: s.yaml: wrong\n"),
        Said(2, "", ""),
    ],
)
def test_what_is_no_sentence_with_a_place_breaks_a_law(said: Said) -> None:
    with pytest.raises(AssertionError):
        a_sentence(said, "s.yaml")


def test_a_number_that_moved_by_a_ten_thousandth_of_its_error_breaks_a_law() -> None:
    model = {"measurement": {"f": {"items": ["x1", "x2", "x3"]}, "g": {"items": ["x4", "x5"]}}}
    found = numbers({"model": model, "sem": {}}, respondents(200))
    moved = found.estimates.assign(est=found.estimates["est"] + 1e-4 * found.estimates["se"].fillna(0))
    same_numbers(found, found)
    with pytest.raises(AssertionError):
        same_numbers(found, replace(found, estimates=moved))
    with pytest.raises(AssertionError):
        same_fit(found, replace(found, fit=found.fit * 1.001))
