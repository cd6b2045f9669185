"""Every law, on a CI-sized budget in the suite and on a nightly one with ``-m slow``."""

from __future__ import annotations

import pytest

from tests.fuzz.budget import BUDGETS, Law, examples_of, try_law
from tests.fuzz.laws import LAWS

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
