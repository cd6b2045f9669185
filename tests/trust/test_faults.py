"""Every fault that trust/ tries: the quick ones always, the others with the slow proofs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from trust.faults.case import Case
from trust.faults.cases import CASES, here
from trust.faults.trial import Ground, prepared, tried


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with prepared(tmp_path_factory.mktemp("faults") / "ground") as found:
        yield found


@pytest.mark.parametrize(
    "case", [pytest.param(c, id=c.name, marks=() if c.quick else pytest.mark.slow) for c in CASES]
)
def test_a_fault_is_survived(case: Case, ground: Ground) -> None:
    if not here(case):
        pytest.skip("a disk of one's own takes an administrator")
    found = tried(case, ground)
    assert found.held, found
