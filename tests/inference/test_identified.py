"""Identification before estimating: classics pass, loose models are named."""

from __future__ import annotations

import pytest

from tests.cases import DATA, case, spec_of
from werksem.inference.identified import unidentified
from werksem.model import build_model


@pytest.mark.parametrize("means", [False, True])
@pytest.mark.parametrize("name", sorted(DATA))
def test_classics_are_identified(name: str, means: bool) -> None:
    assert unidentified(case(name, means)[1]) == ()


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("f =~ NA*x1 + x2 + x3\ng =~ x4 + x5 + x6", {"f=~x1", "f=~x2", "f=~x3", "f~~f", "f~~g"}),
        ("f =~ x1 + x2\nf ~~ 0*g\ng =~ x3 + x4 + x5", {"f=~x2", "x1~~x1", "x2~~x2", "f~~f"}),
        ("y1 ~ y2\ny2 ~ y1", {"y1~y2", "y2~y1", "y1~~y1", "y2~~y2"}),
        ("f =~ x1 + x2 + x3\nx1 ~~ x2 + x3\nx2 ~~ x3", None),
    ],
)
def test_what_moves_freely_is_named(text: str, moved: set[str] | None) -> None:
    found = set(unidentified(build_model(spec_of(text))))
    assert found
    if moved is not None:
        assert found == moved


def test_a_constraint_can_identify() -> None:
    text = "f =~ NA*x1 + l1*x1 + l2*x2 + l3*x3"
    assert unidentified(build_model(spec_of(text)))
    assert not unidentified(build_model(spec_of(text + "\nl1 + l2 + l3 == 3")))
