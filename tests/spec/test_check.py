"""Checks of a model on its own: routes, circles, groups."""

from __future__ import annotations

import pytest

from werksem.spec.check import group_count, structural_cycles
from werksem.spec.load import load_model


@pytest.mark.parametrize(
    ("syntax", "count"),
    [
        ("y ~ x", 1),
        ("y ~ a*x", 1),
        ("y ~ c(a, b)*x", 2),
        ("y ~ start(c(1, 2, 3))*x", 3),
        ("y ~ c(1, NA)*x", 2),
    ],
)
def test_group_count(syntax: str, count: int) -> None:
    assert group_count(load_model({"syntax": syntax})) == count


@pytest.mark.parametrize(
    ("syntax", "circle"),
    [
        ("y ~ x\nz ~ y + x", ()),
        ("y ~ z\nz ~ y", ("z", "y", "z")),
        ("b ~ a\nc ~ b\nd ~ c\nb ~ d", ("b", "c", "d", "b")),
        ("a ~ x\nb ~ x\nc ~ a + b\nd ~ c + x", ()),
    ],
)
def test_structural_cycles(syntax: str, circle: tuple[str, ...]) -> None:
    assert structural_cycles(load_model({"syntax": syntax})) == circle


def test_long_chains_do_not_recurse() -> None:
    chain = "\n".join(f"v{i} ~ v{i - 1}" for i in range(1, 3000))
    model = load_model({"syntax": chain, "effects": {"enumerate": {"from": ["v0"], "to": ["v2999"]}}})
    assert structural_cycles(model) == ()
